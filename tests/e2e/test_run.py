"""`fakebackend run` as it is typed: what it says, and what of mitmproxy's own it leaves out."""

import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from mitmdump import REPOSITORY
from mitmdump import write_responses
from process import Process

RUN = [sys.executable, "-m", "fakebackend", "run"]

RESPONSES = """\
GET:
  /users/{id:int}: {$template: true, $name: one user, $body: {id: "{{ path.id }}"}}
  /flaky: {$sequence: [{$status: 503}, {$name: fine, $body: 1}]}
  /cut: {$fault: close}
POST /login:
  $cases:
    - {$when: {json: {user: ann}}, $body: {token: t1}}
    - {$name: wrong password, $status: 401}
"""

Run = Callable[..., Process]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Start `fakebackend run` with arguments, in a folder with `responses.yaml`; wait until it listens."""
    started: list[Process] = []
    write_responses(tmp_path / "responses.yaml", RESPONSES)

    def start(*arguments: str) -> Process:
        where = ("-p", "0", "--listen-host", "127.0.0.1", "--set", f"confdir={tmp_path / 'conf'}")
        started.append(Process([*RUN, *arguments, *where], tmp_path, {"PYTHONPATH": str(REPOSITORY)}))
        started[-1].wait_for_log("listening at 127.0.0.1:", "Answering from")
        return started[-1]

    yield start
    for process in started:
        process.stop()
        assert "Traceback" not in process.output


def url_of(process: Process) -> str:
    match = re.search(r"listening at (127\.0\.0\.1:\d+)", process.output)
    assert match
    return f"http://{match[1]}"


def ask(process: Process) -> None:
    """Send some requests, one after the other."""
    with httpx.Client(base_url=url_of(process), trust_env=False) as client:
        client.get("/users/7")
        client.get("/flaky")
        client.get("/flaky")
        client.head("/users/8")
        client.post("/login", json={"user": "bob"})
        client.get("/usrs/7")
        with pytest.raises(httpx.RemoteProtocolError):
            client.get("/cut")


LINES = [
    '200 GET /users/7 ← /users/{id:int} (responses.yaml:2, "one user")',
    "503 GET /flaky ← /flaky (responses.yaml:3, item 1 of 2)",
    '200 GET /flaky ← /flaky (responses.yaml:3, item 2 of 2 "fine")',
    '200 HEAD /users/8 ← GET /users/{id:int} (responses.yaml:2, "one user")',
    '401 POST /login ← /login (responses.yaml:5, case 2 "wrong password")',
    "404 GET /usrs/7 ← no entry",
    "--- GET /cut ← /cut (responses.yaml:4) $fault: close",
]


def test_each_request_is_a_line_and_mitmdumps_own_are_left_out(run: Run) -> None:
    process = run("responses.yaml")
    ask(process)
    log = process.wait_for_log("$fault: close")
    lines = [line.partition("] ")[2] for line in log.splitlines() if "←" in line]
    assert [line.rpartition(" ")[0].rpartition(" ")[0] for line in lines] == LINES
    assert all(re.search(r" \d+ ms$", line) for line in lines)
    for theirs in ("client connect", "client disconnect", "<< ", "HTTP/1.1 200"):
        assert theirs not in log


def test_flow_detail_that_is_given_stays_and_the_log_can_be_switched_off(run: Run) -> None:
    process = run("responses.yaml", "--set", "flow_detail=1", "--set", "responses_log=false")
    ask(process)
    log = process.wait_for_log("client connect", "<< 200 OK", "<< 401 Unauthorized")
    assert "←" not in log


def test_a_missing_file_ends_it_and_our_word_comes_last(tmp_path: Path) -> None:
    ended = subprocess.run(
        [*RUN, "no.yaml", "-p", "0", "--set", f"confdir={tmp_path}"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 1
    assert "no.yaml: there is no such file" in ended.stdout
    assert "or name another with fakebackend run FILE" in ended.stdout
    assert ended.stdout.splitlines()[-1] == (
        "fakebackend has not started: correct what is said above, and start again."
    )


def test_on_a_terminal_the_status_is_coloured(tmp_path: Path) -> None:
    """The log of mitmdump goes to a terminal here, and the line has escape codes around the status alone."""
    write_responses(tmp_path / "responses.yaml", RESPONSES)
    ours, theirs = pty.openpty()
    where = ("-p", "0", "--listen-host", "127.0.0.1", "--set", f"confdir={tmp_path / 'conf'}")
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "TERM": "xterm-256color"}
    environment.pop("NO_COLOR", None)
    process = subprocess.Popen(
        [*RUN, "responses.yaml", *where], cwd=tmp_path, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    try:
        seen = _read_until(ours, "Answering from")
        match = re.search(r"listening at (127\.0\.0\.1:\d+)", seen)
        assert match
        httpx.get(f"http://{match[1]}/users/7", trust_env=False)
        assert "\x1b[32m200\x1b[0m GET /users/7 ← " in _read_until(ours, " ms")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        os.close(ours)


def _read_until(terminal: int, text: str) -> str:
    """Return what a program writes up to a text; a program that ends before makes reading fail."""
    seen = b""
    while text.encode() not in seen:
        seen += os.read(terminal, 4096)
    return seen.decode()
