from collections.abc import Mapping
from typing import Any

import pytest

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.matching.operators import VALUE_OPERATORS
from fakebackend.matching.operators import Operator
from fakebackend.matching.operators import as_number
from fakebackend.matching.operators import json_equal
from fakebackend.matching.operators import to_text
from tests.unit.matching.pattern_cases import cases
from tests.unit.matching.pattern_cases import ids


def operator_of(pattern: Mapping[str, Any], *, as_text: bool) -> Operator:
    """Return the one operator of a pattern."""
    [(name, operand)] = pattern.items()
    made: Operator = VALUE_OPERATORS[name].parse(operand, as_text)
    return made


@pytest.mark.parametrize(
    ("pattern", "values", "holds"),
    cases(
        ({"$exists": True}, [""], True),
        ({"$exists": False}, ["a"], False),
        ({"$eq": 1}, ["1"], True),
        ({"$ne": "a"}, ["b"], True),
        ({"$ne": 1}, ["1"], False),
        ({"$in": ["a", 1, True]}, ["1"], True),
        ({"$in": ["a", 1, True]}, ["true"], True),
        ({"$in": ["a", 1]}, ["b"], False),
        ({"$in": []}, ["a"], False),
        ({"$nin": ["a", 1]}, ["b"], True),
        ({"$nin": []}, ["a"], True),
        ({"$regex": "b"}, ["abc"], True),
        ({"$regex": "^b"}, ["abc"], False),
        ({"$gt": 9}, ["10"], True),
        ({"$gt": 10}, ["10"], False),
        ({"$gt": "9"}, ["10"], True),
        ({"$gte": 10}, ["10"], True),
        ({"$gte": 10}, ["1e1"], True),
        ({"$gte": 10}, ["9.99"], False),
        ({"$lt": 10}, ["9"], True),
        ({"$lt": 10}, ["-1"], True),
        ({"$lt": 10}, ["10"], False),
        ({"$lte": 10}, ["10"], True),
        ({"$lte": 10}, ["10.5"], False),
        ({"$gt": "2024-01-01"}, ["2024-05-01"], True),
        ({"$lt": "2024-01-01"}, ["2024-05-01"], False),
    ),
)
def test_a_pattern_for_text(pattern: Any, values: list[str], holds: bool) -> None:
    [value] = values
    assert operator_of(pattern, as_text=True).test(value) is holds


@pytest.mark.parametrize(
    ("pattern", "values", "holds"),
    cases(
        ({"$eq": {"a": 1}}, [{"a": 1.0}], True),
        ({"$eq": {"a": 1}}, [{"a": 1, "b": 2}], False),
        ({"$eq": [1, 2]}, [[1, 2]], True),
        ({"$eq": [1, 2]}, [[2, 1]], False),
        ({"$eq": None}, [None], True),
        ({"$ne": 1}, [1.0], False),
        ({"$ne": 1}, ["1"], True),
        ({"$ne": 1}, [True], True),
        ({"$ne": None}, [None], False),
        ({"$in": [1, None, [2]]}, [None], True),
        ({"$in": [1, None, [2]]}, [[2.0]], True),
        ({"$in": [1]}, [True], False),
        ({"$nin": [1]}, [True], True),
        ({"$nin": [1]}, [1], False),
        ({"$regex": "^a"}, ["ab"], True),
        ({"$regex": "1"}, [1], False),
        ({"$gt": 5}, [6], True),
        ({"$gt": 5}, [5], False),
        ({"$gt": 5}, ["6"], False),
        ({"$gt": 0}, [True], False),
        ({"$gt": 0}, [None], False),
        ({"$gt": "a"}, ["b"], True),
        ({"$gt": "a"}, [5], False),
        ({"$gte": 5}, [5.0], True),
        ({"$lt": 5}, [-1], True),
        ({"$lt": 5}, [10**40], False),
        ({"$lte": 5}, [5], True),
        ({"$lte": "b"}, ["b"], True),
        ({"$size": 0}, [[]], True),
        ({"$size": 2}, [[1, 2]], True),
        ({"$size": 2}, [[1]], False),
        ({"$size": 2}, ["ab"], False),
        ({"$size": 1}, [{"a": 1}], False),
    ),
)
def test_a_pattern_for_json(pattern: Any, values: list[Any], holds: bool) -> None:
    [value] = values
    assert operator_of(pattern, as_text=False).test(value) is holds


@pytest.mark.parametrize(
    ("pattern", "negative"),
    [
        pytest.param({"$exists": True}, False, id="exists"),
        pytest.param({"$exists": False}, True, id="exists-not"),
        pytest.param({"$eq": 1}, False, id="eq"),
        pytest.param({"$ne": 1}, True, id="ne"),
        pytest.param({"$in": [1]}, False, id="in"),
        pytest.param({"$nin": [1]}, True, id="nin"),
        pytest.param({"$regex": "a"}, False, id="regex"),
        pytest.param({"$gt": 1}, False, id="gt"),
        pytest.param({"$gte": 1}, False, id="gte"),
        pytest.param({"$lt": 1}, False, id="lt"),
        pytest.param({"$lte": 1}, False, id="lte"),
        pytest.param({"$size": 1}, False, id="size"),
    ],
)
def test_negative_ones_are_those_that_hold_where_there_is_no_value(pattern: Any, negative: bool) -> None:
    operator = operator_of(pattern, as_text=False)
    assert operator.negative is negative
    assert {operator.name: operator.operand} == pattern


def test_every_operator_is_known_by_its_own_name_and_has_a_schema() -> None:
    assert [key.name for key in VALUE_OPERATORS.values()] == list(VALUE_OPERATORS)
    assert {name: key.schema.get("type") for name, key in VALUE_OPERATORS.items()} == {
        "$exists": "boolean",
        "$eq": None,
        "$ne": None,
        "$in": "array",
        "$nin": "array",
        "$regex": "string",
        "$gt": ["number", "string"],
        "$gte": ["number", "string"],
        "$lt": ["number", "string"],
        "$lte": ["number", "string"],
        "$type": None,
        "$size": "integer",
    }


MISUSED: list[tuple[Any, str]] = [
    ({"$exists": 1}, "$exists takes true or false, got 1"),
    ({"$in": "a"}, "$in takes a list, got a string"),
    ({"$nin": {}}, "$nin takes a list, got an object"),
    ({"$regex": 1}, "$regex takes a string, got a number"),
    ({"$regex": "("}, '$regex "(" is no regular expression: '),
    ({"$gt": True}, "$gt takes a number or a string, got a boolean"),
    ({"$lte": None}, "$lte takes a number or a string, got null"),
    ({"$lt": [1]}, "$lt takes a number or a string, got a list"),
    ({"$size": -1}, "$size takes a whole number, got -1"),
    ({"$size": True}, "$size takes a whole number, got true"),
    ({"$size": 1.5}, "$size takes a whole number, got 1.5"),
]


@pytest.mark.parametrize(("pattern", "error"), MISUSED, ids=[ids(row[0]) for row in MISUSED])
@pytest.mark.parametrize("as_text", [True, False], ids=["text", "json"])
def test_an_operator_refuses_what_it_cannot_use(as_text: bool, pattern: Any, error: str) -> None:
    with pytest.raises(ValidationError) as caught:
        operator_of(pattern, as_text=as_text)
    assert str(caught.value).startswith(error)
    assert caught.value.path == ()


@pytest.mark.parametrize(
    ("pattern", "error"),
    [
        pytest.param({"$eq": {}}, "expected a string, a number, a boolean or operators, got an object", id="eq-object"),
        pytest.param({"$in": [[]]}, "expected a string, a number, a boolean or operators, got a list", id="in-a-list"),
        pytest.param({"$size": 1}, "$size counts the elements of a list, and these values are text", id="size"),
    ],
)
def test_what_no_text_can_be_is_refused(pattern: Any, error: str) -> None:
    with pytest.raises(ValidationError) as caught:
        operator_of(pattern, as_text=True)
    assert str(caught.value).startswith(error)


@pytest.mark.parametrize(
    "expression", ["a{99999999999}", "(" * 5000 + ")" * 5000, "(?P<1>a)", "*"], ids=lambda expression: expression[:14]
)
def test_an_expression_that_cannot_be_compiled_is_refused_whatever_is_raised(expression: str) -> None:
    with pytest.raises(ValidationError, match="is no regular expression: "):
        operator_of({"$regex": expression}, as_text=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("a", "a", id="text"),
        pytest.param("", "", id="empty-text"),
        pytest.param(None, None, id="null"),
        pytest.param(True, True, id="true"),
        pytest.param(False, False, id="false"),
        pytest.param(1, 1, id="integer"),
        pytest.param(1, 1.0, id="integer-and-double"),
        pytest.param(0, -0.0, id="zeros"),
        pytest.param(10**30, 10**30, id="big-integer"),
        pytest.param([], [], id="empty-list"),
        pytest.param([1, "a", None], [1.0, "a", None], id="list"),
        pytest.param({}, {}, id="empty-object"),
        pytest.param({"a": 1, "b": [2]}, {"b": [2.0], "a": 1}, id="order-of-keys-is-no-difference"),
        pytest.param([{"a": [{"b": 1}]}], [{"a": [{"b": 1.0}]}], id="deep"),
    ],
)
def test_equal_values_are_equal_both_ways(one: Any, other: Any) -> None:
    assert json_equal(one, other)
    assert json_equal(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("a", "A", id="case"),
        pytest.param("é", "e\u0301", id="another-spelling-of-a-character"),
        pytest.param("", None, id="empty-text-and-null"),
        pytest.param(True, False, id="booleans"),
        pytest.param(0, None, id="zero-and-null"),
        pytest.param("true", True, id="text-and-boolean"),
        pytest.param(1, 2, id="numbers"),
        pytest.param(10**30, 10**30 + 1, id="big-integers"),
        pytest.param([1, 2], [2, 1], id="order-of-a-list"),
        pytest.param([], None, id="empty-list-and-null"),
        pytest.param({"a": 1}, {"a": 1, "b": 2}, id="another-key-more"),
        pytest.param({"a": 1}, {"b": 1}, id="keys"),
        pytest.param({"a": None}, {}, id="null-and-nothing"),
        pytest.param({"a": {"b": [1]}}, {"a": {"b": [True]}}, id="types-count-deep"),
        pytest.param({"0": "a"}, ["a"], id="object-and-list"),
    ],
)
def test_different_values_differ_both_ways(one: Any, other: Any) -> None:
    assert not json_equal(one, other)
    assert not json_equal(other, one)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        *[
            (text, None)
            for text in ("", "a", "01", "+1", "1.", ".5", "0x1", "1_0", " 1", "1\n", "Infinity", "NaN", "٣")
        ],
        *[("0", 0), ("-0", 0), ("12", 12), ("-1.5", -1.5), ("1e3", 1000.0), ("1E-1", 0.1)],
        *[(1, 1), (1.5, 1.5), (True, None), (None, None), ([], None)],
        ("9" * 20, int("9" * 20)),
        ("9" * 5000, float("inf")),
        ("1e999", float("inf")),
    ],
    ids=lambda value: repr(value)[:12],
)
def test_a_number_is_what_json_calls_one(value: Any, number: Any) -> None:
    assert as_number(value) == number
    assert type(as_number(value)) is type(number)


@pytest.mark.parametrize(
    ("one", "other"),
    [(1, True), (0, False), ("1", 1), (None, False), ([1], [True]), ({"a": 1}, {"a": True}), ([1], [1, 1]), ({}, [])],
    ids=str,
)
def test_types_count(one: Any, other: Any) -> None:
    assert not json_equal(one, other)
    assert not json_equal(other, one)


@pytest.mark.parametrize(("value", "text"), [("a", "a"), (1, "1"), (1.5, "1.5"), (True, "true"), (False, "false")])
def test_a_scalar_is_compared_as_its_json_text(value: Any, text: str) -> None:
    assert to_text(value) == text
