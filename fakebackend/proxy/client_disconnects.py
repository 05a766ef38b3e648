"""Requests that wait: for a delay to pass, or for ever, but never longer than their client."""

import asyncio


class ClientDisconnects:
    """Who waits, by client connection.

    mitmproxy neither cancels a hook when the client leaves nor shows it on the flow, so whoever waits is
    woken from here.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Event]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    async def wait(self, client: str, seconds: float | None) -> bool:
        """Wait so long, or for ever; return False at once when the client leaves or everything ends."""
        left = asyncio.Event()
        self._waiting.setdefault(client, set()).add(left)
        try:
            await asyncio.wait_for(left.wait(), seconds)
        except TimeoutError:
            return True
        finally:
            waiting = self._waiting.get(client, set())
            waiting.discard(left)
            if not waiting:
                self._waiting.pop(client, None)
        return False

    def cancel(self, client: str) -> None:
        """Let those who wait for a client stop: it has left."""
        for left in self._waiting.get(client, ()):
            left.set()

    def cancel_all(self) -> None:
        """Let all who wait stop: everything ends."""
        for client in list(self._waiting):
            self.cancel(client)
