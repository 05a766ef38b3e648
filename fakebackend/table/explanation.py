"""Why a request is answered as it is: every candidate with its conditions, and the winner."""

from collections.abc import Iterator
from typing import NamedTuple

from fakebackend.answers.answer import Answer
from fakebackend.answers.answer import Offer
from fakebackend.answers.file import FilledFileSource
from fakebackend.answers.selection import first_answer
from fakebackend.diagnostics.escaping import abbreviated
from fakebackend.diagnostics.escaping import escape_control
from fakebackend.matching.mismatch import ConditionResult
from fakebackend.matching.mismatch import Mismatch
from fakebackend.messages.request import Request
from fakebackend.state.mock_state import MockState
from fakebackend.state.request_context import RequestContext
from fakebackend.state.request_context import context_of
from fakebackend.table.allow import options_answer
from fakebackend.table.entry import Entry
from fakebackend.table.entry_table import EntryTable
from fakebackend.table.match import PassedOver
from fakebackend.table.near_miss import NearMiss
from fakebackend.table.near_miss import near_misses
from fakebackend.templating.template import RenderingError


class CandidateReport(NamedTuple):
    """What one candidate said to the request, and each of its conditions."""

    entry: Entry
    said: Offer | Mismatch
    results: tuple[ConditionResult, ...]

    @property
    def answers(self) -> bool:
        """Tell whether it has an answer."""
        return not isinstance(self.said, Mismatch)


class Explanation(NamedTuple):
    """All candidates, the most specific first; the first with an answer wins. Without one, what came near."""

    request: str
    reports: tuple[CandidateReport, ...]
    near: tuple[NearMiss, ...]
    fallback: str | None = None
    """Who is asked where no entry answers: `$unmatched`, if there is one."""
    is_automatic: bool = False
    """Whether OPTIONS is answered by itself, as far as the options of the proxy let it."""

    @property
    def winner(self) -> CandidateReport | None:
        """Return the report of the entry that answers."""
        return next((report for report in self.reports if report.answers), None)

    def lines(self) -> Iterator[str]:
        """Yield the explanation as text."""
        yield self.request
        winner = self.winner
        for report in self.reports:
            yield from _report_lines(report, wins=report is winner)
        if winner is None and self.is_automatic:
            yield "no entry answers, so OPTIONS is answered by itself 204"
        elif winner is None:
            yield "no entry answers" + (f", so {self.fallback} is asked" if self.fallback else "")
            for miss in self.near:
                yield f"  nearest {miss}"


def explain(table: EntryTable, request: Request, state: MockState) -> Explanation:
    """Return what each candidate says to a request; conditions are asked as they are when answering.

    What can happen by chance is taken to happen, and nothing of the state is used up.
    """
    state = state.explaining()
    reports: list[CandidateReport] = []
    for entry, params in table.matches(request):
        context = context_of(request, params, state)
        reports.append(_report(entry, context))
    near: list[NearMiss] = []
    automatic = None
    if not any(report.answers for report in reports):
        automatic = options_answer(table, request, cors=True) if request.method == "OPTIONS" else None
        passed_over = [PassedOver(r.entry, r.said.difference) for r in reports if isinstance(r.said, Mismatch)]
        near = near_misses(table, request, passed_over)
    return Explanation(
        abbreviated(f"{request.method} {request.target}"),
        tuple(reports),
        tuple(near),
        table.unmatched.title if table.unmatched else None,
        automatic is not None,
    )


def _report(entry: Entry, context: RequestContext) -> CandidateReport:
    try:
        results = tuple(entry.alternative.condition_results(context))
        said = first_answer(entry.alternative, context)
    except RenderingError as e:  # a `$by`
        return CandidateReport(entry, Mismatch(str(e)), ())
    if isinstance(said, Answer) and (reason := _why_it_passes(said, said.context or context)) is not None:
        said = Mismatch(reason)
    return CandidateReport(entry, said, results)


def _why_it_passes(answer: Answer, context: RequestContext) -> str | None:
    """Return why an answer will turn out to be none, as far as that can be seen beforehand, or None."""
    if answer.passes:
        return "it passes the request on"
    if isinstance(answer.source, FilledFileSource) and answer.source.found(context) is None:
        return "there is no such file"
    return None


def _report_lines(report: CandidateReport, *, wins: bool) -> Iterator[str]:
    line = f"{'✓' if report.answers else '✗'} {escape_control(str(report.entry))}"
    if wins:
        line += " answers" + ("" if isinstance(report.said, Mismatch) else report.said.summary())
    elif report.answers:
        line += " would, but is less specific"
    yield line
    for result in report.results:
        indent = "    " + "  " * result.depth
        yield f"{indent}{'✓' if result.holds else '✗'} {escape_control(result.text)}"
