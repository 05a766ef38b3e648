"""JSON values looked through with the way to each part."""

from collections.abc import Iterator
from typing import Any

Way = tuple[str | int, ...]
"""Keys and indices, from the outside in."""


def parts_of(value: Any) -> Iterator[tuple[Way, Any]]:
    """Yield a value and everything inside it, in the order of the file; nesting costs no stack."""
    pending: list[tuple[Way, Any]] = [((), value)]
    while pending:
        way, part = pending.pop()
        yield way, part
        if isinstance(part, dict | list):
            steps = part.items() if isinstance(part, dict) else enumerate(part)
            pending += [((*way, step), inner) for step, inner in reversed(list(steps))]
