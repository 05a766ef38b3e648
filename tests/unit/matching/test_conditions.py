from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakebackend.matching.conditions import BodyCondition
from fakebackend.matching.conditions import Condition
from fakebackend.matching.conditions import NamedCondition
from fakebackend.matching.conditions import ProbabilityCondition
from fakebackend.matching.conditions import SessionCondition
from fakebackend.matching.value_patterns import parse_json_matcher
from fakebackend.matching.value_patterns import parse_text_matcher
from fakebackend.matching.when import parse_when
from fakebackend.messages.request import MISSING
from fakebackend.state.mock_state import MockState
from tests.conftest import given_context

NO_JSON = "$when.json cannot hold, the body is no JSON"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"NaN", b"\xff", b'"\xff"', b"[" * 100_000, b"9" * 5000, b"a=1"],
    ids=lambda body: repr(body[:9]),
)
@pytest.mark.parametrize(
    "pattern",
    [{}, None, "", [], {"$exists": False}, {"$exists": True}, {"$ne": 1}, {"$not": 1}, {"$nin": []}],
    ids=str,
)
def test_where_the_body_is_no_json_no_json_condition_holds(body: bytes, pattern: Any) -> None:
    [condition] = parse_when({"json": pattern})
    assert condition.difference(given_context("POST /", body=body)) == NO_JSON


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        pytest.param(b"\xff", [], id="no-utf-8"),
        pytest.param(b"\x81", [("Content-Type", "text/plain; charset=shift_jis")], id="wrong-charset"),
        pytest.param(b"no gzip", [("Content-Encoding", "gzip")], id="no-gzip"),
    ],
)
def test_where_the_body_is_no_text_no_text_condition_holds(body: bytes, headers: list[tuple[str, str]]) -> None:
    [condition] = parse_when({"text": {"$ne": "x"}})
    context = given_context("POST /", headers, body)
    assert condition.difference(context) == "$when.text cannot hold, the body is no text"


def test_a_body_nested_as_deep_as_can_be_parsed_raises_nothing() -> None:
    [condition] = parse_when({"json": {"a": 1}})
    for depth in range(700, 1000):
        found = condition.difference(given_context("POST /", body="[" * depth + "]" * depth))
        assert found is not None
        assert found.startswith("$when.json ")


@pytest.mark.parametrize(
    ("pattern", "values", "difference"),
    [
        pytest.param("a", ["a"], None, id="holds"),
        pytest.param("a", ["b", "a"], None, id="any-value"),
        pytest.param("a", ["b"], "$when.part.name is 'b', expected 'a'", id="differs"),
        pytest.param("a", [], "$when.part.name is missing, expected 'a'", id="missing"),
        pytest.param({"a": {"b": 1}}, [{"a": {"b": 2}}], "$when.part.name.a.b is 2, expected 1", id="deep"),
    ],
)
def test_a_name_is_asked_for_in_its_part_and_named_where_it_differs(
    pattern: Any, values: Sequence[Any], difference: str | None
) -> None:
    asked: list[str] = []

    def values_of(_: object, name: str) -> Sequence[Any]:
        asked.append(name)
        return values

    condition = NamedCondition("part", "name", parse_json_matcher(pattern), values_of)
    assert condition.difference(given_context("GET /")) == difference
    assert (condition.label, asked) == ("$when.part.name", ["name"])


@pytest.mark.parametrize(
    ("part", "pattern", "value", "difference"),
    [
        pytest.param("json", {"a": 1}, {"a": 1, "b": 2}, None, id="holds"),
        pytest.param("json", {"a": 1}, {"a": 2}, "$when.json.a is 2, expected 1", id="differs-inside"),
        pytest.param("json", 1, 2, "$when.json is 2, expected 1", id="differs"),
        pytest.param("json", None, None, None, id="null-is-json"),
        pytest.param("json", None, MISSING, "$when.json cannot hold, the body is no JSON", id="no-json"),
        pytest.param("text", {"$ne": "x"}, MISSING, "$when.text cannot hold, the body is no text", id="no-text"),
    ],
)
def test_a_body_is_asked_for_as_a_whole(part: str, pattern: Any, value: Any, difference: str | None) -> None:
    condition = BodyCondition(part, parse_json_matcher(pattern), lambda _: value)
    assert condition.difference(given_context("GET /")) == difference
    assert condition.label == f"$when.{part}"


@pytest.mark.parametrize(
    ("live", "cookie", "difference"),
    [
        pytest.param(True, "SESSION=t", None, id="there-is-one"),
        pytest.param(True, "SESSION=u", "$when.session is false, expected true", id="there-is-none"),
        pytest.param(False, "SESSION=u", None, id="there-should-be-none"),
        pytest.param(False, "SESSION=t", "$when.session is true, expected false", id="there-should-be-none-but-is"),
    ],
)
def test_a_session_is_live_or_not_as_asked(live: bool, cookie: str, difference: str | None) -> None:
    state = MockState()
    state.sessions["t"] = None
    condition = SessionCondition(live)
    assert condition.difference(given_context("GET /", [("Cookie", cookie)], state=state)) == difference
    assert condition.label == "$when.session"


def test_a_probability_of_none_never_holds_and_one_of_all_always() -> None:
    context = given_context("GET /")
    never = ProbabilityCondition(0)
    assert {never.difference(context) for _ in range(100)} == {"$probability 0 left this request out"}
    assert {ProbabilityCondition(1).difference(context) for _ in range(100)} == {None}


def test_a_probability_takes_its_chance_from_the_state_once_for_each_request() -> None:
    state, same = MockState(seed="7"), MockState(seed="7")
    context = given_context("GET /", state=state)
    results = [ProbabilityCondition(0.5).difference(context) is None for _ in range(20)]
    assert results == [same.random.random() < 0.5 for _ in range(20)]
    assert len(set(results)) == 2


@given(st.floats(0, 1, exclude_min=True))
def test_in_an_explanation_every_probability_above_none_holds(share: float) -> None:
    context = given_context("GET /", state=MockState().explaining())
    assert ProbabilityCondition(share).difference(context) is None


@pytest.mark.parametrize(
    ("condition", "label"),
    [
        pytest.param(ProbabilityCondition(0.25), "$probability 0.25", id="probability"),
        pytest.param(SessionCondition(live=False), "$when.session", id="session"),
        pytest.param(BodyCondition("text", parse_text_matcher("a"), lambda _: "a"), "$when.text", id="body"),
        pytest.param(
            NamedCondition("query", "q", parse_text_matcher("a"), lambda *_: ["a"]), "$when.query.q", id="name"
        ),
    ],
)
def test_a_condition_is_called_by_its_place(condition: Condition, label: str) -> None:
    assert condition.label == label
