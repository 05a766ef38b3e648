import json
from pathlib import Path
from typing import Any

import pytest

from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.format.compile import compile_file
from tests.conftest import given
from tests.conftest import table_of
from tests.conftest import winner_of
from tests.conftest import write


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


def test_a_file_with_errors_tells_its_warnings_too() -> None:
    with pytest.raises(ResponsesFileError) as caught:
        compile_file(b'{"PSOT": {"/a": 1}, "GET": {"/a": {"$status": 1}}}', "f")
    assert [str(w).partition(",")[0] for w in caught.value.warnings] == [
        'f:1:11: PSOT: unknown method "PSOT" is taken as it is'
    ]


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
            ["1:61: GET /a: case 3 never answers, case 2 (two) before it always does"],
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


def test_a_warning_about_an_entry_has_the_place_of_its_key(folder: Path) -> None:
    write(folder / "more.json", {"GET": {"/x": 1}})
    write(folder / "other.json", {"$include": ["more.json"], "GET": {"/z": 1}})
    file = {
        "$include": ["more.json", "other.json"],
        "$base": "/api",
        "GET": {"/a/x": 1, "/x": 1},
        "GET /y": 1,
        "$before": {"GET ~^/": 1, "GET": {"/{p:path}": 1}, "* /x": 1},
    }
    text = json.dumps(file)
    compiled = compile_file(text.encode(), "responses.json")
    places = {f"{w.location.file}:{w.location.column}": w.entry for w in compiled.warnings}
    assert places == {
        f"responses.json:{text.index(key) + 1}": entry
        for key, entry in [
            ('"/a/x"', "GET /api/a/x"),
            ('"/x"', "GET /api/x"),
            ('"GET /y"', "GET /api/y"),
        ]
    }
