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
        pytest.param(["https://h/users/me"], 0, "✓ GET /users/me (responses.json:1) answers 200", id="absolute"),
        pytest.param(["http://[::1]:80/users/me"], 0, "✓ GET /users/me (responses.json:1) answers 200", id="ipv6"),
        pytest.param(["GET /user"], 1, "no entry answers", id="nobody"),
        pytest.param(["POST /login", "--json", '{"user": "ann"}'], 0, "    ✓ $when.json", id="json"),
        pytest.param(
            ["POST /login", "--json", '{"user": "bob"}'],
            1,
            "    ✗ $when.json.user is 'bob', expected 'ann'",
            id="other-json",
        ),
        pytest.param(
            ["POST /login", "--json", "{"], 1, "    ✗ $when.json cannot hold, the body is no JSON", id="broken-json"
        ),
        pytest.param(["GET /users/me", "--file", "no.json"], 2, "no.json: there is no such file", id="bad-file"),
        pytest.param(
            ["GET /a", "--json", "1", "--data", "2"], 2, "--json and --data exclude each other", id="two-bodies"
        ),
        pytest.param(["GET /a", "--header", "no colon"], 2, "expected 'NAME: VALUE', got 'no colon'", id="no-header"),
        pytest.param(["GET /a", "--header", ": x"], 2, "expected 'NAME: VALUE', got ': x'", id="no-name"),
        pytest.param(["GET user"], 2, "expected a URL like '/user' or 'https://host/user', got 'user'", id="no-url"),
        pytest.param(["GET http://[x/"], 2, "expected a URL like", id="no-host"),
        pytest.param(["GET http://h:x/"], 2, "expected a URL like", id="no-port"),
        pytest.param(["GET ftp://h/"], 2, "expected a URL like", id="no-web"),
        pytest.param(["* /a"], 2, "expected a method and a URL, as in 'GET /user'", id="any-method"),
        pytest.param(["a,b /a"], 2, "expected a method and a URL, as in 'GET /user'", id="no-method"),
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
