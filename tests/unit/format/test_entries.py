import json
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st

from fakebackend.diagnostics.diagnostic import Diagnostic
from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.diagnostics.diagnostics import Diagnostics
from fakebackend.format.compile import compile_file
from fakebackend.format.definition import parse_value
from fakebackend.format.entries import FileCompiler
from fakebackend.format.entries import FileContent
from fakebackend.format.entries import container_keys
from fakebackend.format.keys import RESERVED_KEYS
from fakebackend.matching.literal_path import LiteralPath
from fakebackend.matching.url_pattern import is_plain_path
from fakebackend.matching.url_pattern import parse_url_pattern
from fakebackend.messages.canned_response import CannedResponse
from fakebackend.reading.includes import parse_tree
from tests.conftest import given
from tests.conftest import table_of
from tests.conftest import winner_of


def content_of(text: str) -> FileContent:
    """Return what a file without errors holds."""
    errors: list[Diagnostic] = []
    tree = parse_tree(text.encode(), "f")
    assert tree.root is not None
    content = FileCompiler(tree.root, errors, []).content()
    assert errors == []
    return content


def errors_of(content: str | dict[str, Any]) -> list[str]:
    """Return the errors of a file without its name."""
    text = content if isinstance(content, str) else json.dumps(content)
    with pytest.raises(ResponsesFileError) as caught:
        compile_file(text.encode(), "f")
    return [line.removeprefix("f:") for line in str(caught.value).splitlines()]


def warnings_of(content: dict[str, Any]) -> list[str]:
    return [str(warning).removeprefix("f:") for warning in compile_file(json.dumps(content).encode(), "f").warnings]


@pytest.mark.parametrize(
    ("file", "labels"),
    [
        pytest.param({}, [], id="empty"),
        pytest.param({"$schema": "x"}, [], id="schema-alone"),
        pytest.param({"GET": {}}, [], id="method-without-keys"),
        pytest.param({"GET": {"/a": 1}, "POST": {"/a": 1}}, ["GET /a", "POST /a"], id="methods"),
        pytest.param({"DELETE /users/{id}": 1}, ["DELETE /users/{id}"], id="flat"),
        pytest.param({"* /a": 1, "*": {"/b": 1}}, ["* /a", "* /b"], id="any-method"),
        pytest.param({"GET /a b": 1}, ["GET /a b"], id="a-second-space-is-the-urls"),
        pytest.param({"PURGE": {"/a": 1}, "M-SEARCH /": 1}, ["PURGE /a", "M-SEARCH /"], id="any-token"),
        pytest.param({"GET ~^/a b$": 1}, ["GET ~^/a b$"], id="flat-expression"),
        pytest.param({"$before": {"GET": {"/a": 1}, "* /b": 1}}, ["GET /a", "* /b"], id="before"),
        pytest.param({"GET": {"/a": 1}, "$base": "/api"}, ["GET /api/a"], id="base-wherever-it-stands"),
        pytest.param({"$base": "/api", "$before": {"GET /a": 1}}, ["GET /api/a"], id="base-of-before"),
        pytest.param({"$before": {}, "$state": {}, "$include": [], "$defaults": {}}, [], id="all-empty"),
    ],
)
def test_entries_of_a_file(file: dict[str, Any], labels: list[str]) -> None:
    assert [entry.label for entry in table_of(file)] == labels


def test_a_setting_is_found_however_its_key_is_spelled() -> None:
    text = rb'{"GET": {"/a": 1}, "\u0024base": "/api"}'
    assert [entry.label for entry in compile_file(text, "f").table] == ["GET /api/a"]


def test_an_entry_knows_its_line() -> None:
    table = compile_file(b'{"GET": {\n"/a": 1,\n"/b":\n1}}', "f").table
    assert [str(entry) for entry in table] == ["GET /a (f:2)", "GET /b (f:3)"]


@pytest.mark.parametrize(
    ("file", "errors"),
    [
        pytest.param(
            {"get": {"/a": 1}}, ['1:2: unknown key "get", expected a method, did you mean "GET"?'], id="lower"
        ),
        pytest.param(
            {"get /a": 1}, ['1:2: unknown key "get /a", expected a method, did you mean "GET"?'], id="lower-flat"
        ),
        pytest.param(
            {"/user": 1},
            ['1:2: unknown key "/user": a URL key stands under a method, as "GET": {"/user": …}'],
            id="url-at-the-top",
        ),
        pytest.param(
            {"$bse": "/"}, ['1:2: unknown key "$bse", expected a method, did you mean "$base"?'], id="setting"
        ),
        pytest.param({"qqq": 1}, ['1:2: unknown key "qqq", expected a method'], id="nothing-near"),
        pytest.param({"": 1}, ['1:2: unknown key "", expected a method'], id="empty-key"),
        pytest.param({"GET": 1}, ["1:9: GET must hold an object of URL keys, got a number"], id="method-of-a-number"),
        pytest.param({"GET": []}, ["1:9: GET must hold an object of URL keys, got a list"], id="method-of-a-list"),
        pytest.param({"$before": 1}, ["1:13: $before must be an object of methods, got a number"], id="before"),
        pytest.param(
            {"$before": {"$base": "/"}},
            ['1:14: unknown key "$base" in $before, expected a method'],
            id="base-in-before",
        ),
        pytest.param(
            {"$before": {"/a": 1}},
            ['1:14: unknown key "/a" in $before: a URL key stands under a method, as "GET": {"/a": …}'],
            id="url-in-before",
        ),
        pytest.param(
            {"$before": {"GET": 1}}, ["1:21: GET must hold an object of URL keys, got a number"], id="method-in-before"
        ),
        pytest.param(
            {"$base": "api"},
            ['1:11: $base must be a path like "/api" or an origin like "https://host", got "api"'],
            id="base",
        ),
        pytest.param(
            {"$base": "/{p:path}"},
            ['1:11: $base takes no :path parameter, URL keys stand behind it, got "/{p:path}"'],
            id="base-of-the-rest",
        ),
        pytest.param(
            {"$base": "https://h", "GET": {"//i/a": 1}},
            ['1:32: GET //i/a: "//i/a" names a host, and so does $base, https://h'],
            id="two-hosts",
        ),
        pytest.param({"$state": []}, ["1:12: $state must be an object of names and values, got a list"], id="state"),
        pytest.param(
            {"$defaults": {"$headers": 1}},
            ["1:28: $headers must be an object of names and values, got 1"],
            id="defaults",
        ),
        pytest.param(
            {"GET": {"/{a": 1, "/b}": 1}, "POST /x#y": 1},
            [
                '1:10: GET /{a: a brace without its other half in "{a"; a literal one is %7B or %7D',
                '1:20: GET /b}: a brace without its other half in "b}"; a literal one is %7B or %7D',
                '1:31: POST /x#y: a URL key has no fragment, got "/x#y"; a literal # is %23',
            ],
            id="all-errors",
        ),
        pytest.param(
            {"GET": {"/{a}": 1, "/{b}": 1}},
            ["1:21: GET /{b}: answers the same requests as GET /{a} (f:1); one of them must go"],
            id="same-requests",
        ),
        pytest.param(
            {"GET": {"/a": 1}, "GET /a": 1},
            ["1:20: GET /a: answers the same requests as GET /a (f:1); one of them must go"],
            id="flat-and-nested",
        ),
        pytest.param(
            {"GET": {"/a b?x=1&y": 1, "/a%20b?y&x=1": 1}},
            ["1:27: GET /a%20b?y&x=1: answers the same requests as GET /a b?x=1&y (f:1); one of them must go"],
            id="encodings",
        ),
        pytest.param(
            {"GET": {"/a": {"$when": {"json": {"x": {"$gtt": 1}}}}}},
            ['1:42: GET /a: $when.json: unknown operator "$gtt", did you mean "$gt"?'],
            id="deep-in-a-condition",
        ),
    ],
)
def test_errors_name_place_and_what_to_do(file: dict[str, Any], errors: list[str]) -> None:
    assert errors_of(file) == errors


def test_an_entry_of_before_does_not_clash_with_one_of_the_file() -> None:
    table = table_of({"$before": {"GET": {"/a": 1}}, "GET": {"/a": {"$when": {"query": {"x": 1}}, "$body": 2}}})
    assert len(table) == 2
    assert winner_of(table, given("GET /a")) == "GET /a"


@pytest.mark.parametrize(
    ("file", "warnings"),
    [
        pytest.param({"GET": {"/a": {"$ref": 1, "$id": 2, "$schema": 3}}}, [], id="api-words-are-data"),
        pytest.param({"PURGE": {"/a": 1}}, [], id="a-method-like-no-other"),
        pytest.param(
            {"PSOT": {"/a": 1, "/b": 1}},
            ['1:11: PSOT: unknown method "PSOT" is taken as it is, did you mean "POST"?'],
            id="method-once",
        ),
        pytest.param(
            {"GET": {"/a": {"$statu": 200}}},
            ['1:17: GET /a: "$statu" is sent as a part of the body, did you mean "$status"?'],
            id="near-miss-in-a-body",
        ),
        pytest.param(
            {"GET": {"/a": {"$cases": [1, {"$name": "two", "$body": 2}, 3]}}},
            ['1:61: GET /a: case 3 never answers, case 2 "two" before it always does'],
            id="cases-behind-one-that-always-answers",
        ),
    ],
)
def test_warnings(file: dict[str, Any], warnings: list[str]) -> None:
    assert warnings_of(file) == warnings


def test_a_definition_in_too_many_others_is_an_error_of_its_entry() -> None:
    text = '{"GET": {"/a": ' + '{"$cases": [' * 240 + "1" + "]}" * 240 + ', "/b": {"$status": 1}}}'
    first, second = errors_of(text)
    assert first == "1:10: GET /a: is nested too deep"
    assert "$status" in second


@pytest.mark.parametrize(
    ("path", "opened", "left"),
    [
        pytest.param((), ["GET", "*", "$before", "PURGE"], ["GET /a", "$state", "get", "/a"], id="top"),
        pytest.param(("$before",), ["GET", "*"], ["$before", "GET /a", "get"], id="before"),
    ],
)
def test_objects_of_url_keys_and_of_methods_are_opened(
    path: tuple[str, ...], opened: list[str], left: list[str]
) -> None:
    is_opened = container_keys(path)
    assert is_opened is not None
    assert [list(filter(is_opened, opened)), list(filter(is_opened, left))] == [opened, []]


@pytest.mark.parametrize("path", [("GET",), ("$before", "GET"), ("$state",)], ids=" ".join)
def test_below_a_method_nothing_is_opened(path: tuple[str, ...]) -> None:
    assert container_keys(path) is None


def test_each_thing_stands_under_what_must_be_unique_about_it() -> None:
    content = content_of(
        '{"$state": {"n": 1},\n"GET": {"/a": 1, "/a%20b": 2, "/c?x=1&y": 3}, "$before": {"GET /a": 4}}'
    )
    assert [(str(location), value) for location, value in content.state.values()] == [("f:1:13", 1)]
    assert [key for key in content.entries if isinstance(key[1], str)] == [("GET", "/a"), ("GET", "/a b")]
    assert [entry.label for entry in content.entries.values()] == ["GET /a", "GET /a%20b", "GET /c?x=1&y"]
    assert [(key, entry.label) for key, entry in content.before.items()] == [(("GET", "/a"), "GET /a")]


# What is taken by a shorter way. Lone surrogates are no characters, so no file holds them.

url_keys = st.text(st.one_of(st.sampled_from("/.{}?#% ab:~"), st.characters(exclude_categories=["Cs"])))


@hypothesis.given(st.one_of(url_keys.map(lambda text: f"/{text}"), url_keys))
@hypothesis.example("/")
@hypothesis.example("/a/.b")
@hypothesis.example("/a/..")
@hypothesis.example("//h/a")
@hypothesis.example("/a\n")
@hypothesis.example("/a//b/")
@hypothesis.example("/\u2028é\x00\\")
def test_a_plain_path_is_taken_as_the_parser_would(text: str) -> None:
    hypothesis.assume(is_plain_path(text))
    pattern = parse_url_pattern(text)
    assert (pattern.text, pattern.path, pattern.query, pattern.origin) == (text, LiteralPath(text), (), None)
    [(dedup_key, entry)] = content_of(json.dumps({"GET": {text: 1}})).entries.items()
    assert dedup_key == ("GET", pattern.dedup_key)
    assert (entry.path, entry.query, entry.origin) == (pattern.path, (), None)
    assert (entry.label, entry.url) == (f"GET {pattern.text}", pattern.text)


words = st.one_of(st.text(max_size=5), st.sampled_from(["$ref", "$", "a", "{{ 1 }}", ":", '"$status']))
numbers = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False))
json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, words),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(words, inner, max_size=3)),
    max_leaves=8,
)


@hypothesis.given(json_values, st.booleans(), st.sampled_from([None, 1]))
@hypothesis.example({"a": [1, 2.5e300, -0.0, 10**30], "b": None}, False, None)
@hypothesis.example("\u2028é\U0001f600", True, None)
@hypothesis.example({"a": {"$status": 404}}, False, None)
@hypothesis.example({"b": {"d": 1, "c": ":"}, "a": [[]]}, False, 1)
def test_plain_data_is_taken_as_a_value_would_be(value: Any, ascii_only: bool, indent: int | None) -> None:
    """What comes second in an object of URL keys is what may be taken as it was written."""
    hypothesis.assume(not (isinstance(value, dict) and value.keys() & RESERVED_KEYS))
    text = json.dumps({"GET": {"/first": 0, "/a": value}}, ensure_ascii=ascii_only, indent=indent)
    diagnostics = Diagnostics()
    expected = parse_value(value, diagnostics)
    assert isinstance(expected, CannedResponse)
    assert (content_of(text).entries["GET", "/a"].alternative, diagnostics.errors) == (expected, [])
