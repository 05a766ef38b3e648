"""`load("data.json")`: files beside the responses file, read again when they have changed."""

import os
import threading
from collections.abc import Container
from typing import Any

from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.diagnostics.escaping import escape_control
from fakebackend.diagnostics.wording import format_value
from fakebackend.reading.data_file import parse_data
from fakebackend.reading.near_file import near_file
from fakebackend.reading.watched_file import FileSnapshot
from fakebackend.reading.watched_file import read_watched

LARGEST_FILE = 16 * 1024 * 1024
"""Bytes of a file that `load` reads."""

_MOST_FILES = 100
"""Files whose content is kept; the names may come from requests."""


class LoadError(ValueError):
    """A file cannot be loaded; the text says why."""


class LoadFolder:
    """The folder of a responses file, out of which no name leads.

    `private` are files that are never given away where the name comes from a request: responses files and handlers'.
    With `is_confined` the templates came with a request themselves, and so did all names in them.
    """

    def __init__(self, folder: str = ".", private: Container[str] = (), *, is_confined: bool = False) -> None:
        self._folder = os.path.realpath(folder)
        self._private = private
        self._is_confined = is_confined
        self._named: set[str] = set()
        self._kept: dict[str, tuple[FileSnapshot, Any]] = {}
        self._lock = threading.Lock()

    def name(self, name: str) -> None:
        """Load a file that the responses file names, so that it may be any in the folder.

        Raises `LoadError` if there is none, or its content is wrong.
        """
        path = self._path(name)
        if not self._is_confined:
            self._named.add(path)
        self.load(name)

    def load(self, name: Any) -> Any:
        """Return the value in a file: that of JSON or YAML, a list of objects of CSV, else text.

        Raises `LoadError` if there is none, or its content is wrong.
        """
        path = self._path(name)
        if path not in self._named and (path in self._private or self._is_hidden(path)):
            raise _no_file(name)
        with self._lock:
            kept = self._kept.pop(path, None)
            if kept is None or not kept[0].is_fresh():
                kept = self._read(path, name)
            if len(self._kept) >= _MOST_FILES:
                del self._kept[next(iter(self._kept))]
            self._kept[path] = kept
        return kept[1]

    def _path(self, name: Any) -> str:
        if not isinstance(name, str) or not name or "\0" in name:
            raise LoadError(f"load takes the name of a file, got {format_value(name)}")
        path = os.path.realpath(os.path.join(self._folder, name))
        if not path.startswith(self._folder.rstrip(os.sep) + os.sep):
            raise LoadError(f"load({format_value(name)}) leads out of the folder of the responses file")
        return path

    def _is_hidden(self, path: str) -> bool:
        return any(part.startswith(".") for part in path[len(self._folder) :].split(os.sep))

    @staticmethod
    def _read(path: str, name: str) -> tuple[FileSnapshot, Any]:
        if os.path.isfile(path) and os.path.getsize(path) > LARGEST_FILE:
            raise LoadError(f"load({format_value(name)}): the file is larger than {LARGEST_FILE:,} bytes")
        snapshot, content = read_watched(path, name)
        if not isinstance(content, bytes):
            raise (
                _no_file(name, path) if not os.path.exists(path) else LoadError(f"load: {escape_control(str(content))}")
            )
        try:
            return snapshot, parse_data(content, name)
        except ResponsesFileError as e:
            raise LoadError(f"load: {escape_control(str(e.errors[0]))}") from None


HERE = LoadFolder()
"""The folder where Python was started, for templates of no file."""


def _no_file(name: str, path: str = "") -> LoadError:
    return LoadError(f"load({format_value(name)}): there is no such file{near_file(path) if path else ''}")
