"""The responses file: read at start and after each change, the last good answers kept."""

import asyncio
import gc
import logging
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from fakebackend.compile_file import Compiled
from fakebackend.compile_file import compile_tree
from fakebackend.entry_table import EntryTable
from fakebackend.printable import escaped
from fakebackend.problems import Place
from fakebackend.problems import Problem
from fakebackend.problems import ResponsesFileError
from fakebackend.source_tree import SourceTree
from fakebackend.source_tree import display_name
from fakebackend.source_tree import read_source_tree
from fakebackend.watched_file import Watched
from fakebackend.watched_file import read_watched

logger = logging.getLogger(__name__)

_MANY = 50_000  # new objects, as the garbage collector counts them


@dataclass(frozen=True, slots=True)
class _Reading:
    """What one reading of the file gave."""

    watched: Sequence[Watched]
    outcome: Compiled | ResponsesFileError


class ResponsesFile:
    """A path, and the table of the last good content found there.

    `table` is None until the file has been good once; `error` is what is wrong with the file right now.
    """

    table: EntryTable | None = None
    error: ResponsesFileError | None = None
    warnings: Sequence[Problem] = ()

    def __init__(self, path: str) -> None:
        self.path = path
        self.name = display_name(path)
        self._watched: Sequence[Watched] = ()
        self._reload: asyncio.Task[None] | None = None

    def read(self) -> None:
        """Read the file now.

        Raises `ResponsesFileError` if it is missing or wrong; the table stays as it was then.
        """
        self._take(_read(self.path, self.name))
        if self.error:
            raise self.error

    def is_read(self) -> bool:
        """Tell whether the file has been read at all, good or not."""
        return bool(self._watched)

    def is_current(self) -> bool:
        """Tell whether the file, and all it includes, is as it was when last read, good or not."""
        for watched in self._watched:
            if not watched.is_unchanged():
                return False
        return self.is_read()

    async def refresh(self) -> None:
        """Return once the file as it was at the time of the call has been read.

        Concurrent calls share a reading, which takes place in a thread. What is wrong goes to the log.
        """
        if self._reload is not None:
            # This reading began before the call, so the last save may have come too late for it.
            await asyncio.shield(self._reload)
            if self.is_current():
                return
        if self._reload is None:
            self._reload = asyncio.create_task(self._read_again(), name=f"reading {self.name}")
        await asyncio.shield(self._reload)

    def refresh_now(self) -> None:
        """Do what `refresh` does where nothing can be awaited."""
        if not self.is_current():
            self._take_and_log(_read(self.path, self.name))

    async def _read_again(self) -> None:
        try:
            self._take_and_log(await asyncio.to_thread(_read, self.path, self.name))
        finally:
            self._reload = None

    def _take_and_log(self, reading: _Reading) -> None:
        self._take(reading)
        if self.error:
            stay = "the last good answers stay" if self.table else "there are no answers yet"
            logger.error(f"{self.error}\n{escaped(self.name)} is not used, {stay}.")
        else:
            logger.info(f"Read {self.summary()} again.")
            self.log_warnings()

    def _take(self, reading: _Reading) -> None:
        self._watched = reading.watched
        if isinstance(reading.outcome, ResponsesFileError):
            self.error = reading.outcome
            return
        self.error = None
        self.table = reading.outcome.table
        self.warnings = reading.outcome.warnings

    def log_warnings(self) -> None:
        """Log what is odd about the file but no error."""
        for warning in self.warnings:
            logger.warning(str(warning))

    def summary(self) -> str:
        """Return the file's name and how many entries it holds."""
        count = len(self.table or ())
        return f"{escaped(self.name)} ({count} {'entry' if count == 1 else 'entries'})"


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep Python from looking for garbage again and again while 100,000 things come to stay."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            if gc.get_count()[0] > _MANY:
                # The first look for garbage would walk them all, and hold up every connection meanwhile.
                gc.freeze()
            gc.enable()


def _read(path: str, name: str) -> _Reading:
    tree = SourceTree()
    try:
        with _collector_paused():
            tree = read_source_tree(path, name)
            return _Reading(tree.watched, compile_tree(tree))
    except ResponsesFileError as e:
        return _Reading(tree.watched, e)
    except Exception as e:
        # A fault of ours must not take the good answers away, nor show a traceback for somebody's file.
        logger.debug(f"Compiling {name} failed", exc_info=True)
        text = f"cannot be used, {type(e).__name__}: {e}"
        watched = tree.watched or [read_watched(path, name)[0]]
        return _Reading(watched, ResponsesFileError([Problem(Place(name), "", text)]))
