"""A request that nobody sent: made from a method, a URL, header fields and a body."""

from collections.abc import Sequence
from functools import cached_property
from urllib.parse import urlsplit

from mitmproxy import connection
from mitmproxy import http

from fakebackend.messages.origin import DEFAULT_PORTS
from fakebackend.messages.origin import Origin
from fakebackend.messages.origin import canonical_host
from fakebackend.proxy.flow_request import FlowRequest


class SyntheticFlow(FlowRequest):
    """Such a request, with a flow around it for the conditions that need one.

    Raises `ValueError` for a URL that is none.
    """

    given_origin: Origin | None

    def __init__(self, method: str, url: str, headers: Sequence[tuple[str, str]], body: bytes) -> None:
        origin, target = _split(url)
        super().__init__(_flow(method, target, headers, body, origin))
        self.__dict__["given_origin"] = origin

    @cached_property
    def origin(self) -> Origin | None:
        """Return the origin of an absolute URL; a path alone is asked of the fake backend itself."""
        return self.given_origin


def _split(url: str) -> tuple[Origin | None, str]:
    """Return the origin and the target of a URL, or of a path alone."""
    parts = urlsplit(url) if not url.startswith("/") else urlsplit("")
    if not parts.hostname:
        return None, url
    scheme = parts.scheme or "http"
    port = parts.port or DEFAULT_PORTS.get(scheme, 80)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Origin(scheme, canonical_host(parts.hostname), port), target


def _flow(
    method: str, target: str, headers: Sequence[tuple[str, str]], body: bytes, origin: Origin | None
) -> http.HTTPFlow:
    where = origin or Origin("http", "localhost", 80)
    request = http.Request.make(method, "http://localhost/", body)
    request.headers = http.Headers(
        [(name.encode("utf-8", "surrogateescape"), value.encode("utf-8", "surrogateescape")) for name, value in headers]
    )
    # Not by `request.host`, which rewrites the Host field that was given; nor by the URL, which knows no IPv6.
    request.data.host, request.data.port = where.host, where.port or 80
    request.scheme = where.scheme or "http"
    request.path = target
    client = connection.Client(peername=("127.0.0.1", 0), sockname=("127.0.0.1", 0), timestamp_start=0)
    flow = http.HTTPFlow(client, connection.Server(address=None))
    flow.request = request
    return flow
