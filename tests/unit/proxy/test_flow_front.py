import asyncio
import inspect
from collections.abc import Callable
from collections.abc import Sequence
from typing import Any

import pytest
from mitmproxy import flow as mitmproxy_flow
from mitmproxy import http
from mitmproxy.test import taddons

from fakebackend.answers.outcome import UNSET
from fakebackend.answers.outcome import Fault
from fakebackend.answers.outcome import Forward
from fakebackend.answers.outcome import Outcome
from fakebackend.messages.canned_response import CannedResponse
from fakebackend.messages.canned_response import canned_response
from fakebackend.messages.header_fields import HeaderFields
from fakebackend.proxy.client_disconnects import ClientDisconnects
from fakebackend.proxy.flow_edits import comment
from fakebackend.proxy.flow_front import FlowFront
from fakebackend.proxy.flow_front import SavedFlowFront
from fakebackend.table.answered_by import AnsweredBy
from fakebackend.table.match import PassedOver
from tests.conftest import http_flow
from tests.conftest import table_of

[ENTRY] = table_of({"GET /user": 1})
RESPONSE = canned_response(201, b"x")
FORWARD = Forward("https://real:8443", UNSET, HeaderFields(), UNSET)
WHO = AnsweredBy(ENTRY)
OVER = [PassedOver(ENTRY, "another")]


class NotingAnswerer:
    """Notes what it is asked to do to flows."""

    def __init__(self) -> None:
        self.disconnects = ClientDisconnects()
        self.asked: list[tuple[Any, ...]] = []

    def respond(
        self, flow: http.HTTPFlow, who: AnsweredBy, response: CannedResponse, passed_over: Sequence[PassedOver]
    ) -> None:
        self.asked.append((flow, who, response, passed_over))

    def tell(self, flow: http.HTTPFlow, who: AnsweredBy) -> None:
        comment(flow, who.comment())

    def forward(self, flow: http.HTTPFlow, forward: Forward, who: AnsweredBy) -> None:
        self.asked.append((flow, forward, who))


MakeFront = Callable[[http.HTTPFlow], FlowFront]


@pytest.fixture
def answerer() -> NotingAnswerer:
    return NotingAnswerer()


@pytest.fixture
def live(answerer: NotingAnswerer) -> MakeFront:
    return lambda flow: FlowFront(answerer, flow, WHO, OVER)


@pytest.fixture
def saved(answerer: NotingAnswerer) -> MakeFront:
    return lambda flow: SavedFlowFront(answerer, flow, WHO, OVER)


async def perform(outcome: Outcome, front: FlowFront) -> None:
    if (waiting := outcome.perform(front)) is not None:
        await waiting


def killed(flow: http.HTTPFlow) -> bool:
    return bool(flow.error and flow.error.msg == mitmproxy_flow.Error.KILLED_MESSAGE)


def test_a_live_flow_gets_the_response_at_once(answerer: NotingAnswerer, live: MakeFront) -> None:
    flow = http_flow()
    assert RESPONSE.perform(live(flow)) is None
    assert answerer.asked == [(flow, WHO, RESPONSE, OVER)]


def test_a_live_flow_is_closed_at_once(answerer: NotingAnswerer, live: MakeFront) -> None:
    flow = http_flow()
    assert Fault.CLOSE.perform(live(flow)) is None
    assert (killed(flow), flow.comment) == (True, "GET /user (responses.json:1) $fault: close")
    assert answerer.asked == []


def test_a_live_flow_is_reset_at_once(answerer: NotingAnswerer, live: MakeFront, tctx: taddons.context) -> None:
    flow = http_flow()
    assert Fault.RESET.perform(live(flow)) is None
    assert (killed(flow), flow.comment) == (True, "GET /user (responses.json:1) $fault: reset")
    assert answerer.asked == []


async def test_a_live_flow_hangs_until_its_client_leaves(answerer: NotingAnswerer, live: MakeFront) -> None:
    flow = http_flow()
    waiting = Fault.HANG.perform(live(flow))
    assert inspect.iscoroutine(waiting)
    task = asyncio.create_task(waiting)
    await asyncio.sleep(0)
    assert (task.done(), killed(flow), len(answerer.disconnects)) == (False, False, 1)
    answerer.disconnects.cancel(flow.client_conn.id)
    await task
    assert (killed(flow), flow.comment) == (True, "GET /user (responses.json:1) $fault: hang")


async def test_a_replay_has_no_client_to_wait_for(answerer: NotingAnswerer, live: MakeFront) -> None:
    flow = http_flow()
    flow.is_replay = "request"
    await perform(Fault.HANG, live(flow))
    assert (killed(flow), len(answerer.disconnects)) == (True, 0)


def test_a_live_flow_is_let_out_to_the_real_server(answerer: NotingAnswerer, live: MakeFront) -> None:
    flow = http_flow()
    assert FORWARD.perform(live(flow)) is None
    assert answerer.asked == [(flow, FORWARD, WHO)]
    assert flow.comment == "GET /user (responses.json:1) forwarded"


async def test_a_saved_flow_gets_the_response_whatever_it_ended_with(
    answerer: NotingAnswerer, saved: MakeFront
) -> None:
    flow = http_flow(live=False)
    flow.error = mitmproxy_flow.Error("timeout")
    await perform(RESPONSE, saved(flow))
    assert flow.error is None
    assert answerer.asked == [(flow, WHO, RESPONSE, OVER)]


@pytest.mark.parametrize("error", [None, "timeout"])
@pytest.mark.parametrize("outcome", [*Fault, FORWARD], ids=["close", "reset", "hang", "forward"])
async def test_a_saved_flow_keeps_what_it_has_where_there_is_no_response(
    answerer: NotingAnswerer, saved: MakeFront, outcome: Outcome, error: str | None
) -> None:
    flow = http_flow(live=False, answered=True)
    flow.error = mitmproxy_flow.Error(error) if error else None
    before = flow.get_state()
    await perform(outcome, saved(flow))
    assert flow.get_state() == before
    assert answerer.asked == []
