from collections.abc import Callable
from pathlib import Path

import pytest
from mitmproxy.tools import main as mitmproxy_tools

import fakebackend
from fakebackend.cli.run import ADDON
from tests.conftest import invoke

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
    result = invoke("run", *arguments)
    assert started == [(tool, ["-s", ADDON, *passed_on])]
    assert result.exit_code == 3


def test_an_unknown_ui_is_refused_before_anything_starts(started: list[tuple[str, list[str]]]) -> None:
    result = invoke("run", "--ui", "gtk")
    assert (result.exit_code, started) == (2, [])
    assert "'gtk' is not one of 'dump', 'console', 'web'" in result.output


def test_the_addon_is_the_file_beside_the_command() -> None:
    assert Path(ADDON) == Path(fakebackend.__file__).with_name("addon.py")
    assert Path(ADDON).is_file()
