"""Has a file changed since it was read? Asked on every request, so it costs one `os.stat`."""

import os
import stat
import time
from collections.abc import Callable
from dataclasses import dataclass

from fakebackend.diagnostics.diagnostic import Diagnostic
from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.diagnostics.location import Location
from fakebackend.diagnostics.wording import reason_of

Signature = tuple[int | str, ...]

_YOUNG = 50_000_000
"""Nanoseconds for which a file's time is no proof: on older kernels two writes may get the same one."""


Read = Callable[[str], bytes]


@dataclass(slots=True)
class FileSnapshot:
    """A file, or a folder's list of names, as it was when it was read.

    `content` is kept only while the time is no proof yet.
    """

    path: str
    signature: Signature
    content: bytes | None
    read: Read

    def is_fresh(self) -> bool:
        """Tell whether reading again would give the same bytes."""
        signature, mtime = _look(self.path)
        if signature != self.signature:
            return False
        if self.content is None:
            return True
        young = _is_young(mtime)
        try:
            if self.read(self.path) != self.content:
                return False
        except (OSError, ValueError):
            return False
        if not young:
            self.content = None
        return True


def _no_such_file() -> str:
    return "there is no such file"


def read_watched(
    path: str, name: str, if_missing: Callable[[], str] = _no_such_file
) -> tuple[FileSnapshot, bytes | ResponsesFileError]:
    """Read a file to be watched; `name` is how people know it, `if_missing` tells what to say where there is none.

    What cannot be read comes back as an error, with a signature all the same: it is tried again
    when that changes.
    """
    watched, content = _watch(path, _read_file)
    if isinstance(content, Exception):
        return watched, ResponsesFileError([Diagnostic(Location(name), "", _why_not(path, content, if_missing))])
    return watched, content


def watch_folder(path: str) -> FileSnapshot:
    """Watch which names a folder holds."""
    return _watch(path, _read_names)[0]


def _watch(path: str, read: Read) -> tuple[FileSnapshot, bytes | OSError | ValueError]:
    # Looked at before reading: a change in between shows at the next look.
    signature, mtime = _look(path)
    young = _is_young(mtime)
    try:
        content = read(path)
    except (OSError, ValueError) as e:
        return FileSnapshot(path, signature, None, read), e
    return FileSnapshot(path, signature, content if young else None, read), content


def _look(path: str) -> tuple[Signature, int]:
    try:
        status = os.stat(path)
    except (OSError, ValueError) as e:
        return (type(e).__name__,), 0
    return (status.st_mtime_ns, status.st_size, status.st_ino), status.st_mtime_ns


def _is_young(mtime: int) -> bool:
    # A time in the future is young only for a moment too: the next write will have another.
    return abs(time.time_ns() - mtime) < _YOUNG


def _read_file(path: str) -> bytes:
    # Opening a FIFO would wait for a writer, so the kind is checked without waiting.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError("is no regular file")
        return file.read()


def _read_names(path: str) -> bytes:
    return "\0".join(sorted(os.listdir(path))).encode("utf-8", "surrogateescape")


def _why_not(path: str, error: OSError | ValueError, if_missing: Callable[[], str]) -> str:
    if isinstance(error, FileNotFoundError):
        return if_missing()
    if os.path.isdir(path):
        return "is a folder, expected a file"
    return f"cannot be read: {reason_of(error)}"
