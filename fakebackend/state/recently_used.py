"""So many values by key, which may come from requests: beyond that the one that was not used for longest goes."""

import hashlib
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_LONGEST_KEY = 100  # characters; of a longer one the hash is kept


def recently_used(values: dict[str, T], key: str, make: Callable[[], T], most: int) -> tuple[T, T | None]:
    """Return the value of a key, made if there is none yet, and the one that had to go for it, if one had to.

    The one used last is the last of `values`, which holds `most` of them at the most.
    """
    if len(key) > _LONGEST_KEY:
        key = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    value, gone = values.pop(key, None), None
    if value is None:
        value = make()
        if len(values) >= most:
            gone = values.pop(next(iter(values)))
    values[key] = value
    return value, gone
