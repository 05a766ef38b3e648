"""Values of templates as text: strings as they are, everything else as JSON writes it."""

import datetime
import json
from collections.abc import Mapping
from typing import Any


class UtcDatetime(datetime.datetime):
    """A date and time in UTC that is written as JavaScript's `toISOString` does: `2026-11-21T20:39:00.123Z`."""

    def __str__(self) -> str:
        return f"{self:%Y-%m-%dT%H:%M:%S}.{self.microsecond // 1000:03d}Z"


def written(value: Any) -> str:
    """Return a value as text: `true`, `null`, `{"a": 1}`, a date as ISO 8601; what JSON does not know as Python says.

    Raises `TypeError` or `ValueError` for an object or list that holds what JSON cannot say.
    """
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool | int | float | list | tuple | Mapping):
        return written_json(value)
    return _date_text(value) if isinstance(value, datetime.date | datetime.time) else str(value)


def written_json(value: Any, indent: int | str | None = None) -> str:
    """Return a value as JSON, with every character as it is.

    Raises `TypeError` or `ValueError` for what JSON cannot say.
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_default, indent=indent)


def _default(value: Any) -> Any:
    if isinstance(value, datetime.date | datetime.time):
        return _date_text(value)
    if isinstance(value, Mapping):
        return dict(value)
    if hasattr(value, "__iter__") and not isinstance(value, bytes):
        return list(value)
    raise TypeError(f"a {type(value).__name__} cannot be written as JSON")


def _date_text(value: datetime.date | datetime.time) -> str:
    return str(value) if isinstance(value, UtcDatetime) else value.isoformat()
