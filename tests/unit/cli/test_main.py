import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from click.testing import Result
from mitmproxy.tools import main as mitmproxy_tools

import fakebackend
from fakebackend.cli import main
from fakebackend.cli.run import ADDON
from tests.conftest import write

TOOLS = ("mitmdump", "mitmproxy", "mitmweb")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str]]]:
    """Return a list of the tools that would have been started, with their arguments; each exits with 3."""
    calls: list[tuple[str, list[str]]] = []

    def stand_in(name: str) -> Callable[[list[str]], int]:
        def tool(arguments: list[str]) -> int:
            calls.append((name, arguments))
            return 3

        return tool

    for name in TOOLS:
        monkeypatch.setattr(mitmproxy_tools, name, stand_in(name))
    return calls


@pytest.mark.parametrize(
    ("arguments", "tool", "passed_on"),
    [
        pytest.param([], "mitmdump", [], id="default"),
        pytest.param(["--ui", "console"], "mitmproxy", [], id="console"),
        pytest.param(["--ui", "web", "-q"], "mitmweb", ["-q"], id="web"),
        pytest.param(["--ui=dump", "-p", "6000"], "mitmdump", ["-p", "6000"], id="dump"),
        pytest.param(["-p", "6000", "--ui", "web"], "mitmweb", ["-p", "6000"], id="ui-last"),
        pytest.param(["-h"], "mitmdump", ["-h"], id="short-help-is-the-tools"),
        pytest.param(
            ["--set", "responsesfile=a b.json", "-nr", "in.mitm", "~u x"],
            "mitmdump",
            ["--set", "responsesfile=a b.json", "-nr", "in.mitm", "~u x"],
            id="options-of-the-tool",
        ),
    ],
)
def test_run_starts_the_tool_with_the_addon_and_ends_with_its_status(
    started: list[tuple[str, list[str]]], arguments: list[str], tool: str, passed_on: list[str]
) -> None:
    result = CliRunner().invoke(main.main, ["run", *arguments])
    assert started == [(tool, ["-s", ADDON, *passed_on])]
    assert result.exit_code == 3


def test_an_unknown_ui_is_refused_before_anything_starts(started: list[tuple[str, list[str]]]) -> None:
    result = CliRunner().invoke(main.main, ["run", "--ui", "gtk"])
    assert (result.exit_code, started) == (2, [])
    assert "'gtk' is not one of 'dump', 'console', 'web'" in result.output


def test_the_addon_is_the_file_beside_the_command() -> None:
    assert Path(ADDON) == Path(fakebackend.__file__).with_name("addon.py")
    assert Path(ADDON).is_file()


def test_version() -> None:
    result = CliRunner().invoke(main.main, ["--version"])
    assert result.exit_code == 0
    assert result.output.strip().endswith(fakebackend.__version__)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--help"], "run"), (["-h"], "run"), (["run", "--help"], "--ui [dump|console|web]")],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_help_says_what_there_is(arguments: list[str], said: str) -> None:
    result = CliRunner().invoke(main.main, arguments)
    assert result.exit_code == 0
    assert said in result.output


GOOD = {"GET": {"/users/{id}": 1, "/users/me": 2}, "POST": {"/login": {"$when": {"json": {"user": "ann"}}, "$body": 3}}}


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(main.main, [*arguments])


def test_check_of_a_good_file(folder: Path) -> None:
    write(folder / "responses.json", GOOD)
    result = invoke("check")
    assert (result.exit_code, result.output) == (0, "responses.json: good\n")


def test_check_tells_all_errors_and_warnings_of_all_files(folder: Path) -> None:
    write(folder / "a.json", {"PSOT": {"/a": {"$status": 1}, "b": 1}})
    write(folder / "b.json", {"PSOT": {"/a": 1}})
    write(folder / "c.json", GOOD)
    result = invoke("check", "a.json", "b.json", "c.json", "no.json")
    assert result.exit_code == 1
    assert [line.partition(" ")[0] for line in result.output.splitlines()] == [
        *("a.json:1:29:", "a.json:1:33:", "a.json:1:11:"),
        *("b.json:1:11:", "b.json:", "c.json:", "no.json:"),
    ]
    assert result.output.splitlines()[2].endswith('did you mean "POST"? (warning)')
    assert "b.json: good, 1 warning(s)" in result.output


def test_check_for_tools_is_json(folder: Path) -> None:
    write(folder / "a.json", {"PSOT": {"/a": {"$status": 1}}})
    result = invoke("check", "--json", "a.json", "no.json")
    assert result.exit_code == 1
    error, missing, *_ = sorted(json.loads(result.output), key=lambda problem: problem["file"] + problem["level"])
    assert error == {
        "level": "error",
        "file": "a.json",
        "line": 1,
        "column": 29,
        "entry": "PSOT /a",
        "message": "$status must be an integer from 200 to 599, got 1",
    }
    assert (missing["level"], missing["line"]) == ("warning", 1)
    assert [p["line"] for p in json.loads(result.output) if p["file"] == "no.json"] == [None]


def test_check_for_tools_of_a_good_file_is_an_empty_list(folder: Path) -> None:
    write(folder / "responses.json", GOOD)
    result = invoke("check", "--json")
    assert (result.exit_code, json.loads(result.output)) == (0, [])


def test_routes_are_listed_in_winning_order(folder: Path) -> None:
    write(folder / "a.json", GOOD)
    result = invoke("routes", "a.json")
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "GET  /users/me  (a.json:1)",
        "POST /login  (a.json:1)",
        "GET  /users/{id}  (a.json:1)",
    ]


def test_routes_of_an_empty_file_are_none_and_of_a_wrong_one_an_error(folder: Path) -> None:
    write(folder / "responses.json", {})
    assert (invoke("routes").exit_code, invoke("routes").output) == (0, "")
    result = invoke("routes", "no.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("no.json: there is no such file")


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
