from typing import Any

import pytest

from fakebackend.journal.tally import LONGEST_URL
from fakebackend.journal.tally import MOST_LISTED
from fakebackend.journal.tally import NOT_LISTED
from fakebackend.journal.tally import AnswerFailure
from fakebackend.journal.tally import Tally
from fakebackend.journal.tally import UnmatchedRequest
from fakebackend.journal.tally import shortened
from fakebackend.messages.request import Request
from fakebackend.table.entry_table import EntryTable
from fakebackend.table.near_miss import NearMiss
from tests.conftest import table_of

FILE = {"$before": {"GET /a": {"$when": {"query": {"x": 1}}, "$body": 0}}, "GET /a": 1, "GET /b": 2}


def counts_in(tally: Tally, table: EntryTable) -> list[tuple[str, int]]:
    requests = tally.requests_to(table)
    return [(table.label_of(entry), requests(entry)) for entry in table]


def totals(tally: Tally) -> tuple[int, int, int, int]:
    return tally.total, tally.answered_count, tally.unmatched_count, tally.failed_requests


def test_requests_are_counted_by_entry_and_equal_labels_apart() -> None:
    tally, table = Tally(), table_of(FILE)
    before, outside, other = table
    for entry, times in ((before, 1), (outside, 2), (other, 0)):
        for _ in range(times):
            tally.answered(entry)
    assert counts_in(tally, table) == [("$before GET /a", 1), ("GET /a", 2), ("GET /b", 0)]
    assert totals(tally) == (3, 3, 0, 0)


def test_what_was_counted_outlives_readings_of_the_file() -> None:
    """However often it is read, and whatever is asked in between; an entry that is gone counts in the total only."""
    tally, tables = Tally(), [table_of(FILE), table_of({"GET /b": 3}), table_of(FILE), table_of(FILE)]
    for table in tables:
        for entry in table:
            tally.answered(entry)
        tally.fold(table)
        tally.fold(table)
    assert counts_in(tally, tables[1]) == [("GET /b", 4)]
    assert counts_in(tally, tables[-1]) == [("$before GET /a", 3), ("GET /a", 3), ("GET /b", 4)]
    assert totals(tally) == (10, 10, 0, 0)


def test_an_entry_of_another_file_with_the_same_label_is_another_one() -> None:
    tally = Tally()
    [one], [other] = table_of({"GET /a": 1}), table_of({"GET /a": 1})
    other = other._replace(lines=type(other.lines)("included.json", ""))
    tally.answered(other)
    assert counts_in(tally, EntryTable([one])) == [("GET /a", 0)]
    assert counts_in(tally, EntryTable([other])) == [("GET /a", 1)]


def test_requests_without_an_entry_are_counted_by_method_and_url() -> None:
    tally, [entry] = Tally(), table_of({"GET /a": 1})
    tally.unmatched(Request("GET", "/b"), NearMiss(entry, "the path differs"))
    tally.unmatched(Request("GET", "/b"), None)
    tally.unmatched(Request("HEAD", "/b"), None)
    tally.unmatched(Request("G\x1bT", "/\ud800\n"), None)
    assert tally.unmatched_requests == (
        UnmatchedRequest("GET", "/b", 2, "GET /a", "the path differs"),
        UnmatchedRequest("HEAD", "/b", 1, None, None),
        UnmatchedRequest(r"G\x1bT", r"/\ud800\n", 1, None, None),
    )
    assert totals(tally) == (4, 0, 4, 0)


def test_of_twenty_thousand_urls_a_thousand_are_listed_and_all_counted() -> None:
    tally = Tally()
    for number in range(20_000):
        tally.unmatched(Request("GET", f"/{number}"), None)
        tally.unmatched(Request("GET", "/0"), None)
    listed = tally.unmatched_requests
    assert (len(listed), listed[0].count, listed[-1].url) == (MOST_LISTED, 20_001, f"/{MOST_LISTED - 1}")
    assert tally.unmatched_not_listed == 19_000
    assert tally.unmatched_count == sum(each.count for each in listed) + tally.unmatched_not_listed == 40_000


def test_of_twenty_thousand_errors_a_thousand_are_listed_and_all_counted() -> None:
    tally = Tally()
    for number in range(20_000):
        tally.file_refused(f"error {number}")
    tally.file_refused("error 0")
    assert len(tally.errors) == MOST_LISTED + 1
    assert (tally.errors[0].count, tally.errors[-1]) == (2, AnswerFailure(None, NOT_LISTED, 19_000))
    assert (tally.error_count, tally.total) == (20_001, 0)


@pytest.mark.parametrize(
    ("entry", "before", "counted", "expected", "requests"),
    [
        pytest.param(True, False, False, (1, 0, 0, 1), 1, id="instead-of-its-answer"),
        pytest.param(True, True, True, (1, 0, 0, 1), 1, id="after-it-was-counted"),
        pytest.param(False, False, False, (1, 0, 0, 1), 0, id="nobody-is-to-blame"),
    ],
)
def test_a_request_that_fails_counts_once(
    entry: bool, before: bool, counted: bool, expected: Any, requests: int
) -> None:
    tally, table = Tally(), table_of({"GET /a": 1})
    [one] = table
    if before:
        tally.answered(one)
    tally.failed(one if entry else None, "no\nfile", counted=counted)
    assert totals(tally) == expected
    assert counts_in(tally, table) == [("GET /a", requests)]
    assert tally.errors == (AnswerFailure("GET /a" if entry else None, r"no\nfile", 1),)


def test_a_fallback_that_fails_is_one_request_without_an_entry_and_an_error() -> None:
    tally = Tally()
    tally.unmatched(Request("GET", "/b"), None)
    tally.failed(None, "no", counted=True)
    assert totals(tally) == (1, 0, 1, 1)


def test_what_requests_can_make_long_is_cut() -> None:
    """A handler may fail with all that it was sent."""
    tally = Tally()
    tally.unmatched(Request("G" * 100_000, "/" * 100_000), None)
    tally.failed(None, "x" * 100_000)
    [unmatched], [error] = tally.unmatched_requests, tally.errors
    assert (len(unmatched.method), len(unmatched.url), len(error.message)) == (LONGEST_URL + 3,) * 3


def test_a_file_that_is_wrong_is_an_error_but_no_request() -> None:
    tally = Tally()
    tally.file_refused("responses.json:1: wrong")
    assert (totals(tally), tally.error_count) == ((0, 0, 0, 0), 1)


def test_nothing_is_left_after_a_reset() -> None:
    tally, table = Tally(), table_of(FILE)
    for _ in range(2):
        for entry in table:
            tally.failed(entry, "no")
        for number in range(MOST_LISTED + 1):
            tally.unmatched(Request("GET", f"/{number}"), None)
        tally.file_refused("no")
        tally.fold(table)
        tally.reset()
        assert {count for _, count in counts_in(tally, table)} == {0}
        assert (totals(tally), tally.errors, tally.unmatched_requests) == ((0, 0, 0, 0), (), ())
        assert (tally.error_count, tally.unmatched_not_listed) == (0, 0)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        pytest.param("http://a/b", "http://a/b", id="short"),
        pytest.param("x" * LONGEST_URL, "x" * LONGEST_URL, id="just-fits"),
        pytest.param("x" * (LONGEST_URL + 1), "x" * LONGEST_URL + "...", id="too-long"),
        pytest.param("/\x1b\u202e\udc80\r\n", r"/\x1b\u202e\udc80\r\n", id="escaped"),
    ],
)
def test_a_url_is_kept_so_that_it_can_be_shown_anywhere(url: str, kept: str) -> None:
    assert shortened(url) == kept
