"""The bodies that a definition can name, each one function from its value to bytes and a media type."""

import base64
import binascii
from collections.abc import Callable
from typing import Any
from typing import NamedTuple

from fakebackend.json_text import json_text
from fakebackend.problems import FieldError
from fakebackend.problems import kind
from fakebackend.problems import shown
from fakebackend.quick_tuple import maker_of


class Body(NamedTuple):
    """The bytes of a body and the Content-Type that goes with them."""

    content: bytes
    content_type: bytes | None


_new_body = maker_of(Body)

EMPTY = Body(b"", None)

JSON_TYPE = b"application/json"


def json_body(value: Any) -> Body:
    """Take any JSON value, sent as UTF-8."""
    return _new_body((json_text(value).encode("utf-8"), JSON_TYPE))


def text_body(value: Any) -> Body:
    """Take a string, sent as UTF-8."""
    if not isinstance(value, str):
        raise FieldError(f"$text must be a string, got {kind(value)}; JSON goes into $body")
    return Body(value.encode("utf-8"), b"text/plain; charset=utf-8")


def base64_body(value: Any) -> Body:
    """Take bytes in base64 (RFC 4648 section 4); white space between is ignored."""
    if not isinstance(value, str):
        raise FieldError(f"$base64 must be a string, got {kind(value)}")
    try:
        return Body(base64.b64decode("".join(value.split()), validate=True), b"application/octet-stream")
    except (binascii.Error, ValueError):
        raise FieldError(f"$base64 must be base64 (RFC 4648) with its padding, got {shown(value)}") from None


BODY_KINDS: dict[str, Callable[[Any], Body]] = {"$body": json_body, "$text": text_body, "$base64": base64_body}
