"""The path of a request target or of a URL key, in the one form in which they are compared."""

from urllib.parse import quote
from urllib.parse import unquote_to_bytes

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


def spelled_in(target: str, text: str) -> str:
    """Return canonical text as the path of a target spells it, still encoded.

    What is no whole segment, nor all segments from one on, is percent-encoded anew.
    """
    raw = without_dots(target.partition("?")[0].split("/"))
    segments = [decode_segment(each) for each in raw]
    if text in segments:
        return raw[segments.index(text)]
    start = len(segments) - text.count("/") - 1
    if start > 0 and "/".join(segments[start:]) == text:
        return "/".join(raw[start:])
    parts = (part.encode("utf-8", "surrogateescape") for part in text.split(ENCODED_SLASH))
    return "%2F".join(quote(part, safe="/:@!$&'()*+,;=-._~") for part in parts)


def readable(text: str) -> str:
    """Return canonical text as people and templates see it: plain slashes, U+FFFD for bytes that are no UTF-8."""
    if text.isascii():
        return text
    content = text.replace(ENCODED_SLASH, "/").encode("utf-8", "surrogateescape")
    return content.decode("utf-8", "replace")
