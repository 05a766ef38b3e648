import json
from pathlib import Path
from typing import Any

import pytest

from fakebackend.format.compile import compile_file
from fakebackend.journal.report import EntryCount
from fakebackend.journal.report import Report
from fakebackend.journal.report import entry_counts
from fakebackend.journal.report import make_report
from fakebackend.journal.tally import Tally
from fakebackend.table.entry_table import EntryTable
from tests.conftest import table_of
from tests.conftest import write
from tests.unit.journal.reports import FULL
from tests.unit.journal.reports import report_of


def report_on(data: dict[str, Any], *used: str) -> Report:
    table, tally = table_of(data), Tally()
    for entry in table:
        for _ in range(used.count(table.label_of(entry))):
            tally.answered(entry)
    return make_report(tally, table, "responses.json", ())


def test_the_json_is_what_is_promised() -> None:
    assert FULL.failing(("unmatched", "error")).as_data() == {
        "version": 1,
        "file": "responses.json",
        "requests": {"total": 1_007, "answered": 1_000, "unmatched": 5, "errors": 2},
        "entries": [
            {"entry": "GET /user", "place": "responses.json:3:5", "requests": 1_000},
            {"entry": "GET /slow", "place": "responses.json:4:5", "requests": 0},
        ],
        "unmatched": [
            {
                "method": "GET",
                "url": "http://a.example/usr",
                "count": 2,
                "nearest": "GET /user",
                "difference": "path differs at segment 1",
            },
            {"method": "POST", "url": "http://a.example/user", "count": 1, "nearest": None, "difference": None},
        ],
        "unmatched_not_listed": 2,
        "unused": ["GET /slow"],
        "shadowed": ["GET /slow"],
        "errors": [
            {"entry": "GET /user", "message": "no such file", "count": 2},
            {"entry": None, "message": "responses.json:1: wrong", "count": 1},
        ],
        "failed": ["unmatched", "error"],
    }


def test_entries_stand_with_their_places_and_counts_the_unused_ones_too() -> None:
    data = {
        "$before": {"GET /a": {"$when": {"query": {"x": 1}}, "$body": 0}},
        "GET /a": {"$name": "an a", "$body": 1},
        "* /{rest:path}": 2,
    }
    report = report_on(data, "GET /a", "GET /a")
    text = json.dumps(data)
    columns = [1 + text.index('"GET /a'), 1 + text.rindex('"GET /a'), 1 + text.index('"* /')]
    places = [f"responses.json:1:{column}" for column in columns]
    assert report.entries == [
        EntryCount("$before GET /a", places[0], 0),
        EntryCount("GET /a", places[1], 2, "an a"),
        EntryCount("* /{rest:path}", places[2], 0),
    ]
    assert [each.entry for each in report.unused] == ["$before GET /a", "* /{rest:path}"]


@pytest.mark.parametrize(
    ("value", "unused"),
    [
        pytest.param(1, True, id="plain"),
        pytest.param({"$delay": "1s"}, True, id="delay"),
        pytest.param({"$when": {"query": {"a": 1}}, "$fault": "close"}, True, id="fault"),
        pytest.param({"$sequence": [1, 2]}, True, id="sequence"),
        pytest.param({"$cases": [{"$when": {"query": {"a": 1}}, "$body": 1}]}, True, id="cases"),
        pytest.param({"$forward": True}, True, id="forward"),
        pytest.param({"$limit": {"requests": 1, "per": "1m"}, "$body": 1}, True, id="limit"),
        pytest.param({"$limit": {"requests": 1, "per": "1m"}}, False, id="passes-on"),
        pytest.param(
            {"$limit": {"requests": 1, "per": "1m"}, "$by": "{{ request.client_ip }}"}, False, id="passes-on-by"
        ),
        pytest.param(
            {"$limit": {"requests": 1, "per": "1m"}, "$when": {"query": {"a": 1}}}, False, id="passes-on-when"
        ),
    ],
)
def test_an_entry_that_only_lets_pass_is_never_unused(value: Any, unused: bool) -> None:
    """It answers nothing below its limit, and is there for that."""
    assert bool(report_on({"$before": {"GET /a": value}}).unused) is unused


def test_unused_are_entries_of_the_file_itself_not_of_included_ones(folder: Path) -> None:
    """Also where the label is the same in both, as the included one is not in the table then."""
    write(folder / "shared.json", {"GET /a": 1, "GET /shared": 1, "$before": {"GET /b": {"$status": 401}}})
    data = {"$include": ["shared.json"], "GET /a": 2, "GET /b": 3}
    table, tally = compile_file(json.dumps(data).encode(), "responses.json").table, Tally()
    report = make_report(tally, table, "responses.json", ())
    assert sorted(each.entry for each in report.unused) == ["GET /a", "GET /b"]
    assert len(report.entries) == 4
    tally.answered(next(entry for entry in table if entry.label == "GET /a"))
    assert [(each.entry, each.requests) for each in entry_counts(tally, table) if each.requests] == [("GET /a", 1)]


def test_without_a_table_there_are_requests_all_the_same() -> None:
    tally = Tally()
    tally.failed(None, "there is no such file")
    report = make_report(tally, None, "none.json", ())
    assert (report.total, report.failed_requests, report.entries, report.unused) == (1, 1, [], [])
    assert make_report(Tally(), EntryTable(), "x", ()).as_data()["entries"] == []


@pytest.mark.parametrize(
    ("report", "words", "failed", "why"),
    [
        pytest.param(FULL, (), (), "", id="not-asked"),
        pytest.param(FULL, ("unused",), ("unused",), "unused 1", id="one"),
        pytest.param(
            FULL,
            ("unmatched", "unused", "error"),
            ("unmatched", "unused", "error"),
            "unmatched 5, unused 1, error 3",
            id="all",
        ),
        pytest.param(report_of(unmatched_count=2), ("unused", "unmatched"), ("unmatched",), "unmatched 2", id="holds"),
        pytest.param(report_of(error_count=1), ("error",), ("error",), "error 1", id="a-wrong-save"),
        pytest.param(report_of(), ("unmatched", "unused", "error"), (), "", id="all-is-well"),
    ],
)
def test_a_run_fails_by_the_words_that_hold(
    report: Report, words: tuple[str, ...], failed: tuple[str, ...], why: str
) -> None:
    report = report.failing(words)
    assert (report.failed, report.why_failed) == (failed, why)
