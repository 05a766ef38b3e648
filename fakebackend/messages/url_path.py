"""The path of a request target or of a URL key, in the one form in which they are compared."""

import re
from urllib.parse import quote
from urllib.parse import unquote_to_bytes

_TOKEN = re.compile(r"%[0-9A-Fa-f]{2}|.", re.DOTALL)

ENCODED_SLASH = "\udc2f"
"""Stands in a canonical path for a slash that was spelled `%2F` and so belongs to its segment.

A lone surrogate: neither a decoded path nor a responses file can hold this one.
"""


def canonical_path(target: str) -> str:
    """Return the path of a target without its query, dot segments removed, percent-decoded.

    `/a/./b%20c?d` is `/a/b c`. Bytes that are no UTF-8 become lone surrogates (`surrogateescape`), which no
    responses file can hold, so they match no literal. Dot segments go as in RFC 3986 section 5.2.4, where
    `%2e` counts as a dot; a stray `%` stays. A target without a leading slash (`*`) is left alone.
    """
    path = target.partition("?")[0]
    if not path.startswith("/"):
        return path or "/"
    if "%" not in path and "/." not in path:
        return path
    return "/".join(map(decode_segment, without_dots(path.split("/"))))


def without_dots(segments: list[str]) -> list[str]:
    """Return the segments of a path without its dot segments; the first is what stands before the first slash."""
    kept = [""]
    for segment in segments[1:]:
        if (dots := _dots(segment)) == "..":
            del kept[max(len(kept) - 1, 1) :]
        elif dots != ".":
            kept.append(segment)
    if _dots(segments[-1]) in (".", ".."):
        kept.append("")  # a path that ends in a dot segment names a folder: /a/.. is /, /a/. is /a/
    return kept


def _dots(segment: str) -> str:
    return segment.replace("%2e", ".").replace("%2E", ".")


def decode_segment(segment: str) -> str:
    """Return a segment percent-decoded."""
    if "%" not in segment:
        return segment
    content = unquote_to_bytes(segment.encode("utf-8", "surrogateescape"))
    return content.decode("utf-8", "surrogateescape").replace("/", ENCODED_SLASH)


def spelled_pieces(target: str) -> list[str]:
    """Return for each character of the canonical path how the target spells it: `/a%20b` has `%20` for the space."""
    path = target.partition("?")[0]
    if not path.startswith("/") or ("%" not in path and "/." not in path):
        return list(path or "/")
    pieces: list[str] = []
    for segment in without_dots(path.split("/")):
        pieces += (*_spelled_segment(segment), "/")
    return pieces[:-1]


def _spelled_segment(segment: str) -> list[str]:
    spellings: list[str] = []  # for each byte
    content = bytearray()
    for token in _TOKEN.findall(segment):
        encoded = bytes([int(token[1:], 16)]) if len(token) == 3 else token.encode("utf-8", "surrogateescape")
        content += encoded
        spellings += (token, *[""] * (len(encoded) - 1))
    pieces: list[str] = []
    start = 0
    for character in content.decode("utf-8", "surrogateescape"):
        end = start + len(character.encode("utf-8", "surrogateescape"))
        pieces.append("".join(spellings[start:end]))
        start = end
    return pieces


def percent_encoded(text: str) -> str:
    """Return canonical text as one segment of a path, or a part of one."""
    content = text.replace(ENCODED_SLASH, "/").encode("utf-8", "surrogateescape")
    return quote(content, safe=":@!$&'()*+,;=-._~")


def readable(text: str) -> str:
    """Return canonical text as people and templates see it: plain slashes, U+FFFD for bytes that are no UTF-8."""
    if text.isascii():
        return text
    content = text.replace(ENCODED_SLASH, "/").encode("utf-8", "surrogateescape")
    return content.decode("utf-8", "replace")
