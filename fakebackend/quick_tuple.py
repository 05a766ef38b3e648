"""Named tuples made without the call of a Python function each: for what a file holds 100,000 times."""

from collections.abc import Callable
from functools import partial
from typing import Any
from typing import TypeVar

T = TypeVar("T", bound=tuple[Any, ...])


def maker_of(kind: type[T]) -> Callable[[tuple[Any, ...]], T]:
    """Return what makes a named tuple of a tuple with all its fields, in half the time."""
    return partial(tuple.__new__, kind)
