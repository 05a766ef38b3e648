"""Reports for the tests of their writers: any, and some that have everything."""

from typing import Any

from hypothesis import strategies as st

from fakebackend.journal.report import EntryCount
from fakebackend.journal.report import Report
from fakebackend.journal.tally import AnswerFailure
from fakebackend.journal.tally import UnmatchedRequest

NASTY = (
    "a|b`c`<script>alert(1)</script>&amp;\\|\n\r\t\x00\x1b[31m\u2028\x85\ufffe\ud800]]>"
    "<!-- **x** [y](z) ~~s~~ $1$ @me #1"
)
"""What would break out of a cell, an attribute or an element, if it could."""


def report_of(**of: Any) -> Report:
    """Return a report of nothing but this."""
    empty = Report("responses.json", 0, 0, 0, 0, (), (), 0, (), (), (), 0)
    return empty._replace(**of)


FULL = report_of(
    total=1_007,
    answered=1_000,
    failed_requests=2,
    unmatched_count=5,
    entries=(
        EntryCount("GET /user", "responses.json:3:5", 1_000, "the user"),
        EntryCount("GET /slow", "responses.json:4:5", 0),
    ),
    unmatched=(
        UnmatchedRequest("GET", "http://a.example/usr", 2, "GET /user", "path differs at segment 1"),
        UnmatchedRequest("POST", "http://a.example/user", 1, None, None),
    ),
    unmatched_not_listed=2,
    unused=(EntryCount("GET /slow", "responses.json:4:5", 0),),
    shadowed=("GET /slow",),
    errors=(AnswerFailure("GET /user", "no such file", 2), AnswerFailure(None, "responses.json:1: wrong", 1)),
    error_count=3,
)
"""A report with something of each kind."""

TEXT = st.text(st.characters(codec=None, categories=None), max_size=30) | st.just(NASTY)

_ENTRIES = st.builds(EntryCount, entry=TEXT, place=TEXT, requests=st.integers(0, 3), name=st.none() | TEXT)
_UNMATCHED = st.builds(
    UnmatchedRequest,
    method=TEXT,
    url=TEXT,
    count=st.integers(1, 3),
    nearest=st.none() | TEXT,
    difference=TEXT,
)
_ERRORS = st.builds(AnswerFailure, entry=st.none() | TEXT, message=TEXT, count=st.integers(1, 3))


@st.composite
def any_report(draw: st.DrawFn) -> Report:
    """Return a report whose texts are anything at all, and whose counts agree."""
    entries = draw(st.lists(_ENTRIES, max_size=4))
    unmatched, errors = draw(st.lists(_UNMATCHED, max_size=4)), draw(st.lists(_ERRORS, max_size=4))
    not_listed, answered = draw(st.integers(0, 2)), sum(entry.requests for entry in entries)
    unmatched_count = not_listed + sum(each.count for each in unmatched)
    report = report_of(
        file=draw(TEXT),
        total=answered + unmatched_count,
        answered=answered,
        unmatched_count=unmatched_count,
        entries=entries,
        unmatched=unmatched,
        unmatched_not_listed=not_listed,
        unused=[entry for entry in entries if not entry.requests],
        shadowed=draw(st.lists(TEXT, max_size=2)),
        errors=errors,
        error_count=sum(each.count for each in errors),
    )
    return report.failing(("unmatched", "unused", "error"))
