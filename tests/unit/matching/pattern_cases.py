"""Cases of patterns that are told apart by what they are about."""

import json
from typing import Any

import pytest


def ids(*values: object) -> str:
    """Return an id that says what the values are."""
    return "-".join(json.dumps(value, ensure_ascii=False) for value in values)


def cases(*rows: tuple[Any, Any, bool]) -> list[Any]:
    """Return parameters of pattern, values and whether it holds, each with these as its id."""
    return [pytest.param(*row, id=ids(*row)) for row in rows]
