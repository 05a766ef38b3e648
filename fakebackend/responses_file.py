"""The responses file: read at start and after each change, the last good answers kept."""

import asyncio
import logging
import os
from dataclasses import dataclass

from fakebackend.compile_file import Compiled
from fakebackend.compile_file import compile_file
from fakebackend.entry_table import EntryTable
from fakebackend.printable import escaped
from fakebackend.problems import Place
from fakebackend.problems import Problem
from fakebackend.problems import ResponsesFileError
from fakebackend.watched_file import WatchedFile
from fakebackend.watched_file import read_watched

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What one reading of the file gave."""

    watched: WatchedFile
    outcome: Compiled | ResponsesFileError


class ResponsesFile:
    """A path, and the table of the last good content found there.

    `table` is None until the file has been good once; `error` is what is wrong with the file right now.
    """

    table: EntryTable | None = None
    error: ResponsesFileError | None = None

    def __init__(self, path: str) -> None:
        self.path = path
        self.name = display_name(path)
        self._watched: WatchedFile | None = None
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
        return self._watched is not None

    def is_current(self) -> bool:
        """Tell whether the file is as it was when last read, good or not."""
        return self._watched is not None and self._watched.is_unchanged()

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

    def _take(self, reading: _Reading) -> None:
        self._watched = reading.watched
        if isinstance(reading.outcome, ResponsesFileError):
            self.error = reading.outcome
            return
        self.error = None
        self.table = reading.outcome.table
        for warning in reading.outcome.warnings:
            logger.warning(str(warning))

    def summary(self) -> str:
        """Return the file's name and how many entries it holds."""
        count = len(self.table or ())
        return f"{escaped(self.name)} ({count} {'entry' if count == 1 else 'entries'})"


def display_name(path: str) -> str:
    """Return a path as people write it: relative if it lies below the working directory."""
    relative = os.path.relpath(path) if os.path.splitdrive(path)[0] == os.path.splitdrive(os.getcwd())[0] else path
    return path if relative.startswith("..") else relative


def _read(path: str, name: str) -> _Reading:
    watched, content = read_watched(path, name)
    if isinstance(content, ResponsesFileError):
        return _Reading(watched, content)
    try:
        return _Reading(watched, compile_file(content, name))
    except ResponsesFileError as e:
        return _Reading(watched, e)
    except Exception as e:
        # A fault of ours must not take the good answers away, nor show a traceback for somebody's file.
        logger.debug(f"Compiling {name} failed", exc_info=True)
        text = f"cannot be used, {type(e).__name__}: {e}"
        return _Reading(watched, ResponsesFileError([Problem(Place(name), "", text)]))
