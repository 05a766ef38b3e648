"""What a handler returns to have its keys read, not sent."""

from collections.abc import Mapping
from typing import Any


class HandlerDefinition(dict[str, Any]):
    """A definition that a handler has made on purpose: a dict like any other, but for its type."""


def definition(value: Mapping[str, Any]) -> HandlerDefinition:
    """Return an object as a definition: `definition({"$status": 404, "$body": {"error": "no such user"}})`.

    Whatever else a handler returns is sent as data, as it may hold what a client has sent.
    """
    if not isinstance(value, Mapping):
        raise TypeError(f"fakebackend.definition takes a dict, got a {type(value).__name__}")
    return HandlerDefinition(value)
