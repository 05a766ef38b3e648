"""Giving a flow its response: an entry's, or our own where there is no entry or something failed."""

import logging
from collections.abc import Sequence

from mitmproxy import http

from fakebackend.destination import has_no_destination
from fakebackend.entry_table import EntryTable
from fakebackend.entry_table import Outcome
from fakebackend.flow_view import FlowView
from fakebackend.http_response import make_response
from fakebackend.http_response import plain_answer
from fakebackend.near_miss import NearMiss
from fakebackend.near_miss import near_misses
from fakebackend.printable import printable
from fakebackend.unmatched_policy import UnmatchedPolicy

logger = logging.getLogger(__name__)

COMMENT = "fakebackend"
"""In `flow.metadata`, what we wrote into `flow.comment`; a comment of the user's differs and is kept."""


def answer(flow: http.HTTPFlow, table: EntryTable, unmatched: UnmatchedPolicy) -> None:
    """Answer a live flow from the table, or do what is to be done with unmatched requests."""
    view = FlowView(flow)
    outcome = table.find(view)
    if not _respond(flow, outcome):
        _answer_unmatched(flow, unmatched, near_misses(table, view, outcome.skipped))


def answer_saved(flow: http.HTTPFlow, table: EntryTable) -> bool:
    """Give a saved flow its answer from the table; without an entry it keeps what it has. Tell which."""
    outcome = table.find(FlowView(flow))
    if outcome.entry is not None:
        flow.error = None
    return _respond(flow, outcome)


def fail(flow: http.HTTPFlow, error: Exception) -> None:
    """Answer 500 with the reason: an exception that left the hook would let the request out."""
    reason = str(error).partition("\n")[0] or type(error).__name__
    logger.error(f"{_request_line(flow)}: {printable(reason)}")
    logger.debug("The failure in full", exc_info=error)
    if flow.live:
        _respond_plain(flow, 500, f"fakebackend could not answer: {reason}", reason)


def _respond(flow: http.HTTPFlow, outcome: Outcome) -> bool:
    """Give the flow the answer that was found, if any, and say in its comment whose that is."""
    if outcome.entry is None or outcome.answer is None:
        return False
    flow.response = make_response(outcome.answer, method=flow.request.method)
    comment = str(outcome.entry)
    if outcome.skipped:
        comment += f"; skipped {'; '.join(map(str, outcome.skipped))}"
    _comment(flow, comment)
    return True


def _answer_unmatched(flow: http.HTTPFlow, policy: UnmatchedPolicy, near: Sequence[NearMiss]) -> None:
    note = f"no entry; nearest {near[0].entry.label}" if near else "no entry"
    explained = f"{_request_line(flow)}: no entry{'; nearest ' + '; '.join(map(str, near)) if near else ''}"
    if policy.forward:
        _forward(flow, explained)
        return
    logger.warning(explained)
    if policy.status is not None:
        _respond_plain(flow, policy.status, "Path not found", note)
    else:
        _comment(flow, note)
        flow.kill()


def _forward(flow: http.HTTPFlow, explained: str) -> None:
    if has_no_destination(flow):
        reason = (
            "this request has no destination: it was sent to the proxy itself. "
            "To forward such requests, start mitmproxy with --mode reverse:URL"
        )
        logger.warning(f"{explained}; {reason}")
        _respond_plain(flow, 502, reason[0].upper() + reason[1:], reason)
    else:
        logger.info(f"{explained}; forwarded")


def _respond_plain(flow: http.HTTPFlow, status: int, text: str, note: str) -> None:
    flow.response = make_response(plain_answer(status, text, note), method=flow.request.method)
    _comment(flow, note)


def _comment(flow: http.HTTPFlow, text: str) -> None:
    if flow.comment == flow.metadata.get(COMMENT, ""):
        flow.comment = flow.metadata[COMMENT] = printable(text)


def _request_line(flow: http.HTTPFlow) -> str:
    return printable(f"{flow.request.method} {flow.request.path}")
