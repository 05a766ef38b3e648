"""An answer that is ready when the file is loaded."""

from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import NamedTuple
from typing import Never

from fakebackend.quick_tuple import maker_of

Fields = tuple[tuple[bytes, bytes], ...]
"""Header fields as mitmproxy keeps them, in the order in which they are sent."""

BODILESS = frozenset({204, 205, 304})
"""Status codes that have neither body nor Content-Type."""

NEVER_CACHED = b"no-store"
"""So that a browser never shows what the file said before."""

ASKED_AGAIN = b"no-cache"
"""For what a browser may keep if it asks each time whether that is still right."""

_WITHOUT_LENGTH = frozenset({204, 304})  # 205 says Content-Length: 0, RFC 9110 section 15.3.6

_REASONS = {status.value: status.phrase.encode("ascii") for status in HTTPStatus}


@dataclass(frozen=True, slots=True)
class Headers:
    """What `$headers` says: fields to send, and the names (lower case) of those that we must not add."""

    fields: Fields = ()
    named: frozenset[bytes] = frozenset()

    def over(self, defaults: "Headers") -> "Headers":
        """Return these on top of defaults, which are merged in by name."""
        if not defaults.named:
            return self
        kept = tuple(field for field in defaults.fields if field[0].lower() not in self.named)
        return Headers(kept + self.fields, defaults.named | self.named)


NO_HEADERS = Headers()


class StaticAnswer(NamedTuple):
    """A response as it goes out: nothing is left to compute but the timestamps."""

    status: int
    reason: bytes
    fields: Fields
    body: bytes
    headers: Headers = NO_HEADERS
    """What the file says of header fields, all of which are among `fields` already."""

    def offers(self, request: object) -> Iterator["StaticAnswer"]:
        """Offer itself, whatever the request."""
        return iter((self,))

    def checks(self, request: object, depth: int = 0) -> Iterator[Never]:
        """Return nothing: there is no condition."""
        return iter(())


_new_answer = maker_of(StaticAnswer)


def static_answer(
    status: int,
    body: bytes = b"",
    content_type: bytes | None = None,
    headers: Headers = NO_HEADERS,
    caching: bytes = NEVER_CACHED,
) -> StaticAnswer:
    """Put an answer together; what `headers` names wins over what we would add.

    Where the status has no body, there is none, whatever is given.
    """
    if status in BODILESS:
        body, content_type = b"", None
    fields = _framing(status, len(body), content_type, caching)
    if headers.named:
        fields = tuple(field for field in fields if field[0].lower() not in headers.named) + headers.fields
    return _new_answer((status, _REASONS.get(status, b""), fields, body, headers))


def json_answer(body: bytes) -> StaticAnswer:
    """Return what most entries are, a 200 with JSON and nothing else, in half the time."""
    return _new_answer((200, b"OK", _framing(200, len(body), b"application/json", NEVER_CACHED), body, NO_HEADERS))


def reason_phrase(status: int) -> bytes:
    """Return the standard phrase for a status code, or nothing for a code without one."""
    return _REASONS.get(status, b"")


@lru_cache(maxsize=4096)
def _framing(status: int, length: int, content_type: bytes | None, caching: bytes) -> Fields:
    # Cached: answers of one length share their fields, which is most of what 100,000 entries would keep alive.
    fields: Sequence[tuple[bytes, bytes]] = [
        *([(b"Content-Type", content_type)] if content_type else []),
        *([(b"Content-Length", b"%d" % length)] if status not in _WITHOUT_LENGTH else []),
        (b"Cache-Control", caching),
    ]
    return tuple(fields)
