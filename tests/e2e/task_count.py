"""A script for mitmdump with a command that says how many asyncio tasks there are."""

import asyncio

from mitmproxy import command


class TaskCount:
    """Counts, so that a test sees what is left behind."""

    @command.command("test.tasks")  # type: ignore[untyped-decorator]  # it has no types
    def count(self) -> int:
        """Return the number of tasks that have not ended."""
        return len(asyncio.all_tasks())


addons = [TaskCount()]
