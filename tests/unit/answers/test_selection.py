from typing import Any
from unittest.mock import Mock

import pytest

from fakebackend.answers.answer import Answer
from fakebackend.answers.perform import resolve
from fakebackend.answers.selection import Alternative
from fakebackend.answers.selection import first_answer
from fakebackend.matching.mismatch import ConditionResult
from fakebackend.matching.mismatch import Mismatch
from fakebackend.messages.canned_response import CannedResponse
from fakebackend.messages.canned_response import canned_response
from fakebackend.state.mock_state import MockState
from fakebackend.state.request_context import RequestContext
from fakebackend.table.explanation import explain
from tests.conftest import canned
from tests.conftest import given
from tests.conftest import given_context
from tests.conftest import table_of


def alternative_of(value: Any) -> Alternative:
    """Return what a value of the file becomes."""
    [entry] = table_of({"GET": {"/a": value}})
    return entry.alternative


def body_for(value: Any, query: str) -> str:
    """Return the body that a value gives to a query, or the difference in parentheses."""
    chosen = first_answer(alternative_of(value), given_context(f"GET /a?{query}"))
    if isinstance(chosen, Mismatch):
        return f"({chosen.difference})"
    return canned(chosen).body.decode()


X1 = {"query": {"x": 1}}
X2 = {"query": {"x": 2}}
Y = {"query": {"y": {"$exists": True}}}


@pytest.mark.parametrize(
    ("value", "query", "body"),
    [
        pytest.param({"$when": X1, "$body": "one"}, "x=1", '"one"', id="when-holds"),
        pytest.param(
            {"$when": X1, "$body": "one"}, "x=2", "($when.query.x is '2', expected '1')", id="when-does-not-hold"
        ),
        pytest.param({"$when": {}, "$body": "one"}, "", '"one"', id="no-conditions"),
        pytest.param({"$cases": ["plain"]}, "", '"plain"', id="plain-case"),
        pytest.param({"$cases": [{"$when": X1, "$body": 1}, {"$when": X2, "$body": 2}]}, "x=2", "2", id="second-case"),
        pytest.param(
            {"$cases": [{"$when": X1, "$body": 1}, {"$when": X1, "$body": 2}]}, "x=1", "1", id="first-that-holds"
        ),
        pytest.param({"$cases": [{"$when": X1, "$body": 1}, 0]}, "x=9", "0", id="the-rest"),
        pytest.param(
            {"$cases": [{"$when": X1, "$body": 1}, {"$when": X2, "$body": 2}]},
            "x=9",
            "(no case holds, in case 1 $when.query.x is '9', expected '1')",
            id="none",
        ),
        pytest.param(
            {"$cases": [{"$name": "one", "$when": X1, "$body": 1}]},
            "",
            "(no case holds, in case 1 \"one\" $when.query.x is missing, expected '1')",
            id="a-named-case",
        ),
        pytest.param({"$when": Y, "$cases": [{"$when": X1, "$body": 1}, 0]}, "x=1&y", "1", id="when-guards-the-cases"),
        pytest.param(
            {"$when": Y, "$cases": [{"$when": X1, "$body": 1}, 0]}, "x=1", "($when.query.y is missing)", id="guarded"
        ),
        pytest.param(
            {"$cases": [{"$when": Y, "$cases": [{"$when": X1, "$body": 1}]}, {"$when": X1, "$body": "late"}]},
            "x=1",
            '"late"',
            id="nested-falls-through",
        ),
        pytest.param(
            {"$cases": [{"$when": Y, "$cases": [{"$when": X1, "$body": 1}]}, {"$when": X1, "$body": "late"}]},
            "x=1&y",
            "1",
            id="nested",
        ),
        pytest.param({"$cases": [{"a": 1, "$ref": 2}]}, "", '{"a": 1, "$ref": 2}', id="plain-object-case"),
    ],
)
def test_the_first_that_holds_answers(value: Any, query: str, body: str) -> None:
    assert body_for(value, query) == body


def test_keys_beside_the_cases_are_their_defaults() -> None:
    value = {
        "$status": 201,
        "$headers": {"A": "1", "B": "1"},
        "$cases": [{"$when": X1, "$status": 202, "$headers": {"B": "2"}, "$body": 1}, 0],
    }
    first, last = (canned(first_answer(alternative_of(value), given_context(f"GET /a?x={x}"))) for x in (1, 2))
    assert (first.status, last.status) == (202, 201)
    assert dict(first.fields).items() >= {b"A": b"1", b"B": b"2"}.items()
    assert dict(last.fields).items() >= {b"A": b"1", b"B": b"1"}.items()


def test_every_condition_is_put_to_the_request_with_its_depth() -> None:
    value = {
        "$when": Y,
        "$cases": [{"$when": {"query": {"x": 1, "z": 2}}, "$body": 1}, {"$name": "rest", "$body": 0}, {"$when": Y}],
    }
    assert list(alternative_of(value).condition_results(given_context("GET /a?x=1"))) == [
        ConditionResult(0, "$when.query.y is missing", False),
        ConditionResult(0, "case 1", False, is_alternative=True),
        ConditionResult(1, "$when.query.x", True),
        ConditionResult(1, "$when.query.z is missing, expected '2'", False),
        ConditionResult(0, 'case 2 "rest"', True, is_alternative=True),
        ConditionResult(0, "case 3", None),
    ]


def test_a_sequence_that_has_ended_has_no_item_to_check() -> None:
    [check] = alternative_of({"$sequence": [{"$cases": [1]}], "$repeat": "stop"}).condition_results(_after(1))
    assert check == ConditionResult(0, "$sequence: has ended", False)
    first, *_ = alternative_of({"$sequence": [1], "$repeat": "stop"}).condition_results(_after(0))
    assert first == ConditionResult(0, "$sequence: item 1 of 1", True)


def _after(times: int) -> RequestContext:
    """Return a request that comes when every sequence has moved on so many times."""
    return given_context("GET /a", state=Mock(spec=MockState, counts=Mock(position=lambda _: times), variables={}))


def test_a_preferred_case_may_have_names_around_it() -> None:
    value = {"$cases": [0, {"$name": "x", "$let": {"a": 1}, "$body": 1}]}
    chosen = first_answer(alternative_of(value), given_context("GET /a", [("Prefer", "example=x")]))
    assert isinstance(chosen, Answer)
    assert chosen.labels == ('case 2 "x"',)


def test_a_preferred_case_without_an_answer_is_passed_over() -> None:
    value = {"$cases": [{"$name": "x", "$cases": [{"$when": X1, "$body": 1}]}, {"$body": 0}]}
    chosen = first_answer(alternative_of(value), given_context("GET /a", [("Prefer", "example=x")]))
    assert canned(chosen).body == b"0"


@pytest.mark.parametrize(
    ("value", "always"),
    [
        pytest.param("plain", True, id="plain"),
        pytest.param({"$when": X1}, False, id="when"),
        pytest.param({"$when": {}}, True, id="when-nothing"),
        pytest.param({"$cases": [{"$when": X1}]}, False, id="cases"),
        pytest.param({"$cases": [{"$when": X1}, 0]}, True, id="cases-with-a-rest"),
        pytest.param({"$when": X1, "$cases": [0]}, False, id="guarded-cases"),
    ],
)
def test_what_answers_any_request_is_known(value: Any, always: bool) -> None:
    assert alternative_of(value).always_answers is always


def test_every_sequence_is_found_wherever_it_stands() -> None:
    sequence = {"$sequence": [1, {"$sequence": [2]}]}
    table = table_of({"GET": {"/a": {"$when": X1, **sequence}, "/b": {"$cases": [sequence, 3]}, "/c": 4}})
    assert len(set(table.remembered_keys())) == 4


TURNS = {"$name": "x", "$sequence": ["first", "second"]}


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(TURNS, id="alone"),
        pytest.param({**TURNS, "$when": X1}, id="whatever-its-conditions"),
        pytest.param({**TURNS, "$probability": 0}, id="whatever-its-chance"),
    ],
)
async def test_a_case_that_is_a_sequence_may_be_preferred(case: dict[str, Any]) -> None:
    alternative, state = alternative_of({"$cases": [{"$name": "other", "$body": 0}, case]}), MockState()
    answers: list[tuple[bytes, bool]] = []
    for prefer in ("x", "x", "other", "x"):
        context = given_context("GET /a", [("Prefer", f"example={prefer}")], state=state)
        chosen = first_answer(alternative, context)
        assert not isinstance(chosen, Mismatch)
        resolution = await resolve(chosen, context)
        assert resolution is not None
        assert isinstance(resolution.outcome, CannedResponse)
        applied = (b"Preference-Applied", f"example={prefer}".encode()) in resolution.outcome.fields
        answers.append((resolution.outcome.body, applied))
    assert answers == [(b'"first"', True), (b'"second"', True), (b"0", True), (b'"second"', True)]


def test_a_preferred_sequence_that_has_ended_is_passed_over() -> None:
    alternative = alternative_of({"$cases": [{"$name": "x", "$sequence": [1], "$repeat": "stop"}, 0]})
    context = given_context("GET /a", [("Prefer", "example=x")])
    [key] = alternative.remembered_keys()
    context.state.counts.advance(key)
    assert canned(first_answer(alternative, context)) == canned_response(200, b"0", b"application/json")


@pytest.mark.parametrize(
    ("value", "holds"),
    [
        pytest.param({"$probability": 0.001, "$body": 1}, True, id="a-small-share"),
        pytest.param({"$probability": 0, "$body": 1}, False, id="none"),
        pytest.param(
            {"$cases": [{"$probability": 0.5}, {"$probability": 0.5, "$delay": ["1s", "2s"]}]}, True, id="cases"
        ),
        pytest.param({"$sequence": [{"$cases": [{"$probability": 0.5}, 1]}]}, True, id="in-a-sequence"),
    ],
)
def test_explaining_takes_what_may_happen_to_happen_and_uses_no_chance_up(value: Any, holds: bool) -> None:
    table, state = table_of({"GET": {"/a": value}}), MockState(seed="1")
    before = state.random.getstate()
    for _ in range(3):
        explanation = explain(table, given("GET /a"), state)
        assert (explanation.winner is not None) is holds
        assert all(result.holds in (holds, None) for report in explanation.reports for result in report.results)
    assert state.random.getstate() == before
