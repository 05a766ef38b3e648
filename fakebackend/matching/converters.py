"""What a path parameter may stand for: `{name}`, `{name:int}`, `{name:uuid}`, `{name:path}`."""

import re
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass

from fakebackend.messages.url_path import readable

_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_UUID_LENGTH = 36
_DIGITS = frozenset("0123456789")
_MOST_DIGITS = 4000  # Python converts no more than 4,300 to an integer

NOWHERE = -1
"""Stands for an end that does not exist."""


@dataclass(frozen=True, slots=True, eq=False)
class Converter:
    """What a parameter may stand for.

    `weight` is how specific it is (less is more), `matches` says whether decoded text may be its value, and
    `to_python` turns that into what templates and handlers see. It matches `example`.

    Where a segment has several parameters, `last_ends` says for each offset of its text how far a value that
    begins there may reach, or `NOWHERE`. Shorter values down to `shortest` characters match, too.
    """

    weight: int
    matches: Callable[[str], bool]
    to_python: Callable[[str], str | int]
    example: str
    shortest: int
    last_ends: Callable[[str], Sequence[int]]


def _is_integer(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS


def _is_uuid(text: str) -> bool:
    return _UUID.fullmatch(text) is not None


def _is_anything(_: str) -> bool:
    return True


def _ends_of_digits(text: str) -> Sequence[int]:
    ends, end = [NOWHERE] * (len(text) + 1), len(text)
    for start in range(len(text) - 1, -1, -1):
        if text[start] in _DIGITS:
            ends[start] = min(end, start + _MOST_DIGITS)
        else:
            end = start
    return ends


def _ends_of_uuids(text: str) -> Sequence[int]:
    return [start + _UUID_LENGTH if _UUID.match(text, start) else NOWHERE for start in range(len(text) + 1)]


def _ends_of_segments(text: str) -> Sequence[int]:
    # Before a :path at the end stand parameters of one segment only, so they take no slash.
    ends, end = [NOWHERE] * (len(text) + 1), len(text)
    for start in range(len(text) - 1, -1, -1):
        if text[start] == "/":
            end = start
        else:
            ends[start] = end
    return ends


def _ends_of_the_rest(text: str) -> Sequence[int]:
    return [len(text)] * (len(text) + 1)


SEGMENT = Converter(2, bool, readable, "x", 1, _ends_of_segments)
"""`{name}`: the text of one segment or a part of it, not empty."""

REST = Converter(3, _is_anything, readable, "x", 0, _ends_of_the_rest)
"""`{name:path}`: the rest of the path, slashes included, maybe empty."""

REST_WORD = "path"

CONVERTERS = {
    "int": Converter(1, _is_integer, int, "1", 1, _ends_of_digits),
    "uuid": Converter(1, _is_uuid, str, "00000000-0000-0000-0000-000000000000", _UUID_LENGTH, _ends_of_uuids),
    REST_WORD: REST,
}
"""The words after the colon of a parameter."""
