"""A file as it is sent (its representation, RFC 9110 section 3.2): a small one whole, of a large one a part."""

import hashlib
import os
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

READ_AT_ONCE = 4 * 1024 * 1024
"""Bytes of a file up to which it is read while mitmproxy waits: some milliseconds."""

MOST_SENT = 64 * 1024 * 1024
"""Bytes that one response may have, as it is held in memory."""


class FileTooLargeError(Exception):
    """A file was asked for that is sent only in parts."""


class Representation(NamedTuple):
    """A file as it was when it was looked at.

    `length` is in bytes, `modified` in seconds since the epoch; `tag` differs where the content does; `read` returns
    the bytes from one position up to another.
    """

    length: int
    modified: float
    tag: str
    read: Callable[[int, int], bytes]

    def whole(self) -> bytes:
        """Return all of it.

        Raises `FileTooLargeError` for more than `MOST_SENT` bytes.
        """
        if self.length > MOST_SENT:
            raise FileTooLargeError(
                f"the file has {self.length:,} bytes, and one of more than {MOST_SENT:,} is sent only in parts (Range)"
            )
        return self.read(0, self.length)


def representation_in_memory(content: bytes, modified: float) -> Representation:
    """Return a content that was read already; its tag sees a change within one tick of the file system's clock."""
    tag = hashlib.blake2b(content, digest_size=12).hexdigest()
    return Representation(len(content), modified, tag, lambda start, stop: content[start:stop])


def file_representation(path: str) -> Representation:
    """Return the content of a file, which is read now only if it is small.

    Raises `OSError` if it cannot be read.
    """
    facts = os.stat(path)
    if facts.st_size <= READ_AT_ONCE:
        return representation_in_memory(_read(path, 0, facts.st_size), facts.st_mtime)
    tag = f"{facts.st_mtime_ns:x}-{facts.st_size:x}-{facts.st_ino:x}"
    return Representation(facts.st_size, facts.st_mtime, tag, partial(_read, path))


def _read(path: str, start: int, stop: int) -> bytes:
    with open(path, "rb") as file:
        file.seek(start)
        return file.read(stop - start)
