"""`fakebackend wait` as a script types it, beside a real mitmdump that starts, or ends because its file is wrong."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from mitmdump import REPOSITORY
from mitmdump import Responses
from mitmdump import write_responses
from process import Process
from unused_port import unused_port

FAKEBACKEND = [sys.executable, "-m", "fakebackend"]
OURS = {"PYTHONPATH": str(REPOSITORY)}

_ENTRIES = "".join(f"  /users/{i}/{{x}}: {{$template: true, $body: '{{{{ path.x }}}}'}}\n" for i in range(8_000))

WRONG = "GET:\n  user: John\n"
# While so many entries are read the port is open for longer than a connection is held.
LARGE_AND_WRONG = f"{WRONG}{_ENTRIES}"


@contextmanager
def starting(folder: Path, responses: Responses, *arguments: str) -> Iterator[tuple[Process, Process, int]]:
    """Wait for a mitmdump that is started only then; give both processes, and the port."""
    port = unused_port()
    write_responses(folder / "responses.yaml", responses)
    where = ("-p", str(port), "--listen-host", "127.0.0.1", "--set", f"confdir={folder / 'conf'}")
    with ExitStack() as stack:
        waiting = Process([*FAKEBACKEND, "wait", "--port", str(port), *arguments], folder, OURS)
        stack.callback(waiting.stop)
        backend = Process([*FAKEBACKEND, "run", "responses.yaml", *where], folder, OURS)
        stack.callback(backend.stop)
        yield waiting, backend, port


def test_it_waits_for_the_start_and_asks_nothing(tmp_path: Path) -> None:
    with starting(tmp_path, "GET: {/user: John}") as (waiting, backend, port):
        assert (waiting.wait(), waiting.output) == (0, f"localhost:{port} accepts requests\n")
        assert httpx.get(f"http://localhost:{port}/user", trust_env=False).json() == "John"
        log = backend.wait_for_log("200 GET /user")
    assert log.count("←") == 1


@pytest.mark.parametrize("responses", [WRONG, LARGE_AND_WRONG], ids=["small", "large"])
def test_a_port_that_is_open_until_the_file_turns_out_to_be_wrong_accepts_nothing(
    tmp_path: Path, responses: str
) -> None:
    with starting(tmp_path, responses, "--timeout", "4") as (waiting, backend, port):
        assert (waiting.wait(), backend.wait()) == (1, 1)
        assert waiting.output.startswith(f"localhost:{port} accepts no requests after 4 s: ")
        assert waiting.output.count("\n") == 1
        assert "listening at" in backend.output
