"""The report in a few lines of the log."""

from collections.abc import Iterable
from collections.abc import Iterator

from fakebackend.diagnostics.escaping import abbreviated
from fakebackend.diagnostics.escaping import escape_control
from fakebackend.journal.report import Report
from fakebackend.journal.wording import error_text
from fakebackend.journal.wording import near_text
from fakebackend.journal.wording import times

_MOST_LINES = 20


def summary_lines(report: Report) -> Iterator[str]:
    """Yield a line for the whole, then what was answered, what was not, what failed and what was never used."""
    yield (
        f"{escape_control(report.file)}: {times(report.total, 'request')}, {report.answered:,} answered, "
        f"{report.unmatched_count:,} unmatched, {times(report.error_count, 'error')}"
    )
    used = sorted((each for each in report.entries if each.requests), key=lambda each: -each.requests)
    yield from _few(f"{each.requests:>7,} {escape_control(f'{each.entry} ({each.place})')}" for each in used)
    if report.unmatched:
        yield "  without an entry:"
        unmatched = sorted(report.unmatched, key=lambda each: -each.count)
        near = ((each, escape_control(near_text(each))) for each in unmatched)
        yield from _few(
            f"{each.count:>7,} {each.method} {abbreviated(each.url)}" + (f"; nearest {text}" if text else "")
            for each, text in near
        )
    if report.unmatched_not_listed:
        yield f"{report.unmatched_not_listed:>7,} others"
    if report.errors:
        yield "  errors:"
        yield from _few(f"{each.count:>7,} {abbreviated(error_text(each))}" for each in report.errors)
    if report.unused:
        yield "  never used:"
        yield from _few(f"        {escape_control(f'{each.entry} ({each.place})')}" for each in report.unused)
    if report.shadowed:
        yield "  never answering, as another one always wins:"
        yield from _few(f"        {escape_control(each)}" for each in report.shadowed)


def _few(lines: Iterable[str]) -> Iterator[str]:
    count = 0
    for count, line in enumerate(lines, start=1):
        if count <= _MOST_LINES:
            yield line
    if count > _MOST_LINES:
        yield f"        and {count - _MOST_LINES:,} more"
