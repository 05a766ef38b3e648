from pathlib import Path
from typing import Any

import pytest

from fakebackend.messages.request import Request
from fakebackend.state.mock_state import MockState
from fakebackend.table.entry_table import EntryTable
from fakebackend.table.explanation import Explanation
from fakebackend.table.explanation import explain
from tests.conftest import given
from tests.conftest import table_of

LOGIN = {
    "$cases": [
        {"$name": "ann", "$when": {"json": {"user": "ann"}}, "$body": 1},
        {"$when": {"query": {"x": 1}, "headers": {"A": "b"}}, "$status": 201},
    ]
}


def explained(table: EntryTable, request: Request) -> Explanation:
    return explain(table, request, MockState(table.state))


def lines(file: dict[str, Any], request_line: str, body: str = "") -> list[str]:
    return list(explained(table_of(file), given(request_line, (), body)).lines())


def test_every_candidate_is_listed_with_its_conditions_and_the_winner() -> None:
    file = {"GET /a": {"$when": {"query": {"x": 1, "y": 2}}, "$body": 1}, "GET /{p}": 2, "* /{p:path}": 3, "GET /b": 4}
    assert lines(file, "GET /a?x=1") == [
        "GET /a?x=1",
        "✗ GET /a (responses.json:1)",
        "    ✓ $when.query.x",
        "    ✗ $when.query.y is missing, expected '2'",
        "✓ GET /{p} (responses.json:1) answers 200",
        "✓ * /{p:path} (responses.json:1) would, but is less specific",
    ]


@pytest.mark.parametrize(
    ("request_line", "body", "expected"),
    [
        pytest.param(
            "POST /login?x=1",
            '{"user": "ann"}',
            [
                '✓ POST /login (responses.json:1) answers 200, case 1 "ann"',
                '    ✓ case 1 "ann" answers',
                "      ✓ $when.json",
                "    · case 2 is not reached",
            ],
            id="answered",
        ),
        pytest.param(
            "POST /login",
            '{"user": "bob"}',
            [
                "✗ POST /login (responses.json:1)",
                '    ✗ case 1 "ann"',
                "      ✗ $when.json.user is 'bob', expected 'ann'",
                "    ✗ case 2",
                "      ✗ $when.query.x is missing, expected '1'",
                "      ✗ $when.headers.A is missing, expected 'b'",
                "no entry answers",
                "  nearest POST /login: no case holds, in case 1 \"ann\" $when.json.user is 'bob', expected 'ann'",
            ],
            id="not-answered",
        ),
    ],
)
def test_cases_are_indented(request_line: str, body: str, expected: list[str]) -> None:
    assert lines({"POST /login": LOGIN}, request_line, body)[1:] == expected


def test_what_came_near_is_named_where_nobody_is_a_candidate() -> None:
    assert lines({"GET /users": 1}, "GET /user") == [
        "GET /user",
        "no entry answers",
        "  nearest GET /users: path differs at segment 1: 'user', did you mean 'users'?",
    ]


def test_the_winner_is_the_first_with_an_answer() -> None:
    explanation = explained(table_of({"GET /a": 1, "GET /{p}": 2}), given("GET /a"))
    assert explanation.winner is explanation.reports[0]
    assert explanation.near == ()
    assert explained(table_of({}), given("GET /a")).winner is None


def test_conditions_see_the_parameters_of_their_own_candidate() -> None:
    file = {
        "GET /{a:int}": {"$when": {"path": {"a": 8}}},
        "GET /{b}": {"$when": {"path": {"b": 7, "a": {"$exists": False}}}},
    }
    assert lines(file, "GET /7")[-3:] == [
        "✓ GET /{b} (responses.json:1) answers 200",
        "    ✓ $when.path.b",
        "    ✓ $when.path.a",
    ]


def test_control_characters_are_escaped() -> None:
    request = given("GET /\x1b[31m?x=\x1b")
    found = list(explained(table_of({"GET /{p}": {"$when": {"query": {"x": "\x07"}}}}), request).lines())
    assert found[0] == r"GET /\x1b[31m?x=\x1b"
    assert r"    ✗ $when.query.x is '\x1b', expected '\x07'" in found


PREFLIGHT = [("Origin", "http://a"), ("Access-Control-Request-Method", "GET")]


def test_a_preflight_is_explained_as_it_is_answered() -> None:
    table = table_of({"*": {"/{p:path}": 1}, "OPTIONS": {"~^/o": 2}, "$before": {"OPTIONS": {"/o": 3}}})
    assert list(explained(table, given("OPTIONS /o", PREFLIGHT)).lines())[1:] == [
        "✓ OPTIONS ~^/o (responses.json:1) answers 200"
    ]
    by_itself = "no entry answers, so OPTIONS is answered by itself 204"
    assert list(explained(table, given("OPTIONS /x", PREFLIGHT)).lines())[1:] == [by_itself]
    assert list(explained(table_of({"GET": {"/a": 1}}), given("OPTIONS /a")).lines())[1:] == [by_itself]
    assert list(explained(table_of({"GET": {"/a": 1}}), given("OPTIONS /b")).lines())[1] == "no entry answers"


def test_a_filled_name_that_is_no_file_is_no_answer(folder: Path) -> None:
    (folder / "a.txt").write_text("a")
    table = table_of({"GET": {"/{name}": {"$file": "{name}.txt"}}})
    assert (
        list(explained(table, given("GET /a")).lines())[1]
        == "✓ GET /{name} (responses.json:1) answers 200 from {name}.txt"
    )
    assert list(explained(table, given("GET /b")).lines())[1:3] == [
        "✗ GET /{name} (responses.json:1): there is no such file",
        "no entry answers",
    ]


NESTED = {
    "$cases": [
        {"$when": {"query": {"x": 1}}, "$cases": [{"$when": {"query": {"x": 2}}}, 1]},
        {"$name": "rest", "$cases": [2]},
    ]
}


def test_inside_a_case_that_does_not_hold_nothing_answers() -> None:
    assert lines({"GET /a": NESTED}, "GET /a")[1:] == [
        '✓ GET /a (responses.json:1) answers 200, case 2 "rest", case 1',
        "    ✗ case 1",
        "      ✗ $when.query.x is missing, expected '1'",
        "      ✗ case 1",
        "        ✗ $when.query.x is missing, expected '2'",
        "      ✓ case 2",
        '    ✓ case 2 "rest" answers',
        "      ✓ case 1 answers",
    ]


def test_a_preferred_case_is_the_one_that_answers() -> None:
    table = table_of({"GET /a": {"$cases": [1, {"$name": "x", "$when": {"query": {"x": 1}}, "$status": 404}]}})
    preferring = [("Prefer", "example=x")], [("Prefer", "code=500")]
    first, second = ([*explained(table, given("GET /a", headers)).lines()] for headers in preferring)
    assert first[1:] == [
        '✓ GET /a (responses.json:1) answers 404, case 2 "x"',
        '    ✓ case 2 "x" is preferred answers',
    ]
    assert second[1:3] == ["✓ GET /a (responses.json:1) answers 200, case 1", "    ✓ case 1 answers"]
