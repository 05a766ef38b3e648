"""What turns an offer into what is done: its source is asked, state is set, sequences move on, delays add up."""

import inspect
from collections.abc import Callable
from collections.abc import Sequence
from typing import Any
from typing import NamedTuple

from fakebackend.answers.answer import ABOVE_LIMIT
from fakebackend.answers.answer import PASSING
from fakebackend.answers.answer import Answer
from fakebackend.answers.answer import Offer
from fakebackend.answers.answer import Quota
from fakebackend.answers.limit import TOO_MANY
from fakebackend.answers.outcome import Outcome
from fakebackend.diagnostics.wording import appended
from fakebackend.messages.request import MISSING
from fakebackend.state.mock_state import MockState
from fakebackend.state.request_context import Budget
from fakebackend.state.request_context import RequestContext


class Resolution(NamedTuple):
    """What is to be done for a request, after how many seconds, and what `$name` calls the value that says so."""

    outcome: Outcome
    seconds: float = 0.0
    labels: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        """Return the names, each with a comma before it."""
        return appended(self.labels)


async def resolve(offer: Offer, context: RequestContext) -> Resolution | None:
    """Return what an offer comes to, or None if nothing: then the state is as it was before.

    Raises whatever its source does, with the state as it was before, too.
    """
    if not isinstance(offer, Answer):
        return Resolution(offer)
    context = offer.context or context
    if context.budget is None:
        context = context._replace(budget=Budget())
    return await (_resolved_in_quotas(offer, context) if offer.quotas else _resolved(offer, context))


async def _resolved_in_quotas(answer: Answer, context: RequestContext) -> Resolution | None:
    """Return what an answer with limits comes to; those are counted down if there is one.

    Whether a source that may pass does is seen only when it is asked, so there the counting follows.
    """
    if (closed := answer.closed_quota) is not None:
        return await _refused(closed, context)
    counting = _Counting(answer.quotas)
    if not answer.source.may_pass or answer.source is PASSING:
        counting.take()
    resolution: Resolution | None = None
    try:
        resolution = await _resolved(answer, context, counting.take)
    finally:
        if resolution is None:
            counting.give_back()
    if resolution is None:
        return None if counting.refused is None else await _refused(counting.refused, context)
    tightest = min(answer.quotas, key=lambda quota: quota.remaining)
    return resolution._replace(outcome=resolution.outcome.with_own_fields(tightest.fields(refused=False)))


class _Counting:
    """The limits that one answer counts for."""

    def __init__(self, quotas: Sequence[Quota]) -> None:
        self._quotas = quotas
        self._taken: list[Quota] = []
        self.refused: Quota | None = None

    def take(self) -> bool:
        """Count the request once for each limit, and tell whether all let it through."""
        for quota in self._quotas[len(self._taken) :]:
            if not quota.take():
                self.refused = quota
                return False
            self._taken.append(quota)
        return True

    def give_back(self) -> None:
        """Count it no longer."""
        for quota in self._taken:
            quota.give_back()


async def _refused(quota: Quota, context: RequestContext) -> Resolution:
    outcome, seconds, labels = await resolve(quota.refusal(), context) or Resolution(TOO_MANY)
    outcome = outcome.with_own_fields(quota.fields(refused=True))
    return Resolution(outcome, seconds, (ABOVE_LIMIT, *labels))


def _always() -> bool:
    return True


async def _resolved(offer: Answer, context: RequestContext, admit: Callable[[], bool] = _always) -> Resolution | None:
    """Return what an answer comes to, or None if nothing, or if it is not admitted in the end."""
    before = _assign(offer, context)
    resolution: Resolution | None = None
    try:
        resolution = await _resolved_source(offer, context)
        if resolution is not None and not admit():
            resolution = None
    finally:
        if resolution is None:
            _restore(before, context.state)
    if resolution is None:
        return None
    for turn in offer.turns:
        turn.end()
    outcome, seconds, labels = resolution
    if offer.preference is not None:
        outcome = outcome.preferred(offer.preference)
    delay = offer.delay.seconds(context.state.random) if offer.delay else 0.0
    return Resolution(outcome, seconds + delay, (*offer.labels, *labels))


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
