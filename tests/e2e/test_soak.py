"""Thousands of requests of every kind leave nothing behind: no memory, no descriptors, no tasks."""

import itertools
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from mitmdump import Backend
from mitmdump import Launcher
from process import wait_until
from raw_http import connection
from raw_http import read_response

pytestmark = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the kernel does not say what is used")

WARM_UP = 5_000
REQUESTS = 20_000
CONNECTIONS = 8
MOST_GROWTH = 12 * 1024 * 1024
"""Bytes that the memory may differ by, as allocators do; a byte kept of each header field sent would be more."""

RESPONSES: dict[str, Any] = {
    "$state": {"last": None},
    "GET": {
        "/user": {"name": "Ann"},
        "/users/{id:int}": {"$template": True, "$body": {"id": "{{ path.id }}", "q": "{{ query.q | default('') }}"}},
        "/file": {"$file": "file.txt"},
        "/folder/{name}": {"$file": "{name}.txt"},
        "/handled": {"$handler": "h.py:give_back"},
        "/cases": {"$cases": [{"$when": {"query": {"a": {"$gt": 5}}}, "$body": "more"}, "less"]},
        "/sequence": {"$sequence": [1, 2, 3], "$repeat": "cycle"},
        "/late": {"$delay": "3600s", "$body": "late"},
        "/closed": {"$fault": "close"},
    },
    "POST": {
        "/login": {"$handler": "login"},
        "/echo": {"$handler": "echo"},
        "/last": {"$template": True, "$set": {"last": "{{ json }}"}, "$body": "{{ state.last }}"},
    },
}

HANDLER = """
import asyncio

async def give_back(request):
    await asyncio.sleep(0)
    return {"query": request.query.get("q")}
"""

FILLING = "x" * 2_000
MIX = [
    ("GET", "/user", "", 200),
    ("GET", "/users/{n}?q={n}", "", 200),
    ("GET", "/file", "", 200),
    ("GET", "/folder/file", "", 200),
    ("GET", "/folder/none-{n}", "", 404),
    ("GET", "/handled?q={n}" + FILLING, "", 200),
    ("GET", "/cases?a={n}", "", 200),
    ("GET", "/sequence", "", 200),
    ("GET", "/missing/{n}/" + FILLING, "", 404),
    ("POST", "/last", '{{"n": {n}, "text": "' + FILLING + '"}}', 200),
    ("POST", "/echo", '{{"data": "{n:08}"}}', 200),
    ("POST", "/echo", "no json {n}", 400),
    ("OPTIONS", "/user", "", 204),
    ("PATCH", "/users/{n}", "{n}", 404),
]


@pytest.fixture
def backend(start: Launcher) -> Backend:
    script = str(Path(__file__).with_name("task_count.py"))
    backend = start({}, options={"flow_detail": "0"}, arguments=["-s", script])
    (backend.folder / "file.txt").write_text("file")
    (backend.folder / "h.py").write_text(HANDLER)
    backend.write(RESPONSES)
    backend.execute("responses.reload")
    backend.execute("set termlog_verbosity error")
    return backend


def requests() -> Iterator[tuple[bytes, int]]:
    """Write requests, no two of which are the same, without end, each with the status of its answer."""
    for n, (method, target, body, status) in zip(itertools.count(), itertools.cycle(MIX), strict=False):
        content = body.format(n=n).encode()
        head = f"{method} {target.format(n=n)} HTTP/1.1\r\nHost: localhost\r\nX-N: {n}\r\nCookie: c={n}\r\n"
        rest = b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(content), content)
        yield head.encode() + rest, status


def ask(port: int, exchanges: Iterator[tuple[bytes, int]], count: int) -> None:
    """Send requests by connections that stay, and now and then by one whose client leaves or is left."""
    with ExitStack() as stack:
        kept = [stack.enter_context(connection(port)) for _ in range(CONNECTIONS)]
        for n, connected in zip(range(count), itertools.cycle(kept), strict=False):
            sent, status = next(exchanges)
            connected.sendall(sent)
            assert read_response(connected).status == status, sent
            if n % 100 == 0:
                leave(port, "/late")
                leave(port, "/closed")


def leave(port: int, path: str) -> None:
    """Ask and go away without waiting."""
    with connection(port) as connected:
        connected.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        connected.shutdown(socket.SHUT_WR)


def used(backend: Backend) -> tuple[int, int, int]:
    """Return bytes of memory, descriptors and tasks."""
    process = Path(f"/proc/{backend.pid}")
    memory = int((process / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return memory, len(list((process / "fd").iterdir())), backend.execute("test.tasks")


def test_thousands_of_mixed_requests_leave_nothing_behind(backend: Backend) -> None:
    _, descriptors, tasks = used(backend)
    exchanges = requests()
    ask(backend.port, exchanges, WARM_UP)
    wait_until(lambda: used(backend)[1:] <= (descriptors, tasks), "the end of what the first requests began")
    before, *_ = used(backend)
    ask(backend.port, exchanges, REQUESTS)
    wait_until(lambda: used(backend)[1:] <= (descriptors, tasks), "the end of what the requests began")
    after, *_ = used(backend)
    assert after - before < MOST_GROWTH
