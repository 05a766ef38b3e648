"""JSON as the bytes of a body."""

import json
from typing import Any


def encoded_json(value: Any) -> bytes:
    """Return a value as JSON in UTF-8; what JSON does not know is written as text."""
    try:
        return json.dumps(value, ensure_ascii=False, default=str).encode("utf-8")
    except UnicodeEncodeError:  # a lone surrogate, which JSON can only say escaped
        return json.dumps(value, default=str).encode("ascii")
