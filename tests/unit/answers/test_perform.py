import asyncio
import random
from collections.abc import Awaitable
from collections.abc import Callable
from typing import Any

import pytest

from fakebackend.answers.answer import Answer
from fakebackend.answers.answer import FixedSource
from fakebackend.answers.answer import SourceResult
from fakebackend.answers.answer import SureSource
from fakebackend.answers.answer import Turn
from fakebackend.answers.delay import Delay
from fakebackend.answers.outcome import UNSET
from fakebackend.answers.outcome import Fault
from fakebackend.answers.outcome import Forward
from fakebackend.answers.outcome import Outcome
from fakebackend.answers.perform import Resolution
from fakebackend.answers.perform import resolve
from fakebackend.messages.canned_response import canned_response
from fakebackend.messages.header_fields import HeaderFields
from fakebackend.messages.prefer import Preference
from fakebackend.state.mock_state import MockState
from fakebackend.state.request_context import RequestContext
from fakebackend.templating.compile_templates import compile_templates
from tests.answering import context_for

RESPONSE = canned_response(200, b"x")
READY = FixedSource(RESPONSE)


class Calling:
    """A source that does what a function does, at once or after a moment."""

    may_pass = True

    def __init__(self, function: Callable[[RequestContext], SourceResult], *, later: bool = False) -> None:
        self._function = function
        self._later = later

    def resolve(self, context: RequestContext) -> "SourceResult | Awaitable[SourceResult]":
        return self._called_later(context) if self._later else self._function(context)

    def why_it_passes(self, context: RequestContext) -> None:
        """Return nothing: only the function can tell."""

    def summary(self) -> str:
        """Return nothing that could be said beforehand."""
        return ""

    async def _called_later(self, context: RequestContext) -> SourceResult:
        await asyncio.sleep(0)
        return self._function(context)


def passes(_: RequestContext) -> SourceResult:
    return None


def fails(_: RequestContext) -> SourceResult:
    raise ZeroDivisionError("no")


def giving(result: SourceResult) -> Callable[[RequestContext], SourceResult]:
    return lambda _: result


def nested(function: Callable[[RequestContext], SourceResult]) -> Callable[[RequestContext], SourceResult]:
    """Return what gives another answer, which sets state of its own before it does what the function does."""

    def gives(context: RequestContext) -> SourceResult:
        return Answer(Calling(function), assignments={"n": 30, "inner": 1}, turns=turns(context, "inner"))

    return gives


def turns(context: RequestContext, *sequences: str) -> tuple[Turn, ...]:
    return tuple(Turn(context.counts, sequence) for sequence in sequences)


async def test_what_is_ready_comes_to_itself() -> None:
    assert await resolve(RESPONSE, context_for()) == Resolution(RESPONSE, 0.0)


@pytest.mark.parametrize("outcome", [RESPONSE, Fault.CLOSE], ids=["response", "fault"])
@pytest.mark.parametrize("later", [False, True], ids=["at-once", "later"])
async def test_an_answer_comes_to_what_its_source_gives(outcome: Outcome, later: bool) -> None:
    assert await resolve(Answer(Calling(giving(outcome), later=later)), context_for()) == Resolution(outcome)


@pytest.mark.parametrize("later", [False, True], ids=["at-once", "later"])
@pytest.mark.parametrize(
    ("function", "error"),
    [
        pytest.param(passes, None, id="passes"),
        pytest.param(fails, ZeroDivisionError, id="raises"),
        pytest.param(nested(passes), None, id="gives-what-passes"),
        pytest.param(nested(fails), ZeroDivisionError, id="gives-what-raises"),
    ],
)
async def test_without_an_answer_all_that_was_set_is_put_back_and_no_sequence_moves_on(
    function: Callable[[RequestContext], SourceResult], error: type[Exception] | None, later: bool
) -> None:
    state = MockState({"n": 1, "list": [1], "other": 0})
    kept = state.variables["list"]
    assignments = {"n": 2, "list": [], "new": None}
    seen: list[dict[str, Any]] = []

    def look_and_do(context: RequestContext) -> SourceResult:
        seen.append({**context.state.variables})
        return function(context)

    context = context_for(state=state)
    answer = Answer(Calling(look_and_do, later=later), assignments=assignments, turns=turns(context, "outer"))
    if error is None:
        assert await resolve(answer, context) is None
    else:
        with pytest.raises(error):
            await resolve(answer, context)
    assert seen == [{"n": 2, "list": [], "new": None, "other": 0}]
    assert state.variables == {"n": 1, "list": [1], "other": 0}
    assert state.variables["list"] is kept
    assert (state.counts.position("outer"), state.counts.position("inner")) == (0, 0)


async def test_what_was_set_is_put_back_when_nobody_waits_for_the_answer_any_longer() -> None:
    context = context_for(state={"n": 1})

    class Waiting(SureSource):
        def summary(self) -> str:
            return ""

        async def resolve(self, context: RequestContext) -> SourceResult:
            await asyncio.Event().wait()
            raise AssertionError

    task = asyncio.ensure_future(resolve(Answer(Waiting(), assignments={"n": 2, "new": 1}), context))
    await asyncio.sleep(0)
    assert context.state.variables == {"n": 2, "new": 1}
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert context.state.variables == {"n": 1}


async def test_where_a_value_to_set_cannot_be_made_nothing_is_set() -> None:
    context = context_for(state={"n": 1})
    answer = Answer(READY, assignments={"n": 2, "new": compile_templates("{{ 1 / 0 }}")}, turns=turns(context, "s"))
    with pytest.raises(Exception, match="division by zero"):
        await resolve(answer, context)
    assert (context.state.variables, context.state.counts.position("s")) == ({"n": 1}, 0)


async def test_with_an_answer_state_is_set_from_outside_in_and_every_sequence_moves_on() -> None:
    context = context_for(state={"n": 1})
    answer = Answer(
        Calling(nested(giving(RESPONSE)), later=True),
        assignments={"n": compile_templates("{{ state.n + 1 }}"), "outer": 1},
        turns=turns(context, "one", "two"),
    )
    for times in (1, 2):
        assert await resolve(answer, context) == Resolution(RESPONSE)
        assert context.state.variables == {"n": 30, "outer": 1, "inner": 1}
        assert [context.state.counts.position(sequence) for sequence in ("one", "two", "inner", "three")] == [
            *(times, times, times),
            0,
        ]


async def test_the_delays_of_answers_in_answers_add_up() -> None:
    inmost = Answer(READY, Delay(4.0, 4.0))
    middle = Answer(Calling(giving(inmost)))
    answer = Answer(Calling(giving(middle), later=True), Delay(0.5, 0.5))
    assert await resolve(answer, context_for()) == Resolution(RESPONSE, 4.5)
    assert await resolve(middle, context_for()) == Resolution(RESPONSE, 4.0)


async def test_each_delay_is_drawn_by_the_chance_of_the_state() -> None:
    answer = Answer(Calling(giving(Answer(READY, Delay(1.0, 2.0)))), Delay(10.0, 20.0))
    resolution = await resolve(answer, context_for(state=MockState(seed="1")))
    chance = random.Random("1")
    assert resolution == Resolution(RESPONSE, chance.uniform(1.0, 2.0) + chance.uniform(10.0, 20.0))


async def test_an_answer_that_passes_is_not_delayed() -> None:
    state = MockState(seed="1")
    before = state.random.getstate()
    assert await resolve(Answer(Calling(passes), Delay(1.0, 2.0)), context_for(state=state)) is None
    assert state.random.getstate() == before


PREFERENCE = Preference(example="x")
FORWARD = Forward(None, UNSET, HeaderFields(), UNSET)
APPLIED = RESPONSE.with_fields((b"Preference-Applied", b"example=x"))


@pytest.mark.parametrize("inside", [False, True], ids=["alone", "in-another"])
@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        pytest.param(RESPONSE, APPLIED, id="response"),
        pytest.param(Fault.CLOSE, Fault.CLOSE, id="close"),
        pytest.param(Fault.HANG, Fault.HANG, id="hang"),
        pytest.param(FORWARD, FORWARD, id="forward"),
    ],
)
async def test_only_a_response_says_that_it_was_preferred(outcome: Outcome, expected: Outcome, inside: bool) -> None:
    result: SourceResult = Answer(FixedSource(outcome)) if inside else outcome
    answer = Answer(Calling(giving(result)))
    assert await resolve(answer.preferred(PREFERENCE), context_for()) == Resolution(expected)
    assert await resolve(answer, context_for()) == Resolution(outcome)
