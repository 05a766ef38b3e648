import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from hypothesis import given

from fakebackend.journal.markdown import as_markdown
from fakebackend.journal.report import EntryCount
from fakebackend.journal.report import Report
from fakebackend.journal.tally import AnswerFailure
from fakebackend.journal.tally import UnmatchedRequest
from tests.unit.journal.reports import FULL
from tests.unit.journal.reports import NASTY
from tests.unit.journal.reports import any_report
from tests.unit.journal.reports import report_of

_CELL_END = re.compile(r"(?<!\\)\|")


def tables_in(text: str) -> Iterator[list[list[str]]]:
    """Yield the rows of each table, the head first; a row is a line, and its cells are what stands between `|`."""
    for part in text.split("\n\n"):
        lines = [line for line in part.split("\n") if line]
        if lines[0].startswith("|"):
            yield [[cell.strip(" ") for cell in _CELL_END.split(line)[1:-1]] for line in lines]


def test_there_is_a_table_for_each_thing_to_say() -> None:
    assert as_markdown(FULL.failing(("unmatched", "error"))) == (
        "## fakebackend: responses.json\n\n"
        "| Requests | Answered | Unmatched | Errors |\n"
        "| --- | --- | --- | --- |\n"
        "| 1007 | 1000 | 5 | 2 |\n\n"
        "**Failed:** unmatched 5, error 3\n\n"
        "### Requests without an entry\n\n"
        "| Request | Count | Nearest entry |\n"
        "| --- | --- | --- |\n"
        "| GET http://a.example/usr | 2 | GET /user: path differs at segment 1 |\n"
        "| POST http://a.example/user | 1 |  |\n\n"
        "And 2 more requests that are not listed.\n\n"
        "### Errors\n\n"
        "| Entry | Message | Count |\n"
        "| --- | --- | --- |\n"
        "| GET /user | no such file | 2 |\n"
        "|  | responses.json:1: wrong | 1 |\n\n"
        "### Entries that were never used\n\n"
        "| Entry | Place |\n"
        "| --- | --- |\n"
        "| GET /slow | responses.json:4:5 |\n\n"
        "### Entries that never answer, as another one always wins\n\n"
        "| Entry |\n"
        "| --- |\n"
        "| GET /slow |\n\n"
        "### Entries\n\n"
        "| Entry | Requests | Place |\n"
        "| --- | --- | --- |\n"
        "| GET /user | 1000 | responses.json:3:5 |\n"
    )


def test_of_a_run_of_nothing_there_is_one_table() -> None:
    text = as_markdown(report_of())
    assert list(tables_in(text)) == [[["Requests", "Answered", "Unmatched", "Errors"], ["---"] * 4, ["0"] * 4]]
    assert text.count("#") == 2


def test_of_twenty_thousand_entries_a_thousand_are_rows() -> None:
    entries = [EntryCount(f"GET /{number}", "p", 1) for number in range(20_000)]
    rows = list(tables_in(as_markdown(report_of(entries=entries))))[-1]
    assert (len(rows), rows[-2], rows[-1]) == (2 + 1_000 + 1, ["GET /999", "1", "p"], ["and 19,000 more", "", ""])


@pytest.mark.parametrize(
    ("url", "cell"),
    [
        pytest.param("/a|b", "GET /a&#124;b", id="pipe"),
        pytest.param("/a\\", "GET /a\\\\", id="backslash-before-the-end-of-the-cell"),
        pytest.param("/`a`", "GET /&#96;a&#96;", id="backquotes"),
        pytest.param("/<b>", "GET /&#60;b&#62;", id="tag"),
        pytest.param("/a&lt;b", "GET /a&#38;lt;b", id="reference"),
        pytest.param("/a\r\nb\x00\x1b\u2028", r"GET /a\\r\\nb\\x00\\x1b\\u2028", id="control"),
        pytest.param("/[a](b)", r"GET /\[a\](b)", id="link"),
        pytest.param("/*a*", r"GET /\*a\*", id="asterisks"),
        pytest.param("/snake_case", "GET /snake_case", id="underscore-inside-a-word"),
        pytest.param("/_a_", r"GET /\_a\_", id="underscores-around-a-word"),
    ],
)
def test_what_markdown_may_take_for_more_is_written_otherwise(url: str, cell: str) -> None:
    text = as_markdown(report_of(unmatched=[UnmatchedRequest("GET", url, 1, None, None)]))
    assert list(tables_in(text))[-1][2][0] == cell


@given(any_report())
def test_whatever_it_holds_each_row_has_as_many_cells_as_its_head(report: Report) -> None:
    text = as_markdown(report)
    for head, *rows in tables_in(text):
        assert {len(row) for row in rows} == {len(head)}
    assert "<" not in text
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", text)
    listed = [report.unmatched, report.errors, report.unused, report.shadowed]
    used = [entry for entry in report.entries if entry.requests]
    assert [len(rows) - 2 for rows in tables_in(text)] == [1, *(len(each) for each in [*listed, used] if each)]


def nasty() -> Report:
    return report_of(
        file=NASTY,
        entries=[EntryCount(NASTY, NASTY, 1)],
        unmatched=[UnmatchedRequest("GET", NASTY, 1, NASTY, NASTY)],
        errors=[AnswerFailure(NASTY, NASTY, 1)],
        unused=[EntryCount(NASTY, NASTY, 0)],
        shadowed=[NASTY],
    )


def test_a_reader_of_markdown_sees_tables_and_the_texts_as_they_are() -> None:
    """With a real one, where there is one: nothing is a link, code, emphasis or HTML."""
    reader = pytest.importorskip("markdown_it").MarkdownIt("commonmark").enable(["table", "strikethrough"])
    html = reader.render(as_markdown(nasty()))
    tags: list[str] = []
    cells: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            tags.append(tag)

        def handle_data(self, data: str) -> None:
            cells.append(data)

    Reader().feed(html)
    assert set(tags) == {"h2", "h3", "table", "thead", "tbody", "tr", "th", "td"}
    assert (tags.count("h2"), tags.count("h3"), tags.count("table")) == (1, 5, 6)
    readable = NASTY.encode("unicode_escape", "surrogatepass").decode("ascii").replace(r"\\|", r"\|")
    readable = readable.replace(r"\ufffe", "\ufffe")
    assert cells.count(readable) >= 6
