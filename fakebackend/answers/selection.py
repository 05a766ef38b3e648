"""Choosing an answer: `$when`, `$probability`, `$cases` and `$sequence`.

Everything that an entry may answer with yields candidates: answers, the preferred first, and mismatches that
say why there is none. Answering and explaining both go by them, so they cannot disagree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple
from typing import Protocol

from fakebackend.answers.answer import Answer
from fakebackend.answers.answer import Offer
from fakebackend.answers.answer import Turn
from fakebackend.answers.answer import as_answer
from fakebackend.diagnostics.wording import numbered
from fakebackend.matching.conditions import Condition
from fakebackend.matching.conditions import first_difference
from fakebackend.matching.mismatch import ConditionResult
from fakebackend.matching.mismatch import Mismatch
from fakebackend.messages.prefer import Preference
from fakebackend.state.request_context import RequestContext


class Alternative(Protocol):
    """What a value of the file became. A single answer is the alternative of itself."""

    @property
    def always_answers(self) -> bool:
        """Tell whether there is an answer to any request, as far as that can be known beforehand."""

    @property
    def unconditional(self) -> "Alternative":
        """Return what it is without its own `$when` and `$probability`."""

    def candidates(self, context: RequestContext) -> Iterator[Offer | Mismatch]:
        """Yield answers, the next one being for the case that the one before turns out to be none, or a mismatch."""

    def condition_results(self, context: RequestContext, depth: int = 0) -> Iterator[ConditionResult]:
        """Put every condition to the request, also those that no longer matter."""

    def remembered_keys(self) -> Iterator[str]:
        """Yield what the definitions in it that count are remembered by."""


def first_answer(alternative: Alternative, context: RequestContext) -> Offer | Mismatch:
    """Return the first answer among the candidates, or the last mismatch.

    One that will turn out to be none is a mismatch, too, as far as that can be seen beforehand.
    """
    last = Mismatch("there is no answer")
    for candidate in alternative.candidates(context):
        if isinstance(candidate, Mismatch):
            last = candidate
        elif (reason := as_answer(candidate).why_it_passes(context)) is not None:
            last = Mismatch(reason)
        else:
            return candidate
    return last


class Conditional(NamedTuple):
    """An alternative with conditions."""

    conditions: tuple[Condition, ...]
    alternative: Alternative

    @property
    def always_answers(self) -> bool:
        """Return that it may not: nobody makes one without a condition."""
        return False

    @property
    def unconditional(self) -> Alternative:
        """Return what the conditions stand before."""
        return self.alternative

    def candidates(self, context: RequestContext) -> Iterator[Offer | Mismatch]:
        """Offer what the conditions stand before if all of them hold."""
        if (difference := first_difference(self.conditions, context)) is not None:
            yield Mismatch(difference)
            return
        yield from self.alternative.candidates(context)

    def condition_results(self, context: RequestContext, depth: int = 0) -> Iterator[ConditionResult]:
        """Put every condition to the request."""
        for condition in self.conditions:
            difference = condition.difference(context)
            yield ConditionResult(depth, difference or condition.label, difference is None)
        yield from self.alternative.condition_results(context, depth)

    def remembered_keys(self) -> Iterator[str]:
        """Yield the keys of what counts inside."""
        return self.alternative.remembered_keys()


class Case(NamedTuple):
    """One of `$cases`: its place among them, its `$name`, and its status if that is constant."""

    number: int
    alternative: Alternative
    name: str | None = None
    status: int | None = None

    @property
    def label(self) -> str:
        """Return what people know it by: `case 2 "missing"`."""
        return numbered("case", self.number, self.name)


@dataclass(frozen=True, slots=True)
class Cases:
    """`$cases`: the first that has an answer gives it."""

    cases: tuple[Case, ...]

    @property
    def always_answers(self) -> bool:
        """Tell whether one of them always does."""
        return any(case.alternative.always_answers for case in self.cases)

    @property
    def unconditional(self) -> "Cases":
        """Return itself: the conditions are those of the cases."""
        return self

    def candidates(self, context: RequestContext) -> Iterator[Offer | Mismatch]:
        """Offer what each case offers, in turn; before that the one which the request prefers."""
        first: str | None = None
        if (preference := context.request.preference) is not None:
            yield from self._preferred(preference, context)
        for case in self.cases:
            for candidate in case.alternative.candidates(context):
                if isinstance(candidate, Mismatch):
                    first = first or f"in {case.label} {candidate.difference}"
                else:
                    yield candidate
        yield Mismatch(f"no case holds, {first}" if first else "no case has an answer")

    def _preferred(self, preference: Preference, context: RequestContext) -> Iterator[Offer]:
        for case in self.cases:
            if preference.fits(case.status, case.name):
                for candidate in case.alternative.unconditional.candidates(context):
                    if not isinstance(candidate, Mismatch):
                        yield candidate.preferred(preference)

    def _preferred_case(self, context: RequestContext) -> Case | None:
        """Return the case that answers because the request prefers it, if there is one."""
        if (preference := context.request.preference) is None:
            return None
        for case in self.cases:
            wanted = case.alternative.unconditional
            if preference.fits(case.status, case.name) and not isinstance(first_answer(wanted, context), Mismatch):
                return case
        return None

    def condition_results(self, context: RequestContext, depth: int = 0) -> Iterator[ConditionResult]:
        """Put every condition of each case up to the one that answers to the request."""
        preferred = self._preferred_case(context)
        if preferred is not None:
            yield ConditionResult(depth, f"{preferred.label} is preferred", True, is_alternative=True)
            return
        answered = False
        for case in self.cases:
            if answered:
                yield ConditionResult(depth, case.label, None)
                continue
            answered = not isinstance(first_answer(case.alternative, context), Mismatch)
            yield ConditionResult(depth, case.label, answered, is_alternative=True)
            yield from case.alternative.condition_results(context, depth + 1)

    def remembered_keys(self) -> Iterator[str]:
        """Yield the keys of what counts inside."""
        for case in self.cases:
            yield from case.alternative.remembered_keys()


@dataclass(frozen=True, slots=True)
class Sequence:
    """`$sequence`: one item per request; `key` is under what the state keeps how many have answered."""

    key: str
    items: tuple[Alternative, ...]
    repeat: str

    @property
    def always_answers(self) -> bool:
        """Tell whether it never ends and each item always answers."""
        return self.repeat != "stop" and all(item.always_answers for item in self.items)

    @property
    def unconditional(self) -> "Sequence":
        """Return itself: it has no conditions of its own."""
        return self

    def candidates(self, context: RequestContext) -> Iterator[Offer | Mismatch]:
        """Offer the item whose turn it is."""
        if (index := self._index(context)) is None:
            yield Mismatch(f"the $sequence has ended after {len(self.items)}")
        else:
            turn = Turn(context.counts, self.key)
            for candidate in self.items[index].candidates(context):
                yield candidate if isinstance(candidate, Mismatch) else _in_turn(as_answer(candidate), turn)

    def condition_results(self, context: RequestContext, depth: int = 0) -> Iterator[ConditionResult]:
        """Say whose turn it is."""
        index = self._index(context)
        turn = "has ended" if index is None else numbered("item", index + 1, None, len(self.items))
        yield ConditionResult(depth, f"$sequence: {turn}", index is not None)
        if index is not None:
            yield from self.items[index].condition_results(context, depth + 1)

    def remembered_keys(self) -> Iterator[str]:
        """Yield its own key and those of what counts inside."""
        yield self.key
        for item in self.items:
            yield from item.remembered_keys()

    def _index(self, context: RequestContext) -> int | None:
        position, length = context.counts.position(self.key), len(self.items)
        if position < length:
            return position
        return {"last": length - 1, "cycle": position % length}.get(self.repeat)


def _in_turn(answer: Answer, turn: Turn) -> Answer:
    return answer._replace(turns=(turn, *answer.turns))
