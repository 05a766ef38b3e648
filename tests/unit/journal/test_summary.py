from fakebackend.diagnostics.escaping import escape_control
from fakebackend.journal.report import EntryCount
from fakebackend.journal.summary import summary_lines
from fakebackend.journal.tally import AnswerFailure
from fakebackend.journal.tally import UnmatchedRequest
from tests.unit.journal.reports import FULL
from tests.unit.journal.reports import NASTY
from tests.unit.journal.reports import report_of


def test_it_says_what_was_answered_what_was_not_what_failed_and_what_was_never_used() -> None:
    assert list(summary_lines(FULL)) == [
        "responses.json: 1,007 requests, 1,000 answered, 5 unmatched, 3 errors",
        "  1,000 GET /user (responses.json:3:5)",
        "  without an entry:",
        "      2 GET http://a.example/usr; nearest GET /user: path differs at segment 1",
        "      1 POST http://a.example/user",
        "      2 others",
        "  errors:",
        "      2 GET /user: no such file",
        "      1 responses.json:1: wrong",
        "  never used:",
        "        GET /slow (responses.json:4:5)",
        "  never answering, as another one always wins:",
        "        GET /slow",
    ]


def test_of_a_run_of_nothing_it_is_one_line() -> None:
    assert list(summary_lines(report_of())) == ["responses.json: 0 requests, 0 answered, 0 unmatched, 0 errors"]


def test_of_many_the_most_frequent_are_said() -> None:
    report = report_of(
        entries=[EntryCount(f"GET /{number}", "p", number) for number in range(100)],
        unmatched=[UnmatchedRequest("GET", f"/u{number}", number, None, None) for number in range(1, 101)],
        errors=[AnswerFailure(None, f"error {number}", 1) for number in range(21)],
        unused=[EntryCount(f"GET /{number}", "p", 0) for number in range(20)],
        shadowed=[f"GET /{number}" for number in range(20_000)],
    )
    lines = list(summary_lines(report))
    assert lines[1:3] == ["     99 GET /99 (p)", "     98 GET /98 (p)"]
    assert lines[21:24] == ["        and 79 more", "  without an entry:", "    100 GET /u100"]
    assert lines[43:45] == ["        and 80 more", "  errors:"]
    assert lines[65:67] == ["        and 1 more", "  never used:"]
    assert lines[87:88] == ["  never answering, as another one always wins:"]
    assert lines[-1] == "        and 19,980 more"
    assert len(lines) == 109


def test_nothing_in_it_moves_the_cursor_or_fails_to_be_printed() -> None:
    report = report_of(
        file=NASTY,
        entries=[EntryCount(NASTY, NASTY, 1)],
        unmatched=[UnmatchedRequest("GET", NASTY, 1, NASTY, NASTY)],
        errors=[AnswerFailure(NASTY, NASTY, 1)],
        unused=[EntryCount(NASTY, NASTY, 0)],
        shadowed=[NASTY],
    )
    lines = list(summary_lines(report))
    assert len(lines) == 10
    assert not [line for line in lines if escape_control(line) != line]


def test_long_urls_and_messages_are_cut() -> None:
    report = report_of(
        unmatched=[UnmatchedRequest("GET", "/" * 2_000, 1, None, None)],
        errors=[AnswerFailure(None, "x" * 2_000, 1)],
        error_count=1,
    )
    assert max(map(len, summary_lines(report))) < 300
