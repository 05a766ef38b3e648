"""What stands in for the addon where mitmproxy runs on without it."""

import asyncio
import logging
import os

from mitmproxy import ctx
from mitmproxy import http
from mitmproxy.proxy import server_hooks

from fakebackend.messages.canned_response import plain_response
from fakebackend.proxy.response import make_response

logger = logging.getLogger(__name__)

NOT_LOADED = (
    "fakebackend could not be loaded, so nothing is answered and nothing forwarded: "
    "is one of its options given without a value, twice, or with a wrong one?"
)
NOT_LOADED_AGAIN = "fakebackend is being loaded again; until that has succeeded nothing is answered or forwarded."
GONE = (
    "fakebackend's addon.py is missing, so nothing is answered and nothing forwarded. "
    "mitmproxy no longer looks at that file: start it again."
)


class Guard:
    """An addon that lets no connection out, and tells whoever asks why.

    mitmproxy goes on without a script that it cannot load, and would forward everything.
    """

    name = "fakebackend_guard"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        self.strategy_before: str | None = None
        """What `connection_strategy` was before the addon changed it, kept for when it is put back."""

    def running(self) -> None:
        """Say why, as an error, which ends mitmdump and mitmweb at their start."""
        logger.error(self.reason)

    def request(self, flow: http.HTTPFlow) -> None:
        """Answer 503 with the reason."""
        if flow.live and not flow.response and not flow.error:
            flow.response = make_response(plain_response(503, self.reason, self.reason), method=flow.request.method)

    def server_connect(self, data: server_hooks.ServerConnectionHookData) -> None:
        """Let no connection out."""
        data.server.error = self.reason


def stand_guard(reason: str) -> Guard:
    """Have a guard from here on; one that stands already stays."""
    guard = ctx.master.addons.get(Guard.name)
    if not isinstance(guard, Guard):
        guard = Guard(reason)
        ctx.master.addons.add(guard)
    return guard


def dismiss_guard() -> Guard | None:
    """Let the guard go and return it, if there is one: the addon does its work from here on."""
    guard = ctx.master.addons.get(Guard.name)
    if not isinstance(guard, Guard):
        return None
    ctx.master.addons.remove(guard)
    return guard


def guard_reload() -> Guard | None:
    """Leave a guard behind if mitmproxy is about to load the addon again, or has lost it.

    Both are done by the task that watches the script which the addon came with, whatever the script's name is, and
    whatever leads to it. A script that somebody takes out of the option `scripts` needs no guard.
    """
    loader = ctx.master.addons.get("scriptloader")
    watched = [script for script in getattr(loader, "addons", ()) if _is_at_work(script.reloadtask)]
    if not watched:
        return None
    if os.path.exists(watched[0].fullpath):
        return stand_guard(NOT_LOADED_AGAIN)
    logger.error(GONE)
    return stand_guard(GONE)


def _is_at_work(task: asyncio.Task[None] | None) -> bool:
    try:
        return task is not None and task is asyncio.current_task()
    except RuntimeError:
        return False  # no event loop, so no task
