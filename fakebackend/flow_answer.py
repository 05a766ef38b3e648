"""Giving a flow its response: an entry's, or our own where there is no entry or something failed."""

import logging

from mitmproxy import http

from fakebackend.closed_proxy import has_no_destination
from fakebackend.entry import Entry
from fakebackend.entry_table import EntryTable
from fakebackend.http_response import make_response
from fakebackend.http_response import plain_answer
from fakebackend.printable import printable
from fakebackend.request_view import RequestView
from fakebackend.unmatched_policy import UnmatchedPolicy

logger = logging.getLogger(__name__)

COMMENT = "fakebackend"
"""In `flow.metadata`, what we wrote into `flow.comment`; a comment of the user's differs and is kept."""


def view(flow: http.HTTPFlow) -> RequestView:
    """Return the core's view of a flow's request."""
    return RequestView(flow.request.method, flow.request.path)


def respond(flow: http.HTTPFlow, entry: Entry) -> None:
    """Give the flow the answer of an entry, and say in its comment which that was."""
    flow.response = make_response(entry.answer, method=flow.request.method)
    _comment(flow, str(entry))


def answer(flow: http.HTTPFlow, table: EntryTable, unmatched: UnmatchedPolicy) -> None:
    """Answer a live flow from the table, or do what is to be done with unmatched requests."""
    request = view(flow)
    if (entry := table.find(request)) is not None:
        respond(flow, entry)
    else:
        _answer_unmatched(flow, unmatched, table.nearest(request))


def answer_saved(flow: http.HTTPFlow, table: EntryTable) -> bool:
    """Give a saved flow its answer from the table; without an entry it keeps what it has. Tell which."""
    if (entry := table.find(view(flow))) is None:
        return False
    flow.error = None
    respond(flow, entry)
    return True


def fail(flow: http.HTTPFlow, error: Exception) -> None:
    """Answer 500 with the reason: an exception that left the hook would let the request out."""
    reason = str(error).partition("\n")[0] or type(error).__name__
    logger.error(f"{_request_line(flow)}: {printable(reason)}")
    logger.debug("The failure in full", exc_info=error)
    if flow.live:
        _respond_plain(flow, 500, f"fakebackend could not answer: {reason}", reason)


def _answer_unmatched(flow: http.HTTPFlow, policy: UnmatchedPolicy, nearest: tuple[Entry, str] | None) -> None:
    note = f"no entry; nearest {nearest[0].label}" if nearest else "no entry"
    explained = f"{_request_line(flow)}: {printable(note)}{f': {nearest[1]}' if nearest else ''}"
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
