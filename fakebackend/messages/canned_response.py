"""A response that is ready when the file is loaded."""

from collections.abc import Awaitable
from collections.abc import Iterator
from collections.abc import Sequence
from functools import lru_cache
from http import HTTPStatus
from typing import NamedTuple
from typing import Never
from typing import Protocol
from typing import Self

from fakebackend.diagnostics.escaping import ascii_header_value
from fakebackend.messages.header_fields import NO_HEADER_FIELDS
from fakebackend.messages.header_fields import Fields
from fakebackend.messages.header_fields import HeaderFields
from fakebackend.messages.header_fields import fields_of
from fakebackend.messages.prefer import Preference

BODILESS = frozenset({204, 205, 304})
"""Status codes that have neither body nor Content-Type."""

NEVER_CACHED = b"no-store"
"""So that a browser never shows what the file said before."""

ASKED_AGAIN = b"no-cache"
"""For what a browser may keep if it asks each time whether that is still right."""

NOTE = b"X-Fakebackend"
"""The header field in which our own 404, 500 and 502 say why."""

PREFERENCE_APPLIED = b"Preference-Applied"

_WITHOUT_LENGTH = frozenset({204, 304})  # 205 says Content-Length: 0, RFC 9110 section 15.3.6

_REASONS = {status.value: status.phrase.encode("ascii") for status in HTTPStatus}


class Responder(Protocol):
    """Whoever sends a response."""

    def respond(self, response: "CannedResponse") -> Awaitable[None] | None:
        """Send it; there is something to await only if that takes waiting."""


class CannedResponse(NamedTuple):
    """A response as it goes out: nothing is left to compute but the timestamps.

    Where an entry is nothing but its response, this is what the entry answers with, too: the only candidate,
    without a condition, that performs itself by being sent.
    """

    status: int
    reason: bytes
    fields: Fields
    body: bytes
    headers: HeaderFields = NO_HEADER_FIELDS
    """What the file says of header fields, all of which are among `fields` already."""

    @property
    def is_canned(self) -> bool:
        """Return that it is the file's own, so that `responses_delay` holds for it."""
        return True

    @property
    def always_answers(self) -> bool:
        """Return that it answers every request."""
        return True

    @property
    def unconditional(self) -> Self:
        """Return itself: it has no conditions that could be taken away."""
        return self

    def candidates(self, context: object) -> Iterator["CannedResponse"]:
        """Offer itself, whatever the request."""
        return iter((self,))

    def condition_results(self, context: object, depth: int = 0) -> Iterator[Never]:
        """Return nothing: there is no condition."""
        return iter(())

    def remembered_keys(self) -> Iterator[Never]:
        """Return nothing: nothing counts."""
        return iter(())

    def preferred(self, preference: Preference) -> Self:
        """Return the response as it is sent to who has preferred it (RFC 7240 section 3)."""
        return self.with_fields((PREFERENCE_APPLIED, ascii_header_value(str(preference))))

    def with_fields(self, *fields: tuple[bytes, bytes]) -> Self:
        """Return the response with more header fields behind its own."""
        return self._replace(fields=self.fields + fields)

    def with_own_fields(self, fields: Fields) -> Self:
        """Return the response with fields that we add, less those that the file names."""
        return self.with_fields(*(field for field in fields if field[0].lower() not in self.headers.named))

    def summary(self) -> str:
        """Return what there is to say beforehand: the status."""
        return f" {self.status}"

    def perform(self, responder: Responder) -> Awaitable[None] | None:
        """Have itself sent."""
        return responder.respond(self)


def canned_response(
    status: int,
    body: bytes = b"",
    content_type: bytes | None = None,
    headers: HeaderFields = NO_HEADER_FIELDS,
    caching: bytes = NEVER_CACHED,
) -> CannedResponse:
    """Put a response together; what `headers` names wins over what we would add.

    Where the status has no body, there is none, whatever is given.
    """
    if status in BODILESS:
        body, content_type = b"", None
    fields = _framing(status, len(body), content_type, caching)
    if headers.named:
        fields = tuple(field for field in fields if field[0].lower() not in headers.named) + headers.fields
    return CannedResponse(status, _REASONS.get(status, b""), fields, body, headers)


def plain_response(status: int, text: str, note: str) -> CannedResponse:
    """Return one of our own answers: a line of text, and the reason in a header field."""
    headers = fields_of((NOTE, ascii_header_value(note)))
    content_type = b"text/plain" if text.isascii() else b"text/plain; charset=utf-8"
    return canned_response(status, text.encode("utf-8", "backslashreplace"), content_type, headers)


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
