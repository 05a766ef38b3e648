"""Requests that wait: for a delay, a handler, or for ever, but never longer than their client."""

import asyncio
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager

from mitmproxy import connection

MOST_WAITING = 1_000
"""Requests of one client connection that may wait at the same time."""


class ClientLeftError(Exception):
    """The client has left already: there is nobody to wait for."""


class TooManyWaitingError(Exception):
    """So many requests of a client connection wait already."""

    def __init__(self) -> None:
        super().__init__(f"{MOST_WAITING:,} requests of this connection wait already")


class ClientDisconnects:
    """Who waits, by client connection, and what is done when that ends.

    mitmproxy neither cancels a hook when the client leaves nor shows it on the flow, so whoever waits is
    woken from here. A stream that is reset on an HTTP/2 connection that stays cannot be seen.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, set[Callable[[], object]]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    async def wait(self, client: connection.Client, seconds: float | None) -> bool:
        """Wait so long, or for ever; return False at once when the client leaves or everything ends.

        Raises `TooManyWaitingError` if that would be too many.
        """
        if _has_left(client):
            return False
        left = asyncio.Event()
        with self._listed(client, left.set):
            try:
                await asyncio.wait_for(left.wait(), seconds)
            except TimeoutError:
                return True
        return False

    @contextmanager
    def cancelling(self, client: connection.Client) -> Iterator[asyncio.Event]:
        """Cancel the task that runs inside when the client leaves; the event that is given tells that it has.

        Raises `ClientLeftError`, and `TooManyWaitingError` if that would be too many.
        """
        if _has_left(client):
            raise ClientLeftError
        task, left = asyncio.current_task(), asyncio.Event()
        assert task is not None  # nobody waits outside a task

        def leave() -> None:
            left.set()
            task.cancel()

        with self._listed(client, leave):
            yield left

    @contextmanager
    def _listed(self, client: connection.Client, leave: Callable[[], object]) -> Iterator[None]:
        waiting = self._waiting.setdefault(client.id, set())
        if len(waiting) >= MOST_WAITING:
            raise TooManyWaitingError
        waiting.add(leave)
        try:
            yield
        finally:
            waiting.discard(leave)
            if not waiting:
                self._waiting.pop(client.id, None)

    def cancel(self, client: str) -> None:
        """Let those who wait for a client stop: it has left."""
        for leave in list(self._waiting.get(client, ())):
            leave()

    def cancel_all(self) -> None:
        """Let all who wait stop: everything ends."""
        for client in list(self._waiting):
            self.cancel(client)


def _has_left(client: connection.Client) -> bool:
    """Tell whether nobody will say so any more; of a replay's client the end is known, but it is open all the same."""
    return client.timestamp_end is not None and client.state is not connection.ConnectionState.OPEN
