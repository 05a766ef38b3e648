"""Requests that wait: for a delay, a handler, or for ever, but never longer than their client."""

import asyncio
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager

MOST_WAITING = 1_000
"""Requests of one client connection that may wait at the same time."""


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

    async def wait(self, client: str, seconds: float | None) -> bool:
        """Wait so long, or for ever; return False at once when the client leaves or everything ends.

        Raises `TooManyWaitingError` if that would be too many.
        """
        left = asyncio.Event()
        with self._listed(client, left.set):
            try:
                await asyncio.wait_for(left.wait(), seconds)
            except TimeoutError:
                return True
        return False

    @contextmanager
    def cancelling(self, client: str) -> Iterator[asyncio.Event]:
        """Cancel the task that runs inside when the client leaves; the event that is given tells that it has.

        Raises `TooManyWaitingError` if that would be too many.
        """
        task, left = asyncio.current_task(), asyncio.Event()
        assert task is not None  # nobody waits outside a task

        def leave() -> None:
            left.set()
            task.cancel()

        with self._listed(client, leave):
            yield left

    @contextmanager
    def _listed(self, client: str, leave: Callable[[], object]) -> Iterator[None]:
        waiting = self._waiting.setdefault(client, set())
        if len(waiting) >= MOST_WAITING:
            raise TooManyWaitingError
        waiting.add(leave)
        try:
            yield
        finally:
            waiting.discard(leave)
            if not waiting:
                self._waiting.pop(client, None)

    def cancel(self, client: str) -> None:
        """Let those who wait for a client stop: it has left."""
        for leave in list(self._waiting.get(client, ())):
            leave()

    def cancel_all(self) -> None:
        """Let all who wait stop: everything ends."""
        for client in list(self._waiting):
            self.cancel(client)
