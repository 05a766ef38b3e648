import asyncio
from collections.abc import Awaitable

import pytest
from mitmproxy import flow as mitmproxy_flow
from mitmproxy import http

from fakebackend.proxy.after_intercept import DEFERRED
from fakebackend.proxy.after_intercept import AfterIntercept
from tests.conftest import http_flow


class Answering:
    """Notes the paths that it is asked to answer, at once or after a moment."""

    def __init__(self, *, waits: bool = False) -> None:
        self.paths: list[str] = []
        self._waits = waits

    def __call__(self, flow: http.HTTPFlow) -> Awaitable[None] | None:
        if self._waits:
            return self._later(flow)
        self.paths.append(flow.request.path)
        return None

    async def _later(self, flow: http.HTTPFlow) -> None:
        await asyncio.sleep(0)
        self.paths.append(flow.request.path)


def deferred(path: str = "/a") -> http.HTTPFlow:
    flow = http_flow(path=path)
    flow.metadata[DEFERRED] = True
    return flow


@pytest.mark.parametrize("waits", [False, True], ids=["at-once", "after-reading"])
async def test_a_deferred_request_is_answered_once(waits: bool) -> None:
    answering = Answering(waits=waits)
    late, flow = AfterIntercept(answering), deferred()
    await late.request(flow)
    await late.request(flow)
    assert answering.paths == ["/a"]
    assert DEFERRED not in flow.metadata


async def test_a_request_that_was_not_deferred_is_left_alone() -> None:
    answering = Answering()
    await AfterIntercept(answering).request(http_flow())
    assert answering.paths == []


async def test_an_intercepted_request_is_answered_as_it_is_when_resumed() -> None:
    answering = Answering()
    flow = deferred()
    flow.intercept()
    waiting = asyncio.create_task(AfterIntercept(answering).request(flow))
    await asyncio.sleep(0)
    assert answering.paths == []
    flow.request.path = "/edited"
    flow.resume()
    await waiting
    assert answering.paths == ["/edited"]


async def test_a_request_answered_by_the_user_meanwhile_keeps_that_answer() -> None:
    answering = Answering()
    flow = deferred()
    flow.response = http.Response.make(418)
    await AfterIntercept(answering).request(flow)
    assert answering.paths == []


async def test_a_request_killed_meanwhile_is_not_answered() -> None:
    answering = Answering()
    flow = deferred()
    flow.error = mitmproxy_flow.Error(mitmproxy_flow.Error.KILLED_MESSAGE)
    await AfterIntercept(answering).request(flow)
    assert answering.paths == []
