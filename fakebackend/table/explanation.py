"""Why a request is answered as it is: every candidate with its conditions, and the winner."""

from collections.abc import Iterator
from typing import NamedTuple

from fakebackend.answers.answer import Answer
from fakebackend.answers.answer import Offer
from fakebackend.answers.selection import first_answer
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
from fakebackend.table.request_line import request_line
from fakebackend.templating.template import RenderingError

_MARKS = {True: "✓", False: "✗", None: "·"}


class CandidateReport(NamedTuple):
    """What one candidate said to the request, and each of its conditions."""

    entry: Entry
    said: Offer | Mismatch
    results: tuple[ConditionResult, ...]
    is_before: bool = False
    """Whether the entry is one of `$before`."""
    is_added: bool = False
    """Whether it was added to those of the file."""

    @property
    def answers(self) -> bool:
        """Tell whether it has an answer."""
        return not isinstance(self.said, Mismatch)

    def as_data(self) -> dict[str, object]:
        """Return the report as JSON: an object; `holds` is null for what nobody comes to ask."""
        return {
            "entry": self.entry.label,
            "place": str(self.entry.location),
            "name": self.entry.name,
            "before": self.is_before,
            "answers": None if isinstance(self.said, Mismatch) else self.said.summary().strip(),
            "difference": self.said.difference if isinstance(self.said, Mismatch) else None,
            "conditions": [{"depth": r.depth, "text": r.text, "holds": r.holds} for r in self.results],
        }


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

    def as_data(self) -> dict[str, object]:
        """Return the explanation as JSON: an object, with a list of all candidates in winning order."""
        winner = self.winner
        return {
            "request": self.request,
            "answers": None if winner is None else winner.entry.label,
            "automatic": winner is None and self.is_automatic,
            "fallback": None if winner is not None or self.is_automatic else self.fallback,
            "candidates": [{**report.as_data(), "wins": report is winner} for report in self.reports],
            "nearest": [
                {"entry": miss.entry.label, "place": str(miss.entry.location), "difference": miss.difference}
                for miss in self.near
            ],
        }

    def lines(self) -> Iterator[str]:
        """Yield the explanation as text."""
        yield self.request
        winner = self.winner
        for report in self.reports:
            yield from _report_lines(report, winner)
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
        report = _report(entry, context_of(request, params, state))
        reports.append(report._replace(is_before=table.is_before(entry), is_added=table.is_added(entry)))
    near: list[NearMiss] = []
    automatic = None
    if not any(report.answers for report in reports):
        automatic = options_answer(table, request, cors=True) if request.method == "OPTIONS" else None
        passed_over = [PassedOver(r.entry, r.said.difference) for r in reports if isinstance(r.said, Mismatch)]
        near = near_misses(table, request, passed_over)
    return Explanation(
        request_line(request),
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
    if isinstance(said, Answer):
        said = said.as_it_stands()
    return CandidateReport(entry, said, results)


def _report_lines(report: CandidateReport, winner: CandidateReport | None) -> Iterator[str]:
    before = " in $before" if report.is_before else ""
    yield escape_control(f"{_MARKS[report.answers]} {report.entry}{before}{_verdict(report, winner)}")
    fails_at: int | None = None  # the depth of a value that does not answer, whatever stands inside it
    for result in report.results:
        if fails_at is not None and result.depth <= fails_at:
            fails_at = None
        text = result.text
        if result.holds is None:
            text += " is not reached"
        elif result.holds and result.is_alternative and report is winner and fails_at is None:
            text += " answers"
        if result.is_alternative and not result.holds and fails_at is None:
            fails_at = result.depth
        yield f"    {'  ' * result.depth}{_MARKS[result.holds]} {escape_control(text)}"


def _verdict(report: CandidateReport, winner: CandidateReport | None) -> str:
    """Return what becomes of a candidate, to be put behind it."""
    if isinstance(report.said, Mismatch):
        # The conditions below say it already, unless it is something else: a file that is not there.
        return "" if any(result.holds is False for result in report.results) else f": {report.said.difference}"
    if report is winner:
        summary = report.said.summary()
        return f" is{summary}" if summary.startswith(" forwarded") else f" answers{summary}"
    assert winner is not None  # as this one has an answer
    if winner.is_added > report.is_added:
        return " would, but added entries come first"
    return " would, but " + ("$before comes first" if winner.is_before > report.is_before else "is less specific")
