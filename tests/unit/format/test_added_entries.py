import json
from pathlib import Path
from typing import Any

import pytest

from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.format.added_entries import AddedEntries
from fakebackend.table.entry_table import EntryTable
from tests.conftest import given
from tests.conftest import table_of
from tests.conftest import winner_of


def add(added: AddedEntries, data: Any) -> tuple[list[str], list[str]]:
    labels, warnings = added.add(json.dumps(data).encode(), ".")
    return list(labels), list(warnings)


def labels_in(table: EntryTable) -> list[str]:
    return [table.label_of(entry) for entry in table]


def test_without_any_the_files_table_is_as_it_is() -> None:
    added, table = AddedEntries(), table_of({"GET /a": 1})
    assert added.on_top_of(table) is table
    assert add(added, {}) == ([], [])
    assert added.on_top_of(table) is table


@pytest.mark.parametrize(
    ("data", "labels"),
    [
        pytest.param({"GET /a": 1}, ["GET /a"], id="entry"),
        pytest.param({"GET": {"/a": 1, "/b": 2}, "*": {"/c": 3}}, ["GET /a", "GET /b", "* /c"], id="by-method"),
        pytest.param({"GET /a": 1, "$before": {"GET /b": 2}}, ["$before GET /b", "GET /a"], id="before"),
        pytest.param({"GET /a?x=1&y": 1}, ["GET /a?x=1&y"], id="query"),
        pytest.param({"GET https://a.example/b": 1}, ["GET https://a.example/b"], id="host"),
        pytest.param({"$base": "https://a.example/v1", "GET /b": 1}, ["GET https://a.example/v1/b"], id="base"),
        pytest.param({"$defaults": {"$headers": {"A": "b"}}, "GET /a": 1}, ["GET /a"], id="defaults"),
        pytest.param({"GET ~^/a+$": 1, "GET /{x:int}": 2}, ["GET ~^/a+$", "GET /{x:int}"], id="patterns"),
    ],
)
def test_entries_are_told_by_their_labels(data: Any, labels: list[str]) -> None:
    added = AddedEntries()
    assert add(added, data) == (labels, [])
    table = added.on_top_of(table_of({"GET /z": 1}))
    assert labels_in(table) == [*labels, "GET /z"]
    assert [table.is_added(entry) for entry in table] == [True] * len(labels) + [False]
    assert len(table) == len(labels) + 1


@pytest.mark.parametrize(
    ("data", "request_line", "winner"),
    [
        pytest.param({"GET /{x}": 1}, "GET /a", "GET /{x}", id="less-specific"),
        pytest.param({"* /{x:path}": 1}, "GET /a", "* /{x:path}", id="any"),
        pytest.param({"GET /a?x=1": 1}, "GET /a", "GET /a", id="query-that-does-not-hold"),
        pytest.param({"GET /a?x=1": 1}, "GET /a?x=1", "GET /a?x=1", id="query-that-holds"),
        pytest.param({"GET https://b.example/a": 1}, "GET https://a.example/a", "GET /a", id="another-host"),
        pytest.param({"GET https://a.example/a": 1}, "GET https://a.example/a", "GET https://a.example/a", id="host"),
        pytest.param({"$base": "/v1", "GET /a": 1}, "GET /a", "GET /a", id="elsewhere-below-a-base"),
        pytest.param({"GET /a": {"$when": {"query": {"x": 1}}, "$body": 1}}, "GET /a?x=2", "GET /a", id="condition"),
        pytest.param({"POST /a": 1}, "GET /a", "GET /a", id="another-method"),
        pytest.param({"GET /{x}": 1}, "HEAD /a", "GET /{x}", id="head"),
    ],
)
def test_they_win_over_all_of_the_file(data: Any, request_line: str, winner: str) -> None:
    added = AddedEntries()
    add(added, data)
    table = added.on_top_of(table_of({"$before": {"GET /a": "before"}, "GET /a": 1, "HEAD /a": 2}))
    assert winner_of(table, given(request_line)) == winner


def test_of_those_in_before_the_added_come_first_and_each_is_told() -> None:
    added = AddedEntries()
    add(added, {"$before": {"GET /a": 1}, "GET /a": 2})
    table = added.on_top_of(table_of({"$before": {"GET /a": 3}, "GET /a": 4}))
    assert labels_in(table) == ["$before GET /a", "GET /a", "$before GET /a", "GET /a"]
    assert [table.is_before(entry) for entry in table] == [True, False, True, False]
    assert [entry.place for entry in table.in_winning_order()] == ["POST entries:1"] * 2 + ["responses.json:1"] * 2


def test_what_comes_near_and_what_a_path_takes_knows_the_added() -> None:
    added = AddedEntries()
    add(added, {"GET https://a.example/added": 1, "POST /a": 1})
    table = added.on_top_of(table_of({"GET /a": 1}))
    assert [entry.label for entry in table.entries_at(given("PUT /a"))] == ["POST /a", "GET /a"]
    assert len(list(table.path_tables_near(None, 20))) == 3


def test_one_that_matches_the_same_requests_takes_the_place_of_the_one_before() -> None:
    added, table = AddedEntries(), table_of({})
    add(added, {"GET /a b": 1, "GET /x": 1})
    add(added, {"GET /a%20b": 2})
    add(added, {"$before": {"GET /x": 2}})
    assert labels_in(added.on_top_of(table)) == ["$before GET /x", "GET /a%20b", "GET /x"]


def test_the_same_again_counts_anew() -> None:
    added, table = AddedEntries(), table_of({})
    keys = []
    for _ in range(2):
        add(added, {"GET /a": {"$sequence": [1, 2]}})
        keys += list(added.on_top_of(table).remembered_keys())
    assert len(set(keys)) == 2


def test_they_are_put_together_once_for_all_tables() -> None:
    added, table = AddedEntries(), table_of({"GET /b": 1})
    for _ in range(2):
        add(added, {"GET /a": 1})
    assert added.on_top_of(table).added is added.on_top_of(table_of({})).added
    added.clear()
    assert added.on_top_of(table) is table


def test_what_is_odd_is_told() -> None:
    labels, [warning] = add(AddedEntries(), {"GTE /a": 1})
    assert labels == ["GTE /a"]
    assert warning == 'POST entries:1:2: GTE: unknown method "GTE" is taken as it is, did you mean "GET"?'


def test_the_defaults_hold(folder: Path) -> None:
    added = AddedEntries()
    add(added, {"$defaults": {"$headers": {"A": "b"}, "$delay": "1s"}, "GET /a": 1})
    [entry] = added.on_top_of(EntryTable())
    assert "1s" in str(entry.alternative) or "1.0" in str(entry.alternative)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        pytest.param(b"", "POST entries: expected JSON, ", id="nothing"),
        pytest.param(b"GET /a: 1", "POST entries: expected JSON, ", id="yaml"),
        pytest.param(b"{/**/}", "POST entries: expected JSON, ", id="jsonc"),
        pytest.param(b"\xff", "POST entries: expected JSON, ", id="no-utf-8"),
        pytest.param('{"GET /a": 1}'.encode("utf-16"), "POST entries", id="utf-16"),
        pytest.param(b'{"GET /a": NaN}', "POST entries: expected JSON, NaN is no JSON", id="nan"),
        pytest.param(b"[" * 100_000, "POST entries: expected JSON, ", id="nested-too-deep"),
        pytest.param(
            b"[]", 'POST entries: expected an object of entries like {"GET /user": {…}}, got a list', id="list"
        ),
        pytest.param(b'{"$include": ["a"]}', "POST entries: $include is not taken here: ", id="include"),
        pytest.param(b'{"$state": {}}', "POST entries: $state is not taken here: state is set with", id="state"),
        pytest.param(b'{"$unmatched": 1}', "POST entries: $unmatched is not taken here: a fallback is ", id="fallback"),
        pytest.param(b'{"GET /a": 1, "GET /a": 2}', "POST entries:1:15: ", id="duplicate-key"),
        pytest.param(b'{"GET /a": 1, "GET": {"/a": 2}}', "POST entries:1:23: GET /a: answers the same", id="twice"),
        pytest.param(b'{"GET a": 1}', "POST entries:1:2: GET a: a URL key starts with ", id="no-url"),
        pytest.param(b'{"GET /a": {"$status": 1}}', "POST entries:1:24: GET /a: $status must be ", id="value"),
        pytest.param(b'{"GET /\\ud800": 1}', "POST entries:1:2: a key holds a lone surrogate", id="surrogate"),
        pytest.param(b'{\n"$base": 1,\n"GET /a": 1}', "POST entries:2:10: $base must be", id="base"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_nothing_is_taken(content: bytes, error: str) -> None:
    added, table = AddedEntries(), table_of({})
    add(added, {"GET /ok": 1})
    with pytest.raises(ResponsesFileError) as refused:
        added.add(content, ".")
    assert str(refused.value).startswith(error)
    assert labels_in(added.on_top_of(table)) == ["GET /ok"]


def test_all_that_is_wrong_is_said() -> None:
    with pytest.raises(ResponsesFileError) as refused:
        add(AddedEntries(), {"GET a": 1, "GET /b": {"$status": 9}, "GET /ok": 1})
    assert len(refused.value.errors) == 2
