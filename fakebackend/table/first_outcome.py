"""From candidates to what is done: the first answer that is one, and what was passed over on the way."""

from collections.abc import Iterable
from typing import NamedTuple

from fakebackend.answers.outcome import Outcome
from fakebackend.answers.perform import resolve
from fakebackend.matching.mismatch import Mismatch
from fakebackend.messages.request import Request
from fakebackend.state.mock_state import MockState
from fakebackend.state.request_context import context_of
from fakebackend.table.entry import Entry
from fakebackend.table.entry_table import Candidate
from fakebackend.table.entry_table import EntryTable
from fakebackend.table.match import PassedOver


class AnswerError(Exception):
    """An entry could not answer; the text names the entry and says why."""


class FirstOutcome(NamedTuple):
    """What is to be done for a request, by whose word, and after how many seconds."""

    entry: Entry
    outcome: Outcome
    seconds: float


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
        try:
            resolution = await resolve(said, context_of(request, params, state))
        except Exception as e:
            raise AnswerError(f"{entry.label}: {str(e) or type(e).__name__}") from e
        if resolution is not None:
            return FirstOutcome(entry, *resolution)
        passed_over.append(PassedOver(entry, "there is no such file, or the handler returned nothing"))
    return None


async def outcome_of(table: EntryTable, request: Request, state: MockState) -> FirstOutcome | None:
    """Return what a table answers to a request, or None if no entry does: all that a front needs at the least.

    Raises `AnswerError` if the entry that answers fails.
    """
    return await first_outcome(table.candidates(request, state), request, state, [])
