import json
from pathlib import Path

import pytest

from tests.conftest import invoke
from tests.conftest import write

GOOD = {"GET": {"/users/{id}": 1, "/users/me": 2}, "POST": {"/login": {"$when": {"json": {"user": "ann"}}, "$body": 3}}}


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        pytest.param(["GET /users/me"], 0, "✓ GET /users/me (responses.json:1) answers 200", id="answered"),
        pytest.param(["/users/me"], 0, "✓ GET /users/me (responses.json:1) answers 200", id="get-unless-named"),
        pytest.param(["get /users/me"], 0, "✓ GET /users/me (responses.json:1) answers 200", id="letter-case"),
        pytest.param(["GET", "/users/me"], 0, "✓ GET /users/me (responses.json:1) answers 200", id="two-words"),
        pytest.param(["https://h/users/me"], 0, "GET https://h/users/me\n✓ GET /users/me", id="host-is-shown"),
        pytest.param(["http://[::1]:80/users/me"], 0, "✓ GET /users/me (responses.json:1) answers 200", id="ipv6"),
        pytest.param(["localhost:8080/users/me"], 0, "✓ GET /users/me (responses.json:1) answers 200", id="as-curl"),
        pytest.param(["curl", "http://h/users/me"], 0, "✓ GET /users/me (responses.json:1)", id="pasted"),
        pytest.param(["GET /user"], 1, "no entry answers", id="nobody"),
        pytest.param(["POST /login", "--json", '{"user": "ann"}'], 0, "    ✓ $when.json", id="json"),
        pytest.param(["/login", "--json", '{"user": "ann"}'], 0, "    ✓ $when.json", id="post-with-a-body"),
        pytest.param(
            ["POST /login", "--json", '{"user": "bob"}'],
            1,
            "    ✗ $when.json.user is 'bob', expected 'ann'",
            id="other-json",
        ),
        pytest.param(["POST /login", "--json", "{"], 2, "expected JSON, got '{': Expecting property", id="no-json"),
        pytest.param(["GET /users/me", "--file", "no.json"], 2, "no.json: there is no such file", id="bad-file"),
        pytest.param(["GET /users/me", "no.json"], 2, "no.json: there is no such file", id="bad-file-behind"),
        pytest.param(["GET", "/users/me", "no.json"], 2, "no.json: there is no such file", id="behind-two-words"),
        pytest.param(["/a", "a.json", "--file", "b.json"], 2, "one responses file, got a.json and b.json", id="files"),
        pytest.param(["GET", "https://h/a.json", "responses.json"], 1, "GET https://h/a.json", id="like-a-file"),
        pytest.param([], 2, "expected a request, as in 'GET /user'", id="nothing"),
        pytest.param(["-X", "PUT", "GET /a"], 2, "the request is a GET, and -X says PUT", id="two-methods"),
        pytest.param(["GET user"], 2, "expected a URL like '/user' or 'https://host/user', got 'user'", id="no-url"),
    ],
)
def test_explain_ends_with_0_if_an_entry_answers(folder: Path, arguments: list[str], status: int, said: str) -> None:
    write(folder / "responses.json", GOOD)
    result = invoke("explain", *arguments)
    assert result.exit_code == status
    assert said in result.output


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        pytest.param(["--data", "a=1"], 0, id="urlencoded"),
        pytest.param(["--data", "a=1", "--header", "content-type: text/plain"], 1, id="another-type"),
        pytest.param(["--json", "{}"], 1, id="json"),
        pytest.param([], 1, id="no-body"),
    ],
)
def test_data_is_a_form_unless_a_header_says_otherwise(folder: Path, arguments: list[str], status: int) -> None:
    write(folder / "responses.json", {"POST /a": {"$when": {"form": {"a": 1}}, "$body": 1}})
    assert invoke("explain", "POST /a", *arguments).exit_code == status


def test_headers_may_be_repeated(folder: Path) -> None:
    write(folder / "responses.json", {"GET /a": {"$when": {"headers": {"A": "2"}, "cookies": {"s": 1}}, "$body": 1}})
    assert invoke("explain", "/a", "--header", "a: 1", "--header", "A:2", "--header", "Cookie: s=1").exit_code == 0
    assert invoke("explain", "/a", "--header", "a: 1").exit_code == 1


def test_a_request_is_explained_with_the_state_as_it_is_at_first(folder: Path) -> None:
    write(folder / "responses.json", {"$state": {"n": 1}, "GET /a": {"$when": {"state": {"n": 1}}, "$sequence": [1]}})
    for _ in range(2):
        assert "    ✓ $sequence: item 1 of 1" in invoke("explain", "/a").output.splitlines()


def test_a_missing_file_beside_one_with_another_ending_is_told_by_the_option_of_the_command(folder: Path) -> None:
    write(folder / "responses.yaml", GOOD)
    result = invoke("explain", "GET /a")
    assert (result.exit_code, result.stderr) == (
        2,
        f"responses.json: there is no such file, but responses.yaml in {folder}: "
        "name that with --file responses.yaml\n",
    )


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["GET /users/me", "--json"], id="last"),
        pytest.param(["--json", "GET /users/me"], id="first"),
        pytest.param(["GET /users/me", "--json", "--file", "responses.json"], id="before-an-option"),
        pytest.param(["GET /users/me", "--json", "responses.json"], id="before-the-file"),
        pytest.param(["--json", "GET /users/me", "responses.json"], id="before-request-and-file"),
        pytest.param(["GET /users/me", "--json", '{"a": 1}', "--json"], id="with-a-body"),
    ],
)
def test_for_tools_an_explanation_is_json(folder: Path, arguments: list[str]) -> None:
    write(folder / "responses.json", GOOD)
    result = invoke("explain", *arguments)
    assert result.exit_code == 0
    assert json.loads(result.output) == {
        "request": "GET /users/me",
        "answers": "GET /users/me",
        "automatic": False,
        "fallback": None,
        "candidates": [
            {
                "entry": "GET /users/me",
                "place": "responses.json:1:28",
                "name": None,
                "before": False,
                "answers": "200",
                "difference": None,
                "conditions": [],
                "wins": True,
            },
            {
                "entry": "GET /users/{id}",
                "place": "responses.json:1:10",
                "name": None,
                "before": False,
                "answers": "200",
                "difference": None,
                "conditions": [],
                "wins": False,
            },
        ],
        "nearest": [],
    }


def test_for_tools_it_says_why_nobody_answers(folder: Path) -> None:
    write(folder / "responses.json", {**GOOD, "$unmatched": {"error": "none"}})
    result = invoke("explain", "POST /login", "--json", "{}", "--json")
    data = json.loads(result.output)
    assert (result.exit_code, data["answers"], data["fallback"]) == (1, None, "$unmatched")
    [candidate] = data["candidates"]
    assert (candidate["answers"], candidate["difference"]) == (None, "$when.json.user is missing, expected 'ann'")
    assert candidate["conditions"] == [
        {"depth": 0, "text": "$when.json.user is missing, expected 'ann'", "holds": False}
    ]
    assert data["nearest"][0]["entry"] == "POST /login"


def test_standard_input_may_be_the_file(folder: Path) -> None:
    from click.testing import CliRunner

    from fakebackend.cli.main import main

    result = CliRunner().invoke(main, ["explain", "GET /a", "-"], input="GET /a: 1\n")
    assert (result.exit_code, result.output) == (0, "GET /a\n✓ GET /a (<stdin>:1) answers 200\n")
