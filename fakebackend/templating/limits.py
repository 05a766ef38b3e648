"""How large a template may let things become, and what one step of it may walk through."""

import datetime
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sized
from typing import Any

from jinja2.exceptions import SecurityError
from jinja2.runtime import Undefined

LARGEST_TEXT = 10 * 1024 * 1024  # characters

LARGEST_LIST = 1_000_000
"""Elements that one step may make, or characters that it takes apart."""

MOST_ELEMENTS = 100_000
"""Elements that one step may look at one by one, in Python."""

LARGEST_PADDING = 100_000
"""Characters that one step may add where a number says how many."""

_ELEMENT = 3  # what an element takes as JSON beside its characters, at least: `0, `
_OTHERS = 24  # a double, or a date
_TOO_LARGE = "the result is larger than {:,} characters or elements"


def check_size(value: Any) -> int:
    """Return how large a value is as text, at least: characters, and some for each element, inner ones included.

    Raises `SecurityError` where it is more than `LARGEST_TEXT`, `UndefinedError` for what is undefined in it, and
    `TypeError` for an iterator, which would be empty after a look at it.
    """
    total = 0
    pending = [value]  # nesting costs no stack
    while pending:
        part = pending.pop()
        kind = type(part)
        if kind is str:  # first what there is most of, as there may be millions
            total += len(part)
        elif kind is int:
            total += part.bit_length() // 3
        elif isinstance(part, list | tuple | set | frozenset | Mapping):
            total += len(part) * _ELEMENT
            check_total(total)  # before a long list is copied
            pending.extend(part)
            if isinstance(part, Mapping):
                pending.extend(part.values())
        else:
            total += _size_of_other(part)
    check_total(total)
    return total


def check_total(total: int) -> None:
    """Refuse so many characters or elements."""
    if total > LARGEST_TEXT:
        raise SecurityError(_TOO_LARGE.format(LARGEST_TEXT))


def check_list(length: int) -> None:
    """Refuse a list of so many elements."""
    if length > LARGEST_LIST:
        raise SecurityError(_TOO_LARGE.format(LARGEST_LIST))


def check_elements(name: str, value: Any) -> None:
    """Refuse to walk through a text or list that is long."""
    if isinstance(value, Sized) and len(value) > MOST_ELEMENTS:
        raise SecurityError(f"{name} of more than {MOST_ELEMENTS:,} elements is too much")


def is_large(value: Any) -> bool:
    """Tell whether a value is a number that says to add more than `LARGEST_PADDING`."""
    return isinstance(value, int) and abs(value) > LARGEST_PADDING


def _size_of_other(part: Any) -> int:
    if isinstance(part, str | bytes):
        return len(part)
    if isinstance(part, Undefined):
        str(part)  # raises, and says what is undefined
    if isinstance(part, Iterator):
        raise TypeError("what a filter gives one by one needs `| list` or `| join` behind it")
    return _OTHERS if isinstance(part, float | datetime.date) else 0
