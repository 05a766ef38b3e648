"""The access log: a line for each request, with who has answered it and how long that took."""

import logging
import os
import time
from typing import NamedTuple
from weakref import WeakKeyDictionary

from mitmproxy import ctx
from mitmproxy import http
from mitmproxy.contrib import click as miniclick

from fakebackend.diagnostics.escaping import abbreviated
from fakebackend.proxy.flow_request import FlowRequest
from fakebackend.table.answered_by import AnsweredBy
from fakebackend.table.answered_by import noted
from fakebackend.table.request_line import request_line

logger = logging.getLogger(__name__)

_COLOURS = {2: "green", 3: "cyan", 4: "yellow", 5: "red"}
_NO_ANSWER = "---"


class _OpenRequest(NamedTuple):
    """A request that has no answer yet: its line as the client sent it, and what is known of who answers."""

    line: str
    method: str
    who: AnsweredBy = noted("not by fakebackend")


class AccessLog:
    """Writes `200 GET /users/7 ← /users/{id} (responses.json:12, "ok") 3 ms` for each live request, once."""

    def __init__(self) -> None:
        self.is_on = False
        # A flow that mitmproxy forgets is forgotten here, too.
        self._open: WeakKeyDictionary[http.HTTPFlow, _OpenRequest] = WeakKeyDictionary()

    def begin(self, flow: http.HTTPFlow) -> None:
        """Take note of a request, before anything changes it."""
        request = FlowRequest(flow)
        self._open[flow] = _OpenRequest(request_line(request), request.method)

    def tell(self, flow: http.HTTPFlow, who: AnsweredBy) -> None:
        """Say who answers a request that has begun."""
        if (known := self._open.get(flow)) is not None:
            self._open[flow] = known._replace(who=who)

    def end(self, flow: http.HTTPFlow) -> None:
        """Write the line of a request that is answered, or never will be."""
        known = self._open.pop(flow, None)
        if known is None or not self.is_on:
            return
        who = abbreviated(known.who.in_access_log(known.method))
        if flow.response is None and flow.error is not None and flow.error.msg != flow.error.KILLED_MESSAGE:
            who += f", {abbreviated(flow.error.msg)}"
        milliseconds = max((time.time() - flow.request.timestamp_start) * 1000, 0)
        logger.info(f"{_status(flow)} {known.line} ← {who} {milliseconds:.0f} ms")


def _status(flow: http.HTTPFlow) -> str:
    status = str(flow.response.status_code) if flow.response else _NO_ANSWER
    if not _in_colour():
        return status
    return miniclick.style(status, fg=_COLOURS.get(int(status[0]) if flow.response else 0, "magenta"))


def _in_colour() -> bool:
    """Tell whether the log goes to a terminal and nowhere else, as it does in mitmdump."""
    termlog, web = ctx.master.addons.get("termlog"), ctx.master.addons.get("eventstore")
    if termlog is None or web is not None or os.environ.get("NO_COLOR"):
        return False
    return bool(getattr(termlog.logger, "has_vt_codes", False))
