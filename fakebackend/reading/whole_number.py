"""Whole numbers of a file."""

from typing import Any


def whole_number(value: Any) -> int | None:
    """Return a number that is whole as an integer, 200.0 as 200: JSON and its schemas make no difference."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
