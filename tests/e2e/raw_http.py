"""HTTP byte by byte, for requests that no client library would send."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class RawResponse:
    """A response as it came, header names in lower case; `rest` is what followed on the connection."""

    status: int
    headers: dict[str, str]
    body: bytes
    rest: bytes


@contextmanager
def connection(port: int) -> Iterator[socket.socket]:
    """Connect to a port of this machine."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connected:
        yield connected


def read_response(connected: socket.socket, *, body: bool = True) -> RawResponse:
    """Read one response and leave the connection open; fail if it ends early."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += _more(connected, received)
    head, _, rest = received.partition(b"\r\n\r\n")
    status_line, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = int(headers.get("content-length", 0)) if body else 0
    while len(rest) < length:
        rest += _more(connected, received + rest)
    return RawResponse(int(status_line.split()[1]), headers, rest[:length], rest[length:])


def read_to_end(connected: socket.socket) -> bytes:
    """Read until the other side closes the connection."""
    return b"".join(iter(lambda: connected.recv(65536), b""))


def exchange(port: int, request: bytes, *, body: bool = True) -> RawResponse:
    """Send a request that asks for the connection to be closed, and return the response and what follows it."""
    with connection(port) as connected:
        connected.sendall(request)
        response = read_response(connected, body=body)
        return RawResponse(response.status, response.headers, response.body, response.rest + read_to_end(connected))


def request_of(target: bytes, *, method: bytes = b"GET", host: bytes = b"localhost") -> bytes:
    """Return a request without a body for a target that is taken as it is."""
    return b"%b %b HTTP/1.1\r\nHost: %b\r\nConnection: close\r\n\r\n" % (method, target, host)


def open_tunnel(connected: socket.socket, target: str) -> None:
    """Have the proxy at the other end open a tunnel."""
    connected.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
    assert read_response(connected).status == 200


def _more(connected: socket.socket, received: bytes) -> bytes:
    chunk = connected.recv(65536)
    assert chunk, f"the connection was closed after {received!r}"
    return chunk
