"""Content codings (RFC 9110 section 8.4) undone, up to a size: a few kilobytes may stand for gigabytes."""

import zlib
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

import brotli
import zstandard

LARGEST_BODY = 64 * 1024 * 1024
"""Bytes that a body may have when it is decoded."""

_MOST_CODINGS = 4
_STEP = 16
"""Bytes given to Brotli at a time: it cannot be told to stop, and each may become some megabytes."""


class TooLargeError(ValueError):
    """What is decoded has more bytes than it may have."""

    def __init__(self) -> None:
        super().__init__(f"it decodes to more than {LARGEST_BODY >> 20} MiB")


def decode_content(content: bytes, field: str) -> bytes:
    """Return a body with the codings undone that a `Content-Encoding` field names.

    Raises `TooLargeError` for one that becomes too large, `ValueError` for one that is none of the coding it says.
    """
    codings = [name for name in (part.strip().lower() for part in field.split(",")) if name not in ("", "identity")]
    if len(codings) > _MOST_CODINGS:
        raise ValueError(f"it has more than {_MOST_CODINGS} content codings")
    for coding in reversed(codings):
        if coding not in _DECODERS:
            raise ValueError(f"the content coding is not known: {coding}")
        content = _joined(_DECODERS[coding](content)) if content else b""
    return content


def _joined(pieces: Iterator[bytes]) -> bytes:
    found: list[bytes] = []
    size = 0
    try:
        for piece in pieces:
            size += len(piece)
            if size > LARGEST_BODY:
                raise TooLargeError
            found.append(piece)
    except (zlib.error, brotli.error, zstandard.ZstdError) as e:
        raise ValueError(f"it cannot be decoded: {e}") from None
    return b"".join(found)


def _gzip(content: bytes) -> Iterator[bytes]:
    return _inflated(zlib.decompressobj(47), content)  # gzip or zlib, as the first bytes say


def _deflate(content: bytes) -> Iterator[bytes]:
    # Meant is zlib; some send DEFLATE alone. Only the first byte can tell.
    is_zlib = content[0] & 0x0F == 8 and int.from_bytes(content[:2]) % 31 == 0
    return _inflated(zlib.decompressobj(zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS), content)


def _inflated(inflater: Any, content: bytes) -> Iterator[bytes]:
    while content and not inflater.eof:
        yield inflater.decompress(content, LARGEST_BODY + 1)
        content = inflater.unconsumed_tail
    if not inflater.eof:
        raise ValueError("it ends too soon")


def _brotli(content: bytes) -> Iterator[bytes]:
    decompressor = brotli.Decompressor()
    for start in range(0, len(content), _STEP):
        yield decompressor.process(content[start : start + _STEP])
    if not decompressor.is_finished():
        raise ValueError("it ends too soon")


def _zstd(content: bytes) -> Iterator[bytes]:
    reader = zstandard.ZstdDecompressor().stream_reader(content, read_across_frames=True)
    while piece := reader.read(1 << 20):
        yield piece


_DECODERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
