"""Conditions with templates in them."""

from typing import Any

import pytest

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.matching.conditions import first_difference
from fakebackend.matching.when import parse_when
from fakebackend.messages.path_params import PathParams
from fakebackend.templating.template_scope import EVERYWHERE
from tests.answering import context_for

STATE = {"owner": "7", "n": 3, "list": ["a", "b"], "user": {"name": "ann", "roles": ["x"]}}


def difference(when: Any, path: str = "/", body: str = "", **of: Any) -> str | None:
    """Return why a condition does not hold for a request, or None."""
    context = context_for("POST", path, body=body, state=STATE, params=PathParams({"id": "7"}), **of)
    return first_difference(parse_when(when, EVERYWHERE), context)


@pytest.mark.parametrize(
    ("when", "path", "body"),
    [
        pytest.param({"state": {"owner": "{{ path.id }}"}}, "/", "", id="state"),
        pytest.param({"state": {"n": "{{ query.n | int }}"}}, "/?n=3", "", id="types-count"),
        pytest.param({"query": {"n": "{{ state.n }}"}}, "/?n=3", "", id="number-in-text"),
        pytest.param({"query": {"a": "x{{ state.n }}", "b": 1}}, "/?a=x3&b=1", "", id="beside-a-plain-one"),
        pytest.param({"query": {"a": {"$in": "{{ state.list }}"}}}, "/?a=b", "", id="list-of-a-template"),
        pytest.param({"query": {"a": {"$in": ["z", "{{ state.n }}"]}}}, "/?a=3", "", id="in-a-list"),
        pytest.param({"query": {"a": "{{ state.list }}"}}, "/?a=a&a=b", "", id="all-values-of-a-name"),
        pytest.param({"query": {"$eq": {"a": "{{ state.n }}"}}}, "/?a=3", "", id="whole-query"),
        pytest.param({"query": {"a": {"$gt": "{{ state.n }}", "$lt": 9}}}, "/?a=4", "", id="comparison"),
        pytest.param({"query": {"a": {"$not": "{{ state.n }}"}}}, "/?a=4", "", id="not"),
        pytest.param({"query": {"a": {"$size": 2, "$elemMatch": {"$gt": 3}}}}, "/?a=4&a=1", "", id="size-of-text"),
        pytest.param({"query": {"a": {"$or": ["q", "{{ state.n }}"]}}}, "/?a=3", "", id="or"),
        pytest.param({"query": {"a": {"$or": "{{ state.list }}"}}}, "/?a=b", "", id="patterns-of-a-template"),
        pytest.param({"query": {"a": {"$regex": "^{{"}}}, "/?a={{x", "", id="regex-is-left-alone"),
        pytest.param({"query": {"a": {"$regex": "^a", "$ne": "{{ state.n }}"}}}, "/?a=a", "", id="regex-beside-one"),
        pytest.param({"headers": {"Host": "{{ request.host }}"}}, "/", "", id="headers"),
        pytest.param({"path": {"id": "{{ state.owner }}"}}, "/", "", id="path"),
        pytest.param({"text": "{{ query.a }}"}, "/?a=hello", "hello", id="text"),
        pytest.param({"json": "{{ state.user }}"}, "/", '{"roles": ["x"], "name": "ann"}', id="whole-body"),
        pytest.param(
            {"json": {"a": {"$eq": "{{ json.b }}"}}}, "/", '{"a": {"$gt": 1}, "b": {"$gt": 1}}', id="equal-data"
        ),
        pytest.param(
            {"json": {"a": "{{ json.b }}"}},
            "/",
            '{"a": {"$exists": true}, "b": {"$exists": true}}',
            id="data-is-no-operator",
        ),
        pytest.param({"json": {"$eq": {"a": ["{{ json.a[0] }}", 2]}}}, "/", '{"a": [1, 2]}', id="inside-equal-data"),
        pytest.param({"json": {"a": ["{{ state.n }}"]}}, "/", '{"a": [1, 3]}', id="element"),
        pytest.param(
            {"json": {"a": {"$all": "{{ json.b }}"}}},
            "/",
            '{"a": [1, {"$ne": 1}], "b": [{"$ne": 1}]}',
            id="all-are-data",
        ),
        pytest.param(
            {"json": {"a": {"$elemMatch": {"x": "{{ state.n }}"}}}}, "/", '{"a": [{"x": 3}]}', id="element-match"
        ),
        pytest.param({"json": {"a": {"$not": "{{ json.b }}"}}}, "/", '{"a": 5, "b": {"$gt": 1}}', id="not-data"),
        pytest.param(
            {"json": {"a": {"$not": {"$not": "{{ json.b }}"}}}},
            "/",
            '{"a": {"$gt": 1}, "b": {"$gt": 1}}',
            id="not-not-data",
        ),
        pytest.param({"json": {"a": {"$not": "{{ json.b }}"}}}, "/", '{"a": [1], "b": [{"$gt": 0}]}', id="not-a-list"),
        pytest.param(
            {"json": {"a": {"$elemMatch": "{{ json.b }}"}}},
            "/",
            '{"a": [{"$gt": 1}], "b": {"$gt": 1}}',
            id="element-is-data",
        ),
        pytest.param({"json": {"a": {"$size": "{{ state.n }}"}}}, "/", '{"a": [1, 2, 3]}', id="size"),
        pytest.param({"json": {"a": {"$type": "{{ query.t }}"}}}, "/?t=array", '{"a": [1]}', id="type"),
        pytest.param({"query": {"a": {"$exists": "{{ state.n == 4 }}"}}}, "/", "", id="exists"),
        pytest.param({"$or": [{"query": {"a": 1}}, {"query": {"b": "{{ state.n }}"}}]}, "/?b=3", "", id="in-or"),
        pytest.param({"$not": {"query": {"b": "{{ state.n }}"}}}, "/?b=4", "", id="in-not"),
        pytest.param({"$and": [{"query": {"b": "{{ state.n }}"}}]}, "/?b=3", "", id="in-and"),
        pytest.param({"filter": "~m POST"}, "/", "", id="filter"),
        pytest.param({"session": False, "query": {"b": "{{ state.n }}"}}, "/?b=3", "", id="session"),
    ],
)
def test_it_holds(when: Any, path: str, body: str) -> None:
    assert difference(when, path, body) is None


@pytest.mark.parametrize(
    ("when", "path", "body", "text"),
    [
        pytest.param(
            {"state": {"owner": "{{ query.a }}"}}, "/?a=8", "", "$when.state.owner is '7', expected '8'", id="other"
        ),
        pytest.param(
            {"json": {"a": "{{ json.b }}"}},
            "/",
            '{"a": 1, "b": {"$exists": true}}',
            '$when.json.a is 1, expected $eq {"$exists": true}',
            id="operator-of-a-client",
        ),
        pytest.param(
            {"json": {"a": {"$in": "{{ json.b }}"}}},
            "/",
            '{"a": 1, "b": [{"$gt": 0}]}',
            '$when.json.a is 1, expected $in [{"$gt": 0}]',
            id="operators-in-a-list",
        ),
        pytest.param(
            {"json": {"a": {"$all": "{{ json.b }}"}}},
            "/",
            '{"a": [1], "b": [{"$gt": 0}]}',
            '$when.json.a is 1, expected one that matches {"$eq": {"$gt": 0}}',
            id="operators-for-all",
        ),
        pytest.param(
            {"query": {"a": "{{ query.b }}"}},
            "/?a=1",
            "",
            """$when.query.a cannot hold: in "{{ query.b }}": 'b' is not in the query (has: a); default(""",
            id="missing",
        ),
        pytest.param(
            {"query": {"a": "{{ json.b }}"}},
            "/?a=1",
            "",
            """$when.query.a cannot hold: in "{{ json.b }}": the request's body is no JSON""",
            id="no-json",
        ),
        pytest.param(
            {"json": {"a": {"$elemMatch": "{{ json.b }}"}}},
            "/",
            '{"a": [5, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"], "b": {"$regex": "^(a+)+$"}}',
            "$when.json.a is ",
            id="element-of-a-client",
        ),
        pytest.param(
            {"query": {"a": {"$size": 2}}}, "/?a=1", "", "$when.query.a is there 1 times, expected $size 2", id="size"
        ),
        pytest.param(
            {"query": {"a": "{{ none }}"}},
            "/?a=1",
            "",
            "$when.query.a cannot hold: expected a string, a number, a boolean or operators, got null; an absent",
            id="null",
        ),
        pytest.param(
            {"query": {"a": {"$in": "{{ 1 }}"}}},
            "/?a=1",
            "",
            "$when.query.a cannot hold: $in takes a list, got a number",
            id="operand",
        ),
        pytest.param(
            {"query": {"a": "{{ json }}"}},
            "/?a=1",
            '{"$ne": "x"}',
            "$when.query.a cannot hold: expected a string",
            id="object-for-text",
        ),
        pytest.param(
            {"$or": [{"query": {"a": "{{ 1 / 0 }}"}}]},
            "/",
            "",
            '$when.$or: none holds; of the first $when.query.a cannot hold: in "{{ 1 / 0 }}": division by zero',
            id="in-or",
        ),
        pytest.param(
            {"query": {"$eq": {"a": "{{ 1 / 0 }}"}}},
            "/",
            "",
            '$when.query cannot hold: in "{{ 1 / 0 }}": division by zero',
            id="whole",
        ),
    ],
)
def test_it_does_not_hold_and_says_why(when: Any, path: str, body: str, text: str) -> None:
    found = difference(when, path, body)
    assert found is not None
    assert found.startswith(text)


@pytest.mark.parametrize(
    ("when", "error", "path"),
    [
        pytest.param(
            {"query": {"a": "{{ nmae }}"}}, '$when.query: unknown name "nmae" in a template', ("query", "a"), id="name"
        ),
        pytest.param(
            {"query": {"a": {"$gtt": "{{ 1 }}"}}},
            '$when.query: unknown operator "$gtt", did you mean "$gt"?',
            ("query", "a", "$gtt"),
            id="operator",
        ),
        pytest.param(
            {"query": {"a": {"$in": 1, "$eq": "{{ 1 }}"}}},
            "$when.query: $in takes a list, got a number",
            ("query", "a", "$in"),
            id="operand-beside",
        ),
        pytest.param(
            {"json": {"a": [{"$gt": "{{ 1"}]}}, "$when.json: the template", ("json", "a", 0, "$gt"), id="syntax"
        ),
        pytest.param(
            {"session": "{{ true }}"},
            "$when.session: session must be true or false",
            ("session",),
            id="no-template-there",
        ),
        pytest.param(
            {"$or": [{"querry": {"a": "{{ 1 }}"}}]},
            '$when.$or: unknown condition "querry" in $when',
            ("$or", 0, "querry"),
            id="part",
        ),
        pytest.param(
            {"query": {"$in": "{{ [1] }}", "a": 1}},
            '$when.query: $in asks of the values of a name, as {"page": {"$in": …}}',
            ("query", "$in"),
            id="operator-as-a-name",
        ),
        pytest.param(
            {"query": {"$eq": "{{ query }}"}},
            "$when.query: $eq of query takes an object of names and values, got a string",
            ("query",),
            id="template-for-all-names",
        ),
        pytest.param(
            {"json": {"a": {"b": 1, "$eq": "{{ 1 }}"}}},
            '$when.json: expected only operators, got "b"',
            ("json", "a", "b"),
            id="plain-key-beside-an-operator",
        ),
        pytest.param(
            {"query": {"a": {"$not": {}, "$ne": "{{ 1 }}"}}},
            "$when.query: expected a scalar or operators, got an empty object",
            ("query", "a", "$not"),
            id="no-operators",
        ),
        pytest.param(
            {"query": {"a": {"$type": "{{ 'string' }}"}}},
            "$when.query: $type asks for a type of JSON's, and these values are text",
            ("query", "a", "$type"),
            id="type-of-text",
        ),
    ],
)
def test_what_is_known_to_be_wrong_is_told_when_the_file_is_read(when: Any, error: str, path: tuple[Any, ...]) -> None:
    with pytest.raises(ValidationError) as caught:
        parse_when(when, EVERYWHERE)
    assert str(caught.value).startswith(error)
    assert caught.value.path == path


def test_where_templates_are_off_they_are_text() -> None:
    context = context_for(path="/?a={{ 1 }}")
    assert first_difference(parse_when({"query": {"a": "{{ 1 }}"}}), context) is None


@pytest.mark.parametrize(
    ("when", "labels"),
    [
        ({"query": {"a": "{{ 1 }}", "b": 2}}, ["$when.query.a", "$when.query.b"]),
        ({"json": {"a": "{{ 1 }}"}}, ["$when.json"]),
        ({"query": {"$eq": {"a": "{{ 1 }}"}}}, ["$when.query"]),
    ],
)
def test_a_condition_has_its_place(when: Any, labels: list[str]) -> None:
    assert [condition.label for condition in parse_when(when, EVERYWHERE)] == labels
