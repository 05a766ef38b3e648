"""What a path parameter may stand for: `{name}`, `{name:int}`, `{name:uuid}`, `{name:path}`."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from fakebackend.messages.url_path import readable

_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\Z")
_MOST_DIGITS = 4000  # Python converts no more than 4,300 to an integer


@dataclass(frozen=True, slots=True, eq=False)
class Converter:
    """What a parameter may stand for.

    `weight` is how specific it is (less is more), `longest` the most characters it can take if there is a
    limit, `matches` says whether decoded text may be its value, and `to_python` turns that into what
    templates and handlers see. It matches `example`.
    """

    weight: int
    longest: int | None
    matches: Callable[[str], bool]
    to_python: Callable[[str], str | int]
    example: str


def _is_integer(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS


def _is_uuid(text: str) -> bool:
    return _UUID.match(text) is not None


def _is_anything(_: str) -> bool:
    return True


SEGMENT = Converter(2, None, bool, readable, "x")
"""`{name}`: the text of one segment or a part of it, not empty."""

REST = Converter(3, None, _is_anything, readable, "x")
"""`{name:path}`: the rest of the path, slashes included, maybe empty."""

CONVERTERS = {
    "int": Converter(1, _MOST_DIGITS, _is_integer, int, "1"),
    "uuid": Converter(1, 36, _is_uuid, str, "00000000-0000-0000-0000-000000000000"),
    "path": REST,
}
"""The words after the colon of a parameter."""
