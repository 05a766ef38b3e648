"""What outcomes do to flows: to a live one whatever they say, to a saved one only a response."""

from collections.abc import Sequence
from typing import NamedTuple
from typing import Protocol

from mitmproxy import http

from fakebackend.answers.outcome import Fault
from fakebackend.answers.outcome import Forward
from fakebackend.messages.canned_response import CannedResponse
from fakebackend.proxy.client_disconnects import ClientDisconnects
from fakebackend.proxy.flow_edits import kill
from fakebackend.proxy.reset_connection import reset
from fakebackend.table.answered_by import AnsweredBy
from fakebackend.table.match import PassedOver


class Answerer(Protocol):
    """What a front needs of whoever answers flows."""

    disconnects: ClientDisconnects

    def respond(
        self, flow: http.HTTPFlow, who: AnsweredBy, response: CannedResponse, passed_over: Sequence[PassedOver]
    ) -> None:
        """Give the flow the response of an entry."""

    def tell(self, flow: http.HTTPFlow, who: AnsweredBy) -> None:
        """Say who has answered a flow."""

    def forward(self, flow: http.HTTPFlow, forward: Forward, who: AnsweredBy) -> None:
        """Let a request out to where an entry sends it."""


class FlowFront(NamedTuple):
    """Stands before the client of a live flow that an entry answers."""

    answerer: Answerer
    flow: http.HTTPFlow
    who: AnsweredBy
    passed_over: Sequence[PassedOver]

    def respond(self, response: CannedResponse) -> None:
        """Give the flow the response of the entry, and say in its comment whose it is."""
        self.answerer.respond(self.flow, self.who, response, self.passed_over)

    def close(self) -> None:
        """End the exchange without an answer."""
        self._tell(Fault.CLOSE)
        kill(self.flow)

    def reset(self) -> None:
        """Break the connection off; where there is no TCP connection of its own, as by `close`."""
        self._tell(Fault.RESET)
        reset(self.flow)

    async def hang(self) -> None:
        """Keep the client waiting until it gives up; a replay has none that could."""
        self._tell(Fault.HANG)
        if not self.flow.is_replay:
            await self.answerer.disconnects.wait(self.flow.client_conn, None)
        kill(self.flow)

    def forward(self, forward: Forward) -> None:
        """Let the request out to the real server."""
        self._tell(forward)
        self.answerer.forward(self.flow, forward, self.who)

    def _tell(self, outcome: Fault | Forward) -> None:
        self.answerer.tell(self.flow, self.who._replace(note=self.who.note + outcome.summary()))


class SavedFlowFront(FlowFront):
    """Stands before a saved flow: faults and the real server's answer are what it has already."""

    __slots__ = ()

    def respond(self, response: CannedResponse) -> None:
        """Give the flow the response, whatever it ended with."""
        self.flow.error = None
        self.answerer.respond(self.flow, self.who, response, self.passed_over)

    def close(self) -> None:
        """Leave the flow as it is."""

    def reset(self) -> None:
        """Leave the flow as it is."""

    async def hang(self) -> None:
        """Leave the flow as it is."""

    def forward(self, forward: Forward) -> None:
        """Leave the flow as it is."""
