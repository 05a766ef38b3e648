"""Choosing an answer by conditions: `$when` and `$cases`.

Everything that an entry may answer with has `choose(request)`: it returns the answer, or a refusal
that says why there is none. Answering and explaining both ask it, so they cannot disagree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple
from typing import Protocol

from fakebackend.condition import Condition
from fakebackend.request_view import RequestView
from fakebackend.static_answer import StaticAnswer


@dataclass(frozen=True, slots=True)
class Refusal:
    """No answer, because of the first difference found."""

    difference: str


class Check(NamedTuple):
    """One condition put to a request; `depth` counts the `$cases` around it, `text` says what is asked or differs."""

    depth: int
    text: str
    holds: bool


class Choice(Protocol):
    """What a value of the file became."""

    def choose(self, request: RequestView) -> StaticAnswer | Refusal:
        """Return the answer to the request, or why there is none."""

    def checks(self, request: RequestView, depth: int = 0) -> Iterator[Check]:
        """Put every condition to the request, also those that no longer matter."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """An answer with conditions."""

    conditions: tuple[Condition, ...]
    choice: Choice

    def choose(self, request: RequestView) -> StaticAnswer | Refusal:
        """Return the answer if all conditions hold."""
        for condition in self.conditions:
            if (difference := condition.difference(request)) is not None:
                return Refusal(difference)
        return self.choice.choose(request)

    def checks(self, request: RequestView, depth: int = 0) -> Iterator[Check]:
        """Put every condition to the request."""
        for condition in self.conditions:
            difference = condition.difference(request)
            yield Check(depth, difference or condition.label, difference is None)
        yield from self.choice.checks(request, depth)


@dataclass(frozen=True, slots=True)
class Cases:
    """`$cases`: the first that has an answer gives it."""

    choices: tuple[Choice, ...]
    names: tuple[str, ...]

    def choose(self, request: RequestView) -> StaticAnswer | Refusal:
        """Return the first case's answer that there is."""
        first: Refusal | None = None
        for choice in self.choices:
            chosen = choice.choose(request)
            if not isinstance(chosen, Refusal):
                return chosen
            first = first or chosen
        return Refusal(f"no case holds, in {self.names[0]} {first.difference}" if first else "there are no cases")

    def checks(self, request: RequestView, depth: int = 0) -> Iterator[Check]:
        """Put every condition of every case to the request."""
        for name, choice in zip(self.names, self.choices, strict=True):
            yield Check(depth, name, not isinstance(choice.choose(request), Refusal))
            yield from choice.checks(request, depth + 1)


def always_answers(choice: Choice) -> bool:
    """Tell whether there is an answer to any request."""
    if isinstance(choice, Guarded):
        return not choice.conditions and always_answers(choice.choice)
    if isinstance(choice, Cases):
        return any(map(always_answers, choice.choices))
    return True
