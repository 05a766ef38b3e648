"""Origins: scheme, host and port, of a request and as a URL key names them."""

import re
from dataclasses import dataclass

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.wording import format_value

DEFAULT_PORTS = {"http": 80, "https": 443}

_MOST_DIGITS = 1000  # Python converts no more than 4,300 to an integer

_ORIGIN = re.compile(r"(?:([A-Za-z][A-Za-z0-9+.-]*):)?//([^/?#]*)")
_PORT_SHAPE = "0*(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
AUTHORITY_SHAPE = rf"(?:[^:@\[\]{{}}\s/?#]+|\[[0-9A-Fa-f:.]+\])(?::{_PORT_SHAPE})?"
"""Host and port as `split_origin` takes them, for a JSON Schema."""

_HOST = re.compile(r"(?:[^:@\[\]{}\s]+|\[[0-9A-Fa-f:.]+\])\Z")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request goes, or what a URL key asks of that: None asks nothing.

    A request has all three; `https://host` has its scheme's port, `//host` neither scheme nor port.
    """

    scheme: str | None
    host: str
    port: int | None

    def generalised(self) -> tuple[tuple["Origin", ...], ...]:
        """Return a request's origin in every form that a key may name it by, most specific first, equals together."""
        any_scheme, any_port = Origin(None, self.host, self.port), Origin(None, self.host, None)
        if self.specificity == any_scheme.specificity:
            return ((self, any_scheme), (any_port,))
        return ((any_scheme,), (self,), (any_port,))

    @property
    def specificity(self) -> int:
        """Return how specific a key's origin is, less is more: with port, with scheme, host alone."""
        if self.port is None:
            return 2
        return 1 if self.scheme is not None and self.port == DEFAULT_PORTS.get(self.scheme) else 0

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        scheme = f"{self.scheme}:" if self.scheme else ""
        implied = self.port is None or (self.scheme and self.port == DEFAULT_PORTS.get(self.scheme))
        return f"{scheme}//{host}" if implied else f"{scheme}//{host}:{self.port}"


def canonical_host(host: str) -> str:
    """Return a host name in the one form in which they are compared: lower case, IDNA in ASCII, no brackets."""
    host = host.strip("[]").rstrip(".").lower()
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def split_origin(text: str) -> tuple[Origin | None, str]:
    """Split `https://host:8080/a` into its origin and `/a`; text without an origin has None.

    Raises `ValidationError` if the origin is none that a request can have.
    """
    match = _ORIGIN.match(text)
    if match is None:
        return None, text
    scheme = match[1].lower() if match[1] else None
    if scheme not in (None, "http", "https"):
        raise ValidationError(f'the scheme must be "http" or "https", got {format_value(match[1])}')
    host, port = _split_port(match[2])
    if not _HOST.match(host):
        raise ValidationError(f"a host is expected after //, got {format_value(match[2])}")
    if port is None and scheme is not None:
        port = DEFAULT_PORTS[scheme]
    return Origin(scheme, canonical_host(host), port), text[match.end() :]


def _split_port(authority: str) -> tuple[str, int | None]:
    host, colon, port = authority.rpartition(":")
    if not colon or "]" in port:
        return authority, None
    if not (port.isascii() and port.isdigit() and len(port) < _MOST_DIGITS and 0 < int(port) <= 65535):
        raise ValidationError(f"a port is a number from 1 to 65535, got {format_value(port)}")
    return host, int(port)
