"""Why a request is answered as it is: every candidate with its conditions, and the winner."""

from collections.abc import Iterator
from dataclasses import dataclass

from fakebackend.answer import Offer
from fakebackend.choice import choose
from fakebackend.entry import Entry
from fakebackend.entry_table import EntryTable
from fakebackend.near_miss import NearMiss
from fakebackend.near_miss import near_misses
from fakebackend.printable import escaped
from fakebackend.printable import printable
from fakebackend.refusal import Check
from fakebackend.refusal import Refusal
from fakebackend.request_view import RequestView
from fakebackend.static_answer import StaticAnswer


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one candidate said to the request, and each of its conditions."""

    entry: Entry
    chosen: Offer | Refusal
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """All candidates, the most specific first; the first with an answer wins. Without one, what came near."""

    request: str
    verdicts: tuple[Verdict, ...]
    near: tuple[NearMiss, ...]

    @property
    def winner(self) -> Verdict | None:
        """Return the verdict of the entry that answers."""
        return next((verdict for verdict in self.verdicts if not isinstance(verdict.chosen, Refusal)), None)

    def lines(self) -> Iterator[str]:
        """Yield the explanation as text."""
        yield self.request
        for verdict in self.verdicts:
            yield from _verdict_lines(verdict, wins=verdict is self.winner)
        if self.winner is None:
            yield "no entry answers"
            for miss in self.near:
                yield f"  nearest {miss}"


def explain(table: EntryTable, request: RequestView) -> Explanation:
    """Return what each candidate says to a request; conditions are asked as they are when answering."""
    request.chance = lambda: 0.0  # type: ignore[method-assign]  # what can happen, without using chance up
    outcome = table.find(request)
    verdicts = []
    for entry, path_params in table.candidates(request):
        request.path_params = path_params
        request.path_pattern = entry.path
        verdicts.append(Verdict(entry, choose(entry.choice, request), tuple(entry.choice.checks(request))))
    near = () if outcome.entry else tuple(near_misses(table, request, outcome.skipped))
    return Explanation(printable(f"{request.method} {request.target}"), tuple(verdicts), near)


def _verdict_lines(verdict: Verdict, *, wins: bool) -> Iterator[str]:
    answers = not isinstance(verdict.chosen, Refusal)
    line = f"{'✓' if answers else '✗'} {escaped(str(verdict.entry))}"
    if wins:
        line += f" answers {verdict.chosen.status}" if isinstance(verdict.chosen, StaticAnswer) else " answers"
    elif answers:
        line += " would, but is less specific"
    yield line
    for check in verdict.checks:
        indent = "    " + "  " * check.depth
        yield f"{indent}{'✓' if check.holds else '✗'} {escaped(check.text)}"
