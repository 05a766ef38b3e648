"""The core's view of the request in a mitmproxy flow."""

from collections.abc import Mapping
from functools import cached_property

from mitmproxy import http
from mitmproxy.net.http.headers import parse_content_type
from mitmproxy.proxy import mode_specs

from fakebackend.messages.charsets import decode
from fakebackend.messages.content_codings import TooLargeError
from fakebackend.messages.content_codings import decode_content
from fakebackend.messages.form import MOST_FIELDS
from fakebackend.messages.form import MultiItems
from fakebackend.messages.form import Part
from fakebackend.messages.form import decode_form
from fakebackend.messages.form import decode_multipart
from fakebackend.messages.origin import Origin
from fakebackend.messages.request import Request
from fakebackend.proxy.destination import origin_of

_NO_TYPE: tuple[str, str, Mapping[str, str]] = ("", "", {})


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
    def port(self) -> int:
        """Return the port that the client named."""
        return self.flow.request.port

    @property
    def client_ip(self) -> str:
        """Return the address of the client."""
        return self.flow.client_conn.peername[0]

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
        """Return the body with its content codings undone, or None if that fails or there is none.

        Not by mitmproxy, which decodes whatever Python has a codec for, to any size.
        """
        raw = self.flow.request.raw_content
        if raw is None:
            return None
        try:
            return decode_content(raw, ", ".join(self.header_values("content-encoding")))
        except TooLargeError as e:
            self.warn_of_body(str(e))
        except ValueError:
            pass
        return None

    @cached_property
    def text(self) -> str | None:
        """Return the body decoded by its charset, UTF-8 unless named, or None if that fails."""
        return None if self.content is None else decode(self.content, _parameter(self._content_type[2], "charset"))

    @cached_property
    def form(self) -> MultiItems:
        """Return names and values of a urlencoded or multipart body; none if it is neither."""
        kind, subkind, _ = self._content_type
        if (kind, subkind) == ("application", "x-www-form-urlencoded"):
            if (self.content or b"").count(b"&") >= MOST_FIELDS:
                self.warn_of_body(f"a form has {MOST_FIELDS:,} fields at the most")
            return decode_form((self.content or b"").decode("utf-8", "surrogateescape"))
        return [(part.name, part.text) for part in self.parts]

    @cached_property
    def parts(self) -> list[Part]:
        """Return the parts of a multipart body; none if it is none."""
        kind, subkind, parameters = self._content_type
        if (kind, subkind) != ("multipart", "form-data") or self.content is None:
            return []
        return decode_multipart(self.content, _parameter(parameters, "boundary"))

    @property
    def _content_type(self) -> tuple[str, str, Mapping[str, str]]:
        """Return the parts of the media type in lower case, and its parameters; all empty if there is none."""
        kind, subkind, parameters = parse_content_type(self.flow.request.headers.get("content-type", "")) or _NO_TYPE
        return kind.lower(), subkind.lower(), parameters


def _parameter(parameters: Mapping[str, str], name: str) -> str:
    return parameters.get(name, "").strip('"')
