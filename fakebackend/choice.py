"""Choosing an answer: `$when`, `$probability`, `$cases` and `$sequence`.

Everything that an entry may answer with makes offers: answers, the preferred first, and refusals that say
why there is none. Answering and explaining both go by them, so they cannot disagree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple
from typing import Protocol

from fakebackend.answer import Answer
from fakebackend.answer import Offer
from fakebackend.condition import Condition
from fakebackend.quick_tuple import maker_of
from fakebackend.refusal import Check
from fakebackend.refusal import Refusal
from fakebackend.request_view import RequestView


class Choice(Protocol):
    """What a value of the file became. A single answer is the choice of itself."""

    def offers(self, request: RequestView) -> Iterator[Offer | Refusal]:
        """Yield answers, the next one being for the case that the one before turns out to be none, or a refusal."""

    def checks(self, request: RequestView, depth: int = 0) -> Iterator[Check]:
        """Put every condition to the request, also those that no longer matter."""


def choose(choice: Choice, request: RequestView) -> Offer | Refusal:
    """Return the first answer that a choice offers, or its refusal."""
    last = Refusal("there is no answer")
    for offer in choice.offers(request):
        if not isinstance(offer, Refusal):
            return offer
        last = offer
    return last


class Guarded(NamedTuple):
    """An answer with conditions."""

    conditions: tuple[Condition, ...]
    choice: Choice

    def offers(self, request: RequestView) -> Iterator[Offer | Refusal]:
        """Offer the answer if all conditions hold."""
        for condition in self.conditions:
            if (difference := condition.difference(request)) is not None:
                yield Refusal(difference)
                return
        yield from self.choice.offers(request)

    def checks(self, request: RequestView, depth: int = 0) -> Iterator[Check]:
        """Put every condition to the request."""
        for condition in self.conditions:
            difference = condition.difference(request)
            yield Check(depth, difference or condition.label, difference is None)
        yield from self.choice.checks(request, depth)


new_guarded = maker_of(Guarded)


class Example(NamedTuple):
    """What a request may prefer a case by: its `$name`, and its status if that is constant."""

    name: str | None
    status: int | None


@dataclass(frozen=True, slots=True)
class Cases:
    """`$cases`: the first that has an answer gives it."""

    choices: tuple[Choice, ...]
    names: tuple[str, ...]
    examples: tuple[Example, ...] = ()

    def offers(self, request: RequestView) -> Iterator[Offer | Refusal]:
        """Offer what each case offers, in turn; before that the one which the request prefers."""
        first: str | None = None
        if request.preference is not None:
            yield from self._preferred(request)
        for name, choice in zip(self.names, self.choices, strict=True):
            for offer in choice.offers(request):
                if isinstance(offer, Refusal):
                    first = first or f"in {name} {offer.difference}"
                else:
                    yield offer
        yield Refusal(f"no case holds, {first}" if first else "no case has an answer")

    def _preferred(self, request: RequestView) -> Iterator[Offer | Refusal]:
        for choice, example in zip(self.choices, self.examples, strict=True):
            if request.preference is not None and request.preference.fits(example.status, example.name):
                unguarded = choice.choice if isinstance(choice, Guarded) else choice
                for offer in unguarded.offers(request):
                    if not isinstance(offer, Refusal):
                        request.preference_applied = True
                        yield offer
                        request.preference_applied = False

    def checks(self, request: RequestView, depth: int = 0) -> Iterator[Check]:
        """Put every condition of every case to the request."""
        for name, choice in zip(self.names, self.choices, strict=True):
            yield Check(depth, name, not isinstance(choose(choice, request), Refusal))
            yield from choice.checks(request, depth + 1)


@dataclass(frozen=True, slots=True)
class Sequence:
    """`$sequence`: one item per request; `key` is under what memory keeps how many have answered."""

    key: str
    choices: tuple[Choice, ...]
    repeat: str

    def offers(self, request: RequestView) -> Iterator[Offer | Refusal]:
        """Offer the item whose turn it is."""
        if (index := self._index(request)) is None:
            yield Refusal(f"the $sequence has ended after {len(self.choices)}")
        else:
            yield from self.choices[index].offers(request)

    def checks(self, request: RequestView, depth: int = 0) -> Iterator[Check]:
        """Say whose turn it is."""
        index = self._index(request)
        turn = "has ended" if index is None else f"item {index + 1} of {len(self.choices)}"
        yield Check(depth, f"$sequence: {turn}", index is not None)
        if index is not None:
            yield from self.choices[index].checks(request, depth + 1)

    def _index(self, request: RequestView) -> int | None:
        position, length = request.memory.position(self.key), len(self.choices)
        if position < length:
            return position
        return {"last": length - 1, "cycle": position % length}.get(self.repeat)


def always_answers(choice: Choice) -> bool:
    """Tell whether there is an answer to any request, as far as that can be known beforehand."""
    if isinstance(choice, Guarded):
        return not choice.conditions and always_answers(choice.choice)
    if isinstance(choice, Cases):
        return any(map(always_answers, choice.choices))
    if isinstance(choice, Sequence):
        return choice.repeat != "stop" and all(map(always_answers, choice.choices))
    return not (isinstance(choice, Answer) and choice.may_decline)


def sequences_in(choice: Choice) -> Iterator[str]:
    """Yield the keys of all sequences in a choice."""
    if isinstance(choice, Guarded):
        yield from sequences_in(choice.choice)
    elif isinstance(choice, Cases | Sequence):
        if isinstance(choice, Sequence):
            yield choice.key
        for inner in choice.choices:
            yield from sequences_in(inner)
