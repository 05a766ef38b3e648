"""What is done in the end: a response is sent, the connection fails, or the real server is asked."""

from collections.abc import Awaitable
from dataclasses import dataclass
from dataclasses import replace
from enum import Enum
from typing import Any
from typing import Protocol
from typing import Self

from fakebackend.messages.canned_response import Responder
from fakebackend.messages.header_fields import NO_HEADER_FIELDS
from fakebackend.messages.header_fields import Fields
from fakebackend.messages.header_fields import HeaderFields
from fakebackend.messages.header_fields import fields_of
from fakebackend.messages.prefer import Preference


class Unset(Enum):
    """The type of `UNSET`."""

    UNSET = "unset"


UNSET = Unset.UNSET
"""Stands for what an entry leaves as it is, where `None` is a value."""


class Front(Responder, Protocol):
    """What stands before the client of one request, and does what an outcome comes to."""

    def close(self) -> Awaitable[None] | None:
        """End the exchange without an answer."""

    def reset(self) -> Awaitable[None] | None:
        """Break the connection off without an orderly end."""

    def hang(self) -> Awaitable[None] | None:
        """Keep the client waiting until it gives up."""

    def forward(self, forward: "Forward") -> Awaitable[None] | None:
        """Ask the real server."""


class Outcome(Protocol):
    """One thing that may be done; it performs itself, so that nobody has to tell the kinds apart."""

    @property
    def is_canned(self) -> bool:
        """Tell whether it is the file's own, so that `responses_delay` holds for it."""

    def preferred(self, preference: Preference) -> Self:
        """Return the same as it is for who has preferred it."""

    def with_own_fields(self, fields: Fields) -> Self:
        """Return the same with header fields that we add, less those that the file names."""

    def summary(self) -> str:
        """Return what is said of it in a comment, with a space before, or nothing."""

    def perform(self, front: Front) -> Awaitable[None] | None:
        """Have a front do it; there is something to await only if that takes waiting."""


class Fault(Enum):
    """`$fault`: no answer at all."""

    CLOSE = "close"
    RESET = "reset"
    HANG = "hang"

    @property
    def is_canned(self) -> bool:
        """Return that it is the file's own."""
        return True

    def preferred(self, preference: Preference) -> Self:
        """Return itself: there is nothing in which it could be said."""
        return self

    def with_own_fields(self, fields: Fields) -> Self:
        """Return itself: it has no header."""
        return self

    def summary(self) -> str:
        """Return which fault it is."""
        return f" $fault: {self.value}"

    def perform(self, front: Front) -> Awaitable[None] | None:
        """Fail as the word says."""
        return {Fault.CLOSE: front.close, Fault.RESET: front.reset, Fault.HANG: front.hang}[self]()


@dataclass(frozen=True, slots=True)
class Forward:
    """`$forward`: ask the real server, or the one at `origin`, and change its answer on the way back.

    `status` and `merge` are `UNSET` where they leave the real answer alone. `target` is the path and query to ask for
    (None: the request's own), `request_headers` are set or removed on the way there.
    """

    origin: str | None
    status: int | Unset
    headers: HeaderFields
    merge: Any
    target: str | None = None
    request_headers: HeaderFields = NO_HEADER_FIELDS

    @property
    def is_canned(self) -> bool:
        """Return that the answer is the real server's."""
        return False

    def preferred(self, preference: Preference) -> "Forward":
        """Return itself: the real answer speaks for itself."""
        return self

    def with_own_fields(self, fields: Fields) -> "Forward":
        """Return the same with fields that are set on the real answer."""
        return replace(self, headers=self.headers.over(fields_of(*fields)))

    def summary(self) -> str:
        """Return that the real server is asked."""
        return " forwarded"

    def perform(self, front: Front) -> Awaitable[None] | None:
        """Have the real server asked."""
        return front.forward(self)
