"""The report as Markdown, for the summary page of a CI job."""

import re
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence

from fakebackend.diagnostics.escaping import escape_control
from fakebackend.journal.report import Report
from fakebackend.journal.wording import near_text
from fakebackend.journal.wording import times

_MARKS = re.compile(r"[\\`*\[\]<>#|&~$@]|(?<!\w)_|_(?!\w)")
"""What Markdown, or what GitHub and GitLab add to it, may take for more than text."""

_REFERRED_TO = "|<>&`@"

_MOST_ROWS = 1_000


def as_markdown(report: Report) -> str:
    """Return a page with a table for each thing there is something to say of."""
    return "\n\n".join(_parts(report)) + "\n"


def _parts(report: Report) -> Iterator[str]:
    yield f"## fakebackend: {_text(report.file)}"
    counts = (report.total, report.answered, report.unmatched_count, report.failed_requests)
    yield _table(("Requests", "Answered", "Unmatched", "Errors"), [map(str, counts)])
    if report.failed:
        yield f"**Failed:** {report.why_failed}"
    if report.unmatched:
        yield "### Requests without an entry"
        rows = [(f"{each.method} {each.url}", str(each.count), near_text(each)) for each in report.unmatched]
        yield _table(("Request", "Count", "Nearest entry"), rows)
    if report.unmatched_not_listed:
        yield f"And {times(report.unmatched_not_listed, 'more request')} that are not listed."
    if report.errors:
        yield "### Errors"
        yield _table(("Entry", "Message", "Count"), [(e.entry or "", e.message, str(e.count)) for e in report.errors])
    if report.unused:
        yield "### Entries that were never used"
        yield _table(("Entry", "Place"), [(each.entry, each.place) for each in report.unused])
    if report.shadowed:
        yield "### Entries that never answer, as another one always wins"
        yield _table(("Entry",), [(each,) for each in report.shadowed])
    if used := [each for each in report.entries if each.requests]:
        yield "### Entries"
        yield _table(("Entry", "Requests", "Place"), [(e.entry, str(e.requests), e.place) for e in used])


def _table(head: Sequence[str], rows: Sequence[Iterable[str]]) -> str:
    lines = [_row(head), _row(["---"] * len(head))]
    lines += [_row([_text(cell) for cell in row]) for row in rows[:_MOST_ROWS]]
    if len(rows) > _MOST_ROWS:
        lines.append(_row([f"and {len(rows) - _MOST_ROWS:,} more", *[""] * (len(head) - 1)]))
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _text(text: str) -> str:
    """Return a text that is shown as it is; what could end a cell or begin HTML as a reference, the rest escaped."""
    return _MARKS.sub(
        lambda match: f"&#{ord(match[0])};" if match[0] in _REFERRED_TO else f"\\{match[0]}", escape_control(text)
    )
