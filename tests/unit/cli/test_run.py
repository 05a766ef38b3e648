from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest
from mitmproxy.tools import main as mitmproxy_tools

import fakebackend
from fakebackend.cli.run import ADDON
from fakebackend.journal.admin import parse_token
from fakebackend.proxy import started_by_run
from fakebackend.proxy.started_by_run import RunSettings
from tests.conftest import invoke

TOOLS = ("mitmdump", "mitmproxy", "mitmweb")

Started = list[tuple[str, list[str]]]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[Started]:
    """Return a list of the tools that would have been started, with their arguments; each exits with 3."""
    calls: Started = []

    def stand_in(name: str) -> Callable[[list[str]], int]:
        def tool(arguments: list[str]) -> int:
            calls.append((name, arguments))
            return 3

        return tool

    for name in TOOLS:
        monkeypatch.setattr(mitmproxy_tools, name, stand_in(name))
    yield calls
    started_by_run.settings = None


FILE = ["--set", "responsesfile=other.json"]


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
        pytest.param(["other.json"], "mitmdump", FILE, id="file"),
        pytest.param(["other.json", "-p", "6000"], "mitmdump", [*FILE, "-p", "6000"], id="file-and-arguments"),
        pytest.param(["--ui", "web", "other.json"], "mitmweb", FILE, id="file-behind-the-ui"),
        pytest.param(["other.json", "--ui", "web"], "mitmweb", FILE, id="file-before-the-ui"),
        pytest.param(["a/b.YML"], "mitmdump", ["--set", "responsesfile=a/b.YML"], id="yaml"),
        pytest.param(["exists"], "mitmdump", ["--set", "responsesfile=exists"], id="any-file-that-exists"),
        pytest.param(["~u x"], "mitmdump", ["~u x"], id="filter"),
        pytest.param(["-"], "mitmdump", ["-"], id="no-file"),
        pytest.param(["there"], "mitmdump", ["--set", "responsesfile=there"], id="a-folder"),
        pytest.param(["-p", "6000", "no.json"], "mitmdump", ["-p", "6000", "no.json"], id="file-too-late"),
    ],
)
def test_run_starts_the_tool_with_the_addon_and_ends_with_its_status(
    folder: Path, started: Started, arguments: list[str], tool: str, passed_on: list[str]
) -> None:
    (folder / "exists").touch()
    (folder / "there").mkdir()
    result = invoke("run", *arguments)
    assert started == [(tool, ["-s", ADDON, *passed_on])]
    assert (result.exit_code, result.output) == (3, "")


@pytest.mark.parametrize(
    ("arguments", "settings"),
    [
        pytest.param([], RunSettings(), id="nothing"),
        pytest.param(["--set", "flow_detail=1"], RunSettings(keeps_flow_detail=True), id="flow-detail"),
        pytest.param(["--set=flow_detail=2"], RunSettings(keeps_flow_detail=True), id="in-one-word"),
        pytest.param(["--flow-detail", "1"], RunSettings(keeps_flow_detail=True), id="its-own-name"),
        pytest.param(["--flow-detail=1"], RunSettings(keeps_flow_detail=True), id="its-own-name-in-one-word"),
        pytest.param(["--set", "web_columns=path"], RunSettings(keeps_columns=True), id="columns"),
        pytest.param(["--set", "other=flow_detail", "flow_detail=1"], RunSettings(), id="something-else"),
    ],
)
def test_what_is_given_is_kept(started: Started, arguments: list[str], settings: RunSettings) -> None:
    invoke("run", *arguments)
    assert started_by_run.settings == settings


def test_a_file_is_named_once(started: Started) -> None:
    result = invoke("run", "a.json", "--set", "responsesfile=b.json")
    assert (result.exit_code, started) == (2, [])
    assert "the responses file is a.json, and --set responsesfile names one, too" in result.output


def test_a_file_that_comes_too_late_is_warned_of(folder: Path, started: Started) -> None:
    for name in ("a.json", "out.json"):
        (folder / name).touch()
    assert "a.json is a filter" in invoke("run", "-q", "a.json").stderr
    started.clear()
    result = invoke("run", "-p", "6000", "a.json", "-w", "out.json")
    assert started == [("mitmdump", ["-s", ADDON, "-p", "6000", "a.json", "-w", "out.json"])]
    assert result.stderr == (
        "a.json is a filter expression there; as the responses file it stands first: run a.json …\n"
    )


def test_the_file_is_told_to_the_addon(started: Started) -> None:
    invoke("run", "a.json")
    assert started_by_run.settings == RunSettings(file="a.json")


def test_an_unknown_ui_is_refused_before_anything_starts(started: Started) -> None:
    result = invoke("run", "--ui", "gtk")
    assert (result.exit_code, started) == (2, [])
    assert "'gtk' is not one of 'dump', 'console', 'web'" in result.output


def test_the_addon_is_the_file_beside_the_command() -> None:
    assert Path(ADDON) == Path(fakebackend.__file__).with_name("addon.py")
    assert Path(ADDON).is_file()


def test_a_token_is_made_for_control_each_time_another_one(started: Started) -> None:
    tokens = []
    for _ in range(2):
        invoke("run", "--admin", "-p", "6000")
        assert started_by_run.settings is not None
        tokens.append(started_by_run.settings.token or "")
    assert started == [("mitmdump", ["-s", ADDON, "-p", "6000"])] * 2
    assert len(set(tokens)) == 2
    assert [parse_token(token) for token in tokens] == tokens


@pytest.mark.parametrize(
    "arguments",
    [["--set", "responses_admin=x"], ["--set=responses_admin=x"], ["--responses-admin", "x"]],
    ids=["set", "in-one-word", "its-own-name"],
)
def test_a_token_is_given_or_made_not_both(started: Started, arguments: list[str]) -> None:
    result = invoke("run", "--admin", *arguments)
    assert (result.exit_code, started) == (2, [])
    assert "--admin makes a token, and --set responses_admin is one, too" in result.output
    assert invoke("run", *arguments).exit_code == 3
