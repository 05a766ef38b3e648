"""What the value of an entry comes to, whatever the request: for lists of entries."""

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace
from functools import singledispatch

from fakebackend.answers.answer import PASSING
from fakebackend.answers.answer import Answer
from fakebackend.answers.answer import as_answer
from fakebackend.answers.around import Around
from fakebackend.answers.around import Labelled
from fakebackend.answers.limit import Limited
from fakebackend.answers.selection import Alternative
from fakebackend.answers.selection import Cases
from fakebackend.answers.selection import Conditional
from fakebackend.answers.selection import Sequence
from fakebackend.messages.canned_response import CannedResponse


@dataclass(frozen=True, slots=True)
class Outline:
    """One value: what it answers with, on which conditions, and the values inside it."""

    said: str
    """What is answered: `404`, `by handlers.py:greet`, `2 cases`."""
    conditions: tuple[str, ...] = ()
    """What is asked, as `$when.query.page`."""
    label: str = ""
    """What it is called among others: `case 2 "missing"`."""
    parts: tuple["Outline", ...] = ()

    @property
    def status(self) -> int | None:
        """Return the status, if it is the same for every request."""
        first = self.said.partition(" ")[0]
        return int(first) if first.isdecimal() and not self.parts else None

    def __str__(self) -> str:
        return self.said + (f" if {' and '.join(self.conditions)}" if self.conditions else "")

    def lines(self, depth: int = 0) -> Iterator[str]:
        """Yield a line for each value inside, indented by its depth."""
        for part in self.parts:
            yield f"{'  ' * depth}{part.label}: {part}"
            yield from part.lines(depth + 1)

    def as_data(self) -> dict[str, object]:
        """Return it as JSON: an object with `answers`, `status` (or null), `conditions`, and `values` inside."""
        data: dict[str, object] = {"answers": self.said, "status": self.status, "conditions": list(self.conditions)}
        if self.parts:
            data["values"] = [{"label": part.label, **part.as_data()} for part in self.parts]
        return data


def passes_requests_on(alternative: Alternative) -> bool:
    """Tell whether a value answers nothing below its limit: it does its work without an answer."""
    return outline(alternative).said == PASSING.summary().strip()


@singledispatch
def outline(alternative: Alternative) -> Outline:
    """Return the outline of what a value of the file became."""
    raise TypeError(f"{type(alternative).__name__} has no outline")


@outline.register
def _(response: CannedResponse) -> Outline:
    return outline(as_answer(response))


@outline.register
def _(answer: Answer) -> Outline:
    return Outline(answer.source.summary().strip() or "a template's status", label=" ".join(answer.labels))


@outline.register
def _(conditional: Conditional) -> Outline:
    inner = outline(conditional.alternative)
    return replace(inner, conditions=(*(each.label for each in conditional.conditions), *inner.conditions))


@outline.register
def _(cases: Cases) -> Outline:
    count = len(cases.cases)
    said = "1 case" if count == 1 else f"{count} cases"
    return Outline(said, parts=tuple(outline(case.alternative) for case in cases.cases))


@outline.register
def _(sequence: Sequence) -> Outline:
    then = {"last": "the last one stays", "cycle": "over and over", "stop": "then no match"}[sequence.repeat]
    return Outline(f"{len(sequence.items)} in turn, {then}", parts=tuple(map(outline, sequence.items)))


@outline.register
def _(around: Around) -> Outline:
    return outline(around.alternative)


@outline.register
def _(labelled: Labelled) -> Outline:
    return replace(outline(labelled.alternative), label=labelled.label)


@outline.register
def _(limited: Limited) -> Outline:
    inner, limit = outline(limited.alternative), limited.limit
    return replace(inner, conditions=(*inner.conditions, f"$limit {limit.requests} per {limit.seconds:g} s"))
