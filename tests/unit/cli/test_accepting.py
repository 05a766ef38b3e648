import socket
import struct
import threading
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import ExitStack
from contextlib import contextmanager
from contextlib import suppress
from typing import Any

import pytest

from fakebackend.cli import accepting
from fakebackend.cli.accepting import wait_until_accepting
from fakebackend.diagnostics.wording import reason_of

Behaviour = Callable[[socket.socket], object]

AT_ONCE, LONG = 0.001, 20.0
"""How long a connection must be held: so short that no test waits, or until the other side has done something."""


def serve(connection: socket.socket) -> None:
    """Do what mitmproxy does with a client that says nothing and leaves."""
    assert connection.recv(1) == b""


def speak(connection: socket.socket) -> None:
    connection.sendall(b"SSH-2.0\r\n")
    with suppress(ConnectionResetError):  # who does not read what is said resets
        connection.recv(1)


def close(connection: socket.socket) -> None:
    """Do what the port of a container does while nobody listens in there."""


def reset(connection: socket.socket) -> None:
    """Do what the operating system does when the program has ended."""
    connection.recv(1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def answer(connection: socket.socket) -> None:
    """Do what other HTTP servers do with an empty request."""
    connection.recv(1)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def listener(address: str = "127.0.0.1", port: int = 0, backlog: int = 10) -> socket.socket:
    server = socket.create_server((address, port), backlog=backlog)
    server.settimeout(60)
    return server


def port_of(server: socket.socket) -> int:
    return int(server.getsockname()[1])


@contextmanager
def accepting_each(server: socket.socket, *behaviours: Behaviour) -> Iterator[int]:
    """Treat each connection by its behaviour, and listen no longer after the last; give the port."""

    def accept() -> None:
        with server:
            for index, behave in enumerate(behaviours, 1):
                connection, _ = server.accept()
                if index == len(behaviours):
                    server.close()
                with connection:
                    behave(connection)

    thread = threading.Thread(target=accept)
    thread.start()
    yield port_of(server)
    thread.join(60)
    assert not thread.is_alive()


def why_not(host: str, port: int, seconds: float = 0) -> str:
    """Wait in vain, and return why."""
    try:
        wait_until_accepting(host, port, seconds)
    except OSError as e:
        return reason_of(e)
    raise AssertionError("it accepts requests")


@pytest.fixture
def free_port() -> int:
    """Return a port at which nobody listens."""
    with listener() as server:
        return port_of(server)


class Clock:
    """A time that passes only while somebody sleeps, and what is to be done then."""

    def __init__(self) -> None:
        self.now = 0.0
        self.then: list[Callable[[], object]] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        if self.then:
            self.then.pop(0)()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(accepting, "time", clock)
    return clock


def hosts(monkeypatch: pytest.MonkeyPatch, *answers: Any) -> list[Any]:
    """Have each look-up answered so, with addresses or an error; return the list of what is left."""
    left = list(answers)

    def getaddrinfo(host: str, port: int, **_: object) -> list[Any]:
        answer = left.pop(0)
        if isinstance(answer, OSError):
            raise answer
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in answer]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return left


@pytest.mark.parametrize("behaviour", [serve, answer])
def test_who_serves_two_connections_accepts(monkeypatch: pytest.MonkeyPatch, behaviour: Behaviour) -> None:
    monkeypatch.setattr(accepting, "HELD", AT_ONCE)
    with accepting_each(listener(), behaviour, behaviour) as port:
        wait_until_accepting("127.0.0.1", port, 60)


@pytest.mark.parametrize(
    ("held", "behaviours", "reason"),
    [
        pytest.param(LONG, [close], "connections are not held open for a request", id="closes-at-once"),
        pytest.param(LONG, [speak], "connections are not held open for a request", id="speaks-first"),
        pytest.param(AT_ONCE, [reset], "connection reset by peer", id="ends-meanwhile"),
        pytest.param(AT_ONCE, [serve], "connection refused", id="ends-after-one"),
        pytest.param(AT_ONCE, [serve, reset], "connection reset by peer", id="ends-meanwhile-after-one"),
    ],
)
def test_who_does_not_accepts_nothing(
    monkeypatch: pytest.MonkeyPatch, held: float, behaviours: list[Behaviour], reason: str
) -> None:
    monkeypatch.setattr(accepting, "HELD", held)
    monkeypatch.setattr(accepting, "ONE_TRY", 60)
    monkeypatch.setattr(accepting, "LONGEST", 60)
    with accepting_each(listener(), *behaviours) as port:
        assert why_not("127.0.0.1", port) == reason


def test_who_takes_connections_and_does_no_more_accepts_nothing(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    """As the operating system does for a program that reads its file, or has hung."""
    monkeypatch.setattr(accepting, "HELD", AT_ONCE)
    monkeypatch.setattr(accepting, "ONE_TRY", 0.05)
    with listener() as server:
        assert why_not("127.0.0.1", port_of(server)) == "connections are taken, but not served"


def test_a_connection_that_is_never_made_takes_no_longer_than_there_is_time() -> None:
    # There is room for one connection.
    with listener(backlog=0) as server, socket.create_connection(server.getsockname()):
        assert why_not("127.0.0.1", port_of(server), 0.2) == "timed out"


def test_what_takes_all_the_time_is_told_apart_from_what_fails(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    class Slow(socket.socket):
        def connect(self, address: Any) -> None:
            super().connect(address)
            clock.now += 100

    monkeypatch.setattr(socket, "socket", Slow)
    with listener() as server:
        assert why_not("127.0.0.1", port_of(server), 30) == "the time was too short to tell"


def test_a_connection_to_itself_is_none(monkeypatch: pytest.MonkeyPatch, free_port: int) -> None:
    class ToItself(socket.socket):
        def connect(self, address: Any) -> None:
            self.bind(address)
            super().connect(address)

    monkeypatch.setattr(socket, "socket", ToItself)
    assert why_not("127.0.0.1", free_port) == "connection refused"


@pytest.mark.parametrize(
    ("seconds", "tries"),
    [
        pytest.param(30, 296, id="long"),
        pytest.param(0.75, 4, id="short"),
        pytest.param(0.25, 1, id="tiny"),
    ],
)
def test_it_tries_again_and_again_until_the_time_is_over(
    monkeypatch: pytest.MonkeyPatch, clock: Clock, free_port: int, seconds: float, tries: int
) -> None:
    looked_up = hosts(monkeypatch, *[["127.0.0.1"]] * 300)
    assert why_not("backend", free_port, seconds) == "connection refused"
    assert clock.now == pytest.approx(seconds)
    assert 300 - len(looked_up) == pytest.approx(tries, abs=1)


def test_one_try_does_not_wait(clock: Clock, free_port: int) -> None:
    assert why_not("127.0.0.1", free_port) == "connection refused"
    assert clock.now == 0


def test_who_comes_late_is_waited_for(monkeypatch: pytest.MonkeyPatch, clock: Clock, free_port: int) -> None:
    """First there is no such name, then nobody listens, then somebody does."""
    monkeypatch.setattr(accepting, "HELD", AT_ONCE)
    no_name = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    hosts(monkeypatch, no_name, ["127.0.0.1"], ["127.0.0.1"])
    with ExitStack() as stack:
        clock.then = [
            lambda: None,
            lambda: stack.enter_context(accepting_each(listener(port=free_port), serve, serve)),
        ]
        wait_until_accepting("backend", free_port, 30)
    assert clock.now == pytest.approx(2 * accepting.PAUSE)


def test_all_addresses_of_a_name_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accepting, "HELD", AT_ONCE)
    hosts(monkeypatch, ["127.0.0.2", "127.0.0.1"])
    with accepting_each(listener(), serve, serve) as port:
        wait_until_accepting("backend", port, 0)


def test_an_address_that_says_nothing_leaves_time_for_the_next(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    monkeypatch.setattr(accepting, "HELD", AT_ONCE)
    monkeypatch.setattr(accepting, "LONGEST", 0.1)
    hosts(monkeypatch, ["127.0.0.2", "127.0.0.1"])
    with listener("127.0.0.2") as silent:
        assert why_not("backend", port_of(silent)) == "connections are taken, but not served; connection refused"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        pytest.param(socket.EAI_NONAME, "Name or service not known", id="unknown"),
        pytest.param(socket.EAI_AGAIN, "Temporary failure in name resolution", id="no-name-server"),
    ],
)
def test_a_name_that_nobody_knows_is_told(monkeypatch: pytest.MonkeyPatch, number: int, said: str) -> None:
    hosts(monkeypatch, socket.gaierror(number, said))
    assert why_not("backend", 80) == said.lower()


def test_a_look_up_takes_no_longer_than_there_is_time(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up = threading.Event()
    monkeypatch.setattr(accepting, "ONE_TRY", 0.01)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: looked_up.wait(60) and [])
    assert why_not("backend", 80) == "the name backend was not looked up in time"
    looked_up.set()
