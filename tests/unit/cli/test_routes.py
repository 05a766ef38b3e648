import json
from pathlib import Path

import pytest

from tests.conftest import invoke
from tests.conftest import write


@pytest.mark.parametrize("arguments", [["a.json"], ["--file", "a.json"]], ids=["argument", "option"])
def test_routes_are_listed_in_winning_order(folder: Path, arguments: list[str]) -> None:
    write(folder / "a.json", {"GET": {"/users/{id}": 1, "/users/me": {"$status": 404}}, "POST": {"/login": 3}})
    result = invoke("routes", *arguments)
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "GET  /users/me  404  (a.json:1)",
        "POST /login  200  (a.json:1)",
        "GET  /users/{id}  200  (a.json:1)",
    ]


def test_routes_of_an_empty_file_are_none_and_of_a_wrong_one_an_error(folder: Path) -> None:
    write(folder / "responses.json", {})
    assert (invoke("routes").exit_code, invoke("routes").output) == (0, "")
    assert json.loads(invoke("routes", "--json").output) == []
    result = invoke("routes", "no.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        'no.json: there is no such file: create it, for example {"GET": {"/user": {"name": "John"}}}, '
        "or name another with fakebackend routes FILE\n"
    )
    assert "expected one responses file, got a.json and b.json" in invoke("routes", "a.json", "b.json").output


def test_entries_of_before_come_first_and_control_characters_are_escaped(folder: Path) -> None:
    write(folder / "responses.json", {"$before": {"* /{p:path}": {"$probability": 0}}, "GET": {"/a\x1b": 1}})
    assert invoke("routes").output.splitlines() == [
        "*   /{p:path}  200 if $probability 0  in $before  (responses.json:1)",
        r"GET /a\x1b  200  (responses.json:1)",
    ]


CASES = {"$name": "log in", "$cases": [{"$when": {"json": {"user": "ann"}}}, {"$name": "bad", "$status": 401}]}


def test_cases_have_lines_of_their_own(folder: Path) -> None:
    write(folder / "responses.json", {"POST /login": CASES})
    assert invoke("routes").output.splitlines() == [
        'POST /login  2 cases  "log in"  (responses.json:1)',
        "       case 1: 200 if $when.json",
        '       case 2 "bad": 401',
    ]


def test_for_tools_routes_are_json(folder: Path) -> None:
    write(folder / "responses.json", {"$before": {"GET /{a}": {"$status": 503}}, "POST /login": CASES})
    first, second = json.loads(invoke("routes", "--json").output)
    assert first == {
        "entry": "GET /{a}",
        "method": "GET",
        "url": "/{a}",
        "file": "responses.json",
        "line": 1,
        "column": 14,
        "name": None,
        "before": True,
        "answers": "503",
        "status": 503,
        "conditions": [],
    }
    assert (second["name"], second["before"], second["status"]) == ("log in", False, None)
    assert [(value["label"], value["status"]) for value in second["values"]] == [("case 1", 200), ('case 2 "bad"', 401)]
