import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mitmproxy.addons import dumper
from mitmproxy.addons import termlog
from mitmproxy.test import taddons

from fakebackend.journal.report import Report
from fakebackend.journal.report_file import ReportFile
from fakebackend.journal.report_file import parse_report_file
from fakebackend.proxy.addon import DummyBackend
from fakebackend.proxy.ending import Ending
from fakebackend.proxy.ending import _without_cancellations
from tests.conftest import ask
from tests.conftest import http_flow
from tests.unit.journal.reports import FULL
from tests.unit.journal.reports import report_of


@pytest.fixture
def exits(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Return the statuses that it would have exited with."""
    statuses: list[object] = []
    monkeypatch.setattr(sys, "exit", statuses.append)
    return statuses


@pytest.fixture
def dump(tctx: taddons.context) -> taddons.context:
    """Return a context like that of mitmdump."""
    tctx.master.addons.add(dumper.Dumper())
    return tctx


def ended(report: Report | Callable[[], Report], path: Path | None = None) -> Ending:
    """Return the end of a run that came to this, after it."""
    ending = Ending(report if callable(report) else lambda: report)
    ending.report_file = parse_report_file(str(path or ""))
    ending.end()
    return ending


def raises() -> Report:
    raise RuntimeError("no report")


def test_the_summary_is_printed_where_there_is_no_log(
    dump: taddons.context, exits: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    ended(report_of())
    out, err = capsys.readouterr()
    assert (out, err, exits) == ("responses.json: 0 requests, 0 answered, 0 unmatched, 0 errors\n", "", [])


@pytest.mark.parametrize(("level", "shown"), [("info", True), ("warn", False)])
async def test_the_summary_goes_to_the_log_of_mitmdump(
    dump: taddons.context,
    exits: list[object],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    level: str,
    shown: bool,
) -> None:
    terminal = termlog.TermLog()
    terminal.uninstall()
    dump.master.addons.add(terminal)
    dump.configure(terminal, termlog_verbosity=level)
    records: list[Any] = []
    monkeypatch.setattr(terminal.logger, "emit", records.append)
    Ending(lambda: FULL)._end()
    assert [record.getMessage().count("\n") for record in records] == [12] * shown
    assert capsys.readouterr().out == ""


def test_the_report_is_written(dump: taddons.context, folder: Path, exits: list[object]) -> None:
    ended(FULL, folder / "r.json")
    assert json.loads((folder / "r.json").read_bytes())["requests"]["total"] == 1_007
    assert exits == []


@pytest.mark.parametrize("tool", ["mitmdump", "another"])
def test_a_failed_run_says_why_and_mitmdump_ends_with_1(
    tctx: taddons.context, exits: list[object], capsys: pytest.CaptureFixture[str], folder: Path, tool: str
) -> None:
    if tool == "mitmdump":
        tctx.master.addons.add(dumper.Dumper())
    ended(FULL.failing(("unmatched", "unused")), folder / "r.json")
    assert capsys.readouterr().err == "fakebackend failed: unmatched 5, unused 1\n"
    assert exits == [1] * (tool == "mitmdump")
    assert json.loads((folder / "r.json").read_bytes())["failed"] == ["unmatched", "unused"]


def test_a_report_that_cannot_be_written_is_said_and_the_old_one_stays(
    dump: taddons.context, exits: list[object], capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    (folder / "old.json").mkdir()
    ended(FULL.failing(("error",)), folder / "old.json")
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith(f"fakebackend cannot write the report {folder / 'old.json'}: ")
    assert (second, exits) == ("fakebackend failed: error 3", [1])
    assert os.listdir(folder) == ["old.json"]


@pytest.mark.parametrize("fails", ["report", "writer"])
def test_whatever_goes_wrong_is_said_in_a_line(
    dump: taddons.context, exits: list[object], capsys: pytest.CaptureFixture[str], folder: Path, fails: str
) -> None:
    ending = Ending(raises if fails == "report" else lambda: FULL)
    ending.report_file = ReportFile(str(folder / "r.json"), lambda _: raises().file)
    ending.end()
    assert capsys.readouterr().err == "fakebackend could not report: RuntimeError: no report\n"
    assert (exits, os.listdir(folder)) == ([1], [])


async def test_it_is_the_last_thing_of_the_task_that_ends(
    dump: taddons.context, exits: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    """What other addons do after ours in the same task is counted, too."""
    said: list[str] = []

    def report() -> Report:
        said.append("report")
        return FULL.failing(("error",))

    async def done() -> None:
        Ending(report).end()
        await asyncio.sleep(0)
        said.append("others")

    await asyncio.create_task(done())
    await asyncio.sleep(0)
    assert (said, exits) == (["others", "report"], [1])


def test_a_folder_that_is_not_there_is_said_at_the_start(
    tctx: taddons.context, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ending = Ending(report_of)
    for path in ("r.json", "no/r.json"):
        ending.report_file = parse_report_file(path)
        ending.begin()
    assert caplog.messages == [f"responses_report: there is no folder for {folder / 'no' / 'r.json'} yet."]


class Loop:
    """Stands for an event loop that takes signals, or takes none."""

    def __init__(self, error: type[Exception] | None = None) -> None:
        self.error = error
        self.handlers: dict[int, Any] = {}

    def add_signal_handler(self, number: int, handler: Any) -> None:
        if self.error is not None:
            raise self.error
        self.handlers[number] = handler

    def remove_signal_handler(self, number: int) -> None:
        del self.handlers[number]


HANG_UP = 1


@pytest.fixture
def loop(monkeypatch: pytest.MonkeyPatch, tctx: taddons.context) -> Loop:
    loop = Loop()
    log = termlog.TermLog()
    log.uninstall()
    tctx.master.addons.add(log)
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: loop)
    monkeypatch.setattr(signal, "SIGHUP", HANG_UP, raising=False)
    monkeypatch.setattr(signal, "getsignal", lambda _: signal.SIG_DFL)
    return loop


def test_a_terminal_that_is_gone_ends_it_in_order(tctx: taddons.context, loop: Loop) -> None:
    ending = Ending(report_of)
    ending.begin()
    assert loop.handlers == {HANG_UP: tctx.master.shutdown}
    ending.forget()
    ending.forget()
    assert loop.handlers == {}


def test_the_console_ends_without_its_terminal_as_it_does_without_us(tctx: taddons.context, loop: Loop) -> None:
    """It has no log, and would run on for ever."""
    tctx.master.addons.remove(tctx.master.addons.get("termlog"))
    ending = Ending(report_of)
    ending.begin()
    ending.forget()
    assert loop.handlers == {}


@pytest.mark.parametrize("error", [NotImplementedError, RuntimeError, ValueError])
def test_where_signals_cannot_be_taken_they_are_not(tctx: taddons.context, loop: Loop, error: type[Exception]) -> None:
    loop.error = error
    ending = Ending(report_of)
    ending.begin()
    ending.forget()
    assert loop.handlers == {}


@pytest.mark.parametrize("case", ["ignored", "unknown"])
def test_a_signal_that_somebody_has_taken_or_that_there_is_not_is_left(
    tctx: taddons.context, loop: Loop, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    """`nohup` has it ignored, and Windows does not have it."""
    if case == "ignored":
        monkeypatch.setattr(signal, "getsignal", lambda _: signal.SIG_IGN)
    else:
        monkeypatch.delattr(signal, "SIGHUP")
    Ending(report_of).begin()
    assert loop.handlers == {}


# The addon


async def test_the_addon_reports_when_mitmproxy_ends(
    backend: DummyBackend, tctx: taddons.context, folder: Path, exits: list[object]
) -> None:
    tctx.configure(backend, responses_report="r.json", responses_fail_on="unused")
    await ask(backend, http_flow(path="/none"))
    tctx.master.should_exit.set()

    async def done() -> None:
        backend.done()

    await asyncio.create_task(done())
    await asyncio.sleep(0)
    report = json.loads((folder / "r.json").read_bytes())
    assert (report["requests"]["total"], report["failed"], report["unused"]) == (1, ["unused"], ["GET /user"])


@pytest.mark.parametrize("running", [True, False])
def test_an_addon_that_is_taken_out_or_never_ran_reports_nothing(
    tctx: taddons.context, folder: Path, monkeypatch: pytest.MonkeyPatch, running: bool
) -> None:
    ended: list[bool] = []
    monkeypatch.setattr(Ending, "end", lambda _: ended.append(True))
    backend = DummyBackend()
    tctx.master.addons.add(backend)
    tctx.configure(backend, responses_report="r.json")
    if running:
        (folder / "responses.json").write_text("{}")
        backend.running()
    else:
        tctx.master.should_exit.set()
    backend.done()
    assert ended == []


@pytest.mark.parametrize(
    ("error", "said"),
    [
        pytest.param(asyncio.CancelledError(), [], id="cancelled"),
        pytest.param(ValueError("no"), [{"exception": "no"}], id="another"),
    ],
)
def test_cancelled_tasks_are_passed_over_at_the_end_and_nothing_else(error: BaseException, said: list[Any]) -> None:
    class Noting:
        def __init__(self) -> None:
            self.said: list[Any] = []

        def default_exception_handler(self, context: dict[str, Any]) -> None:
            self.said.append({"exception": str(context["exception"])})

    noting: Any = Noting()
    _without_cancellations(noting, {"exception": error})
    assert noting.said == said
