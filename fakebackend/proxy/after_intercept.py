"""Answering after the user had a chance to intercept and edit the request."""

from collections.abc import Awaitable
from collections.abc import Callable

from mitmproxy import http

DEFERRED = "fakebackend_deferred"
"""Marks in `flow.metadata` a request that is to be answered at the end of the addon chain."""


class AfterIntercept:
    """An addon for the end of the chain: answers what was put off until interception is over.

    Scripts run before the console's `Intercept`. A request that already has an answer there is no longer
    stopped by `intercept=~q`, and one edited while it is stopped would keep the answer to its old self.
    """

    def __init__(self, answer: Callable[[http.HTTPFlow], Awaitable[None] | None]) -> None:
        self._answer = answer

    async def request(self, flow: http.HTTPFlow) -> None:
        """Wait until the flow is resumed, then have it answered as it is now."""
        if not flow.metadata.pop(DEFERRED, False):
            return
        await flow.wait_for_resume()
        if flow.response or flow.error:
            return
        if (waiting := self._answer(flow)) is not None:
            await waiting
