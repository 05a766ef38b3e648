"""Answers that are more than ready bytes: delayed, setting state, rendered or made by a handler."""

import json
from collections.abc import Awaitable
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Any
from typing import NamedTuple
from typing import Protocol
from typing import TypeAlias

from fakebackend.delay import Delay
from fakebackend.refusal import Check
from fakebackend.request_view import RequestView
from fakebackend.static_answer import Headers
from fakebackend.static_answer import StaticAnswer
from fakebackend.template_value import rendered
from fakebackend.template_value import rendered_json


class Fault(Enum):
    """`$fault`: no answer at all."""

    CLOSE = "close"
    HANG = "hang"


@dataclass(frozen=True, slots=True)
class Forward:
    """`$forward`: ask the real server, or the one at `origin`, and change its answer on the way back.

    `status` and `merge` are None and absent where they leave the real answer alone.
    """

    origin: str | None
    status: int | None
    headers: Headers
    merge: Any
    has_merge: bool


Product: TypeAlias = StaticAnswer | Fault | Forward
"""What is done in the end."""

Made: TypeAlias = "Product | Answer | None"
"""What a source comes to: a product, another answer to be worked out in turn, or nothing."""


Finish: TypeAlias = "Callable[[Any, RequestView], Made]"
"""Makes what a handler returned into an answer; None stays None."""


class Source(Protocol):
    """Where an answer comes from; one that may decline does not answer every request."""

    @property
    def may_decline(self) -> bool:
        """Tell whether `produce` may return None."""

    def produce(self, request: RequestView) -> "Made | Awaitable[Made]":
        """Return what is to be done, or None if there is no answer to this request after all."""


class Constant(NamedTuple):
    """A source that always gives the same."""

    product: Product

    @property
    def may_decline(self) -> bool:
        """Return that it never does."""
        return False

    def produce(self, request: RequestView) -> Product:
        """Return it."""
        return self.product


NO_SETS: Mapping[str, Any] = MappingProxyType({})


class Answer(NamedTuple):
    """A source with what goes on around it.

    `sets` are the state variables to set (values may be templates), `sequences` those that move on.
    """

    source: Source
    delay: Delay | None = None
    sets: Mapping[str, Any] = NO_SETS
    sequences: tuple[str, ...] = ()

    @property
    def may_decline(self) -> bool:
        """Tell whether there may be no answer after all."""
        return self.source.may_decline

    def offers(self, request: RequestView) -> Iterator["Answer"]:
        """Offer itself, whatever the request."""
        return iter((self,))

    def checks(self, request: RequestView, depth: int = 0) -> Iterator[Check]:
        """Return nothing: there is no condition."""
        return iter(())

    def new_state(self, request: RequestView) -> dict[str, Any]:
        """Return the state variables as this answer leaves them; each `$set` sees those before it.

        They are JSON: a date is text, for `$when.state` too, and no handler that changes a list changes the file's.
        """
        state = dict(request.memory.state)
        request.state = state
        for name, value in self.sets.items():
            state[name] = json.loads(rendered_json(rendered(value, request)))
        return state


Offer: TypeAlias = StaticAnswer | Answer
"""What a choice may come to."""
