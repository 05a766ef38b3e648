"""What turns an offer into what is done: its source is asked, state is set, sequences move on, delays add up."""

import inspect
from typing import Any
from typing import NamedTuple

from fakebackend.answers.answer import Answer
from fakebackend.answers.answer import Offer
from fakebackend.answers.outcome import Outcome
from fakebackend.messages.request import MISSING
from fakebackend.state.mock_state import MockState
from fakebackend.state.request_context import RequestContext


class Resolution(NamedTuple):
    """What is to be done for a request, and after how many seconds."""

    outcome: Outcome
    seconds: float = 0.0


async def resolve(offer: Offer, context: RequestContext) -> Resolution | None:
    """Return what an offer comes to, or None if nothing: then the state is as it was before.

    Raises whatever its source does, with the state as it was before, too.
    """
    if not isinstance(offer, Answer):
        return Resolution(offer)
    before = _assign(offer, context)
    resolution: Resolution | None = None
    try:
        resolution = await _resolved_source(offer, context)
    finally:
        if resolution is None:
            _restore(before, context.state)
    if resolution is None:
        return None
    for sequence in offer.sequences:
        context.state.advance(sequence)
    outcome, seconds = resolution
    if offer.preference is not None:
        outcome = outcome.preferred(offer.preference)
    return Resolution(outcome, seconds + (offer.delay.seconds(context.state.random) if offer.delay else 0.0))


async def _resolved_source(answer: Answer, context: RequestContext) -> Resolution | None:
    result = answer.source.resolve(context)
    if inspect.isawaitable(result):
        result = await result
    if isinstance(result, Answer):
        return await resolve(result, context)
    return None if result is None else Resolution(result)


def _assign(answer: Answer, context: RequestContext) -> dict[str, Any]:
    """Set the state variables that an answer sets; return those values that were there before."""
    if not answer.assignments:
        return {}
    variables, state = answer.variables(context), context.state.variables
    before = {name: state.get(name, MISSING) for name in answer.assignments}
    state.update({name: variables[name] for name in answer.assignments})
    return before


def _restore(before: dict[str, Any], state: MockState) -> None:
    for name, value in before.items():
        if value is MISSING:
            state.variables.pop(name, None)
        else:
            state.variables[name] = value
