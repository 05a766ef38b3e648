"""CORS (https://fetch.spec.whatwg.org/#http-cors-protocol) by itself: the option `responses_cors`."""

import re
from dataclasses import dataclass
from functools import lru_cache

from fakebackend.diagnostics.escaping import ascii_header_value
from fakebackend.messages.header_fields import Fields
from fakebackend.messages.header_fields import HeaderFields

DEFAULT = "true"

_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#\s,*]+\Z|null\Z")
_NEVER_EXPOSED = (b"set-cookie", b"access-control-")
_READABLE_ANYWAY = frozenset({b"cache-control", b"content-length", b"content-type", b"date", b"last-modified", b"vary"})
"""What we add that a page may read without asking, or has no use for."""


@dataclass(frozen=True, slots=True)
class CorsPolicy:
    """Which origins may read canned answers; None means all."""

    enabled: bool = True
    origins: frozenset[str] | None = None

    def allows(self, origin: str) -> bool:
        """Tell whether pages of an origin may read canned answers."""
        return self.enabled and (self.origins is None or origin.lower() in self.origins)


def parse_cors(text: str) -> CorsPolicy:
    """Return the policy for `true`, `false` or origins separated by commas or spaces.

    Raises `ValueError` for anything else.
    """
    words = text.replace(",", " ").split()
    if [word.lower() for word in words] in (["true"], ["false"]):
        return CorsPolicy(enabled=words[0].lower() == "true")
    origins = [word.lower().rstrip("/") for word in words]
    wrong = next((word for word in origins if not _ORIGIN.match(word)), None)
    if not words or wrong is not None:
        expected = "true, false or origins like http://localhost:3000"
        raise ValueError(f'responses_cors must be {expected}, got "{text if wrong is None else wrong}"')
    return CorsPolicy(origins=frozenset(origins))


def cors_fields(origin: str, headers: HeaderFields, added: Fields = ()) -> Fields:
    """Return the header fields that let a page of an origin read an answer, less those the answer names itself.

    What `headers` holds is exposed to the page, and so is what we have `added`, such as the ETag of a file.
    """
    own = [name for name, _ in headers.fields]
    ours = [name for name, _ in added if name.lower() not in _READABLE_ANYWAY]
    if b"ETag" in ours:
        # A browser may answer a later part from its cache, with the fields of the 304 that let it.
        ours.append(b"Content-Range")
    already = frozenset(name.lower() for name, _ in added if name.lower() == b"vary")
    named = headers.named | already
    allowed = b"Access-Control-Allow-Origin"
    # What a client sends is not kept, so the origin stands beside what is worked out once for each entry.
    own_line: Fields = () if allowed.lower() in named else ((allowed, ascii_header_value(origin)),)
    return own_line + _other_cors_fields(tuple(dict.fromkeys(own + ours)), named)


@lru_cache(maxsize=1024)
def _other_cors_fields(names: tuple[bytes, ...], named: frozenset[bytes]) -> Fields:
    exposed = [name for name in names if not name.lower().startswith(_NEVER_EXPOSED)]
    fields = [(b"Access-Control-Allow-Credentials", b"true"), (b"Vary", b"Origin")]
    if exposed:
        fields.append((b"Access-Control-Expose-Headers", b", ".join(exposed)))
    return tuple(field for field in fields if field[0].lower() not in named)
