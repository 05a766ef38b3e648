import json
import os
from collections.abc import Callable
from collections.abc import Mapping
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from fakebackend.answers.bodies import BODY_KINDS
from fakebackend.answers.bodies import Body
from fakebackend.answers.delay import Delay
from fakebackend.answers.file import parse_file
from fakebackend.answers.forward_target import ForwardTarget
from fakebackend.answers.head import PLAIN_HEAD
from fakebackend.answers.head import HeaderTemplates
from fakebackend.answers.outcome import Fault
from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.format.file_keys import FILE_KEYS
from fakebackend.format.keys import COMPANIONS
from fakebackend.format.keys import EXCLUSIVE_KEYS
from fakebackend.format.keys import RESERVED_KEYS
from fakebackend.format.schema import responses_schema
from fakebackend.format.schema import with_templates
from fakebackend.matching.conditions import ProbabilityCondition
from fakebackend.matching.operators import OperatorKey
from fakebackend.matching.value_patterns import OPERATORS
from fakebackend.matching.when import WHEN_PARTS
from fakebackend.matching.when import parse_when
from fakebackend.templating.load_files import HERE
from fakebackend.templating.template import is_dynamic
from fakebackend.templating.template_scope import EVERYWHERE
from fakebackend.templating.template_scope import WITHOUT_TEMPLATES
from fakebackend.templating.template_scope import TemplateScope


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        pytest.param("$status", 404, 404, id="status"),
        pytest.param("$text", "{{ 1 }}", Body(b"{{ 1 }}", b"text/plain; charset=utf-8"), id="text"),
        pytest.param("$file", "a", "a", id="file"),
        pytest.param("$template", False, False, id="template"),
        pytest.param("$delay", "1s", Delay(1.0, 1.0), id="delay"),
        pytest.param("$fault", "hang", Fault.HANG, id="fault"),
        pytest.param("$when", {}, (), id="when"),
        pytest.param("$probability", 0.5, ProbabilityCondition(0.5), id="probability"),
        pytest.param("$cases", [1], [1], id="cases"),
        pytest.param("$sequence", [None], [None], id="sequence"),
        pytest.param("$repeat", "stop", "stop", id="repeat"),
        pytest.param("$set", {"a": "{{ 1 }}"}, {"a": "{{ 1 }}"}, id="set"),
        pytest.param("$forward", True, ForwardTarget(), id="forward"),
        pytest.param("$forward", "http://a.b:8/", ForwardTarget("http://a.b:8"), id="forward-origin"),
        pytest.param("$merge", None, None, id="merge"),
        pytest.param("$handler", "echo", "echo", id="handler"),
        pytest.param("$users", {"a": "b"}, {"a": "b"}, id="users"),
        pytest.param("$name", "n", "n", id="name"),
        pytest.param("$description", "d", "d", id="description"),
    ],
)
def test_a_key_prepares_its_value(key: str, value: Any, expected: Any) -> None:
    assert RESERVED_KEYS[key].parse(value, WITHOUT_TEMPLATES) == expected


@pytest.mark.parametrize("key", ["$status", "$headers", *BODY_KINDS])
def test_where_templates_are_on_a_value_may_be_one(key: str) -> None:
    value = {"A": "{{ 1 }}"} if key == "$headers" else "{{ 1 }}"
    parsed = RESERVED_KEYS[key].parse(value, EVERYWHERE)
    assert is_dynamic(parsed) or isinstance(parsed, HeaderTemplates)


def test_exclusive_keys_and_companions_are_reserved() -> None:
    assert {*EXCLUSIVE_KEYS, *COMPANIONS, *COMPANIONS.values()} <= set(RESERVED_KEYS)


# What editors are told of a key is what its parser says, as far as a schema can say it: whether a `$delay` goes from
# the shorter to the longer, a `$base64` is padded or an operator's text is a regular expression is the parser's alone.

Record = tuple[Mapping[str, Any], Callable[[Any], Any]]
"""The schema of a value, and what takes it."""


def _prepared(key: str, *, template: bool) -> Record:
    schema = RESERVED_KEYS[key].schema

    def parse(value: Any) -> Any:
        if key == "$file":  # its name is looked at where it is opened
            return parse_file(
                value, PLAIN_HEAD, os.path.dirname(__file__), ("name",), templates=TemplateScope(template)
            )
        return RESERVED_KEYS[key].parse(value, TemplateScope(template))

    return with_templates(schema) if template else schema, parse


def _of_json(operator: OperatorKey) -> Record:
    return operator.schema, lambda operand: operator.parse(operand, False)


def _of_text(operator: OperatorKey) -> Record:
    schema = operator.schema if operator.of_text is None else operator.of_text
    return schema, lambda operand: operator.parse(operand, True)


def _of_a_file(key: str) -> Callable[[Any], Any]:
    return lambda value: FILE_KEYS[key].parse(value, HERE)


def _of_when(name: str) -> Callable[[Any], Any]:
    return lambda value: parse_when({name: value})


RECORDS: dict[str, Record] = {
    **{key: _prepared(key, template=False) for key in RESERVED_KEYS},
    **{f"{key} with templates": _prepared(key, template=True) for key in RESERVED_KEYS},
    **{f"{key} of a file": (record.schema, _of_a_file(key)) for key, record in FILE_KEYS.items()},
    **{f"$when.{name}": (part.schema, _of_when(name)) for name, part in WHEN_PARTS.items()},
    **{name: _of_json(operator) for name, operator in OPERATORS.items()},
    **{f"{name} of text": _of_text(operator) for name, operator in OPERATORS.items()},
}

NO_TEXT: list[Any] = [None, True, 1, 1.5, [], {}]
NO_OBJECT: list[Any] = [None, True, 1, "a", []]
NO_FLAG: list[Any] = [None, 0, 1, "true", [], {}]
NO_LIST: list[Any] = [None, True, 1, "a", {}]

GOOD: dict[str, list[Any]] = {
    "$status": [200, 404, 599],
    "$status with templates": [404, "{{ 404 }}", "{% if query %}200{% endif %}", "{# #}200"],
    "$headers": [{}, {"A": "1"}, {"A": 1.5, "B": None}, {"A": ["1", 2], "b-c": []}],
    "$headers with templates": [{"A": "{{ 1 }}"}, {"A": ["{{ 1 }}", 2], "B": None}],
    "$body": [None, True, 1, "a", [], {"$status": 1}],
    "$text": ["", "a"],
    "$text with templates": ["a", "{{ 1 }}"],
    "$base64": ["", "YQ==", "YQ =="],
    "$base64 with templates": ["YQ==", "{{ 1 }}"],
    "$file": ["test_keys.py", "a/{name}.txt"],
    "$file with templates": ["{{ query.a }}.txt"],
    "$template": [True, False],
    "$delay": ["2m", "1h", "200ms", "1.5s", ".5s", "2 s", "0s", ["100ms", "2s"]],
    "$fault": ["close", "reset", "hang"],
    "$when": [{}, {"query": {}, "json": None}, {"session": True, "filter": "~q", "text": "a"}],
    "$probability": [0, 1, 0.5, 1.0],
    "$cases": [[1], [None, {"$status": 404}]],
    "$sequence": [[1], [None, {"$status": 404}]],
    "$repeat": ["last", "cycle", "stop"],
    "$set": [{}, {"a": None, "b": {"c": 1}}],
    "$set with templates": [{"a": "{{ 1 }}"}],
    "$forward": [
        True,
        "http://h",
        "https://h:8443/",
        "https://a/b?c=d",
        {"to": "https://h/v2", "headers": {"A": "1", "B": None}},
        {"headers": {}},
    ],
    "$let": [{}, {"a": 1, "b": "x"}],
    "$let with templates": [{"a": 1, "b": "{{ query.a }}"}],
    "$by": ["{{ path.id }}", "a{% if query %}b{% endif %}"],
    "$limit": [{"requests": 1, "per": "1m"}, {"requests": 5, "per": "1s", "answer": {"$status": 503}}],
    "$merge": [None, 1, {"a": None}],
    "$merge with templates": ["{{ 1 }}", {"a": "{{ 1 }}"}],
    "$handler": ["echo", "h.py:f"],
    "$users": [{}, {"ann": "secret"}],
    "$name": ["", "a"],
    "$description": ["", "a"],
    "$schema of a file": [None, 1, "x", {}],
    "$include of a file": [[], ["a.json", "b/*.yaml"]],
    "$base of a file": ["/", "/api", "https://h", "http://h:8080/api", "//h", "/a/{b}"],
    "$defaults of a file": [{}, {"$headers": {"A": 1}, "$delay": "1s", "$template": True, "$let": {"a": 1}}],
    "$state of a file": [{}, {"a": None}],
    "$unmatched of a file": [None, {"$status": 404}],
    "$when.query": [{}, {"a": 1}],
    "$when.headers": [{}, {"a": "1"}],
    "$when.cookies": [{}, {"a": True}],
    "$when.path": [{}, {"a": {"$gt": 1}}],
    "$when.form": [{}, {"a": 1.5}],
    "$when.files": [{}, {"a": {"name": "a.png", "type": {"$regex": "^image/"}}}],
    "$when.$or": [[{}], [{"query": {"a": 1}}, {"text": "a"}]],
    "$when.$and": [[{"query": {"a": 1}}]],
    "$when.$not": [{}, {"query": {"a": 1}}],
    "$when.json": [None, 1, "a", [], {}, {"a": {"$exists": False}}],
    "$when.text": ["", "a", 1, {"$regex": "a"}],
    "$when.state": [{}, {"a": None, "b": [1]}],
    "$when.session": [True, False],
    "$when.filter": ["~q", "!~u a & ~m GET"],
    "$exists": [True, False],
    "$eq": [None, 1, "a", [], {}],
    "$ne": [None, 1, "a", [], {}],
    "$in": [[], [1, "a", None]],
    "$nin": [[], [1, "a", None]],
    "$regex": ["", "^a"],
    "$gt": [1, -1.5, "a"],
    "$gte": [1, -1.5, "a"],
    "$lt": [1, -1.5, "a"],
    "$lte": [1, -1.5, "a"],
    "$size": [0, 3],
    "$not": [None, 1, "a", [], {"$gt": 1}],
    "$and": [[1, {"$gt": 1}]],
    "$or": [[1], [{"$gt": 1}, "a"]],
    "$all": [[1, "a"]],
    "$elemMatch": [None, 1, {"a": 1}, {"$gt": 1}],
    "$type": ["string", "integer", "null"],
    **{f"{name} of text": ["a", 1, True, [], ["a", 1, False]] for name in ("$eq", "$ne")},
    **{f"{name} of text": [[], ["a", 1, False]] for name in ("$in", "$nin")},
    **{f"{name} of text": ["a", 1, {"$gt": 1}] for name in ("$not", "$elemMatch")},
    **{f"{name} of text": [["a", {"$gt": 1}]] for name in ("$and", "$or", "$all")},
    **{f"{name} of text": [1, "a"] for name in ("$gt", "$gte", "$lt", "$lte")},
    "$exists of text": [True],
    "$regex of text": ["^a"],
    "$size of text": [2],
}

NO_JSON_PATTERN: list[Any] = [{"$gtt": 1}, {"$eq": 1, "a": 1}, [{"$in": 1}], {"a": {"$exists": 1}}]
NO_TEXT_PATTERN: list[Any] = [None, [], {}, {"a": 1}, {"$gtt": 1}, {"$type": "string"}, {"$eq": None}]

BAD: dict[str, list[Any]] = {
    "$status": [199, 600, 200.5, "404", "{{ 404 }}", True, None, [], {}],
    "$body with templates": [
        {"$if": True, "a": 1},
        [{"$each": 1}],
        {"a": {"$each": "x", "b": 1}},
        {"$each": {}, "a": 1},
    ],
    "$status with templates": [199, "404", True, None, ["{{ 404 }}"], {"a": "{{ 404 }}"}],
    "$headers": [*NO_OBJECT, {"A": True}, {"A": {}}, {"A": [None]}, {"A": [["a"]]}, {"A": [False]}],
    "$headers with templates": [*NO_OBJECT, "{{ headers }}", ["{{ 1 }}"], {"A": "{{ 1 }}", "B": True}],
    "$text": NO_TEXT,
    "$text with templates": [*NO_TEXT, ["{{ 1 }}"], {"a": "{{ 1 }}"}],
    "$base64": NO_TEXT,
    "$base64 with templates": [*NO_TEXT, ["{{ 1 }}"], {"a": "{{ 1 }}"}],
    "$file": ["", *NO_TEXT],
    "$template": NO_FLAG,
    "$delay": [*NO_TEXT, 2, "", "2", "2d", "-1s", "1 .5s", "s", ["1s"], ["1s", "2s", "3s"], [1, "2s"], ["1s", None]],
    "$fault": ["", "cloes", "Close", *NO_TEXT],
    "$when": [*NO_OBJECT, {"header": {}}, {"query": "a=1"}, {"session": 1}, {"filter": None}],
    "$probability": [-0.1, 1.1, True, None, "1", [], {}],
    "$cases": [*NO_LIST, []],
    "$sequence": [*NO_LIST, []],
    "$repeat": ["", "Last", "never", *NO_TEXT],
    "$set": NO_OBJECT,
    "$set with templates": ["{{ state }}", *NO_OBJECT, {"a": {"$each": 1}}],
    "$forward": [False, None, 1, "", "h", "//h", "ftp://h", "HTTPS://h", [], {}, {"to": 1}, {"for": "http://h"}],
    "$let": [*NO_OBJECT, {"a-b": 1}, {"_a": 1}, {"": 1}, {"query": 1}, {"not": 1}, {"loop": 1}],
    "$let with templates": [{"a": {"$if": True, "b": 1}}],
    "$by": ["", "a", *NO_TEXT],
    "$limit": [
        *NO_OBJECT,
        {},
        {"requests": 1},
        {"per": "1m"},
        {"requests": 0, "per": "1m"},
        {"requests": True, "per": "1m"},
        {"requests": 1, "per": 1},
        {"requests": 1, "per": "1m", "anser": 1},
    ],
    "$handler": NO_TEXT,
    "$users": [*NO_OBJECT, {"ann": 1}, {"ann": None}],
    "$name": NO_TEXT,
    "$description": NO_TEXT,
    "$include of a file": [*NO_LIST, [""], [1], ["a", None]],
    "$base of a file": ["", "api", "ftp://h", "/a?b", "/a#b", *NO_TEXT],
    "$defaults of a file": [*NO_OBJECT, {"$status": 200}, {"a": 1}, {"$headers": []}, {"$delay": 1}, {"$template": 1}],
    "$state of a file": NO_OBJECT,
    **{f"$when.{part}": NO_OBJECT for part in ("query", "headers", "cookies", "path", "form", "files", "state")},
    **{f"$when.{part}": [*NO_LIST, [], [1]] for part in ("$or", "$and")},
    "$when.$not": NO_OBJECT,
    **{operator: [*NO_LIST, []] for operator in ("$and", "$or", "$all")},
    "$type": ["int", 1, None, ["string"], {}],
    "$when.session": NO_FLAG,
    "$when.filter": NO_TEXT,
    "$exists": NO_FLAG,
    "$in": NO_LIST,
    "$nin": NO_LIST,
    "$regex": NO_TEXT,
    **{operator: [None, True, [], {}] for operator in ("$gt", "$gte", "$lt", "$lte")},
    "$size": [-1, 1.5, True, None, "1", [], {}],
    **dict.fromkeys(("$when.json", "$not", "$elemMatch"), NO_JSON_PATTERN),
    "$when.text": NO_TEXT_PATTERN,
    **{f"{name} of text": NO_TEXT_PATTERN for name in ("$not", "$elemMatch")},
    **{f"{name} of text": [[pattern] for pattern in NO_TEXT_PATTERN] for name in ("$and", "$or", "$all")},
    **{f"{name} of text": [None, {}, [None], [[]]] for name in ("$eq", "$ne")},
    **{f"{name} of text": [*NO_LIST, [None], [[]], [{}]] for name in ("$in", "$nin")},
    **{f"{name} of text": [None, True, [], {}] for name in ("$gt", "$gte", "$lt", "$lte")},
    "$exists of text": NO_FLAG,
    "$regex of text": NO_TEXT,
    "$size of text": [-1, 1.5, True, None, "1", [], {}],
    "$type of text": ["string", 1, None],
}


DEFINITIONS = responses_schema()["$defs"]


def rows(table: Mapping[str, list[Any]]) -> list[Any]:
    """Return a test for each value of a table, named by key and value."""
    return [pytest.param(key, value, id=f"{key} {json.dumps(value)}") for key in table for value in table[key]]


def schema_takes(key: str, value: Any) -> bool:
    schema = {**RECORDS[key][0], "$defs": DEFINITIONS}
    return bool(Draft202012Validator(schema).is_valid(value))


@pytest.mark.parametrize(("key", "value"), rows(GOOD))
def test_what_a_parser_takes_the_schema_takes(key: str, value: Any) -> None:
    RECORDS[key][1](value)
    assert schema_takes(key, value)


@pytest.mark.parametrize(("key", "value"), rows(BAD))
def test_what_a_parser_refuses_for_its_shape_the_schema_refuses(key: str, value: Any) -> None:
    with pytest.raises(ValidationError):
        RECORDS[key][1](value)
    assert not schema_takes(key, value)


NOT_YET = {"$events", "$lines", "$chunks", "$interval", "$end", "$throttle", "$websocket", "$resource"}
OPENED_BEFORE_IT_IS_PARSED = {"$before of a file"}
NEVER_GOOD = {"$type of text"}
NEVER_BAD = {"$body", "$merge", "$schema of a file", "$unmatched of a file", "$eq", "$ne"}


@pytest.mark.parametrize("key", [key for key in RECORDS if not key.endswith(" with templates")])
def test_each_record_has_a_good_schema_with_good_and_bad_values(key: str) -> None:
    schema, _ = RECORDS[key]
    Draft202012Validator.check_schema(schema)
    if key not in NOT_YET | OPENED_BEFORE_IT_IS_PARSED:
        assert (key in GOOD) is (key not in NEVER_GOOD)
        assert (key in BAD) is (key not in NEVER_BAD)
