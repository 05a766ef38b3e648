"""What a request may be asked beside its URL. A condition that finds no difference in a request holds."""

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from typing import NamedTuple
from typing import Protocol

from fakebackend.diagnostics.wording import enumerated
from fakebackend.diagnostics.wording import format_value
from fakebackend.matching.value_matchers import ValueMatcher
from fakebackend.messages.form import MultiItems
from fakebackend.messages.multidict import MultiDict
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
class WholeCondition:
    """All names of one part of the request with all their values, and no others."""

    part: str
    expected: Mapping[str, Sequence[str]]
    pairs: Callable[[RequestContext], MultiItems]

    @property
    def label(self) -> str:
        """Return its place in the definition."""
        return f"$when.{self.part}.$eq"

    def difference(self, context: RequestContext) -> str | None:
        """Return the first name that is missing, has other values or is one too many."""
        found = MultiDict(self.pairs(context))
        for name, values in self.expected.items():
            if name not in found or found.getlist(name) != list(values):
                got = enumerated(found.getlist(name), format_value) or "missing"
                return f"{self.label}.{name} is {got}, expected {enumerated(values, format_value) or 'nothing'}"
        more = next((name for name in found if name not in self.expected), None)
        return None if more is None else f"{self.label} has no {format_value(more)}, and the request has"


@dataclass(frozen=True, slots=True)
class AnyCondition:
    """`$or`: the conditions of one group at least must all hold."""

    groups: Sequence[Sequence[Condition]]
    label = "$when.$or"

    def difference(self, context: RequestContext) -> str | None:
        """Return that no group holds, and what is missing of the first."""
        found = [first_difference(group, context) for group in self.groups]
        return None if None in found else f"{self.label}: none holds; of the first {found[0]}"


@dataclass(frozen=True, slots=True)
class NoCondition:
    """`$not`: one of the conditions at least must not hold."""

    conditions: Sequence[Condition]
    label = "$when.$not"

    def difference(self, context: RequestContext) -> str | None:
        """Return that all of them hold."""
        if first_difference(self.conditions, context) is not None:
            return None
        return f"{self.label}: {' and '.join(each.label for each in self.conditions) or 'nothing'} holds"


def first_difference(conditions: Sequence[Condition], context: RequestContext) -> str | None:
    """Return how a request differs from the first of several conditions that does not hold, or None."""
    for each in conditions:
        if (difference := each.difference(context)) is not None:
            return difference
    return None


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
