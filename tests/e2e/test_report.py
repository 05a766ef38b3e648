"""What a run comes to: the summary, the report, the exit status, however mitmdump is ended."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from mitmdump import MITMDUMP
from mitmdump import REPOSITORY
from mitmdump import Backend
from mitmdump import Launcher
from mitmdump import arguments_of
from mitmdump import write_responses
from process import wait_until
from raw_http import connection
from raw_http import request_of

RESPONSES = {"GET": {"/user": {"name": "John"}, "/never": 1, "/broken": {"$template": True, "$body": "{{ json.x }}"}}}

BATCHES, IN_A_BATCH = (5, 10) if os.environ.get("FAKEBACKEND_THOROUGH") else (1, 2)
"""Under load a run is ended so many times by each signal; `.ci/run` has a step of its own for 50."""


def report_of(backend: Backend) -> Any:
    return json.loads((backend.folder / "report.json").read_text("utf-8"))


def end(backend: Backend, number: int = signal.SIGTERM) -> int:
    """End a backend by a signal and return its exit status."""
    os.kill(backend.pid, number)
    return backend.wait()


def report_options(**options: str) -> dict[str, str]:
    return {"responses_report": "report.json", **options}


def test_the_report_says_what_was_answered_and_what_was_not(start: Launcher) -> None:
    backend = start(RESPONSES, options=report_options(responses_fail_on="unmatched, unused"))
    client = backend.client()
    for path in ("/user", "/user", "/usr", "/usr", "/broken", "/favicon.ico"):
        client.get(path)
    client.options("/usr", headers={"Origin": "http://a", "Access-Control-Request-Method": "GET"})
    assert end(backend) == 1
    report = report_of(backend)
    assert report == {
        "version": 1,
        "file": "responses.json",
        "requests": {"total": 5, "answered": 2, "unmatched": 2, "errors": 1},
        "entries": [
            {"entry": "GET /user", "place": "responses.json:3:3", "requests": 2},
            {"entry": "GET /never", "place": "responses.json:6:3", "requests": 0},
            {"entry": "GET /broken", "place": "responses.json:7:3", "requests": 1},
        ],
        "unmatched": [
            {
                "method": "GET",
                "url": f"{backend.url}/usr",
                "count": 2,
                "nearest": "GET /user",
                "difference": "path differs at segment 1: 'usr', did you mean 'user'?",
            }
        ],
        "unmatched_not_listed": 0,
        "unused": ["GET /never"],
        "shadowed": [],
        "errors": [
            {
                "entry": "GET /broken",
                "message": 'responses.json:7: GET /broken: in "{{ json.x }}": the request\'s body is no JSON',
                "count": 1,
            }
        ],
        "failed": ["unmatched", "unused"],
    }
    assert "responses.json: 5 requests, 2 answered, 2 unmatched, 1 error" in backend.output
    assert backend.output.splitlines()[-1] == "fakebackend failed: unmatched 2, unused 1"


@pytest.mark.parametrize(
    ("fail_on", "paths", "status"),
    [
        pytest.param("", ["/usr", "/broken"], 0, id="nothing-asked"),
        pytest.param("unmatched", ["/user"], 0, id="all-matched"),
        pytest.param("unmatched", ["/usr"], 1, id="unmatched"),
        pytest.param("unused", ["/user", "/never"], 1, id="unused"),
        pytest.param("unused", ["/user", "/never", "/broken"], 0, id="all-used"),
        pytest.param("error", ["/user", "/usr"], 0, id="no-error"),
        pytest.param("error", ["/broken"], 1, id="error"),
        pytest.param("unmatched", ["/favicon.ico", "/.well-known/x", "/apple-touch-icon.png"], 0, id="browsers-own"),
    ],
)
def test_the_exit_status_is_what_was_asked_for(start: Launcher, fail_on: str, paths: list[str], status: int) -> None:
    backend = start(RESPONSES, options={"responses_fail_on": fail_on})
    for path in paths:
        backend.client().get(path)
    assert end(backend) == status
    assert ("fakebackend failed:" in backend.output) is bool(status)


def test_a_save_that_is_wrong_is_an_error(start: Launcher) -> None:
    backend = start(RESPONSES, options=report_options(responses_fail_on="error"))
    backend.write('{"GET": ')
    backend.client().get("/user")
    backend.write(RESPONSES)
    backend.client().get("/user")
    assert end(backend) == 1
    [error] = report_of(backend)["errors"]
    assert (error["entry"], error["count"]) == (None, 1)
    assert error["message"].startswith("responses.json:1:")


def test_why_a_run_has_failed_is_one_line_on_standard_error(tmp_path: Path) -> None:
    write_responses(tmp_path / "responses.json", RESPONSES)
    command = [*MITMDUMP, *arguments_of(tmp_path, {"responses_fail_on": "unused"}), "--listen-port", "0"]
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if b"Answering from" in line:
                break
        process.terminate()
        output, errors = process.communicate(timeout=30)
    assert (process.returncode, errors.decode()) == (1, "fakebackend failed: unused 3\n")
    assert b"responses.json: 0 requests" in output


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param(
            {"responses_fail_on": "unmached"},
            'responses_fail_on must be unmatched, unused or error, or several with commas, got "unmached", '
            'did you mean "unmatched"?',
            id="fail-on",
        ),
        pytest.param(
            {"responses_report": "report.txt"},
            'responses_report must end in .json, .xml or .md, got "report.txt"',
            id="report",
        ),
        pytest.param(
            {"responses_journal": "many"}, 'responses_journal must be a number of requests, got "many"', id="journal"
        ),
        pytest.param(
            {"responses_admin": "short"}, "responses_admin must be empty or a token of 16 or more", id="admin"
        ),
        pytest.param(
            {"responses_state_key": "headers:X"},
            'responses_state_key must be header:NAME, cookie:NAME or client, got "headers:X", did you mean "header:"?',
            id="state-key",
        ),
    ],
)
def test_an_option_that_is_wrong_ends_the_start_and_is_refused_live(
    start: Launcher, tmp_path: Path, options: dict[str, str], said: str
) -> None:
    write_responses(tmp_path / "responses.json", RESPONSES)
    command = [*MITMDUMP, *arguments_of(tmp_path, options), "--listen-port", "0"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=60)
    assert run.returncode == 1
    assert said in run.stdout.decode()
    backend = start(RESPONSES)
    [(name, value)] = options.items()
    assert said in backend.refusal(f"set {name} {value}")
    assert backend.client().get("/user").status_code == 200
    assert end(backend) == 0


@pytest.mark.parametrize("ending", ["json", "xml", "md"])
def test_a_report_that_cannot_be_written_is_said_and_the_old_one_stays(start: Launcher, ending: str) -> None:
    backend = start(RESPONSES, options={"responses_report": f"reports/report.{ending}"})
    folder = backend.folder / "reports"
    backend.wait_for_log("there is no folder for")
    folder.mkdir()
    (folder / f"report.{ending}").mkdir()  # as root could write whatever the permissions say
    assert end(backend) == 1
    path = folder / f"report.{ending}"
    assert f"fakebackend cannot write the report {path}: is a directory" in backend.output
    assert [each.name for each in folder.iterdir()] == [path.name]


def test_a_full_disk_leaves_the_old_report(start: Launcher) -> None:
    """Where the file system takes no more, which a limit on the size of files stands for."""
    limited = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)); "
    command = [sys.executable, "-c", limited + "from mitmproxy.tools.main import mitmdump; mitmdump()"]
    responses = {"GET": {f"/a-long-path-for-an-entry/{n}": n for n in range(300)}}
    backend = start(responses, options=report_options(), command=command)
    old = backend.folder / "report.json"
    old.write_text("old")
    assert end(backend) == 1
    assert f"fakebackend cannot write the report {old}: file too large" in backend.output
    assert old.read_text() == "old"
    assert not list(backend.folder.glob("report.json.*"))


def test_what_waits_at_the_end_is_in_the_report_without_a_traceback(start: Launcher) -> None:
    responses = {"GET": {"/slow": {"$delay": "1000s", "$body": 1}, "/hang": {"$fault": "hang"}}}
    backend = start(responses, options=report_options(responses_fail_on="unused"))
    for path in ("/slow", "/hang"):
        with pytest.raises(httpx.ReadTimeout):
            backend.client(timeout=0.3).get(path)
    with connection(backend.port) as waiting:
        waiting.sendall(request_of(b"/slow"))
        wait_until(lambda: backend.output.count("client connect") >= 3, "the third client")
        assert end(backend) == 0
    assert report_of(backend)["unused"] == []
    assert report_of(backend)["requests"]["answered"] >= 2


def test_a_reload_of_the_script_ends_nothing(start: Launcher, tmp_path: Path) -> None:
    """It calls `done`, as the end does; what was counted before is forgotten."""
    script = tmp_path / "script.py"
    script.write_text("from fakebackend import DummyBackend\naddons = [DummyBackend()]\n")
    options = report_options(responses_fail_on="unmatched")
    backend = start(RESPONSES, options=options, addon=script, environment={"PYTHONPATH": str(REPOSITORY)})
    backend.client().get("/usr")
    later = script.stat().st_mtime + 10
    with backend.expect_log("Loading script", "Answering from"):
        os.utime(script, (later, later))
    backend.client().get("/user")
    assert not (backend.folder / "report.json").exists()
    assert end(backend) == 0
    assert report_of(backend)["requests"]["total"] == 1


@contextmanager
def load(backend: Backend) -> Iterator[list[int]]:
    """Ask from four threads until the backend is gone; yields how many answers each has got."""
    counts = [0, 0, 0, 0]

    def ask(thread: int) -> None:
        with httpx.Client(base_url=backend.url, trust_env=False) as client:
            try:
                while True:
                    client.get("/user" if counts[thread] % 2 else f"/missing/{thread}/{counts[thread]}")
                    counts[thread] += 1
            except httpx.HTTPError:
                pass

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(len(counts))]
    for thread in threads:
        thread.start()
    wait_until(lambda: min(counts) > 2, "answers in every thread")
    yield counts
    for thread in threads:
        thread.join(30)


@pytest.mark.parametrize("batch", range(BATCHES))
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP], ids=lambda number: number.name)
def test_the_report_is_complete_however_the_run_is_ended_under_load(
    start: Launcher, number: signal.Signals, batch: int
) -> None:
    """Every answer that a client has got is counted, and at most one more for each client."""
    for _ in range(IN_A_BATCH):
        backend = start(RESPONSES, options=report_options(responses_fail_on="unmatched"))
        with load(backend) as counts:
            os.kill(backend.pid, number)
        assert backend.wait() == 1, backend.output
        requests = report_of(backend)["requests"]
        assert requests["total"] == requests["answered"] + requests["unmatched"]
        assert sum(counts) <= requests["total"] <= sum(counts) + len(counts)
        assert f"fakebackend failed: unmatched {requests['unmatched']}" in backend.output
