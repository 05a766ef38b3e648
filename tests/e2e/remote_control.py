"""A script for mitmdump that executes the commands which a test writes to its standard input.

Each line is a number and a command; the line `[number] done: "result"` or `[number] failed: "why"` comes back.
"""

import asyncio
import json
import sys

from mitmproxy import ctx


class RemoteControl:
    """Reads commands for as long as mitmdump runs."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None

    def running(self) -> None:
        """Begin to listen."""
        self._task = asyncio.get_running_loop().create_task(self._obey())

    def done(self) -> None:
        """Stop listening."""
        if self._task:
            self._task.cancel()

    async def _obey(self) -> None:
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        print("[remote control] ready", flush=True)
        async for line in reader:
            number, _, command = line.decode().strip().partition(" ")
            try:
                outcome = "done", ctx.master.commands.execute(command)
            except Exception as e:
                outcome = "failed", str(e)
            print(f"[{number}] {outcome[0]}: {json.dumps(outcome[1], default=str)}", flush=True)


addons = [RemoteControl()]
