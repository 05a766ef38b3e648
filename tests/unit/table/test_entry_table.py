from typing import Any

import pytest

from fakebackend.state.mock_state import MockState
from fakebackend.table.entry_table import EntryTable
from tests.conftest import given
from tests.conftest import look_up
from tests.conftest import table_of
from tests.conftest import winner_of

WHEN = {"$when": {"query": {"yes": 1}}, "$body": 1}


def table_with(*keys: str, before: dict[str, Any] | None = None) -> EntryTable:
    """Return the table of flat keys (`GET /a`), a key that ends in ` if` with a condition on `?yes=1`."""
    entries = {key.removesuffix(" if"): WHEN if key.endswith(" if") else 1 for key in keys}
    return table_of({**entries, **({"$before": before} if before else {})})


@pytest.mark.parametrize("backwards", [False, True], ids=["forwards", "backwards"])
@pytest.mark.parametrize(
    ("request_line", "keys"),
    [
        pytest.param("GET https://h:8443/a", ["GET https://h:8443/{x}", "GET //h/a"], id="port-before-host"),
        pytest.param("GET https://h/a", ["GET //h:443/{x}", "GET https://h/a"], id="port-before-scheme-and-host"),
        pytest.param("GET https://h/a", ["GET https://h/{x}", "GET //h/a"], id="scheme-before-host"),
        pytest.param("GET https://h/a", ["GET //h/{x:path}", "GET /a"], id="host-before-none"),
        pytest.param(
            "GET https://h:8443/a", ["GET //h:8443/a", "GET https://h:8443/{x}"], id="port-with-or-without-scheme"
        ),
        pytest.param("GET /a/b", ["GET /a/b", "GET /a/b{x:path}"], id="literal-before-text-around"),
        pytest.param("GET /ab", ["GET /a{x}", "GET /{x:path}"], id="text-around-before-rest"),
        pytest.param("GET /abc", ["GET /ab{x}", "GET /a{x}"], id="more-literal-characters"),
        pytest.param("GET /a.json", ["GET /{x}.json", "GET /a{x}"], id="more-literal-characters-behind"),
        pytest.param("GET /1.2", ["GET /{a}.{b}", "GET /{x}"], id="text-between-before-none"),
        pytest.param("GET /12", ["GET /1{x}", "GET /{x:int}"], id="text-around-before-integer"),
        pytest.param("GET /12", ["GET /{x:int}", "GET /{x}"], id="integer-before-any"),
        pytest.param("GET /123e4567-e89b-12d3-a456-426614174000", ["GET /{x:uuid}", "GET /{x}"], id="uuid-before-any"),
        pytest.param("GET /a", ["GET /{x}", "GET /{x:path}"], id="any-before-rest"),
        pytest.param("GET /a/b", ["GET /a/{x}", "GET /{x}/b"], id="first-segment-decides"),
        pytest.param("GET /1/b", ["GET /{x:int}/{p:path}", "GET /{x}/b"], id="first-segment-decides-over-rest"),
        pytest.param("GET /a/b/c", ["GET /a/{x}/c", "GET /a/{x}/{y}"], id="third-segment-decides"),
        pytest.param("GET /a/b/c", ["GET /a/{x}/{y}", "GET /a/{x:path}"], id="segments-before-rest"),
        pytest.param("GET /a", ["GET /{x:path}", "GET ~^/a$"], id="regular-expressions-last"),
        pytest.param("GET /a?q=1", ["GET /a", "GET /{x}?q=1"], id="path-before-query"),
        pytest.param("GET /a?q=1&r=2", ["GET /a?q&r", "GET /a?q=1"], id="more-constraints"),
        pytest.param("GET /a?q=1", ["GET /a?q=1", "GET /a?q"], id="value-before-name"),
        pytest.param("GET /a?q=1", ["GET /a?q", "GET /a"], id="name-before-none"),
        pytest.param("GET /a?q=1", ["* /a?q", "GET /a"], id="query-before-method"),
        pytest.param("GET /x?q=1", ["GET /{x}?q=1", "GET /{x}"], id="query-of-a-template"),
        pytest.param("GET /a", ["GET /a", "* /a"], id="method-before-any"),
        pytest.param("HEAD /a", ["HEAD /a", "GET /a", "* /a"], id="head-then-get-then-any"),
        pytest.param("HEAD /x", ["HEAD /{x}", "GET /{x}"], id="head-of-a-template"),
        pytest.param("HEAD /a", ["GET /a", "HEAD /{x}"], id="path-before-head"),
        pytest.param("GET /ab", ["GET ~^/ab", "GET ~/ab"], id="longer-key"),
        pytest.param("GET /ab", ["GET ~/a", "GET ~ab"], id="alphabetical"),
        pytest.param("GET /a?q=1&r=2", ["GET /a?q=1&r", "GET /a?q&r"], id="values-among-equally-many"),
        pytest.param("GET /a?q=1&r=2", ["GET /a?q=1", "GET /a?r=2"], id="alphabetical-of-constraints"),
    ],
)
def test_the_first_wins_wherever_it_stands(backwards: bool, request_line: str, keys: list[str]) -> None:
    table = table_with(*(keys[::-1] if backwards else keys))
    assert [match.entry.label for match in table.matches(given(request_line))] == keys
    assert winner_of(table, given(request_line)) == keys[0]
    assert [e.label for e in table.in_winning_order()] == keys


@pytest.mark.parametrize("backwards", [False, True], ids=["forwards", "backwards"])
@pytest.mark.parametrize(
    ("request_line", "keys", "winner"),
    [
        pytest.param("GET /a", ["GET /a if", "GET /{x}"], "GET /{x}", id="template"),
        pytest.param("GET /a?yes=1", ["GET /a if", "GET /{x}"], "GET /a", id="holds"),
        pytest.param("GET /a", ["GET /a if", "* /a"], "* /a", id="any-method"),
        pytest.param("GET /a?q", ["GET /a?q if", "GET /a"], "GET /a", id="fewer-constraints"),
        pytest.param("GET /a", ["GET /{x} if", "GET /{x:path} if", "GET ~a"], "GET ~a", id="regular-expression"),
        pytest.param("GET https://h/a", ["GET https://h/a if", "GET //h/a if", "GET /a"], "GET /a", id="host"),
        pytest.param("GET /a", ["GET /a if", "GET /b"], None, id="nobody"),
        pytest.param("HEAD /a", ["HEAD /a if", "GET /a"], "GET /a", id="head"),
    ],
)
def test_where_conditions_do_not_hold_the_next_most_specific_is_tried(
    backwards: bool, request_line: str, keys: list[str], winner: str | None
) -> None:
    table = table_with(*(keys[::-1] if backwards else keys))
    assert winner_of(table, given(request_line)) == winner


def test_those_passed_over_are_named_with_what_differs() -> None:
    found = look_up(table_with("GET /a if", "GET /{x} if", "GET /{p:path}"), given("GET /a"))
    assert list(map(str, found.passed_over)) == [
        "GET /a: $when.query.yes is missing, expected '1'",
        "GET /{x}: $when.query.yes is missing, expected '1'",
    ]


@pytest.mark.parametrize(
    ("key", "request_line", "matches"),
    [
        pytest.param("https://h/a", "GET https://h/a", True, id="scheme-and-host"),
        pytest.param("https://h/a", "GET https://h:443/a", True, id="default-port"),
        pytest.param("https://h/a", "GET https://h:8443/a", False, id="other-port"),
        pytest.param("https://h/a", "GET http://h/a", False, id="other-scheme"),
        pytest.param("https://h/a", "GET http://h:443/a", False, id="other-scheme-with-the-port"),
        pytest.param("https://H/a", "GET https://h/a", True, id="letter-case"),
        pytest.param("https://h/a", "GET https://i/a", False, id="other-host"),
        pytest.param("https://h/a", "GET https://x.h/a", False, id="subdomain"),
        pytest.param("//h/a", "GET http://h:1234/a", True, id="any-port"),
        pytest.param("//h/a", "GET https://h/a", True, id="any-scheme"),
        pytest.param("//h:81/a", "GET https://h:81/a", True, id="any-scheme-with-port"),
        pytest.param("//h:81/a", "GET http://h/a", False, id="port-differs"),
        pytest.param("https://h/a", "GET /a", False, id="asked-directly"),
        pytest.param("//h/a", "GET /a", False, id="asked-directly-either-scheme"),
        pytest.param("/a", "GET https://h/a", True, id="no-host"),
    ],
)
def test_the_host_of_a_key(key: str, request_line: str, matches: bool) -> None:
    assert (winner_of(table_of({"GET": {key: 1}}), given(request_line)) is not None) is matches


@pytest.mark.parametrize(
    ("keys", "before", "request_line", "winner"),
    [
        pytest.param(["GET /a"], {"*": {"/{p:path}": 1}}, "GET /a", "* /{p:path}", id="before-wins-over-anything"),
        pytest.param(
            ["GET /a"], {"*": {"/{p:path}": WHEN}}, "GET /a", "GET /a", id="unless-its-conditions-do-not-hold"
        ),
        pytest.param(["GET https://h/a"], {"GET": {"~a": 1}}, "GET https://h/a", "GET ~a", id="over-hosts-too"),
        pytest.param(["GET /a"], {"GET /{x}": 1, "GET /a": 1}, "GET /a", "GET /a", id="most-specific-within"),
        pytest.param(["GET /a"], {"GET": {"/b": 1}}, "GET /a", "GET /a", id="others-are-left-alone"),
    ],
)
def test_before_is_consulted_first(keys: list[str], before: dict[str, Any], request_line: str, winner: str) -> None:
    table = table_with(*keys, before=before)
    assert winner_of(table, given(request_line)) == winner


def test_all_entries_are_counted_and_listed_those_of_before_first() -> None:
    table = table_with("GET /{x}", "GET /a", before={"GET": {"/{y}": 1, "/b": 1}})
    assert len(table) == 4
    assert [e.url for e in table] == ["/{y}", "/b", "/{x}", "/a"]
    assert [e.url for e in table.in_winning_order()] == ["/b", "/{y}", "/a", "/{x}"]


def test_an_empty_table_answers_nobody() -> None:
    table = EntryTable()
    assert (len(table), list(table), table.in_winning_order()) == (0, [], [])
    assert look_up(table, given("GET https://h/a")).entry is None


def test_the_first_state_is_what_the_file_says() -> None:
    table = table_of({"$state": {"n": 1}, "GET": {"/a": {"$when": {"state": {"n": 1}}, "$body": 1}}})
    assert winner_of(table, given("GET /a"), MockState(table.state)) == "GET /a"
    assert winner_of(table, given("GET /a"), MockState()) is None


def test_added_entries_win_and_are_told_from_the_others() -> None:
    table, added = table_of({"$before": {"GET /a": 1}, "GET /a": 2}), table_of({"GET /{x}": 3})
    both = table.with_added(added)
    assert winner_of(both, given("GET /a")) == "GET /{x}"
    assert [both.is_added(entry) for entry in both] == [True, False, False]
    assert [table.is_added(entry) for entry in table] == [False, False]
    assert [both.label_of(entry) for entry in both] == ["GET /{x}", "$before GET /a", "GET /a"]
    assert (len(both), len(table), table.added) == (3, 2, None)
    assert [entry.label for entry in both.in_winning_order()] == ["GET /{x}", "GET /a", "GET /a"]


def test_a_preflight_is_for_an_added_entry_that_names_it() -> None:
    headers = [("Origin", "http://a"), ("Access-Control-Request-Method", "PUT")]
    both = table_of({"OPTIONS /a": 1}).with_added(table_of({"* /{x}": 2, "OPTIONS /{x}": 3}))
    assert winner_of(both, given("OPTIONS /a", headers)) == "OPTIONS /{x}"
