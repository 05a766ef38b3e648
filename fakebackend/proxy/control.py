"""What control over HTTP shows and changes, in mitmproxy."""

from collections.abc import Iterable
from typing import Any

from mitmproxy import ctx
from mitmproxy import exceptions
from mitmproxy import http

from fakebackend.journal.admin import is_for_admin
from fakebackend.journal.report import entry_counts
from fakebackend.journal.request_journal import Recorded
from fakebackend.messages.request import Request
from fakebackend.proxy.flow_request import FlowRequest
from fakebackend.proxy.own_port import is_for_own_port
from fakebackend.proxy.serving import Serving


def is_control(flow: http.HTTPFlow) -> bool:
    """Tell whether a flow is a call of control that nobody has answered yet."""
    if not flow.live or flow.response or flow.error:
        return False
    return is_for_admin(FlowRequest(flow)) and is_for_own_port(flow)


class Control:
    """Sees and changes what is served."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving

    def entries(self) -> list[dict[str, Any]]:
        """Return all entries: those added, then those of the file, each with its place and how often it was asked."""
        return [each.as_data() for each in entry_counts(self._serving.answerer.tally, self._serving.table())]

    def requests(self, *, bodies: bool) -> list[dict[str, Any]]:
        """Return the journal, the oldest request first."""
        return _as_data(self._serving.answerer.exchanges.journal.requests, bodies=bodies)

    def unmatched(self, *, bodies: bool) -> list[dict[str, Any]]:
        """Return the requests of the journal that no entry answered."""
        requests = self._serving.answerer.exchanges.journal.requests
        return _as_data([each for each in requests if each.is_unmatched], bodies=bodies)

    def report(self, *, entries: bool) -> dict[str, Any]:
        """Return the report as it is now; without the entries there is less to make and to send."""
        return self._serving.report(entries=entries).as_data()

    def state(self, request: Request) -> dict[str, Any]:
        """Return the state variables that a request sees."""
        self._serving.table()  # which adapts them to the file
        return self._serving.answerer.states.of(request).variables

    def set_state(self, request: Request, value: dict[str, Any]) -> dict[str, Any]:
        """Replace the state variables that a request sees."""
        self._serving.table()
        self._serving.answerer.states.of(request).variables = value
        return value

    def set_responsesfile(self, value: str) -> dict[str, Any]:
        """Answer from another file at once; one that is wrong changes nothing."""
        try:
            ctx.options.update(responsesfile=value)
        except exceptions.OptionsError as e:
            raise ValueError(str(e)) from None
        self._serving.table()  # so that its state begins now, and not with the next request
        file = self._serving.file
        warnings = [str(warning) for warning in file.warnings]
        return {"responsesfile": value, "entries": len(file.table or ()), "warnings": warnings}

    def reset(self, request: Request) -> dict[str, Any]:
        """Forget what has happened; a request that says which client's it is has its state reset, and nothing else."""
        states = self._serving.answerer.states
        if states.says_who(request):
            states.of(request).reset()
            return {"reset": "this client's state"}
        self._serving.reset()
        return {"reset": "everything"}

    def add_entries(self, content: bytes) -> dict[str, Any]:
        """Take entries that win over the file's until the next reset."""
        labels, warnings = self._serving.add_entries(content)
        return {"added": list(labels), "warnings": list(warnings)}


def _as_data(requests: Iterable[Recorded], *, bodies: bool) -> list[dict[str, Any]]:
    return [each.as_data_with_body() if bodies else each.as_data() for each in requests]
