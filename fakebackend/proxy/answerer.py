"""Giving a flow its response: an entry's, or our own where there is no entry or something failed."""

import asyncio
import logging
from collections.abc import Awaitable
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from itertools import chain
from typing import TypeVar

from mitmproxy import connection
from mitmproxy import http

from fakebackend.answers.handler import undo_cancellation
from fakebackend.answers.outcome import Forward
from fakebackend.answers.outcome import Outcome
from fakebackend.answers.unmatched_policy import UnmatchedPolicy
from fakebackend.answers.unmatched_policy import parse_unmatched
from fakebackend.diagnostics.escaping import abbreviated
from fakebackend.matching.mismatch import Mismatch
from fakebackend.messages.browser_calls import is_browsers_own
from fakebackend.messages.canned_response import CannedResponse
from fakebackend.messages.canned_response import plain_response
from fakebackend.messages.cors import CorsPolicy
from fakebackend.messages.cors import cors_fields
from fakebackend.messages.header_fields import Fields
from fakebackend.proxy.access_log import AccessLog
from fakebackend.proxy.client_disconnects import ClientDisconnects
from fakebackend.proxy.client_disconnects import ClientLeftError
from fakebackend.proxy.client_disconnects import TooManyWaitingError
from fakebackend.proxy.destination import loops_back
from fakebackend.proxy.flow_edits import comment
from fakebackend.proxy.flow_edits import kill
from fakebackend.proxy.flow_edits import origin_header
from fakebackend.proxy.flow_edits import request_line
from fakebackend.proxy.flow_front import FlowFront
from fakebackend.proxy.flow_front import SavedFlowFront
from fakebackend.proxy.flow_request import FlowRequest
from fakebackend.proxy.forward import Forwarding
from fakebackend.proxy.own_connections import IN_A_CIRCLE
from fakebackend.proxy.own_connections import OwnConnections
from fakebackend.proxy.response import make_response
from fakebackend.proxy.unmatched_line import unmatched_line
from fakebackend.state.mock_state import MockState
from fakebackend.table.allow import options_answer
from fakebackend.table.answered_by import AnsweredBy
from fakebackend.table.answered_by import noted
from fakebackend.table.entry_table import Candidate
from fakebackend.table.entry_table import EntryTable
from fakebackend.table.first_outcome import first_outcome
from fakebackend.table.first_outcome import unmatched_outcome
from fakebackend.table.match import PassedOver
from fakebackend.table.near_miss import near_misses
from fakebackend.table.unmatched import Unmatched

T = TypeVar("T")

logger = logging.getLogger(__name__)

_NO_DESTINATION = (
    "this request has no destination: it was sent to the proxy itself. "
    "To forward such requests, start mitmproxy with --mode reverse:URL"
)


_LEFT = "the client has left"


@dataclass(slots=True)
class FlowAnswerer:
    """Answers flows from a table; `delay` is what every canned answer takes longer, in seconds."""

    unmatched: UnmatchedPolicy = field(default_factory=lambda: parse_unmatched("404"))
    delay: float = 0.0
    state: MockState = field(default_factory=MockState)
    disconnects: ClientDisconnects = field(default_factory=ClientDisconnects)
    forwarding: Forwarding = field(default_factory=Forwarding)
    own_connections: OwnConnections = field(default_factory=OwnConnections)
    cors: CorsPolicy = field(default_factory=CorsPolicy)
    access_log: AccessLog = field(default_factory=AccessLog)

    def answer(self, flow: http.HTTPFlow, table: EntryTable) -> Awaitable[None] | None:
        """Answer a live flow, or do what is to be done with unmatched requests.

        A response that is ready is set at once; for all else there is something to await.
        """
        request = FlowRequest(flow)
        passed_over: list[PassedOver] = []
        candidates = table.candidates(request, self.state)
        for candidate in candidates:
            (entry, _), said = candidate
            if isinstance(said, Mismatch):
                passed_over.append(PassedOver(entry, said.difference))
                continue
            ready, labels = (said, ()) if isinstance(said, CannedResponse) else (said.ready, said.labels)
            if ready is None or self.delay:
                return self._perform(request, table, chain((candidate,), candidates), passed_over)
            self.respond(flow, AnsweredBy(entry, labels), ready, passed_over)
            return None
        if table.unmatched is not None:
            return self._perform(request, table, (), passed_over)
        self._answer_unmatched(request, table, passed_over)
        return None

    async def answer_saved(self, flow: http.HTTPFlow, table: EntryTable) -> None:
        """Give a saved flow its answer; without one it keeps what it has."""
        request = FlowRequest(flow)
        passed_over: list[PassedOver] = []
        candidates = table.candidates(request, self.state)
        found = await first_outcome(candidates, request, self.state, passed_over)
        if found is not None:
            front = SavedFlowFront(self, flow, found.who, passed_over)
            if (waiting := found.outcome.perform(front)) is not None:
                await waiting

    async def _perform(
        self, request: FlowRequest, table: EntryTable, candidates: Iterable[Candidate], passed_over: list[PassedOver]
    ) -> None:
        """Do what the first candidate comes to, or the next one if that turns out to be nothing."""
        flow = request.flow
        try:
            found = await self._while_waited_for(
                flow, lambda: first_outcome(candidates, request, self.state, passed_over)
            )
            if found is not None:
                await self._carry_out(flow, found.who, found.outcome, found.seconds, passed_over)
            elif table.unmatched is None or self.unmatched.status is None:
                self._answer_unmatched(request, table, passed_over)
            elif not self._answer_options(request, table):
                await self._answer_by_fallback(request, table, table.unmatched, passed_over)
        except ClientLeftError:
            self.access_log.tell(flow, noted(_LEFT))
            kill(flow)  # there is nobody to be told
        except TooManyWaitingError as e:
            self._respond_plain(flow, 503, f"fakebackend could not answer: {e}", str(e))
        except asyncio.CancelledError:
            await undo_cancellation()
            self.fail(flow, RuntimeError("a handler has cancelled the task of the request"))
        except Exception as e:
            self.fail(flow, e)

    async def _answer_by_fallback(
        self, request: FlowRequest, table: EntryTable, unmatched: Unmatched, passed_over: Sequence[PassedOver]
    ) -> None:
        flow, status = request.flow, self.unmatched.status
        assert status is not None  # with `forward` and `kill` nobody asks for it
        note, near = self._report_unmatched(request, table, passed_over)
        found = await self._while_waited_for(
            flow, lambda: unmatched_outcome(unmatched, request, self.state, status, note)
        )
        who = f"{unmatched.title}{found.called}" if found else ""
        if found is None:
            self._end_unmatched(flow, note, near)
        else:
            await self._carry_out(
                flow, noted(f"{near}; answered by {who}", f"no entry; {who}"), found.outcome, found.seconds, ()
            )

    async def _while_waited_for(self, flow: http.HTTPFlow, work: Callable[[], Awaitable[T]]) -> T:
        """Return what some work gives; the client may leave meanwhile, which ends it."""
        with self.disconnects.cancelling(_client_of(flow)) as left:
            try:
                result = await work()
            except (Exception, asyncio.CancelledError):
                if not left.is_set():
                    raise
            if left.is_set():
                raise ClientLeftError
        return result

    async def _carry_out(
        self, flow: http.HTTPFlow, who: AnsweredBy, outcome: Outcome, seconds: float, passed_over: Sequence[PassedOver]
    ) -> None:
        seconds += self.delay if outcome.is_canned else 0.0
        if seconds and not await self.disconnects.wait(_client_of(flow), seconds):
            self.access_log.tell(flow, who._replace(note=f"{who.note}, {_LEFT}"))
            kill(flow)
        elif not flow.error:  # it may have been killed while it waited
            waiting = outcome.perform(FlowFront(self, flow, who, passed_over))
            if waiting is not None:
                await waiting

    def finish_forwarded(self, flow: http.HTTPFlow) -> None:
        """Change a real answer as the entry that asked for it says; pages may read why that failed."""
        if (failure := self.forwarding.finish(flow)) is not None:
            self.set_response(flow, failure)

    def _answer_unmatched(self, request: FlowRequest, table: EntryTable, passed_over: Sequence[PassedOver]) -> None:
        if not self._answer_options(request, table):
            self._end_unmatched(request.flow, *self._report_unmatched(request, table, passed_over))

    def _answer_options(self, request: FlowRequest, table: EntryTable) -> bool:
        """Answer OPTIONS by itself where that can be done, and tell whether it was."""
        flow = request.flow
        if request.method != "OPTIONS":
            return False
        cors = self.cors.allows(origin_header(flow) or "")
        answer = options_answer(table, request, cors=cors, forward=self.unmatched.forward)
        if answer is not None:
            self.set_response(flow, answer)
            of_what = f" to a CORS preflight for {asked}" if (asked := request.preflight_method) else ""
            self.tell(flow, noted(f"automatic answer{of_what}"))
        return answer is not None

    def _report_unmatched(
        self, request: FlowRequest, table: EntryTable, passed_over: Sequence[PassedOver]
    ) -> tuple[str, str]:
        """Log that there is no entry and what comes near.

        Return what a header field says of it, and the same with what differs, for the comment.
        """
        flow = request.flow
        # Of a preflight, the method whose absence is to be explained.
        request = request.with_method(request.preflight_method or request.method)
        near = near_misses(table, request, passed_over)
        explained = f"{unmatched_line(request)}: no entry{'; nearest ' + '; '.join(map(str, near)) if near else ''}"
        if self.unmatched.forward:
            reason = self.no_destination(flow)
            logger.log(logging.WARNING if reason else logging.INFO, f"{explained}; {reason or 'forwarded'}")
        else:
            logger.log(logging.DEBUG if is_browsers_own(request) else logging.WARNING, explained)
        if not near:
            return "no entry", "no entry"
        return f"no entry; nearest {near[0].entry.label}", f"no entry; nearest {near[0]}"

    def _end_unmatched(self, flow: http.HTTPFlow, note: str, near: str) -> None:
        """Do what the option says of requests without an entry."""
        if self.unmatched.forward:
            if reason := self.no_destination(flow):
                self._refuse(flow, reason)
            else:
                self.access_log.tell(flow, noted("no entry; forwarded"))
        elif self.unmatched.status is not None:
            self.set_response(flow, plain_response(self.unmatched.status, "Path not found", note))
            self.tell(flow, noted(near, "no entry"))
        else:
            self.tell(flow, noted(near, "no entry; connection closed"))
            kill(flow)

    def respond(
        self, flow: http.HTTPFlow, who: AnsweredBy, response: CannedResponse, passed_over: Sequence[PassedOver]
    ) -> None:
        """Give the flow the response of an entry, and say in its comment whose it is."""
        self.set_response(flow, response)
        self.tell(flow, who, passed_over)

    def tell(self, flow: http.HTTPFlow, who: AnsweredBy, passed_over: Sequence[PassedOver] = ()) -> None:
        """Say who has answered a flow, in its comment and in the access log."""
        comment(flow, who.comment(passed_over))
        if self.access_log.is_on:
            self.access_log.tell(flow, who)

    def fail(self, flow: http.HTTPFlow, error: Exception) -> None:
        """Answer 500 with the reason: an exception that left the hook would let the request out."""
        reason = str(error).partition("\n")[0] or type(error).__name__
        logger.error(f"{request_line(flow)}: {abbreviated(reason)}")
        logger.debug("The failure in full", exc_info=error)
        if flow.live:
            self._respond_plain(flow, 500, f"fakebackend could not answer: {reason}", reason)

    def no_destination(self, flow: http.HTTPFlow) -> str | None:
        """Return why there is nowhere to forward a request to, or None."""
        if self.own_connections.brought(flow.client_conn):
            return IN_A_CIRCLE
        return _NO_DESTINATION if loops_back(flow) else None

    def forward(self, flow: http.HTTPFlow, forward: Forward) -> None:
        """Let a request out to where an entry sends it, or answer 502 if that is nowhere."""
        reason = IN_A_CIRCLE if self.own_connections.brought(flow.client_conn) else None
        if reason is None and not self.forwarding.release(flow, forward):
            reason = _NO_DESTINATION
        if reason is not None:
            self._refuse(flow, reason)

    def _refuse(self, flow: http.HTTPFlow, reason: str) -> None:
        self._respond_plain(flow, 502, reason[0].upper() + reason[1:], reason)

    def _respond_plain(self, flow: http.HTTPFlow, status: int, text: str, note: str) -> None:
        self.set_response(flow, plain_response(status, text, note))
        self.tell(flow, noted(note))

    def set_response(self, flow: http.HTTPFlow, response: CannedResponse) -> None:
        """Set the response, with what CORS needs if a page of another origin asks."""
        more: Fields = ()
        if (origin := origin_header(flow)) is not None and self.cors.allows(origin):
            more = cors_fields(origin, response.headers, response.fields)
        flow.response = make_response(response, method=flow.request.method, more=more)


def _client_of(flow: http.HTTPFlow) -> connection.Client:
    """Return the client that waits: that of a replay has nearly always left, and mitmproxy stands in for it."""
    client = flow.client_conn
    if flow.is_replay == "request":
        client = client.copy()
        client.timestamp_end = None
    return client
