"""What is said of a request that no entry answers, and whether it counts as one."""

import logging
from collections.abc import Sequence
from typing import NamedTuple

from fakebackend.journal.tally import Tally
from fakebackend.messages.browser_calls import is_browsers_own
from fakebackend.proxy.flow_request import FlowRequest
from fakebackend.proxy.unmatched_line import unmatched_line
from fakebackend.table.entry_table import EntryTable
from fakebackend.table.match import PassedOver
from fakebackend.table.near_miss import NearMiss
from fakebackend.table.near_miss import near_misses

logger = logging.getLogger(__name__)


class UnmatchedReport(NamedTuple):
    """What comes near to a request without an entry, the nearest first."""

    near: Sequence[NearMiss]
    counts: bool
    """Whether it counts as unmatched: what browsers ask by themselves, and what is forwarded, does not."""

    @property
    def note(self) -> str:
        """Return what a header field says of it."""
        return f"no entry; nearest {self.near[0].entry.label}" if self.near else "no entry"

    @property
    def comment(self) -> str:
        """Return the same with what differs."""
        return f"no entry; nearest {self.near[0]}" if self.near else "no entry"


def report_unmatched(
    request: FlowRequest, table: EntryTable, passed_over: Sequence[PassedOver], tally: Tally
) -> UnmatchedReport:
    """Log a request that nobody answers, count it, and return what there is to say of it."""
    is_own = is_browsers_own(request)
    report, explained = _explained(request, table, passed_over, counts=request.preflight_method is None and not is_own)
    logger.log(logging.DEBUG if is_own else logging.WARNING, explained)
    if report.counts:
        tally.unmatched(request, report.near[0] if report.near else None)
    return report


def report_forwarded(
    request: FlowRequest, table: EntryTable, passed_over: Sequence[PassedOver], refused: str | None
) -> None:
    """Log a request that goes to the real server, or why it cannot."""
    _, explained = _explained(request, table, passed_over, counts=False)
    logger.log(logging.WARNING if refused else logging.INFO, f"{explained}; {refused or 'forwarded'}")


def _explained(
    request: FlowRequest, table: EntryTable, passed_over: Sequence[PassedOver], *, counts: bool
) -> tuple[UnmatchedReport, str]:
    # Of a preflight, the method whose absence is to be explained.
    asked = request if request.preflight_method is None else request.with_method(request.preflight_method)
    near = near_misses(table, asked, passed_over)
    nearest = f"; nearest {'; '.join(map(str, near))}" if near else ""
    return UnmatchedReport(near, counts), f"{unmatched_line(asked)}: no entry{nearest}"
