from xml.etree import ElementTree

import pytest
from hypothesis import given

from fakebackend.journal.junit import as_junit
from fakebackend.journal.report import EntryCount
from fakebackend.journal.report import Report
from fakebackend.journal.tally import AnswerFailure
from fakebackend.journal.tally import UnmatchedRequest
from tests.unit.journal.reports import FULL
from tests.unit.journal.reports import NASTY
from tests.unit.journal.reports import any_report
from tests.unit.journal.reports import report_of


def cases_in(report: Report) -> list[tuple[str | None, ...]]:
    """Return group, name, and the one element inside with its message and text of each case."""
    cases: list[tuple[str | None, ...]] = []
    for case in ElementTree.fromstring(as_junit(report)).iter("testcase"):
        [inside] = case
        group = (case.get("classname") or "").removeprefix("fakebackend.")
        cases.append((group, case.get("name"), inside.tag, inside.get("message"), inside.text))
    return cases


def test_a_case_stands_for_each_entry_each_request_without_one_and_each_error() -> None:
    near = "2 requests without an entry; nearest GET /user: path differs at segment 1"
    assert cases_in(FULL) == [
        ("entries", "GET /user", "system-out", None, "1,000 requests"),
        ("entries", "GET /slow", "skipped", "never used (responses.json:4:5)", None),
        ("unmatched", "GET http://a.example/usr", "failure", near, near),
        ("unmatched", "POST http://a.example/user", "failure", *["1 request without an entry"] * 2),
        ("unmatched", "not listed", "failure", *["2 more requests without an entry, not listed"] * 2),
        ("errors", "GET /user", "error", "no such file", "no such file (2 times)"),
        ("errors", "fakebackend", "error", "responses.json:1: wrong", "responses.json:1: wrong (1 time)"),
    ]


def test_the_suite_says_how_many_there_are() -> None:
    [suite] = (root := ElementTree.fromstring(as_junit(FULL)))
    counts = {"tests": "7", "failures": "3", "errors": "2", "skipped": "1"}
    assert (root.tag, root.attrib) == ("testsuites", {"name": "fakebackend", **counts})
    assert (suite.tag, suite.attrib) == ("testsuite", {"name": "responses.json", **counts})


def test_a_run_of_nothing_is_an_empty_suite() -> None:
    text = as_junit(report_of())
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ')
    [suite] = ElementTree.fromstring(text)
    assert (list(suite), suite.get("tests")) == ([], "0")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        pytest.param("a\tb\nc\rd", "a\tb\nc\rd", id="white-space-stays"),
        pytest.param("\x00\x08\x0b\x1f", r"\x00\x08\x0b\x1f", id="control-characters"),
        pytest.param("\x7f\x85\u2028", "\x7f\x85\u2028", id="what-may-stand"),
        pytest.param("\ufffe\uffff", r"\ufffe\uffff", id="no-characters"),
        pytest.param("\ud800x\udfff", r"\ud800x\udfff", id="lone-surrogates"),
        pytest.param("😀\U0010ffff", "😀\U0010ffff", id="astral"),
        pytest.param("""<a href="x">'&amp;]]>""", """<a href="x">'&amp;]]>""", id="marks"),
        pytest.param("&#0;&#xD800;", "&#0;&#xD800;", id="references-to-what-it-cannot-hold"),
        pytest.param("  a  b  ", "  a  b  ", id="spaces"),
    ],
)
def test_an_attribute_reads_back_and_what_xml_cannot_hold_is_escaped(text: str, read: str) -> None:
    [case] = cases_in(report_of(entries=[EntryCount(text, "p", 1)]))
    assert case[1] == read
    assert as_junit(report_of(entries=[EntryCount(text, "p", 1)])).encode("utf-8")


@given(any_report())
def test_whatever_it_holds_it_is_xml_and_its_counts_agree(report: Report) -> None:
    root = ElementTree.fromstring(as_junit(report).encode("utf-8"))
    counts = {
        "tests": len(list(root.iter("testcase"))),
        "failures": len(list(root.iter("failure"))),
        "errors": len(list(root.iter("error"))),
        "skipped": len(list(root.iter("skipped"))),
    }
    assert {each.tag for each in root.iter()} <= {
        "testsuites", "testsuite", "testcase", "failure", "error", "skipped", "system-out",
    }  # fmt: skip
    for each in (root, *root):
        assert {name: int(each.get(name, "")) for name in counts} == counts
    assert counts["failures"] == len(report.unmatched) + bool(report.unmatched_not_listed)
    assert (counts["errors"], counts["skipped"]) == (len(report.errors), sum(not e.requests for e in report.entries))


def test_nothing_breaks_out() -> None:
    report = report_of(
        file=NASTY,
        entries=[EntryCount(NASTY, NASTY, 0)],
        unmatched=[UnmatchedRequest("GET", NASTY, 1, NASTY, NASTY)],
        errors=[AnswerFailure(NASTY, NASTY, 1)],
    )
    readable = NASTY.replace("\x00", r"\x00").replace("\x1b", r"\x1b").replace("\ufffe", r"\ufffe")
    readable = readable.replace("\ud800", r"\ud800")
    names = [name for _, name, *_ in cases_in(report)]
    assert names == [readable, f"GET {readable}", readable]
