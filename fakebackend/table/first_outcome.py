"""From candidates to what is done: the first answer that is one, and what was passed over on the way."""

from collections.abc import Iterable
from typing import NamedTuple

from fakebackend.answers.answer import PASSING
from fakebackend.answers.answer import Answer
from fakebackend.answers.answer import Offer
from fakebackend.answers.answer import as_answer
from fakebackend.answers.outcome import Outcome
from fakebackend.answers.perform import Resolution
from fakebackend.answers.perform import resolve
from fakebackend.diagnostics.escaping import ascii_header_value
from fakebackend.diagnostics.wording import appended
from fakebackend.matching.mismatch import Mismatch
from fakebackend.messages.canned_response import NOTE
from fakebackend.messages.path_params import NO_PARAMS
from fakebackend.messages.request import Request
from fakebackend.state.mock_state import MockState
from fakebackend.state.request_context import RequestContext
from fakebackend.state.request_context import context_of
from fakebackend.table.answer_error import AnswerError
from fakebackend.table.answered_by import AnsweredBy
from fakebackend.table.entry import Entry
from fakebackend.table.entry_table import Candidate
from fakebackend.table.entry_table import EntryTable
from fakebackend.table.match import PassedOver
from fakebackend.table.unmatched import Unmatched


class FirstOutcome(NamedTuple):
    """What is to be done for a request, by whose word, after how many seconds, and which part of the entry says so."""

    entry: Entry
    outcome: Outcome
    seconds: float
    labels: tuple[str, ...] = ()

    @property
    def who(self) -> AnsweredBy:
        """Return who answers."""
        return AnsweredBy(self.entry, self.labels)


async def first_outcome(
    candidates: Iterable[Candidate], request: Request, state: MockState, passed_over: list[PassedOver]
) -> FirstOutcome | None:
    """Return what the first candidate that does not pass comes to, or None; those before it are added to the list.

    Raises `AnswerError` if a candidate fails.
    """
    for (entry, params), said in candidates:
        if isinstance(said, Mismatch):
            passed_over.append(PassedOver(entry, said.difference))
            continue
        context = context_of(request, params, state)
        try:
            resolution = await resolve(said, context)
        except Exception as e:
            who = f"{entry.place}: {entry.title}{appended(as_answer(said).labels)}"
            raise AnswerError(f"{who}: {str(e) or type(e).__name__}", entry) from e
        if resolution is not None:
            return FirstOutcome(entry, *resolution)
        if not (isinstance(said, Answer) and said.source is PASSING):  # that is what such a guard does
            passed_over.append(PassedOver(entry, _why_it_passed(said, context)))
    return None


def _why_it_passed(said: Offer, context: RequestContext) -> str:
    return as_answer(said).why_it_passes(context) or "the handler returned nothing"


async def unmatched_outcome(
    unmatched: Unmatched, request: Request, state: MockState, status: int, note: str
) -> Resolution | None:
    """Return what `$unmatched` comes to for a request without an entry, or None if it declines.

    `status` is that of an answer which names none, `note` what a header field says of the request.
    Raises `AnswerError` if it fails.
    """
    context = context_of(request, NO_PARAMS, state)._replace(status=status)
    try:
        for candidate in unmatched.alternative.candidates(context):
            if isinstance(candidate, Mismatch) or (found := await resolve(candidate, context)) is None:
                continue
            return found._replace(outcome=found.outcome.with_own_fields(((NOTE, ascii_header_value(note)),)))
    except Exception as e:
        raise AnswerError(f"{unmatched.place}: {unmatched.title}: {str(e) or type(e).__name__}") from e
    return None


async def outcome_of(table: EntryTable, request: Request, state: MockState) -> FirstOutcome | None:
    """Return what a table answers to a request, or None if no entry does: all that a front needs at the least.

    Raises `AnswerError` if the entry that answers fails.
    """
    return await first_outcome(table.candidates(request, state), request, state, [])
