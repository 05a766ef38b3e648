"""`$forward`: asking the real server for single entries, and changing what it says."""

import json
from collections import Counter
from typing import Any
from typing import NamedTuple

from mitmproxy import http
from mitmproxy.proxy import server_hooks

from fakebackend.answers.outcome import UNSET
from fakebackend.answers.outcome import Forward
from fakebackend.messages.canned_response import BODILESS
from fakebackend.messages.canned_response import CannedResponse
from fakebackend.messages.canned_response import plain_response
from fakebackend.messages.canned_response import reason_phrase
from fakebackend.messages.content_codings import decode_content
from fakebackend.messages.encoded_json import encoded_json
from fakebackend.messages.header_fields import HeaderFields
from fakebackend.messages.origin import split_origin
from fakebackend.proxy.destination import loops_back
from fakebackend.proxy.response import make_response
from fakebackend.table.entry import Entry

_Key = tuple[str, tuple[str, int]]

_REPLAY = ""  # a replay's connection has another client than its flow


class FailedForward(NamedTuple):
    """A real answer that could not be changed: whose wish that was, what is answered instead, and why."""

    entry: Entry | None
    answer: CannedResponse
    reason: str


class PendingForward(NamedTuple):
    """A request on its way: what was asked for it, by whom it is let out, and which entry wants it."""

    forward: Forward
    key: _Key
    entry: Entry | None


class Forwarding:
    """The requests on their way to real servers, whose connections are let out although all others are not."""

    def __init__(self) -> None:
        self._pending: dict[str, PendingForward] = {}
        self._open_destinations: Counter[_Key] = Counter()

    def release(self, flow: http.HTTPFlow, forward: Forward, entry: Entry | None = None) -> bool:
        """Let a request out to where an entry wants it to go; return False if it has no destination."""
        if forward.origin is not None:
            origin = split_origin(forward.origin)[0]
            assert origin is not None  # checked when the file was read
            assert origin.port is not None  # a scheme implies one
            flow.request.scheme, flow.request.host, flow.request.port = str(origin.scheme), origin.host, origin.port
        elif loops_back(flow):
            return False
        if forward.target is not None:
            flow.request.path = forward.target
        _set_headers(flow.request.headers, forward.request_headers)
        client = _REPLAY if flow.is_replay else flow.client_conn.id
        # With an upstream proxy, that is who is connected to.
        via = flow.server_conn.via
        key = (client, via[1][:2] if via else (flow.request.host, flow.request.port))
        self._pending[flow.id] = PendingForward(forward, key, entry)
        self._open_destinations[key] += 1
        return True

    def allows(self, data: server_hooks.ServerConnectionHookData) -> bool:
        """Tell whether a connection is one that a request on its way needs."""
        address = data.server.address
        return address is not None and any(
            self._open_destinations[(client, address[:2])] > 0 for client in (data.client.id, _REPLAY)
        )

    def begin_response(self, flow: http.HTTPFlow) -> None:
        """Have an answer that is to be changed held back until it is there as a whole."""
        if flow.id in self._pending and flow.response:
            flow.response.stream = False

    def finish(self, flow: http.HTTPFlow) -> FailedForward | None:
        """Change the real answer as the entry says; return what is answered instead if that fails."""
        pending = self.forget(flow)
        if pending is not None and flow.response is not None:
            try:
                _change(flow.response, pending.forward, flow.request.method)
            except (ValueError, RecursionError) as e:
                reason = f"$merge failed: {e}"
                answer = plain_response(502, f"The real answer cannot be changed: {e}", reason)
                flow.response = make_response(answer, method=flow.request.method)
                return FailedForward(pending.entry, answer, reason)
        return None

    def forget(self, flow: http.HTTPFlow) -> PendingForward | None:
        """Close the way out again; return what was asked for the flow, if anything."""
        pending = self._pending.pop(flow.id, None)
        if pending is not None:
            self._open_destinations[pending.key] -= 1
            if self._open_destinations[pending.key] <= 0:
                del self._open_destinations[pending.key]
        return pending


def merge_patch(target: Any, patch: Any) -> Any:
    """Return a JSON value changed by a JSON Merge Patch (RFC 7396)."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged


def _decoded(response: http.Response) -> bytes:
    """Return the body with its content codings undone; not by mitmproxy, which does so to any size."""
    return decode_content(response.raw_content or b"", ", ".join(response.headers.get_all("content-encoding")))


def _change(response: http.Response, forward: Forward, method: str) -> None:
    if forward.merge is not UNSET and method != "HEAD" and response.status_code not in BODILESS:
        # Only an object is merged into what is there, anything else takes its place.
        body = json.loads(_decoded(response)) if isinstance(forward.merge, dict) else None
        response.content = encoded_json(merge_patch(body, forward.merge))
    if forward.status is not UNSET:
        response.status_code = forward.status
        response.reason = reason_phrase(forward.status).decode("ascii")
        if forward.status in BODILESS:
            response.raw_content = b""  # as bytes: an empty body in gzip has 20 of them
            for name in ("content-type", "content-length", "content-encoding"):
                response.headers.pop(name, None)
    _set_headers(response.headers, forward.headers)


def _set_headers(headers: http.Headers, change: HeaderFields) -> None:
    """Set header fields in place of those of the same names; those named without a value are removed."""
    for named in change.named:
        headers.pop(named.decode("ascii"), None)
    headers.fields += change.fields
