"""What is done in the end: a response is sent, the connection fails, or the real server is asked."""

from collections.abc import Awaitable
from dataclasses import dataclass
from enum import Enum
from typing import Any
from typing import Protocol
from typing import Self

from fakebackend.messages.canned_response import Responder
from fakebackend.messages.header_fields import HeaderFields
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

    def summary(self) -> str:
        """Return what is said of it in a comment, with a space before, or nothing."""

    def perform(self, front: Front) -> Awaitable[None] | None:
        """Have a front do it; there is something to await only if that takes waiting."""


class Fault(Enum):
    """`$fault`: no answer at all."""

    CLOSE = "close"
    HANG = "hang"

    @property
    def is_canned(self) -> bool:
        """Return that it is the file's own."""
        return True

    def preferred(self, preference: Preference) -> Self:
        """Return itself: there is nothing in which it could be said."""
        return self

    def summary(self) -> str:
        """Return which fault it is."""
        return f" $fault: {self.value}"

    def perform(self, front: Front) -> Awaitable[None] | None:
        """Fail as the word says."""
        return front.close() if self is Fault.CLOSE else front.hang()


@dataclass(frozen=True, slots=True)
class Forward:
    """`$forward`: ask the real server, or the one at `origin`, and change its answer on the way back.

    `status` and `merge` are `UNSET` where they leave the real answer alone.
    """

    origin: str | None
    status: int | Unset
    headers: HeaderFields
    merge: Any

    @property
    def is_canned(self) -> bool:
        """Return that the answer is the real server's."""
        return False

    def preferred(self, preference: Preference) -> "Forward":
        """Return itself: the real answer speaks for itself."""
        return self

    def summary(self) -> str:
        """Return that the real server is asked."""
        return " forwarded"

    def perform(self, front: Front) -> Awaitable[None] | None:
        """Have the real server asked."""
        return front.forward(self)
