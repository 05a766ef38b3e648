"""The access log: a line for each request, with who has answered it and how long that took."""

import logging
import os
import time

from mitmproxy import ctx
from mitmproxy import http
from mitmproxy.contrib import click as miniclick

from fakebackend.diagnostics.escaping import abbreviated
from fakebackend.table.answered_by import AnsweredBy

logger = logging.getLogger(__name__)

_COLOURS = {2: "green", 3: "cyan", 4: "yellow", 5: "red"}
_NO_ANSWER = "---"


class AccessLog:
    """Writes `200 GET /users/7 ← /users/{id} (responses.json:12, "ok") 3 ms` for each live request."""

    def __init__(self) -> None:
        self.is_on = False

    def write(self, flow: http.HTTPFlow, line: str, method: str, answered_by: AnsweredBy) -> None:
        """Write the line of a request that is answered, or never will be; `line` is that as the client sent it."""
        who = abbreviated(answered_by.in_access_log(method))
        if flow.response is None and flow.error is not None and flow.error.msg != flow.error.KILLED_MESSAGE:
            who += f", {abbreviated(flow.error.msg)}"
        milliseconds = max((time.time() - flow.request.timestamp_start) * 1000, 0)
        logger.info(f"{_status(flow)} {line} ← {who} {milliseconds:.0f} ms")


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
