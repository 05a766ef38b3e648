"""The responses files of a folder, told apart from what else lies there."""

import os
import re
from collections.abc import Iterable
from typing import Any
from typing import NamedTuple

from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.format.file_keys import FILE_KEYS
from fakebackend.messages.methods import STANDARD_METHODS
from fakebackend.messages.methods import is_method
from fakebackend.reading.data_file import parse_data
from fakebackend.reading.detect import has_known_ending
from fakebackend.reading.watched_file import read_watched

_OF_EVERYONE = "$schema"
"""A word that editors have brought into files of all kinds, so that it tells nothing."""

_OURS = frozenset(FILE_KEYS) - {_OF_EVERYONE}

_LIKELY_KEY = re.compile(
    rf"^[ \t{{]*[\"']?(?:(?:{'|'.join(map(re.escape, (*STANDARD_METHODS, '*')))})(?: [/~h][^\"']*)?"
    rf"|{'|'.join(map(re.escape, sorted(_OURS)))})[\"']?\s*:",
    re.MULTILINE,
)
"""What begins a line of a responses file, where the text cannot be read as data."""


class FilesInFolder(NamedTuple):
    """The responses files of a folder, and the others whose names end alike."""

    files: tuple[str, ...]
    skipped: tuple[str, ...] = ()
    why_skipped: str = "it has no method and no key of a responses file at the top"


def files_in(folder: str) -> FilesInFolder:
    """Return the files that lie in a folder, not below it, by their names."""
    files: list[str] = []
    skipped: list[str] = []
    for entry in sorted(os.listdir(folder)):
        path = os.path.normpath(os.path.join(folder, entry))
        if os.path.isfile(path) and has_known_ending(entry):
            (files if _is_ours(path) else skipped).append(path)
    return FilesInFolder(tuple(files), tuple(skipped))


def _is_ours(path: str) -> bool:
    _, content = read_watched(path, path)
    if not isinstance(content, bytes):
        return True  # so that it is said why it cannot be read
    try:
        data = parse_data(content, path)
    except (ResponsesFileError, ValueError):
        return _LIKELY_KEY.search(content.decode("utf-8", "replace")) is not None
    return isinstance(data, dict) and _has_our_key(data)


def _has_our_key(keys: Iterable[Any]) -> bool:
    return any(key in _OURS or is_method(str(key).partition(" ")[0]) for key in keys)
