"""What a request may be asked beside its URL. A condition that finds no difference in a request holds."""

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from typing import NamedTuple
from typing import Protocol

from fakebackend.diagnostics.wording import format_value
from fakebackend.matching.value_matchers import ValueMatcher
from fakebackend.messages.request import MISSING
from fakebackend.state.request_context import RequestContext
from fakebackend.state.sessions import has_live_session


class Condition(Protocol):
    """One thing that is asked of a request."""

    @property
    def label(self) -> str:
        """Return its place in the definition, as `$when.query.page`."""

    def difference(self, context: RequestContext) -> str | None:
        """Return how the request differs from what is asked, as `$when.query.page is missing`, or None."""


Values = Callable[[RequestContext, str], Sequence[Any]]
"""Reads all values of a name from one part of a request."""


class NamedCondition(NamedTuple):
    """A matcher for the values of one name in one part of the request."""

    part: str
    name: str
    matcher: ValueMatcher
    values: Values

    @property
    def label(self) -> str:
        """Return its place in the definition."""
        return f"$when.{self.part}.{self.name}"

    def difference(self, context: RequestContext) -> str | None:
        """Return how the name's values differ from what is asked."""
        found = self.matcher.difference(self.values(context, self.name))
        return f"{self.label}{found.path} {found.text}" if found else None


@dataclass(frozen=True, slots=True)
class BodyCondition:
    """A matcher for the whole body, as JSON or as text; a body that is neither matches nothing."""

    part: str
    matcher: ValueMatcher
    value: Callable[[RequestContext], Any]

    @property
    def label(self) -> str:
        """Return its place in the definition."""
        return f"$when.{self.part}"

    def difference(self, context: RequestContext) -> str | None:
        """Return how the body differs from what is asked."""
        value = self.value(context)
        if value is MISSING:
            return f"{self.label} cannot hold, the body is no {'JSON' if self.part == 'json' else 'text'}"
        found = self.matcher.difference([value])
        return f"{self.label}{found.path} {found.text}" if found else None


@dataclass(frozen=True, slots=True)
class SessionCondition:
    """There is a live session of the `login` handler, or there is none."""

    live: bool

    @property
    def label(self) -> str:
        """Return its place in the definition."""
        return "$when.session"

    def difference(self, context: RequestContext) -> str | None:
        """Return that there is a session, or none, against what is asked."""
        live = has_live_session(context.request, context.state.sessions)
        if live is self.live:
            return None
        return f"{self.label} is {format_value(live)}, expected {format_value(self.live)}"


@dataclass(frozen=True, slots=True)
class ProbabilityCondition:
    """`$probability`: holds for a share of the requests, by chance."""

    share: float

    @property
    def label(self) -> str:
        """Return what is asked."""
        return f"$probability {format_value(self.share)}"

    def difference(self, context: RequestContext) -> str | None:
        """Return that it was not to be."""
        return None if context.state.random.random() < self.share else f"{self.label} left this request out"
