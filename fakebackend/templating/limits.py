"""How large a template may let things become, and what one step of it may walk through."""

import datetime
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import MappingView
from collections.abc import Sized
from typing import Any

from jinja2.exceptions import SecurityError
from jinja2.runtime import Undefined
from jinja2.utils import Namespace

LARGEST_TEXT = 10 * 1024 * 1024  # bytes

LARGEST_LIST = 1_000_000
"""Elements that one step may make, or characters that it takes apart."""

MOST_ELEMENTS = 100_000
"""Elements that one step may look at one by one, in Python."""

LARGEST_PADDING = 100_000
"""Characters that one step may add where a number says how many."""

_ELEMENT = 3  # what an element takes as JSON beside its own text, at least: `0, `
_CONSTANT = 4  # null
_OTHERS = 24  # a double, or a date
_OF_A_STRING = "\u20ac".__sizeof__() - 2  # what Python adds to the characters of a string
_CONTAINERS = (list, tuple, set, frozenset, Mapping, MappingView)
_TOO_LARGE = "the result is larger than {:,} {}"


def check_size(value: Any) -> int:
    """Return how large a value is, in bytes: its text, and some for each element, inner ones included.

    Raises `SecurityError` where it is more than `LARGEST_TEXT`, `UndefinedError` for what is undefined in it, and
    `TypeError` for what has no text: an iterator, which would be empty after a look at it, or a function.
    """
    total = 0
    pending = [value]  # nesting costs no stack
    while pending:
        part = pending.pop()
        kind = type(part)
        if kind is str:  # first what there is most of, as there may be millions
            total += len(part) if part.isascii() else size_of_text(part)
        elif kind is int:
            total += part.bit_length() // 3
        elif part is None or kind is bool:
            total += _CONSTANT
        elif kind is float:
            total += _OTHERS
        elif isinstance(part, _CONTAINERS):
            total += len(part) * _ELEMENT
            check_total(total)  # before a long list is copied
            pending.extend(part)  # type: ignore[arg-type]  # of a mapping its keys, and a view has elements, too
            if isinstance(part, Mapping):
                pending.extend(part.values())
        else:
            total += _size_of_other(part)
    check_total(total)
    return total


def size_of_text(text: str | bytes) -> int:
    """Return how many bytes text takes: one to four for each character, as many as its widest takes."""
    return (
        max(len(text), text.__sizeof__() - _OF_A_STRING) if isinstance(text, str) and not text.isascii() else len(text)
    )


def check_total(total: int) -> None:
    """Refuse so many bytes."""
    if total > LARGEST_TEXT:
        raise SecurityError(_TOO_LARGE.format(LARGEST_TEXT, "bytes"))


def check_list(length: int) -> None:
    """Refuse a list of so many elements."""
    if length > LARGEST_LIST:
        raise SecurityError(_TOO_LARGE.format(LARGEST_LIST, "elements"))


def check_elements(name: str, value: Any, most: int = MOST_ELEMENTS) -> None:
    """Refuse to walk through a text or list that is long."""
    if isinstance(value, Sized) and len(value) > most:
        raise SecurityError(f"{name} of more than {most:,} elements is too much")


def is_large(value: Any) -> bool:
    """Tell whether a value is a number that says to add more than `LARGEST_PADDING`."""
    return isinstance(value, int) and abs(value) > LARGEST_PADDING


def _size_of_other(part: Any) -> int:
    if isinstance(part, str | bytes):
        return size_of_text(part)
    if isinstance(part, Undefined):
        return len(str(part))  # mostly this raises, and says what is undefined
    if isinstance(part, Iterator):
        raise TypeError("what a filter gives one by one needs `| list` or `| join` behind it")
    if isinstance(part, Callable | Namespace):  # type: ignore[arg-type]  # works as a class
        raise TypeError("a function or namespace is no value; is there a `()` missing?")
    return _OTHERS if isinstance(part, float | datetime.date) else 0
