"""No request reaches a real server unless it is forwarded, by whichever way it comes in.

Each way is tried twice: closed, where the listener behind the address must see no connection at all, and with
`responses_unmatched=forward`, where it must, or the first half would prove nothing.
"""

import socket
import threading
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from flow_file import saved_flow
from flow_file import write_flows
from mitmdump import Backend
from mitmdump import Launcher
from process import wait_until
from raw_http import RawResponse
from raw_http import connection
from raw_http import exchange
from raw_http import open_tunnel
from raw_http import read_response
from raw_http import read_to_end
from real_server import RealServer
from real_server import serving
from unused_port import unused_port

RESPONSES = {"GET": {"/user": {"name": "John"}}, "*": {"/any": 1}}

DEAD = f"reverse:http://127.0.0.1:{unused_port()}"
DEAD_TLS = f"reverse:https://127.0.0.1:{unused_port()}"


@dataclass
class World:
    """A mitmdump and the two real servers that its ways in lead to."""

    backend: Backend
    plain: RealServer
    tls: RealServer

    @property
    def reverse(self) -> str:
        return f"reverse:{self.plain.url}"

    @property
    def reverse_tls(self) -> str:
        return f"reverse:{self.tls.url}"

    @property
    def upstream(self) -> str:
        return f"upstream:{self.plain.url}"

    def connections(self) -> int:
        """Count what both servers have accepted so far."""
        return self.plain.connections + self.tls.connections


@contextmanager
def _world(start: Launcher, certificate: Path, **options: str) -> Iterator[World]:
    with serving() as plain, serving(certificate) as tls:
        modes = ["regular", f"reverse:{plain.url}", f"reverse:{tls.url}", f"upstream:{plain.url}", DEAD, DEAD_TLS]
        backend = start(RESPONSES, modes=modes, options={"ssl_insecure": "true", **options})
        yield World(backend, plain, tls)
        backend.stop()


@pytest.fixture(scope="module")
def closed(start_shared: Launcher, certificate: Path) -> Iterator[World]:
    """Start with the default, which lets nothing out, not even when all tests are over."""
    with _world(start_shared, certificate) as world:
        yield world
    assert world.connections() == 0


@pytest.fixture(scope="module")
def forwarding(start_shared: Launcher, certificate: Path) -> Iterator[World]:
    """Start with forwarding."""
    with _world(start_shared, certificate, responses_unmatched="forward") as world:
        yield world


Way = Callable[[World, str], tuple[int, str]]
"""Asks for a path and returns the status and the body of the answer."""


def _by_client(make: Callable[[World], httpx.Client], method: str = "GET", **request: Any) -> Way:
    def ask(world: World, path: str) -> tuple[int, str]:
        with make(world) as client:
            answer = client.request(method, path, **request)
        return answer.status_code, answer.text

    return ask


def _raw(fields: str, body: str = "", method: str = "GET") -> Way:
    def ask(world: World, path: str) -> tuple[int, str]:
        head = f"{method} {world.plain.url}{path} HTTP/1.1\r\nHost: 127.0.0.1:{world.plain.port}\r\n"
        return _plain(exchange(world.backend.port, f"{head}{fields}Connection: close\r\n\r\n{body}".encode()))

    return ask


def _upgrade(world: World, path: str) -> tuple[int, str]:
    fields = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    with connection(world.backend.port) as connected:
        head = f"GET {world.plain.url}{path} HTTP/1.1\r\nHost: 127.0.0.1:{world.plain.port}\r\n"
        connected.sendall(f"{head}{fields}{key}\r\n".encode())
        return _plain(read_response(connected))


def _expect_continue(world: World, path: str) -> tuple[int, str]:
    """Ask for leave to send the body, and send it once leave is given."""
    with connection(world.backend.port) as connected:
        head = f"POST {world.plain.url}{path} HTTP/1.1\r\nHost: 127.0.0.1:{world.plain.port}\r\n"
        connected.sendall(f"{head}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n".encode())
        first = read_response(connected)
        if first.status != 100:
            return _plain(first)
        connected.sendall(b"{}")
        return _plain(read_response(connected))


def _plain(response: RawResponse) -> tuple[int, str]:
    return response.status, response.body.decode()


WAYS: dict[str, Way] = {
    "regular": _by_client(lambda world: world.backend.proxied(base_url=world.plain.url)),
    "connect, tls, http1": _by_client(lambda world: world.backend.proxied(base_url=world.tls.url)),
    "connect, tls, http2": _by_client(lambda world: world.backend.proxied(base_url=world.tls.url, http2=True)),
    "reverse http": _by_client(lambda world: world.backend.client(world.reverse)),
    "reverse https": _by_client(lambda world: world.backend.client(world.reverse_tls)),
    "reverse https by http2": _by_client(
        lambda world: world.backend.client(world.reverse_tls, scheme="https", http2=True)
    ),
    "upstream": _by_client(lambda world: world.backend.proxied(world.upstream, base_url="http://host.invalid")),
    "post": _by_client(lambda world: world.backend.proxied(base_url=world.plain.url), "POST", json={"a": 1}),
    "chunked body": _raw("Transfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n", "POST"),
    "expect 100-continue": _expect_continue,
    "websocket": _upgrade,
}

ALL_WAYS = [pytest.param(way, id=name) for name, way in WAYS.items()]


@pytest.mark.parametrize("way", ALL_WAYS)
def test_unmatched_stays_inside(closed: World, way: Way) -> None:
    assert way(closed, "/missing") == (404, "Path not found")
    assert closed.connections() == 0


@pytest.mark.parametrize("way", ALL_WAYS)
def test_matched_stays_inside(closed: World, way: Way) -> None:
    assert way(closed, "/any") == (200, "1")
    assert closed.connections() == 0


@pytest.mark.parametrize("way", ALL_WAYS)
def test_unmatched_is_forwarded(forwarding: World, way: Way) -> None:
    before = forwarding.connections()
    assert way(forwarding, "/missing") == (200, "real")
    assert forwarding.connections() > before


@pytest.mark.parametrize("way", ALL_WAYS)
def test_matched_is_answered_while_forwarding(forwarding: World, way: Way) -> None:
    assert way(forwarding, "/any") == (200, "1")


def _say_hello_through_a_tunnel(world: World) -> bytes:
    """Speak something that is no HTTP and no TLS through CONNECT."""
    with connection(world.backend.port) as connected:
        open_tunnel(connected, f"127.0.0.1:{world.plain.port}")
        connected.sendall(b"\x00\x01\x02hello\r\n\r\n")
        with suppress(ConnectionResetError):
            return read_to_end(connected)
        return b""


def test_raw_tcp_stays_inside(closed: World) -> None:
    assert _say_hello_through_a_tunnel(closed) == b""
    assert closed.connections() == 0


def test_raw_tcp_is_forwarded(forwarding: World) -> None:
    before = forwarding.plain.connections
    assert b"400" in _say_hello_through_a_tunnel(forwarding)
    assert forwarding.plain.connections > before


def _echo_once(listener: socket.socket) -> None:
    accepted, _ = listener.accept()
    with accepted:
        while received := accepted.recv(65536):
            accepted.sendall(received)


def test_closing_ends_a_raw_tunnel_that_is_open(start: Launcher) -> None:
    backend = start(RESPONSES, options={"responses_unmatched": "forward"})
    with socket.create_server(("127.0.0.1", 0)) as listener, connection(backend.port) as connected:
        echo = threading.Thread(target=_echo_once, args=(listener,))
        echo.start()
        open_tunnel(connected, f"127.0.0.1:{listener.getsockname()[1]}")
        connected.sendall(b"\x00hello")
        assert connected.recv(65536) == b"\x00hello"
        backend.execute("set responses_unmatched 404")
        echo.join(30)  # the server's side has seen the end
        assert not echo.is_alive()
        with suppress(ConnectionResetError):
            assert connected.recv(65536) == b""


def _saved_request(folder: Path, server: RealServer, path: str) -> Path:
    return write_flows(folder / "saved.mitm", saved_flow(server.url + path, answer=None))


@pytest.mark.parametrize("path", ["/missing", "/user"])
def test_replay_stays_inside(closed: World, tmp_path: Path, path: str) -> None:
    saved = _saved_request(tmp_path, closed.plain, path)
    with closed.backend.expect_log(f"GET http://127.0.0.1:{closed.plain.port}{path}", "<<"):
        closed.backend.execute(f"replay.client.file {saved}")
    assert closed.connections() == 0


def test_replay_is_forwarded(forwarding: World, tmp_path: Path) -> None:
    before = forwarding.plain.connections
    saved = _saved_request(tmp_path, forwarding.plain, "/missing")
    forwarding.backend.execute(f"replay.client.file {saved}")
    wait_until(lambda: forwarding.plain.connections > before, "the replayed request at the real server")


def test_client_replay_option_stays_inside(start: Launcher, real_server: RealServer, tmp_path: Path) -> None:
    """A replay that begins with the start of mitmdump finds the proxy closed already."""
    saved = _saved_request(tmp_path, real_server, "/user")
    backend = start(RESPONSES, arguments=["--client-replay", str(saved), "--set", "keepserving=true"])
    backend.wait_for_log(f"GET http://127.0.0.1:{real_server.port}/user", "<< 200 OK")
    assert real_server.connections == 0


NOWHERE: dict[str, Callable[[World], httpx.Client]] = {
    "host that does not exist": lambda world: world.backend.proxied(base_url="http://no-such-host.invalid"),
    "https host that does not exist": lambda world: world.backend.proxied(base_url="https://no-such-host.invalid"),
    "https host that does not exist, http2": lambda world: world.backend.proxied(
        base_url="https://no-such-host.invalid", http2=True
    ),
    "dead upstream": lambda world: world.backend.client(DEAD),
    "dead https upstream": lambda world: world.backend.client(DEAD_TLS),
    "dead https upstream by http2": lambda world: world.backend.client(DEAD_TLS, scheme="https", http2=True),
}

EVERYWHERE = [pytest.param(make, id=name) for name, make in NOWHERE.items()]


@pytest.mark.parametrize("make", EVERYWHERE)
def test_answered_without_a_server(closed: World, make: Callable[[World], httpx.Client]) -> None:
    with make(closed) as client:
        assert client.get("/user").json() == {"name": "John"}
        assert client.get("/missing").status_code == 404


@pytest.mark.parametrize("make", EVERYWHERE)
def test_forwarding_needs_a_server(forwarding: World, make: Callable[[World], httpx.Client]) -> None:
    """Where there is no server, forwarding fails: the test above has something to show."""
    with make(forwarding) as client:
        try:
            status = client.get("/missing").status_code
        except httpx.TransportError:
            return
        assert status == 502


def test_closing_and_opening_while_running(start: Launcher, real_server: RealServer) -> None:
    """The option counts for the next request."""
    backend = start(RESPONSES, options={"responses_unmatched": "forward"})
    client = backend.proxied(base_url=real_server.url)
    assert client.get("/missing").text == "real"
    before = real_server.connections
    with backend.unmatched("404"):
        assert client.get("/missing").text == "Path not found"
        assert real_server.connections == before
        backend.execute("set responses_unmatched forward")
        assert client.get("/missing").text == "real"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "app.localhost"])
def test_forwarding_to_the_proxy_itself(forwarding: World, host: str) -> None:
    """A request sent straight to the port in regular mode has no other destination than the proxy."""
    port = forwarding.backend.port
    head = f"GET /missing HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n"
    answer = exchange(port, head.encode())
    assert answer.status == 502
    assert b"--mode reverse:URL" in answer.body
    assert "--mode reverse:URL" in answer.headers["x-fakebackend"]


def test_direct_request_is_answered_while_forwarding(forwarding: World) -> None:
    assert forwarding.backend.client().get("/user").json() == {"name": "John"}
