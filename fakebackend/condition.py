"""`$when`: what a request must have beside its URL. A condition that has no difference to a request holds."""

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any
from typing import NamedTuple
from typing import Protocol

from mitmproxy import flowfilter

from fakebackend.problems import FieldError
from fakebackend.problems import did_you_mean
from fakebackend.problems import kind
from fakebackend.problems import parse_each
from fakebackend.problems import shown
from fakebackend.quick_tuple import maker_of
from fakebackend.request_view import MISSING
from fakebackend.request_view import RequestView
from fakebackend.request_view import values_of
from fakebackend.url_path import readable
from fakebackend.value_pattern import Pattern
from fakebackend.value_pattern import parse_json_pattern
from fakebackend.value_pattern import parse_text_pattern


class Condition(Protocol):
    """One thing that is asked of a request."""

    @property
    def label(self) -> str:
        """Return its place in the definition, as `$when.query.page`."""

    def difference(self, request: RequestView) -> str | None:
        """Return how the request differs from what is asked, as `$when.query.page is missing`, or None."""


Values = Callable[[RequestView, str], Sequence[Any]]
"""Reads all values of a name from one part of a request."""


class NamedCondition(NamedTuple):
    """A pattern for the values of one name in one part of the request."""

    part: str
    name: str
    pattern: Pattern
    values: Values

    @property
    def label(self) -> str:
        """Return its place in the definition."""
        return f"$when.{self.part}.{self.name}"

    def difference(self, request: RequestView) -> str | None:
        """Return how the name's values differ from the pattern."""
        found = self.pattern.difference(list(self.values(request, self.name)))
        return f"{self.label}{found.path} {found.text}" if found else None


_new_named = maker_of(NamedCondition)


@dataclass(frozen=True, slots=True)
class BodyCondition:
    """A pattern for the whole body, as JSON or as text; a body that is neither matches nothing."""

    part: str
    pattern: Pattern
    value: Callable[[RequestView], Any]

    @property
    def label(self) -> str:
        """Return its place in the definition."""
        return f"$when.{self.part}"

    def difference(self, request: RequestView) -> str | None:
        """Return how the body differs from the pattern."""
        value = self.value(request)
        if value is MISSING:
            return f"{self.label} cannot hold, the body is no {'JSON' if self.part == 'json' else 'text'}"
        found = self.pattern.difference([value])
        return f"{self.label}{found.path} {found.text}" if found else None


@dataclass(frozen=True, slots=True)
class FilterCondition:
    """A filter expression of mitmproxy's."""

    expression: str
    matches: Callable[[Any], Any]

    @property
    def label(self) -> str:
        """Return its place in the definition."""
        return "$when.filter"

    def difference(self, request: RequestView) -> str | None:
        """Return that the flow does not match."""
        if request.flow is not None and self.matches(request.flow):
            return None
        return f"{self.label} {shown(self.expression)} does not match"


SESSION_COOKIE = "SESSION"

SESSIONS = "sessions"
"""Under what memory keeps the tokens of live sessions."""


@dataclass(frozen=True, slots=True)
class SessionCondition:
    """There is a live session of the `login` handler, or there is none."""

    live: bool

    @property
    def label(self) -> str:
        """Return its place in the definition."""
        return "$when.session"

    def difference(self, request: RequestView) -> str | None:
        """Return that there is a session, or none, against what is asked."""
        sessions = request.memory.extras.get(SESSIONS, ())
        live = any(token in sessions for token in values_of(request.cookies, SESSION_COOKIE))
        return None if live is self.live else f"{self.label} is {shown(live)}, expected {shown(self.live)}"


@dataclass(frozen=True, slots=True)
class ProbabilityCondition:
    """`$probability`: holds for a share of the requests, by chance."""

    share: float

    @property
    def label(self) -> str:
        """Return what is asked."""
        return f"$probability {shown(self.share)}"

    def difference(self, request: RequestView) -> str | None:
        """Return that it was not to be."""
        return None if request.chance() < self.share else f"{self.label} left this request out"


def _named(part: str, values: Values, parse_pattern: Callable[[Any], Pattern]) -> Callable[[Any], Sequence[Condition]]:
    def parse(value: Any) -> Sequence[Condition]:
        if not isinstance(value, dict):
            raise FieldError(f"{part} takes an object of names and patterns, got {kind(value)}")
        return parse_each(value.items(), lambda name, pattern: _new_named((part, name, parse_pattern(pattern), values)))

    return parse


def _path_values(request: RequestView, name: str) -> list[str]:
    return [readable(request.path_params[name])] if name in request.path_params else []


def _state_values(request: RequestView, name: str) -> list[Any]:
    return [request.state[name]] if name in request.state else []


def _text_of(request: RequestView) -> Any:
    return MISSING if request.text is None else request.text


def _parse_filter(value: Any) -> list[Condition]:
    if not isinstance(value, str):
        raise FieldError(f"filter takes a filter expression of mitmproxy's, got {kind(value)}")
    try:
        return [FilterCondition(value, flowfilter.parse(value))]
    except (ValueError, RecursionError) as e:
        raise FieldError(f"filter {shown(value)} is no filter expression of mitmproxy's: {e}") from None


def _parse_session(value: Any) -> list[Condition]:
    if not isinstance(value, bool):
        raise FieldError(f"session must be true or false, got {shown(value)}")
    return [SessionCondition(value)]


WHEN_PARTS: dict[str, Callable[[Any], Sequence[Condition]]] = {
    "query": _named("query", lambda request, name: values_of(request.query, name), parse_text_pattern),
    "headers": _named("headers", lambda request, name: request.header_values(name), parse_text_pattern),
    "cookies": _named("cookies", lambda request, name: values_of(request.cookies, name), parse_text_pattern),
    "path": _named("path", _path_values, parse_text_pattern),
    "form": _named("form", lambda request, name: values_of(request.form, name), parse_text_pattern),
    "json": lambda value: [BodyCondition("json", parse_json_pattern(value), lambda request: request.json)],
    "text": lambda value: [BodyCondition("text", parse_text_pattern(value), _text_of)],
    "state": _named("state", _state_values, parse_json_pattern),
    "session": _parse_session,
    "filter": _parse_filter,
}
"""The parts of `$when`, each with the function that makes its conditions."""


def parse_when(value: Any) -> tuple[Condition, ...]:
    """Return the conditions of a `$when` object; all of them must hold.

    Raises `FieldError` with every part that is wrong.
    """
    if not isinstance(value, dict):
        raise FieldError(f"$when must be an object of conditions, got {kind(value)}")
    return tuple(chain.from_iterable(parse_each(value.items(), _parse_part)))


def _parse_part(part: str, content: Any) -> Sequence[Condition]:
    if part not in WHEN_PARTS:
        known, hint = ", ".join(WHEN_PARTS), did_you_mean(part, WHEN_PARTS)
        raise FieldError(f"unknown condition {shown(part)} in $when, expected {known}{hint}", at_key=True)
    try:
        return WHEN_PARTS[part](content)
    except FieldError as e:
        raise e.under(of=f"$when.{part}") from None
