"""What a user of mitmproxy's console sees and does."""

from collections.abc import Callable
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from console import Console
from flow_file import saved_flow
from flow_file import write_flows
from mitmdump import ADDON
from mitmdump import write_responses

RESPONSES = {"GET": {"/user": "first answer", "/edited": "answer for the edited request"}}

Open = Callable[..., Console]


@pytest.fixture
def open_console(tmp_path: Path) -> Iterator[Open]:
    """Start console sessions that end with the test."""
    consoles: list[Console] = []

    def open_one(*arguments: str, **settings: Any) -> Console:
        consoles.append(Console(tmp_path, RESPONSES, arguments, **settings))
        return consoles[-1]

    yield open_one
    for console in consoles:
        console.close()


def test_entry_is_in_the_comment(open_console: Open) -> None:
    console = open_console()
    assert console.ask("/user").json() == "first answer"
    console.wait_for("/user", "200")
    console.press("Enter")
    console.wait_for("Flow Details")
    console.press("Right", "Right")
    console.wait_for("GET /user (responses.json:3)")


def test_other_file_and_replay(open_console: Open) -> None:
    """`:set responsesfile=other.json` counts from the next request on, and `r` asks again."""
    console = open_console()
    console.ask("/user")
    write_responses(console.folder / "other.json", {"GET": {"/user": "answer of the other file"}})
    console.command("set responsesfile=other.json")
    console.wait_for("200")
    console.press("Enter", "Right")
    console.wait_for("first answer")
    console.press("r")
    console.wait_for("answer of the other file")
    assert console.ask("/user").json() == "answer of the other file"


def test_refused_file_is_explained(open_console: Open) -> None:
    console = open_console()
    console.command("set responsesfile=missing.json")
    console.wait_for("missing.json: there is no such file")
    assert console.ask("/user").json() == "first answer"


def test_intercepted_and_edited_request(open_console: Open) -> None:
    """A request that is stopped, edited and resumed is answered as edited."""
    console = open_console("--set", "intercept=~q")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(console.ask, "/user")
        console.wait_for("/user")
        console.command("flow.set @focus path /edited")
        console.wait_for(" /edited ")
        assert not waiting.done()
        console.press("a")
        assert waiting.result().json() == "answer for the edited request"


def test_intercepted_and_edited_answer(open_console: Open) -> None:
    """What the user makes of an answer is sent as it is."""
    console = open_console("--set", "intercept=~s")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(console.ask, "/user")
        console.wait_for("/user", "200")
        console.command("flow.set @focus status_code 503")
        console.wait_for("503")
        assert not waiting.done()
        console.press("a")
        assert waiting.result().status_code == 503


@pytest.mark.parametrize(
    "arguments",
    [pytest.param((), id="plain"), pytest.param(("--set", "intercept=~u nothing-like-this"), id="intercepting")],
)
def test_replay_is_answered_once(open_console: Open, arguments: tuple[str, ...]) -> None:
    """Each answer to an unknown path is one warning: one for the request, one for its replay."""
    console = open_console(*arguments)
    assert console.ask("/missing").status_code == 404
    console.wait_for("/missing", "404")
    console.press("E")
    console.wait_for("GET /missing: no entry")
    console.press("q")
    console.press("r")
    console.press("E")
    console.ask("/last")
    console.wait_for("GET /last: no entry")
    assert console.screen().count("GET /missing: no entry") == 2


def test_script_run_on_a_saved_flow(open_console: Open, tmp_path: Path) -> None:
    """The console's `|` runs addon.py once, in a session that has not loaded it."""
    saved = write_flows(tmp_path / "saved.mitm", saved_flow("http://api.example.invalid/user", "recorded answer"))
    console = open_console("-r", str(saved), with_addon=False)
    console.wait_for("/user", "200")
    console.press("Enter", "Right")
    console.wait_for("recorded answer")
    console.command(str(ADDON), prompt="|")
    console.press("q", "Enter")  # a script that runs once does not redraw the screen
    console.wait_for("first answer")


def test_the_view_explains_a_flow_that_no_entry_answers(open_console: Open) -> None:
    console = open_console()
    console.ask("/usr")
    console.wait_for("/usr", "404")
    console.press("Enter")
    console.wait_for("Flow Details")
    console.press("Right")
    console.wait_for("Path not found")
    console.command("console.flowview.mode.set fakebackend")
    console.wait_for(
        "at the time: no entry; nearest GET /user: path differs at segment 1: 'usr', did you mean 'user'?",
        "asked now:",
        "no entry answers",
    )


def test_switching_a_file_is_announced_and_a_refusal_says_what_stays(open_console: Open) -> None:
    console = open_console()
    write_responses(console.folder / "other.json", {"GET": {"/a": 1, "/b": 2, "/c": 3}})
    (console.folder / "bad.json").write_text("{")
    console.command("set responsesfile=other.json")
    console.wait_for("Answering from other.json (3 entries)")
    console.command("set responsesfile=bad.json")
    console.wait_for("bad.json:1:2: ", "still answering from other.json (3 entries)")
