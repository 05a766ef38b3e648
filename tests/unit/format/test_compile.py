import json
from pathlib import Path
from typing import Any

import pytest

from fakebackend.answers.selection import Case
from fakebackend.answers.selection import Sequence
from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.format import makers
from fakebackend.format.compile import compile_file
from tests.answering import errors_of
from tests.conftest import write


def test_a_file_with_errors_tells_its_warnings_too() -> None:
    with pytest.raises(ResponsesFileError) as caught:
        compile_file(b'{"PSOT": {"/a": 1}, "GET": {"/a": {"$status": 1}}}', "f")
    assert [str(w).partition(",")[0] for w in caught.value.warnings] == [
        'f:1:11: PSOT: unknown method "PSOT" is taken as it is'
    ]


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


def places_of(text: str) -> dict[str, str]:
    """Return the place of each warning of a file, in JSON or YAML, by what it is about."""
    name = f"responses.{'json' if text.startswith('{') else 'yaml'}"
    return {warning.entry: str(warning.location) for warning in compile_file(text.encode(), name).warnings}


ALL_OF_IT = """{
  "$before": {
    "*": {"/{rest:path}": {"$status": 503}}
  },
  "GET": {
    "/user": 1,
      "/users": []
  }
}
"""


def test_all_entries_of_a_file_may_be_left_without_a_request_by_the_only_one_before() -> None:
    assert places_of(ALL_OF_IT) == {"GET /user": "responses.json:6:5", "GET /users": "responses.json:7:7"}
    [first, _] = compile_file(ALL_OF_IT.encode(), "responses.json").warnings
    assert str(first) == ("responses.json:6:5: GET /user: never answers, * /{rest:path} (responses.json:3) always wins")


@pytest.mark.parametrize(
    ("text", "places"),
    [
        pytest.param('{"$before": {"GET": {"/{x}": 1}},\n "GET /a": 2}', {"GET /a": "responses.json:2:2"}, id="flat"),
        pytest.param(
            '{"GET": {\n"/b/a": {"$status": 404},\n\n   "/a": {"b": 1}, "/c": 3},\n"$before": {"GET": {"/{x}": 1}}}',
            {"GET /a": "responses.json:4:4", "GET /c": "responses.json:4:20"},
            id="before-stands-behind",
        ),
        pytest.param(
            '{"$before": {"GET": {"/x-{identifier}": 1,\n "/x-{n:int}": 2}}}',
            {"GET /x-{n:int}": "responses.json:2:2"},
            id="an-entry-of-before",
        ),
        pytest.param(
            "$before:\n  '*':\n    /{rest:path}: {$status: 503}\nGET:\n  /user: 1\n  ? /users\n  : []\n",
            {"GET /user": "responses.yaml:5:3", "GET /users": "responses.yaml:6:5"},
            id="yaml",
        ),
        pytest.param(
            "# é\r\n$before: {GET: {'/{x}': 1}}\r\nGET:\r\n  /b/c: 1\r\n  /a: 1\r\n",
            {"GET /a": "responses.yaml:5:3"},
            id="yaml-with-other-line-ends",
        ),
        pytest.param(
            '{"GET": {"/a": 1,\n "/b": {"$statu": 1}, "/c": {"$cases": [1,\n 2]}}, "PSOT /d": 1}',
            {"GET /b": "responses.json:2:9", "GET /c": "responses.json:3:2", "PSOT": "responses.json:3:8"},
            id="of-other-kinds",
        ),
    ],
)
def test_a_warning_has_the_line_and_column_of_what_it_is_about(text: str, places: dict[str, str]) -> None:
    assert places_of(text) == places


def test_a_warning_about_an_included_entry_is_in_the_file_that_has_it(folder: Path) -> None:
    (folder / "one.json").write_text('{\n"GET": {"/b/c": 1,\n  "/one": 1}}')
    (folder / "two.yaml").write_text("GET:\n  /b/d: 1\n  /two: 1\n")
    (folder / "before.json").write_text('{"$before": {\n"GET": {"/{x}": 0}}}')
    text = '{"$include": ["one.json", "two.yaml", "before.json"],\n"GET": {"/own": 1}}'
    compiled = compile_file(text.encode(), "responses.json")
    assert {str(warning) for warning in compiled.warnings} == {
        f"{place}: GET {url}: never answers, GET /{{x}} (before.json:2) always wins"
        for place, url in [("one.json:3:3", "/one"), ("two.yaml:3:3", "/two"), ("responses.json:2:9", "/own")]
    }


def test_an_included_file_without_entries_of_its_own_changes_nothing(folder: Path) -> None:
    (folder / "state.json").write_text('{"$state": {"n": 1}}')
    compiled = compile_file(b'{"$include": ["state.json"], "$state": {"m": 2}, "GET /a": 1}', "responses.json")
    assert ([entry.label for entry in compiled.table], compiled.warnings) == (["GET /a"], ())
    assert compiled.table.state == {"n": 1, "m": 2}


def nested_templates(depth: int) -> dict[str, Any]:
    value: Any = "x"
    for _ in range(depth):
        value = ["{{", value]
    return {"GET": {"/a": {"$template": True, "$body": value}}}


def nested_patterns(depth: int) -> dict[str, Any]:
    value: dict[str, Any] = {"$regex": "("}
    for _ in range(depth):
        value = {"a": {"$regex": "("}, "b": value}
    return {"GET": {"/a": {"$when": {"json": value}, "$body": 1}}}


def nested_cases(depth: int, wrong: Any) -> dict[str, Any]:
    value: Any = {"$cases": [wrong] * 100}
    for _ in range(depth):
        value = {"$cases": [value]}
    return {"GET": {"/a": value}}


@pytest.mark.parametrize(
    ("data", "errors", "made"),
    [
        pytest.param(nested_templates(60), 60, 60 * 70, id="templates"),
        pytest.param(nested_patterns(60), 61, 61 * 130, id="patterns"),
        pytest.param(nested_cases(60, {"$status": 1}), 100, 100 * 10, id="cases"),
        pytest.param(nested_cases(60, {"$statuss": 1}), 0, 100 * 10, id="warnings"),
    ],
)
def test_errors_deep_inside_are_made_about_once_for_each_level(
    monkeypatch: pytest.MonkeyPatch, data: dict[str, Any], errors: int, made: int
) -> None:
    count = 0
    init = ValidationError.__init__

    def counted(self: ValidationError, *args: Any, **kwargs: Any) -> None:
        nonlocal count
        count += 1
        init(self, *args, **kwargs)

    monkeypatch.setattr(ValidationError, "__init__", counted)
    assert len(errors_of(data)) == errors
    assert count <= made


def test_cases_that_are_never_reached_are_each_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0
    warn = makers._warn_if_never_reached

    def counted(builder: Any, case: Case, before: Case, statuses: Any) -> None:
        nonlocal asked
        asked += 1
        assert len(statuses) == 1  # those of all before it, kept and not collected anew
        warn(builder, case, before, statuses)

    monkeypatch.setattr(makers, "_warn_if_never_reached", counted)
    compiled = compile_file(json.dumps({"GET": {"/a": {"$cases": [1] * 1_000}}}).encode(), "r.json")
    assert (len(compiled.warnings), asked) == (999, 999)


def test_whether_an_entry_always_answers_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0
    always = vars(Sequence)["always_answers"].fget

    def counted(self: Sequence) -> bool:
        nonlocal asked
        asked += 1
        return bool(always(self))

    monkeypatch.setattr(Sequence, "always_answers", property(counted))
    entries = {f"/{number}": 1 for number in range(500)}
    data = {"$before": {"*": {"/{rest:path}": {"$sequence": [1, 2]}}}, "GET": entries}
    assert len(compile_file(json.dumps(data).encode(), "r.json").warnings) == 500
    assert asked <= 3
