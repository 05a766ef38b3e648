from typing import Any

import pytest

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.matching.value_matchers import OPERATORS
from fakebackend.matching.value_matchers import parse_json_matcher
from fakebackend.matching.value_matchers import parse_text_matcher
from tests.unit.matching.pattern_cases import cases
from tests.unit.matching.pattern_cases import ids


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
        ({"$exists": True}, [], False),
        ({"$exists": False}, [], True),
        ({"$exists": False}, ["a", "b"], False),
        ({"$eq": "a"}, ["b", "a"], True),
        ({"$eq": "a"}, [], False),
        ({"$ne": "a"}, ["b", "a"], False),
        ({"$ne": "a"}, [], True),
        ({"$in": ["a", 1]}, ["b", "a"], True),
        ({"$in": ["a"]}, [], False),
        ({"$nin": ["a", 1]}, ["b", "1"], False),
        ({"$nin": ["a"]}, [], True),
        ({"$regex": "^a"}, ["b", "a"], True),
        ({"$regex": ""}, [], False),
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
        ({"$eq": None}, ABSENT, False),
        ({"$ne": None}, ABSENT, True),
        ({"$in": [1]}, ABSENT, False),
        ({"$nin": [1]}, ABSENT, True),
        ({"$lt": 5}, ABSENT, False),
        ({"$not": {"$gt": 5}}, [5], True),
        ({"$not": {"$gt": 5}}, [6], False),
        ({"$not": {"$gt": 5}}, ABSENT, True),
        ({"$not": {"a": 1}}, [{"a": 2}], True),
        ({"$not": {"a": 1}}, [{"a": 1, "b": 2}], False),
        ({"$not": [1]}, [[2]], True),
        ({"$not": None}, [None], False),
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
    ({"$gt": 1, "a": 2}, 'expected only operators, got "a"', ("a",)),
    ({"a": 2, "$gt": 1}, 'expected only operators, got "a"', ("a",)),
    ({"$gt": 1, "$gtt": 2}, 'expected only operators, got "$gtt", did you mean "$gt"?', ("$gtt",)),
    ({"$not": {"$gt": None}}, "$gt takes a number or a string, got null", ("$not", "$gt")),
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
