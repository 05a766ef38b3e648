"""What stands in for the addon where mitmproxy runs on without it."""

import logging
import os

from mitmproxy import ctx
from mitmproxy import http
from mitmproxy.proxy import server_hooks

import fakebackend
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

_ADDON = os.path.join(os.path.dirname(os.path.realpath(fakebackend.__file__)), "addon.py")


class Guard:
    """An addon that lets no connection out, and tells whoever asks why.

    mitmproxy goes on without a script that it cannot load, and would forward everything.
    """

    name = "fakebackend_guard"

    def __init__(self, reason: str) -> None:
        self.reason = reason

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


def stand_guard(reason: str) -> None:
    """Have a guard from here on, if there is none."""
    if ctx.master.addons.get(Guard.name) is None:
        ctx.master.addons.add(Guard(reason))


def dismiss_guard() -> None:
    """Let the guard go, if there is one: the addon does its work from here on."""
    if (guard := ctx.master.addons.get(Guard.name)) is not None:
        ctx.master.addons.remove(guard)


def guard_reload() -> bool:
    """Leave a guard behind if mitmproxy is about to load the addon again, or has lost it; tell whether it is so.

    A script that somebody takes out of the option `scripts` needs none.
    """
    if not os.path.exists(_ADDON):
        reason = GONE
    elif any(os.path.realpath(os.path.expanduser(path)) == _ADDON for path in getattr(ctx.options, "scripts", ())):
        reason = NOT_LOADED_AGAIN
    else:
        return False
    stand_guard(reason)
    if reason is GONE:
        logger.error(reason)
    return True
