from typing import Any

import pytest

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.matching.value_patterns import OPERATORS
from fakebackend.matching.value_patterns import parse_json_matcher
from fakebackend.matching.value_patterns import parse_text_matcher
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
        ({"$eq": ["a", 1]}, ["a", "1"], True),
        ({"$eq": ["a", 1]}, ["1", "a"], False),
        ({"$eq": ["a"]}, ["a", "b"], False),
        ({"$eq": []}, [], True),
        ({"$ne": ["a"]}, ["a"], False),
        ({"$ne": ["a"]}, ["a", "b"], True),
        ({"$or": ["a", {"$regex": "^x"}]}, ["b", "xy"], True),
        ({"$or": ["a", {"$regex": "^x"}]}, ["b"], False),
        ({"$or": ["a", {"$exists": False}]}, [], True),
        ({"$and": [{"$regex": "a"}, {"$ne": "ab"}]}, ["a"], True),
        ({"$and": [{"$regex": "a"}, {"$ne": "ab"}]}, ["a", "ab"], False),
        ({"$all": ["a", {"$regex": "^b"}]}, ["bc", "a"], True),
        ({"$all": ["a", "b"]}, ["a"], False),
        ({"$all": ["a"]}, [], False),
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
        ({"$eq": {"$ref": 1}}, [{"$ref": 1}], True),
        ({"a": {"$eq": {"$id": 1}}}, [{"a": {"$id": 2}}], False),
        ({"a.b": 1}, [{"a": {"b": 1}}], True),
        ({"a.b": 1}, [{"a": {"b": 2}}], False),
        ({"a.b": 1}, [{"a.b": 1, "a": {"b": 2}}], True),
        ({"a.b": 1}, [{"a.b": 2, "a": {"b": 1}}], False),
        ({"a.b": {"$exists": False}}, [{"a": {}}], True),
        ({"a.b": {"$exists": False}}, [{"a": 1}], True),
        ({"a.1.b": 1}, [{"a": [{}, {"b": 1}]}], True),
        ({"a.1.b": 1}, [{"a": [{"b": 1}]}], False),
        ({"a.1": 1}, [{"a": {"1": 1}}], True),
        ({"a.b": 1}, [{"a": [{"b": 1}]}], False),
        ({"a.-1": 1}, [{"a": [1]}], False),
        ({"a.99999999999999999999": 1}, [{"a": [1]}], False),
        ({"x": {"a.b": 1}}, [{"x": {"a": {"b": 1}}}], True),
        ({"$eq": {"a.b": 1}}, [{"a": {"b": 1}}], False),
        ({"$eq": {"a.b": 1}}, [{"a.b": 1}], True),
        ({"$or": [1, {"$gt": 5}]}, [7], True),
        ({"$or": [1, {"$gt": 5}]}, [1], True),
        ({"$or": [1, {"$gt": 5}]}, [3], False),
        ({"$or": [1, {"$exists": False}]}, ABSENT, True),
        ({"$or": [{"a": 1}, {"b": 1}]}, [{"b": 1, "c": 1}], True),
        ({"$and": [{"$gt": 1}, {"$lt": 5}]}, [3], True),
        ({"$and": [{"$gt": 1}, {"$lt": 5}]}, [5], False),
        ({"$and": [{"$or": [1, 2]}, {"$ne": 2}]}, [1], True),
        ({"$and": [{"$or": [1, 2]}, {"$ne": 2}]}, [2], False),
        ({"$gt": 1, "$or": [2, 3]}, [3], True),
        ({"$gt": 2, "$or": [2, 3]}, [2], False),
        ({"$not": {"$or": [1, 2]}}, [3], True),
        ({"$not": {"$or": [1, 2]}}, [2], False),
        ({"$all": [1, {"$gt": 5}]}, [[7, 1]], True),
        ({"$all": [1, {"$gt": 5}]}, [[1]], False),
        ({"$all": [1]}, [1], True),
        ({"$all": [1]}, ABSENT, False),
        ({"$elemMatch": {"a": 1, "b": 2}}, [[{"a": 1}, {"a": 1, "b": 2}]], True),
        ({"$elemMatch": {"a": 1, "b": 2}}, [[{"a": 1}, {"b": 2}]], False),
        ({"$elemMatch": {"$gt": 1, "$lt": 5}}, [[0, 3]], True),
        ({"$elemMatch": {"$gt": 1, "$lt": 5}}, [[0, 9]], False),
        ({"$elemMatch": {}}, [{"a": 1}], False),
        ({"$elemMatch": 1}, ABSENT, False),
        ({"$type": "integer"}, [1], True),
        ({"$type": "integer"}, [1.0], True),
        ({"$type": "integer"}, [1.5], False),
        ({"$type": "integer"}, [True], False),
        ({"$type": "number"}, [1.5], True),
        ({"$type": "number"}, ["1"], False),
        ({"$type": "string"}, ["1"], True),
        ({"$type": "boolean"}, [False], True),
        ({"$type": "null"}, [None], True),
        ({"$type": "null"}, ABSENT, False),
        ({"$type": "array"}, [[]], True),
        ({"$type": "object"}, [{}], True),
        ({"$type": "object"}, [[]], False),
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
        pytest.param({"a": [1, 2]}, {"a": [1, 3]}, "a is [1, 3], no element matches 2", id="element"),
        pytest.param({"a": {"$gt": 5}}, {"a": 5}, "a is 5, expected $gt 5", id="operator"),
        pytest.param({"a": {"$gt": 5}}, {}, "a is missing, expected $gt 5", id="operator-missing"),
        pytest.param({"a": {"$exists": True}}, {}, "a is missing", id="exists"),
        pytest.param({"a": {"$exists": False}}, {"a": 1}, "a is 1, expected $exists false", id="exists-not"),
        pytest.param({"a": {"$ne": 1}}, {"a": 1}, "a is 1, expected $ne 1", id="negation"),
        pytest.param({"a": None}, {"a": "x"}, "a is 'x', expected null", id="null"),
        pytest.param({"a.b": 1}, {"a": {"b": 2}}, "a.b is 2, expected 1", id="dots"),
        pytest.param(
            {"a": {"$or": [1, 2]}}, {"a": 3}, "a is 3, expected 1, and none of the others in $or holds", id="or"
        ),
        pytest.param({"a": {"$all": [1, 2]}}, {"a": [1]}, "a is 1, expected one that matches 2", id="all"),
        pytest.param({"a": {"$all": [1]}}, {}, "a is missing, expected one that matches 1", id="all-missing"),
        pytest.param(
            {"a": {"$elemMatch": 1}}, {"a": [2]}, "a is [2], expected $elemMatch 1", id="element-that-matches"
        ),
        pytest.param({"a": {"$type": "null"}}, {"a": 1}, 'a is 1, expected $type "null"', id="type"),
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
    ({"$gt": 1, "$gtt": 2}, 'unknown operator "$gtt", did you mean "$gt"?', ("$gtt",)),
    ({"$ref": 1}, 'unknown operator "$ref"; data with such a key: {"$eq": …}', ("$ref",)),
    ({"$or": []}, "$or takes a list of patterns, got []", ("$or",)),
    ({"$and": {"a": 1}}, '$and takes a list of patterns, got {"a": 1}', ("$and",)),
    ({"$all": "a"}, '$all takes a list of patterns, got "a"', ("$all",)),
    ({"$or": [1, {"$gt": None}]}, "$gt takes a number or a string, got null", ("$or", 1, "$gt")),
    ({"$type": "int"}, "", ("$type",)),
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
    names = "$exists $eq $ne $in $nin $regex $gt $gte $lt $lte $not $size $and $or $all $elemMatch $type"
    assert set(OPERATORS) == set(names.split())


@pytest.mark.parametrize(
    ("pattern", "error"),
    [
        pytest.param({"$size": -1}, "$size takes a whole number, got -1", id="size"),
        pytest.param({"gt": 1}, 'expected only operators, got "gt", did you mean "$gt"?', id="no-dollar"),
        pytest.param({">=": 1}, 'expected only operators, got ">=", did you mean "$gte"?', id="sign"),
        pytest.param({"a": 1}, 'expected only operators, got "a"', id="name"),
        pytest.param(
            {"a": 1, "$gt": 1}, 'expected only operators, got "a"; both go into "$and": [{…}, {…}]', id="mixed"
        ),
        pytest.param({"$type": "string"}, "$type asks for a type of JSON's, and these values are text", id="type"),
        pytest.param({"$eq": [None]}, "expected a string, a number, a boolean or operators, got null", id="list"),
    ],
)
def test_what_asks_for_json_is_refused_for_text(pattern: Any, error: str) -> None:
    with pytest.raises(ValidationError) as caught:
        parse_text_matcher(pattern)
    assert str(caught.value).startswith(error)


def test_a_type_is_one_of_jsons() -> None:
    with pytest.raises(ValidationError) as caught:
        parse_json_matcher({"$type": "strin"})
    assert str(caught.value) == (
        '$type takes one of array, boolean, integer, null, number, object, string, got "strin", did you mean "string"?'
    )


def test_a_list_of_all_values_differs_as_a_whole() -> None:
    assert str(parse_text_matcher({"$eq": ["a", "b"]}).difference(["b"])) == ' is \'b\', expected ["a", "b"]'
    assert str(parse_text_matcher({"$ne": ["a"]}).difference(["a"])) == " is 'a', expected anything but [\"a\"]"
    assert str(parse_text_matcher({"$eq": ["a"]}).difference([])) == ' is missing, expected ["a"]'
