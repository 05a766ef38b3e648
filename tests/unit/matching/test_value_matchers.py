import json
from typing import Any

import pytest

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.matching.operators import as_number
from fakebackend.matching.operators import json_equal
from fakebackend.matching.operators import to_text
from fakebackend.matching.value_matchers import OPERATORS
from fakebackend.matching.value_matchers import parse_json_matcher
from fakebackend.matching.value_matchers import parse_text_matcher


def ids(*values: object) -> str:
    return "-".join(json.dumps(value, ensure_ascii=False) for value in values)


def cases(*rows: tuple[Any, Any, bool]) -> list[Any]:
    """Return parameters of pattern, values and whether it holds, each with these as its id."""
    return [pytest.param(*row, id=ids(*row)) for row in rows]


@pytest.mark.parametrize(
    ("pattern", "values", "holds"),
    cases(
        ("a", ["a"], True),
        ("a", ["A"], False),
        ("a", [], False),
        ("a", ["b", "a"], True),
        ("", [""], True),
        (1, ["1"], True),
        (1, ["1.0"], False),
        (1.5, ["1.5"], True),
        (True, ["true"], True),
        (True, ["True"], False),
        (False, ["false"], True),
        ({"$exists": True}, [""], True),
        ({"$exists": True}, [], False),
        ({"$exists": False}, [], True),
        ({"$exists": False}, ["a"], False),
        ({"$exists": False}, ["a", "b"], False),
        ({"$eq": "a"}, ["b", "a"], True),
        ({"$eq": 1}, ["1"], True),
        ({"$eq": "a"}, [], False),
        ({"$ne": "a"}, ["b"], True),
        ({"$ne": "a"}, ["b", "a"], False),
        ({"$ne": "a"}, [], True),
        ({"$ne": 1}, ["1"], False),
        ({"$in": ["a", 1, True]}, ["1"], True),
        ({"$in": ["a", 1, True]}, ["true"], True),
        ({"$in": ["a", 1]}, ["b"], False),
        ({"$in": ["a", 1]}, ["b", "a"], True),
        ({"$in": []}, ["a"], False),
        ({"$in": ["a"]}, [], False),
        ({"$nin": ["a", 1]}, ["b"], True),
        ({"$nin": ["a", 1]}, ["b", "1"], False),
        ({"$nin": ["a"]}, [], True),
        ({"$nin": []}, ["a"], True),
        ({"$regex": "b"}, ["abc"], True),
        ({"$regex": "^b"}, ["abc"], False),
        ({"$regex": "^a"}, ["b", "a"], True),
        ({"$regex": ""}, [], False),
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
        ({"$gt": 5}, ["4", "6"], True),
        ({"$gt": 5}, [], False),
        ({"$gt": 2, "$lt": 5}, ["3"], True),
        ({"$gt": 2, "$lt": 5}, ["1", "6"], False),
        ({"$not": "a"}, ["b"], True),
        ({"$not": "a"}, ["b", "a"], False),
        ({"$not": "a"}, [], True),
        ({"$not": {"$regex": "^a"}}, ["b"], True),
        ({"$not": {"$regex": "^a"}}, ["b", "ab"], False),
        ({"$not": {"$gt": 5}}, [], True),
        ({"$not": {"$exists": True}}, [], True),
        ({"$not": {"$exists": True}}, ["a"], False),
        ({"$exists": True, "$ne": "a"}, ["b"], True),
        ({"$exists": True, "$ne": "a"}, ["a"], False),
        ({"$exists": True, "$ne": "a"}, [], False),
        ({"$regex": "^a", "$nin": ["ab"]}, ["ac", "ab"], False),
    ),
)
def test_a_pattern_for_text(pattern: Any, values: list[str], holds: bool) -> None:
    assert (parse_text_matcher(pattern).difference(values) is None) is holds


ABSENT: list[Any] = []


@pytest.mark.parametrize(
    ("pattern", "values", "holds"),
    cases(
        (1, [1], True),
        (1, [1.0], True),
        (1, ["1"], False),
        (1, [True], False),
        (True, [1], False),
        (True, [True], True),
        (0, [False], False),
        ("a", ["a"], True),
        (None, [None], True),
        (None, [False], False),
        (None, [0], False),
        (None, ABSENT, False),
        (1, ABSENT, False),
        ({}, [{}], True),
        ({}, [{"a": 1}], True),
        ({}, [[]], False),
        ({}, ABSENT, False),
        ({"a": 1}, [{"a": 1, "b": 2}], True),
        ({"a": 1}, [{"b": 2}], False),
        ({"a": 1}, [[{"a": 1}]], False),
        ({"a": None}, [{"a": None}], True),
        ({"a": None}, [{}], False),
        ({"a": {"b": {"c": 1}}}, [{"a": {"x": 0, "b": {"c": 1.0}}}], True),
        ({"a": {"b": {"c": 1}}}, [{"a": {"b": {"c": 2}}}], False),
        ({"a": {"b": 1}}, [{"a": 1}], False),
        ({"a": {"$exists": False}}, [{}], True),
        ({"a": {"$exists": False}}, [{"a": None}], False),
        ({"a": {"$exists": True}}, [{"a": None}], True),
        ({"a": {"$exists": True}}, [{}], False),
        ({"$ref": 1}, [{"$ref": 1}], True),
        ({"$id": 1}, [{"$id": 2}], False),
        ([], [[]], True),
        ([], [[1]], True),
        ([], [{}], False),
        ([], ABSENT, False),
        ([1], [[2, 1.0]], True),
        ([1, 2], [[2, 1]], True),
        ([1, 2], [[1]], False),
        ([1, 1], [[1]], True),
        ([1], [["1", True]], False),
        ([{"a": 1}], [[{"a": 2}, {"a": 1, "b": 2}]], True),
        ([{"$gt": 5}], [[1, 6]], True),
        ([{"$gt": 5}], [[1, 5]], False),
        ([[1]], [[[2, 1]]], True),
        ([None], [[None]], True),
        ([None], [[]], False),
        ({"$eq": {"a": 1}}, [{"a": 1.0}], True),
        ({"$eq": {"a": 1}}, [{"a": 1, "b": 2}], False),
        ({"$eq": [1, 2]}, [[1, 2]], True),
        ({"$eq": [1, 2]}, [[2, 1]], False),
        ({"$eq": None}, [None], True),
        ({"$eq": None}, ABSENT, False),
        ({"$ne": 1}, [1.0], False),
        ({"$ne": 1}, ["1"], True),
        ({"$ne": 1}, [True], True),
        ({"$ne": None}, ABSENT, True),
        ({"$ne": None}, [None], False),
        ({"$in": [1, None, [2]]}, [None], True),
        ({"$in": [1, None, [2]]}, [[2.0]], True),
        ({"$in": [1]}, [True], False),
        ({"$in": [1]}, ABSENT, False),
        ({"$nin": [1]}, [True], True),
        ({"$nin": [1]}, [1], False),
        ({"$nin": [1]}, ABSENT, True),
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
        ({"$lt": 5}, ABSENT, False),
        ({"$not": {"$gt": 5}}, [5], True),
        ({"$not": {"$gt": 5}}, [6], False),
        ({"$not": {"$gt": 5}}, ABSENT, True),
        ({"$not": {"a": 1}}, [{"a": 2}], True),
        ({"$not": {"a": 1}}, [{"a": 1, "b": 2}], False),
        ({"$not": [1]}, [[2]], True),
        ({"$not": None}, [None], False),
        ({"$size": 0}, [[]], True),
        ({"$size": 2}, [[1, 2]], True),
        ({"$size": 2}, [[1]], False),
        ({"$size": 2}, ["ab"], False),
        ({"$size": 1}, [{"a": 1}], False),
        ({"$size": 0}, ABSENT, False),
        ({"$size": 1, "$ne": [1]}, [[2]], True),
        ({"$size": 1, "$ne": [1]}, [[1]], False),
    ),
)
def test_a_pattern_for_json(pattern: Any, values: list[Any], holds: bool) -> None:
    assert (parse_json_matcher(pattern).difference(values) is None) is holds


@pytest.mark.parametrize(
    ("pattern", "value", "difference"),
    [
        pytest.param(
            {"user": {"name": "ann"}}, {"user": {"name": "bob"}}, "user.name is 'bob', expected 'ann'", id="deep"
        ),
        pytest.param({"user": {"name": "ann"}}, {"user": {}}, "user.name is missing, expected 'ann'", id="missing"),
        pytest.param({"a": {"b": 1}}, {}, "a is missing, expected an object", id="missing-object"),
        pytest.param({"a": [1]}, {}, "a is missing, expected a list", id="missing-list"),
        pytest.param({"a": {"b": 1}}, {"a": [1]}, "a is [1], expected an object", id="no-object"),
        pytest.param({"a": [1]}, {"a": {"b": 1}}, 'a is {"b": 1}, expected a list', id="no-list"),
        pytest.param(
            {"a": [1, 2]}, {"a": [1, 3]}, "a is [1, 3], no element matches number 2 of the expected", id="element"
        ),
        pytest.param({"a": {"$gt": 5}}, {"a": 5}, "a is 5, expected $gt 5", id="operator"),
        pytest.param({"a": {"$gt": 5}}, {}, "a is missing, expected $gt 5", id="operator-missing"),
        pytest.param({"a": {"$exists": True}}, {}, "a is missing", id="exists"),
        pytest.param({"a": {"$exists": False}}, {"a": 1}, "a is 1, expected $exists false", id="exists-not"),
        pytest.param({"a": {"$ne": 1}}, {"a": 1}, "a is 1, expected $ne 1", id="negation"),
        pytest.param({"a": None}, {"a": "x"}, "a is 'x', expected null", id="null"),
    ],
)
def test_a_difference_says_where_what_is_and_what_was_expected(pattern: Any, value: Any, difference: str) -> None:
    assert str(parse_json_matcher(pattern).difference([value])) == difference


def test_a_difference_of_a_repeated_name_shows_its_values() -> None:
    assert str(parse_text_matcher("c").difference(["a", "b"])).strip() == "is 'a' and 'b', expected 'c'"
    assert str(parse_text_matcher({"$gt": 5}).difference(["1", "2"])).strip() == "is '1', expected $gt 5"


def test_the_path_of_a_difference_counts_elements_too() -> None:
    found = parse_json_matcher({"a": 1}).difference([{"a": 2}])
    assert found is not None
    assert found.prefixed(0).prefixed("b").path == ".b[0].a"


MISUSED: list[tuple[Any, str, tuple[str | int, ...]]] = [
    ({"$exists": 1}, "$exists takes true or false, got 1", ("$exists",)),
    ({"$in": "a"}, "$in takes a list, got a string", ("$in",)),
    ({"$nin": {}}, "$nin takes a list, got an object", ("$nin",)),
    ({"$regex": 1}, "$regex takes a string, got a number", ("$regex",)),
    ({"$regex": "("}, '$regex "(" is no regular expression: ', ("$regex",)),
    ({"$gt": True}, "$gt takes a number or a string, got a boolean", ("$gt",)),
    ({"$lte": None}, "$lte takes a number or a string, got null", ("$lte",)),
    ({"$lt": [1]}, "$lt takes a number or a string, got a list", ("$lt",)),
    ({"$gt": 1, "a": 2}, 'expected only operators, got "a"', ("a",)),
    ({"a": 2, "$gt": 1}, 'expected only operators, got "a"', ("a",)),
    ({"$gt": 1, "$gtt": 2}, 'expected only operators, got "$gtt", did you mean "$gt"?', ("$gtt",)),
    ({"$not": {"$gt": None}}, "$gt takes a number or a string, got null", ("$not", "$gt")),
    ({"$size": -1}, "$size takes a whole number, got -1", ("$size",)),
    ({"$size": True}, "$size takes a whole number, got true", ("$size",)),
    ({"$size": 1.5}, "$size takes a whole number, got 1.5", ("$size",)),
]


@pytest.mark.parametrize(("pattern", "error", "path"), MISUSED, ids=[ids(row[0]) for row in MISUSED])
@pytest.mark.parametrize("parse", [parse_text_matcher, parse_json_matcher], ids=["text", "json"])
def test_an_operator_refuses_what_it_cannot_use(parse: Any, pattern: Any, error: str, path: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError) as caught:
        parse(pattern)
    assert str(caught.value).startswith(error)
    assert caught.value.path == path


@pytest.mark.parametrize(
    ("pattern", "error"),
    [
        pytest.param(
            None,
            'expected a string, a number, a boolean or operators, got null; an absent name is {"$exists": false}',
            id="null",
        ),
        pytest.param(
            ["a"],
            'expected a string, a number, a boolean or operators, got a list; one of several is {"$in": […]}',
            id="list",
        ),
        pytest.param({}, "expected a scalar or operators, got an empty object", id="empty"),
        pytest.param({"a": 1}, 'expected only operators, got "a"', id="object"),
        pytest.param({"$eq": {}}, "expected a string, a number, a boolean or operators, got an object", id="eq-object"),
        pytest.param({"$in": [[]]}, "expected a string, a number, a boolean or operators, got a list", id="in-a-list"),
        pytest.param({"$size": 1}, "$size counts the elements of a list, and these values are text", id="size"),
    ],
)
def test_what_no_text_can_be_is_refused(pattern: Any, error: str) -> None:
    with pytest.raises(ValidationError) as caught:
        parse_text_matcher(pattern)
    assert str(caught.value).startswith(error)


@pytest.mark.parametrize(
    ("pattern", "error", "path"),
    [
        pytest.param({"$eqq": 1}, 'unknown operator "$eqq", did you mean "$eq"?', ("$eqq",), id="slip"),
        pytest.param(
            {"a": {"$exist": True}}, 'unknown operator "$exist", did you mean "$exists"?', ("a", "$exist"), id="deep"
        ),
        pytest.param([1, {"$gt": None}], "$gt takes a number or a string, got null", (1, "$gt"), id="in-a-list"),
    ],
)
def test_a_wrong_operator_in_json_is_refused_at_its_place(
    pattern: Any, error: str, path: tuple[str | int, ...]
) -> None:
    with pytest.raises(ValidationError) as caught:
        parse_json_matcher(pattern)
    assert (str(caught.value), caught.value.path) == (error, path)


def test_all_operators_of_the_format_are_there() -> None:
    names = "$exists $eq $ne $in $nin $regex $gt $gte $lt $lte $not $size"
    assert set(OPERATORS) == set(names.split())


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
