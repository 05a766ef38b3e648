"""The responses file: read at start and after each change, the last good answers kept."""

import asyncio
import logging
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Sequence
from contextlib import AbstractContextManager
from contextlib import nullcontext
from dataclasses import dataclass

from fakebackend.diagnostics.diagnostic import Diagnostic
from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.diagnostics.diagnostic import written_out
from fakebackend.diagnostics.escaping import escape_control
from fakebackend.diagnostics.location import Location
from fakebackend.format.compile import Compiled
from fakebackend.format.compile import compile_tree
from fakebackend.reading.includes import SourceTree
from fakebackend.reading.includes import display_name
from fakebackend.reading.includes import parse_tree
from fakebackend.reading.includes import read_source_tree
from fakebackend.reading.missing_file import IN_MITMPROXY
from fakebackend.reading.watched_file import FileSnapshot
from fakebackend.reading.watched_file import read_watched
from fakebackend.table.entry_table import EntryTable

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What one reading of the file gave."""

    snapshots: Sequence[FileSnapshot]
    outcome: Compiled | ResponsesFileError


class ResponsesFile:
    """A path, and the table of the last good content found there.

    `table` is None until the file has been good once; `error` is what is wrong with the file right now.
    A reading takes place inside what `while_reading` makes, maybe in a thread. `named_with` is how another file
    would be named by whoever named this one, as `--file {}`. With `content` the bytes are known, and `path` only says
    where the file would be; `name` is what people call it then. `when_refused` is told of each change that is wrong.
    """

    table: EntryTable | None = None
    error: ResponsesFileError | None = None
    warnings: Sequence[Diagnostic] = ()
    handlers: Collection[str] = ()
    """The files of its handlers."""
    private: Collection[str] = ()
    """All files that no answer gives away: those, and the responses files."""
    shadowed: Sequence[str] = ()
    """The entries that never answer, because another one always wins."""

    def __init__(
        self,
        path: str,
        while_reading: Callable[[], AbstractContextManager[None]] = nullcontext,
        *,
        runs_handlers: bool = True,
        named_with: str = IN_MITMPROXY,
        name: str | None = None,
        content: bytes | None = None,
        when_refused: Callable[[ResponsesFileError], None] = lambda _: None,
    ) -> None:
        self._when_refused = when_refused
        self._named_with = named_with
        self._runs_handlers = runs_handlers
        self.path = path
        self.name = name or display_name(path)
        self._content = content
        self._while_reading = while_reading
        self._snapshots: Sequence[FileSnapshot] = ()
        self._reload: asyncio.Task[None] | None = None

    def read(self) -> None:
        """Read the file now.

        Raises `ResponsesFileError` if it is missing or wrong; the table stays as it was then.
        """
        self._swap(self._read())
        if self.error:
            raise self.error

    def is_read(self) -> bool:
        """Tell whether the file has been read at all, good or not."""
        return bool(self._snapshots)

    def is_fresh(self) -> bool:
        """Tell whether the file, and all it includes, is as it was when last read, good or not."""
        for snapshot in self._snapshots:
            if not snapshot.is_fresh():
                return False
        return self.is_read()

    async def refresh(self) -> None:
        """Return once the file as it was at the time of the call has been read.

        Concurrent calls share a reading, which takes place in a thread. What is wrong goes to the log.
        """
        if self._reload is not None:
            # This reading began before the call, so the last save may have come too late for it.
            await asyncio.shield(self._reload)
            if self.is_fresh():
                return
        if self._reload is None:
            self._reload = asyncio.create_task(self._read_again(), name=f"reading {self.name}")
        await asyncio.shield(self._reload)

    def refresh_sync(self) -> None:
        """Read the file if it has changed, where nothing can be awaited; what is wrong goes to the log."""
        if not self.is_fresh():
            self._swap_and_log(self._read())

    async def _read_again(self) -> None:
        try:
            self._swap_and_log(await asyncio.to_thread(self._read))
        finally:
            self._reload = None

    def _read(self) -> _Reading:
        tree = SourceTree()
        try:
            with self._while_reading():
                if self._content is None:
                    tree = read_source_tree(self.path, self.name, self._named_with)
                else:
                    tree = parse_tree(self._content, self.name, self.path)
                return _Reading(tree.watched, compile_tree(tree, runs_handlers=self._runs_handlers))
        except ResponsesFileError as e:
            return _Reading(tree.watched, e)
        except Exception as e:
            # A fault of ours must not take the good answers away, nor show a traceback for somebody's file.
            logger.debug(f"Compiling {escape_control(self.name)} failed", exc_info=True)
            text = f"cannot be used, {type(e).__name__}: {e}"
            snapshots = tree.watched or [read_watched(self.path, self.name)[0]]
            return _Reading(snapshots, ResponsesFileError([Diagnostic(Location(self.name), "", text)]))

    def _swap_and_log(self, reading: _Reading) -> None:
        self._swap(reading)
        if self.error:
            stay = "the last good answers stay" if self.table else "there are no answers yet"
            logger.error(f"{self.error}\n{escape_control(self.name)} is not used, {stay}.")
            self._when_refused(self.error)
        else:
            logger.info(f"Read {self.summary()} again.")
            self.log_warnings()

    def _swap(self, reading: _Reading) -> None:
        self._snapshots = reading.snapshots
        if isinstance(reading.outcome, ResponsesFileError):
            self.error = reading.outcome
            return
        self.error = None
        self.table = reading.outcome.table
        self.warnings = reading.outcome.warnings
        self.handlers = reading.outcome.handlers
        self.private = reading.outcome.private
        self.shadowed = reading.outcome.shadowed

    def log_warnings(self) -> None:
        """Log what is odd about the file but no error."""
        for line in written_out(self.warnings):
            logger.warning(line)

    def summary(self) -> str:
        """Return the file's name and how many entries it holds."""
        count = len(self.table or ())
        return f"{escape_control(self.name)} ({count} {'entry' if count == 1 else 'entries'})"
