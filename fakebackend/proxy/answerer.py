"""Giving a flow its response: an entry's, or our own where there is no entry or something failed."""

import asyncio
import logging
from collections.abc import Awaitable
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
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
from fakebackend.matching.mismatch import Mismatch
from fakebackend.messages.canned_response import CannedResponse
from fakebackend.messages.canned_response import plain_response
from fakebackend.proxy.client_disconnects import ClientDisconnects
from fakebackend.proxy.client_disconnects import ClientLeftError
from fakebackend.proxy.client_disconnects import TooManyWaitingError
from fakebackend.proxy.destination import loops_back
from fakebackend.proxy.flow_edits import kill
from fakebackend.proxy.flow_edits import origin_header
from fakebackend.proxy.flow_front import FlowFront
from fakebackend.proxy.flow_front import SavedFlowFront
from fakebackend.proxy.flow_request import FlowRequest
from fakebackend.proxy.flow_writer import FlowWriter
from fakebackend.proxy.forward import Forwarding
from fakebackend.proxy.own_connections import IN_A_CIRCLE
from fakebackend.proxy.own_connections import OwnConnections
from fakebackend.proxy.unmatched_report import UnmatchedReport
from fakebackend.proxy.unmatched_report import report_forwarded
from fakebackend.proxy.unmatched_report import report_unmatched
from fakebackend.state.client_states import ClientStates
from fakebackend.state.mock_state import MockState
from fakebackend.table.allow import options_answer
from fakebackend.table.answered_by import AnsweredBy
from fakebackend.table.answered_by import noted
from fakebackend.table.entry import Entry
from fakebackend.table.entry_table import Candidate
from fakebackend.table.entry_table import EntryTable
from fakebackend.table.first_outcome import first_outcome
from fakebackend.table.first_outcome import unmatched_outcome
from fakebackend.table.match import PassedOver
from fakebackend.table.unmatched import Unmatched

T = TypeVar("T")

logger = logging.getLogger(__name__)

_NO_DESTINATION = (
    "this request has no destination: it was sent to the proxy itself. "
    "To forward such requests, start mitmproxy with --mode reverse:URL"
)


_LEFT = "the client has left"


class _AtWork:
    """Candidates, with the entry of the one that is asked right now."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._candidates = candidates
        self.entry: Entry | None = None

    def __iter__(self) -> Iterator[Candidate]:
        for candidate in self._candidates:
            self.entry = candidate[0].entry
            yield candidate
        self.entry = None


@dataclass(slots=True)
class FlowAnswerer(FlowWriter):
    """Answers flows from a table; `delay` is what every canned answer takes longer, in seconds."""

    unmatched: UnmatchedPolicy = field(default_factory=lambda: parse_unmatched("404"))
    delay: float = 0.0
    states: ClientStates = field(default_factory=ClientStates)
    disconnects: ClientDisconnects = field(default_factory=ClientDisconnects)
    forwarding: Forwarding = field(default_factory=Forwarding)
    own_connections: OwnConnections = field(default_factory=OwnConnections)

    def answer(self, flow: http.HTTPFlow, table: EntryTable) -> Awaitable[None] | None:
        """Answer a live flow, or do what is to be done with unmatched requests.

        A response that is ready is set at once; for all else there is something to await.
        """
        request = FlowRequest(flow)
        passed_over: list[PassedOver] = []
        states = self.states
        state = states.shared if states.key is None else states.of(request)
        candidates = table.candidates(request, state)
        for candidate in candidates:
            (entry, _), said = candidate
            if isinstance(said, Mismatch):
                passed_over.append(PassedOver(entry, said.difference))
                continue
            ready, labels = (said, ()) if isinstance(said, CannedResponse) else (said.ready, said.labels)
            if ready is None or self.delay:
                return self._perform(request, state, table, chain((candidate,), candidates), passed_over)
            self.respond(flow, AnsweredBy(entry, labels), ready, passed_over)
            try:  # what `answered` does, for nearly all requests
                self.tally.uses[id(entry)].requests += 1
            except KeyError:
                self.tally.answered(entry)
            return None
        if table.unmatched is not None:
            return self._perform(request, state, table, (), passed_over)
        self._answer_unmatched(request, table, passed_over)
        return None

    async def answer_saved(self, flow: http.HTTPFlow, table: EntryTable) -> None:
        """Give a saved flow its answer; without one it keeps what it has."""
        request = FlowRequest(flow)
        passed_over: list[PassedOver] = []
        state = self.states.of(request)
        found = await first_outcome(table.candidates(request, state), request, state, passed_over)
        if found is not None:
            front = SavedFlowFront(self, flow, found.who, passed_over)
            if (waiting := found.outcome.perform(front)) is not None:
                await waiting

    async def _perform(
        self,
        request: FlowRequest,
        state: MockState,
        table: EntryTable,
        candidates: Iterable[Candidate],
        passed_over: list[PassedOver],
    ) -> None:
        """Do what the first candidate comes to, or the next one if that turns out to be nothing."""
        flow = request.flow
        at_work = _AtWork(candidates)
        try:
            found = await self._while_waited_for(flow, lambda: first_outcome(at_work, request, state, passed_over))
            if found is not None:
                await self._carry_out(flow, found.who, found.outcome, found.seconds, passed_over)
            elif table.unmatched is None or self.unmatched.status is None:
                self._answer_unmatched(request, table, passed_over)
            elif not self._answer_options(request, table):
                await self._answer_by_fallback(request, state, table, table.unmatched, passed_over)
        except ClientLeftError:
            who = AnsweredBy(at_work.entry, note=f", {_LEFT}") if at_work.entry else noted(_LEFT)
            self.count(flow, who)
            self.exchanges.tell(flow, who)
            kill(flow)  # there is nobody to be told
        except TooManyWaitingError as e:
            self.count_failure(flow, None, str(e))
            self.respond_plain(flow, 503, f"fakebackend could not answer: {e}", str(e))
        except asyncio.CancelledError:
            await undo_cancellation()
            self.fail(flow, RuntimeError("a handler has cancelled the task of the request"))
        except Exception as e:
            self.fail(flow, e)

    async def _answer_by_fallback(
        self,
        request: FlowRequest,
        state: MockState,
        table: EntryTable,
        unmatched: Unmatched,
        passed_over: Sequence[PassedOver],
    ) -> None:
        flow, status = request.flow, self.unmatched.status
        assert status is not None  # with `forward` and `kill` nobody asks for it
        report = self._report_unmatched(request, table, passed_over)
        found = await self._while_waited_for(
            flow, lambda: unmatched_outcome(unmatched, request, state, status, report.note)
        )
        who = f"{unmatched.title}{found.called}" if found else ""
        if found is None:
            self._end_unmatched(flow, report)
        else:
            said = noted(f"{report.comment}; answered by {who}", f"no entry; {who}", unmatched=report.counts)
            await self._carry_out(flow, said, found.outcome, found.seconds, ())

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
        self.count(flow, who)
        self.exchanges.tell(flow, who)  # already while it waits
        if seconds and not await self.disconnects.wait(_client_of(flow), seconds):
            self.exchanges.tell(flow, who._replace(note=f"{who.note}, {_LEFT}"))
            kill(flow)
        elif not flow.error:  # it may have been killed while it waited
            waiting = outcome.perform(FlowFront(self, flow, who, passed_over))
            if waiting is not None:
                await waiting

    def finish_forwarded(self, flow: http.HTTPFlow) -> None:
        """Change a real answer as the entry that asked for it says; pages may read why that failed."""
        if (failure := self.forwarding.finish(flow)) is not None:
            self.count_failure(flow, failure.entry, failure.reason)
            self.set_response(flow, failure.answer)
            self.exchanges.tell(flow, noted(failure.reason, failed=failure.entry))

    def _answer_unmatched(self, request: FlowRequest, table: EntryTable, passed_over: Sequence[PassedOver]) -> None:
        flow = request.flow
        if self._answer_options(request, table):
            return
        if not self.unmatched.forward:
            self._end_unmatched(flow, self._report_unmatched(request, table, passed_over))
            return
        refused = self.no_destination(flow)
        report_forwarded(request, table, passed_over, refused)
        if refused:
            self.count_failure(flow, None, refused)
            self.refuse(flow, refused)
        else:
            self.exchanges.tell(flow, noted("no entry; forwarded"))

    def _report_unmatched(
        self, request: FlowRequest, table: EntryTable, passed_over: Sequence[PassedOver]
    ) -> UnmatchedReport:
        report = report_unmatched(request, table, passed_over, self.tally)
        if report.counts:
            self.counted[request.flow] = None
        return report

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

    def _end_unmatched(self, flow: http.HTTPFlow, report: UnmatchedReport) -> None:
        """Do what the option says of requests without an entry that are not forwarded."""
        if self.unmatched.status is not None:
            self.set_response(flow, plain_response(self.unmatched.status, "Path not found", report.note))
            self.tell(flow, noted(report.comment, "no entry", unmatched=report.counts))
        else:
            self.tell(flow, noted(report.comment, "no entry; connection closed", unmatched=report.counts))
            kill(flow)

    def no_destination(self, flow: http.HTTPFlow) -> str | None:
        """Return why there is nowhere to forward a request to, or None."""
        if self.own_connections.brought(flow.client_conn):
            return IN_A_CIRCLE
        return _NO_DESTINATION if loops_back(flow) else None

    def forward(self, flow: http.HTTPFlow, forward: Forward, who: AnsweredBy) -> None:
        """Let a request out to where an entry sends it, or answer 502 if that is nowhere."""
        reason = IN_A_CIRCLE if self.own_connections.brought(flow.client_conn) else None
        if reason is None and not self.forwarding.release(flow, forward, who.entry):
            reason = _NO_DESTINATION
        if reason is not None:
            self.count_failure(flow, who.entry, reason)
            self.refuse(flow, reason, who.entry)


def _client_of(flow: http.HTTPFlow) -> connection.Client:
    """Return the client that waits: that of a replay has nearly always left, and mitmproxy stands in for it."""
    client = flow.client_conn
    if flow.is_replay == "request":
        client = client.copy()
        client.timestamp_end = None
    return client
