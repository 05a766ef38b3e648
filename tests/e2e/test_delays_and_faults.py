"""Answers that come late or never, on every protocol, and what is left of them when their client goes."""

import asyncio
import ssl
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from mitmdump import Backend
from mitmdump import Launcher
from process import wait_until
from raw_http import connection
from raw_http import read_response
from raw_http import read_to_end
from raw_http import request_of

MANY = 1_000

RESPONSES: dict[str, Any] = {
    "GET": {
        "/now": "now",
        "/late": {"$delay": "300ms", "$body": "late"},
        "/range": {"$delay": ["100ms", "150ms"], "$body": "range"},
        "/never": {"$delay": "200ms", "$fault": "hang"},
        "/hang": {"$fault": "hang"},
        "/hour": {"$delay": "3600s", "$body": "too late"},
        "/close": {"$fault": "close"},
        "/reset": {"$fault": "reset"},
        "/late-reset": {"$delay": "300ms", "$fault": "reset"},
        "/late-close": {"$delay": "300ms", "$fault": "close"},
        "/rest/{name}": {"$probability": 1, "$delay": "300ms", "$status": 204},
        "/never-by-chance": {"$probability": 0, "$body": "by chance"},
        "/sequence": {"$delay": "300ms", "$sequence": ["late", {"$delay": "0ms", "$body": "at once"}]},
    },
    "*": {"/never-by-chance": "otherwise"},
}


@pytest.fixture(scope="module")
def backend(start_shared: Launcher) -> Backend:
    """Start one mitmdump for all tests that change no option."""
    return start_shared(RESPONSES, arguments=["-s", str(Path(__file__).with_name("task_count.py"))])


WAYS: dict[str, Callable[[Backend], httpx.Client]] = {
    "http1": lambda backend: backend.client(),
    "tls": lambda backend: backend.client(scheme="https"),
    "http2": lambda backend: backend.client(scheme="https", http2=True),
    "proxy http2": lambda backend: backend.proxied(base_url="https://api.example.invalid", http2=True),
}

EVERY_WAY = pytest.mark.parametrize("way", [pytest.param(way, id=name) for name, way in WAYS.items()])


def _timed(client: httpx.Client, path: str, method: str = "GET") -> tuple[httpx.Response, float]:
    begun = time.monotonic()
    answer = client.request(method, path)
    return answer, time.monotonic() - begun


@EVERY_WAY
@pytest.mark.parametrize(
    ("path", "least", "text"),
    [
        pytest.param("/late", 0.3, '"late"', id="fixed"),
        pytest.param("/range", 0.1, '"range"', id="range"),
        pytest.param("/rest/a", 0.3, "", id="without body"),
    ],
)
def test_delay(backend: Backend, way: Callable[[Backend], httpx.Client], path: str, least: float, text: str) -> None:
    with way(backend) as client:
        answer, took = _timed(client, path)
    assert answer.text == text
    assert took >= least


def test_head_is_delayed_as_get(backend: Backend) -> None:
    answer, took = _timed(backend.client(), "/late", "HEAD")
    assert answer.headers["Content-Length"] == "6"
    assert took >= 0.3


def test_the_own_delay_of_an_item_wins(backend: Backend) -> None:
    client = backend.client()
    answer, took = _timed(client, "/sequence")
    assert (answer.json(), took >= 0.3) == ("late", True)
    assert client.get("/sequence").json() == "at once"


async def _first(client: httpx.AsyncClient, *paths: str) -> list[str]:
    """Ask for all paths at once, and return their order of arrival."""
    arrived = []

    async def ask(path: str) -> None:
        await client.get(path)
        arrived.append(path)

    async with asyncio.TaskGroup() as group:
        for path in paths:
            group.create_task(ask(path))
    return arrived


class _Http2Only(ssl.SSLContext):
    def __init__(self, protocol: int) -> None:
        self.check_hostname = False
        self.verify_mode = ssl.CERT_NONE

    def set_alpn_protocols(self, alpn_protocols: Any) -> None:
        super().set_alpn_protocols(["h2"])


async def test_a_delay_does_not_hold_other_streams_up(backend: Backend) -> None:
    """On one HTTP/2 connection, what is not delayed overtakes what is, and 20 delays pass at the same time."""
    context = _Http2Only(ssl.PROTOCOL_TLS_CLIENT)
    url = f"https://127.0.0.1:{backend.port}"
    async with httpx.AsyncClient(http2=True, verify=context, trust_env=False, timeout=30, base_url=url) as client:
        assert (await client.get("/now")).http_version == "HTTP/2"
        assert await _first(client, "/late", "/now") == ["/now", "/late"]
        begun = time.monotonic()
        await _first(client, *[f"/rest/{number}" for number in range(20)])
        assert time.monotonic() - begun < 20 * 0.3


def test_a_delay_does_not_hold_other_connections_up(backend: Backend) -> None:
    with connection(backend.port) as waiting:
        waiting.sendall(request_of(b"/hour"))
        assert backend.client().get("/now").json() == "now"


@EVERY_WAY
@pytest.mark.parametrize("path", ["/close", "/late-close"])
def test_close(backend: Backend, way: Callable[[Backend], httpx.Client], path: str) -> None:
    """There is no answer, not even an empty one, and no 502; the next request is answered."""
    with way(backend) as client:
        with pytest.raises(httpx.RemoteProtocolError):
            client.get(path)
        assert client.get("/now").json() == "now"


def test_close_sends_no_byte(backend: Backend) -> None:
    with connection(backend.port) as connected:
        connected.sendall(request_of(b"/close"))
        assert read_to_end(connected) == b""


@pytest.mark.parametrize("path", [b"/reset", b"/late-reset", b"http://api.example.invalid/reset"])
def test_reset_breaks_the_connection_off(backend: Backend, path: bytes) -> None:
    with connection(backend.port) as connected:
        connected.sendall(request_of(path))
        with pytest.raises(ConnectionResetError):
            read_to_end(connected)
    assert backend.client().get("/now").json() == "now"


@EVERY_WAY
def test_reset(backend: Backend, way: Callable[[Backend], httpx.Client]) -> None:
    """There is no answer; the next request is answered."""
    with way(backend) as client:
        with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
            client.get("/reset")
        assert client.get("/now").json() == "now"


@pytest.mark.parametrize("path", ["/close", "/reset"])
async def test_close_resets_one_stream(backend: Backend, path: str) -> None:
    """On HTTP/2 the connection stays, with the answers that are still under way on it."""
    context = _Http2Only(ssl.PROTOCOL_TLS_CLIENT)
    url = f"https://127.0.0.1:{backend.port}"
    async with httpx.AsyncClient(http2=True, verify=context, trust_env=False, timeout=30, base_url=url) as client:
        late = asyncio.create_task(client.get("/late"))
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get(path)
        assert (await late).json() == "late"


@EVERY_WAY
def test_hang(backend: Backend, way: Callable[[Backend], httpx.Client]) -> None:
    """Nothing comes for as long as the client has patience, also after a delay."""
    with way(backend) as client:
        for path in ("/hang", "/never"):
            with pytest.raises(httpx.ReadTimeout):
                client.get(path, timeout=0.6)


def test_probability_zero_never_applies(backend: Backend) -> None:
    assert {backend.client().get("/never-by-chance").json() for _ in range(20)} == {"otherwise"}


def test_nothing_is_left_of_clients_that_have_gone(backend: Backend) -> None:
    """1,000 requests, hung and delayed ones by turns, end when their clients leave, and leave no task behind."""
    before = backend.execute("test.tasks")
    with ExitStack() as clients:
        for _ in range(MANY // 2):
            for path in (b"/hang", b"/hour"):
                clients.enter_context(connection(backend.port)).sendall(request_of(path))
        wait_until(lambda: backend.execute("test.tasks") >= before + MANY, "all requests to wait")
    wait_until(lambda: backend.execute("test.tasks") <= before, "their tasks to end")
    assert backend.client().get("/now").json() == "now"


def test_stopping_does_not_wait(tmp_path: Path) -> None:
    """While requests hang or are delayed, mitmdump ends when asked to, and no traceback has a line of ours.

    mitmproxy 11.0.2 prints one of its own for every open connection, also for an idle one.
    """
    backend = Backend(tmp_path, RESPONSES)
    with connection(backend.port) as hung, connection(backend.port) as delayed:
        hung.sendall(request_of(b"/hang"))
        delayed.sendall(request_of(b"/hour"))
        try:
            assert backend.client().get("/now").json() == "now"
        finally:
            backend.stop(tracebacks=True)
    assert "fakebackend/" not in backend.output.partition("Traceback")[2]


@pytest.fixture(scope="module")
def slow(start_shared: Launcher) -> Backend:
    """Start a mitmdump whose every canned answer is slow."""
    return start_shared(RESPONSES, options={"responses_delay": "200ms"})


def test_responses_delay_slows_every_canned_answer(slow: Backend) -> None:
    client = slow.client()
    answer, took = _timed(client, "/now")
    assert (answer.json(), took >= 0.2) == ("now", True)
    answer, took = _timed(client, "/late")
    assert (answer.json(), took >= 0.5) == ("late", True)


def test_responses_delay_can_be_changed(slow: Backend) -> None:
    slow.execute("set responses_delay 0s")
    with connection(slow.port) as connected:
        connected.sendall(request_of(b"/now"))
        assert read_response(connected).body == b'"now"'
    assert 'responses_delay must be like "200ms" or "1.5s"' in slow.refusal("set responses_delay 5")
    assert slow.client().get("/now").json() == "now"
