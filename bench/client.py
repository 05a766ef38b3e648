"""An HTTP/1.1 client that keeps its connections: puts load on a proxy, and checks single answers."""

import asyncio
import itertools
import re
import time
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence

import click

from bench.sample import Request


class Connection:
    """One connection to a port of this machine."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def open(self) -> None:
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)

    def close(self) -> None:
        """Disconnect."""
        self._writer.close()

    async def ask(self, request: Request) -> tuple[int, bytes]:
        """Send a request and return the answer's status and body."""
        fields = [b"Host: 127.0.0.1:%d" % self._port, *(b"%b: %b" % field for field in request.headers)]
        self._writer.write(b"\r\n".join([b"GET %b HTTP/1.1" % request.target.encode(), *fields, b"\r\n"]))
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"\r\ncontent-length: *(\d+)\r\n", head, re.IGNORECASE)
        return int(head[9:12]), await self._reader.readexactly(int(length[1]) if length else 0)


async def check(name: str, port: int, requests: Iterable[Request]) -> None:
    """Fail unless every request gets its answer."""
    connection = Connection(port)
    await connection.open()
    for request in requests:
        status, content = await connection.ask(request)
        if not request.is_answered_by(status, content):
            raise click.ClickException(f"{name} answered {request.target} with {status} {content!r}")
    connection.close()


async def load(port: int, requests: Sequence[Request], connections: int, seconds: float) -> tuple[int, float]:
    """Ask in turn for so many seconds, on all connections at once; return the number of answers and the seconds."""
    opened = [Connection(port) for _ in range(connections)]
    for connection in opened:
        await connection.open()
    source = itertools.cycle(requests)
    start = time.perf_counter()
    counts = await asyncio.gather(*(_ask_until(start + seconds, connection, source) for connection in opened))
    passed = time.perf_counter() - start
    for connection in opened:
        connection.close()
    return sum(counts), passed


async def _ask_until(end: float, connection: Connection, source: Iterator[Request]) -> int:
    count = 0
    while time.perf_counter() < end:
        request = next(source)
        status, _ = await connection.ask(request)
        if status != request.status:
            raise click.ClickException(f"{request.target} was answered with {status} under load")
        count += 1
    return count
