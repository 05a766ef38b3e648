"""The kinds of path parameters: `{name}`, `{name:int}`, `{name:uuid}`, `{name:path}`."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from fakebackend.url_path import readable

_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\Z")
_MOST_DIGITS = 4000  # Python converts no more than 4,300 to an integer


@dataclass(frozen=True, slots=True, eq=False)
class ParameterKind:
    """What a parameter may stand for.

    `rank` is how specific it is (less is more), `longest` the most characters it can take if there is a
    limit, `accepts` says whether decoded text may be its value, and `value` turns that into what
    templates and handlers see.
    """

    rank: int
    longest: int | None
    accepts: Callable[[str], bool]
    value: Callable[[str], str | int]


def _is_integer(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS


def _is_uuid(text: str) -> bool:
    return _UUID.match(text) is not None


def _is_anything(_: str) -> bool:
    return True


SEGMENT = ParameterKind(2, None, bool, readable)
"""`{name}`: the text of one segment or a part of it, not empty."""

REST = ParameterKind(3, None, _is_anything, readable)
"""`{name:path}`: the rest of the path, slashes included, maybe empty."""

PARAMETER_KINDS = {
    "int": ParameterKind(1, _MOST_DIGITS, _is_integer, int),
    "uuid": ParameterKind(1, 36, _is_uuid, str),
    "path": REST,
}
"""The words after the colon of a parameter."""
