"""An HTTP/1.1 client that keeps its connections: puts load on a proxy, and checks single answers."""

import asyncio
import itertools
import re
import time
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

import click

from bench.sample import Request


class Connection:
    """One connection to a port of this machine, closed at the end of the block."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def __aenter__(self) -> Self:
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        """Disconnect."""
        self._writer.close()
        await self._writer.wait_closed()

    async def ask(self, request: Request) -> tuple[int, bytes]:
        """Send a request and return the answer's status and body."""
        fields = [b"Host: 127.0.0.1:%d" % self._port, *(b"%b: %b" % field for field in request.headers)]
        self._writer.write(b"\r\n".join([b"GET %b HTTP/1.1" % request.target.encode(), *fields, b"\r\n"]))
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"\r\ncontent-length: *(\d+)\r\n", head, re.IGNORECASE)
        return int(head[9:12]), await self._reader.readexactly(int(length[1]) if length else 0)


async def check(name: str, port: int, requests: Iterable[Request]) -> None:
    """Fail unless every request gets its answer."""
    async with Connection(port) as connection:
        for request in requests:
            status, content = await connection.ask(request)
            if not request.is_answered_by(status, content):
                raise click.ClickException(f"{name} answered {request.target} with {status} {content!r}")


async def load(port: int, requests: Sequence[Request], connections: int, seconds: float) -> tuple[int, float]:
    """Ask in turn for so many seconds, on all connections at once; return the number of answers and the seconds."""
    source = itertools.cycle(requests)
    async with AsyncExitStack() as stack:
        opened = [await stack.enter_async_context(Connection(port)) for _ in range(connections)]
        start = time.perf_counter()
        tasks = [asyncio.create_task(_ask_until(start + seconds, connection, source)) for connection in opened]
        try:
            return sum(await asyncio.gather(*tasks)), time.perf_counter() - start
        finally:
            # Those that go on after one has failed, or its failure after that of another, concern nobody.
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _ask_until(end: float, connection: Connection, source: Iterator[Request]) -> int:
    count = 0
    while time.perf_counter() < end:
        request = next(source)
        status, _ = await connection.ask(request)
        if status != request.status:
            raise click.ClickException(f"{request.target} was answered with {status} under load")
        count += 1
    return count
