"""The bodies that a definition can name: each a record, with one function from its value to bytes and a media type."""

import base64
import binascii
from collections.abc import Callable
from typing import Any
from typing import NamedTuple

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.wording import format_value
from fakebackend.diagnostics.wording import json_type_name
from fakebackend.reading.json_text import json_text


class Body(NamedTuple):
    """The bytes of a body and the Content-Type that goes with them."""

    content: bytes
    content_type: bytes | None


EMPTY = Body(b"", None)

JSON_TYPE = b"application/json"


def json_body(value: Any) -> Body:
    """Take any JSON value, sent as UTF-8."""
    return Body(json_text(value).encode("utf-8"), JSON_TYPE)


def text_body(value: Any) -> Body:
    """Take a string, sent as UTF-8."""
    if not isinstance(value, str):
        raise ValidationError(f"$text must be a string, got {json_type_name(value)}; JSON goes into $body")
    return Body(value.encode("utf-8"), b"text/plain; charset=utf-8")


def base64_body(value: Any) -> Body:
    """Take bytes in base64 (RFC 4648 section 4); white space between is ignored."""
    if not isinstance(value, str):
        raise ValidationError(f"$base64 must be a string, got {json_type_name(value)}")
    try:
        return Body(base64.b64decode("".join(value.split()), validate=True), b"application/octet-stream")
    except (binascii.Error, ValueError):
        raise ValidationError(
            f"$base64 must be base64 (RFC 4648) with its padding, got {format_value(value)}"
        ) from None


class BodyKind(NamedTuple):
    """What makes a body of the value of a reserved key, and whether that value is text."""

    make: Callable[[Any], Body]
    is_text: bool


BODY_KINDS = {
    "$body": BodyKind(json_body, is_text=False),
    "$text": BodyKind(text_body, is_text=True),
    "$base64": BodyKind(base64_body, is_text=True),
}
"""Reserved keys that hold a body."""
