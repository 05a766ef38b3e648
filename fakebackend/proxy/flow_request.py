"""The core's view of the request in a mitmproxy flow."""

from functools import cached_property

from mitmproxy import http
from mitmproxy.net.http.headers import parse_content_type
from mitmproxy.proxy import mode_specs

from fakebackend.messages.form import MultiItems
from fakebackend.messages.form import decode_form
from fakebackend.messages.origin import Origin
from fakebackend.messages.request import Request
from fakebackend.proxy.destination import origin_of


class FlowRequest(Request):
    """A flow's request; nothing of it is read before it is asked for."""

    flow: http.HTTPFlow

    def __init__(self, flow: http.HTTPFlow) -> None:
        Request.__init__(self, flow.request.method, flow.request.path)
        self.__dict__["flow"] = flow

    @cached_property
    def origin(self) -> Origin | None:
        """Return where the request goes, or None if it was sent to us as if we were the backend."""
        return origin_of(self.flow)

    @property
    def url(self) -> str:
        """Return the URL, with the host that the client named."""
        return self.flow.request.pretty_url

    @property
    def host(self) -> str:
        """Return the host that the client named."""
        return self.flow.request.pretty_host

    @property
    def is_secure(self) -> bool:
        """Tell whether the client's side of the connection is TLS."""
        client = self.flow.client_conn
        if isinstance(client.proxy_mode, mode_specs.ReverseMode):
            return client.tls_established  # the URL has the upstream's scheme there
        return super().is_secure

    @cached_property
    def headers(self) -> MultiItems:
        """Return names and values of the header fields."""
        return list(self.flow.request.headers.items(multi=True))

    @cached_property
    def content(self) -> bytes | None:
        """Return the body with its content coding undone, or None if that fails or there is none."""
        try:
            return self.flow.request.get_content(strict=True)
        except ValueError:
            return None

    @cached_property
    def text(self) -> str | None:
        """Return the body decoded by its charset, UTF-8 unless named, or None if that fails."""
        try:
            return None if self.content is None else self.content.decode(self._charset)
        except (LookupError, ValueError):
            return None

    @cached_property
    def form(self) -> MultiItems:
        """Return names and values of a urlencoded or multipart body; none if it is neither."""
        if self._media_type == ("application", "x-www-form-urlencoded"):
            return decode_form((self.content or b"").decode("utf-8", "surrogateescape"))
        if self._media_type == ("multipart", "form-data") and self.content is not None:
            fields = self.flow.request.multipart_form.items(multi=True)
            return [(_text(name), _text(value)) for name, value in fields]
        return []

    @property
    def _media_type(self) -> tuple[str, str] | None:
        parsed = parse_content_type(self.flow.request.headers.get("content-type", ""))
        return (parsed[0].lower(), parsed[1].lower()) if parsed else None

    @property
    def _charset(self) -> str:
        parsed = parse_content_type(self.flow.request.headers.get("content-type", ""))
        return (parsed[2].get("charset", "").strip('"') if parsed else "") or "utf-8"


def _text(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")
