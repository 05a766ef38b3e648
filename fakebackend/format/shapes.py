"""The shapes of values that more than one word takes, as JSON Schemas.

What differs where templates are on stands in `PAIRS`, and is referred to by its name.
"""

from collections.abc import Iterable
from typing import Any
from typing import NamedTuple

from fakebackend.answers.builtin_handlers import BUILTIN_HANDLERS
from fakebackend.diagnostics.json_schema import Hover
from fakebackend.diagnostics.json_schema import Schema
from fakebackend.diagnostics.json_schema import ref
from fakebackend.diagnostics.json_schema import text
from fakebackend.messages.header_fields import COMPUTED
from fakebackend.messages.methods import TOKEN
from fakebackend.messages.origin import AUTHORITY_SHAPE

TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
FILE_NAME: Schema = {"type": "string", "minLength": 1, **text(r"[^\0]*", "A file name has no NUL character.")}
DATA: Schema = ref("data")
NAMED_DATA: Schema = {"type": "object", "additionalProperties": DATA}
VALUES: Schema = {"type": "array", "minItems": 1, "items": ref("value")}
"""A list of values like that of an entry."""

_SECONDS = r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)\s*(?:ms|s|m|h)"
_AS_DURATION = 'A time with its unit: "200ms", "1.5s", "2m" or "1h".'
DURATION: Schema = {"type": "string", **text(_SECONDS, _AS_DURATION)}
PERIOD: Schema = {"type": "string", **text(rf"(?=[^1-9]*[1-9]){_SECONDS}", _AS_DURATION)}
DELAY: Schema = {**DURATION, "type": ["string", "array"], "items": DURATION, "minItems": 2, "maxItems": 2}

_MARKED = r"[\s\S]*\{[{%#][\s\S]*"
AS_TEMPLATE = text(_MARKED, 'A template, like "{{ path.id }}".')
TEMPLATE: Schema = {"type": "string", **AS_TEMPLATE}

_LATIN = r"[\t -~\u0080-\u00ff]*"
_TARGET = rf"https?://{AUTHORITY_SHAPE}(?:/(?:[^{{}}?#]|\{{(?!%)[^{{}}:/?#]+\}})*)?(?:\?[^{{#]*)?"
TARGET: Schema = {"type": "string", **text(_TARGET, 'An origin or a URL, like "https://host/v2/{rest}".')}

_FUNCTION = r"[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*"
HANDLER: Schema = {
    "type": "string",
    "anyOf": [
        {"enum": list(BUILTIN_HANDLERS)},
        text(rf"[\s\S]*:{_FUNCTION}", 'A built-in handler, or a function like "file.py:function".'),
    ],
}

HEADERS: Schema = {"type": "object", "propertyNames": ref("headerName"), "additionalProperties": ref("header")}


def _in_any_case(words: Iterable[str]) -> str:
    letters = ("".join(f"[{c.upper()}{c}]" if c.isalpha() else c for c in word) for word in words)
    return f"^(?:{'|'.join(letters)})$"


def _header(pattern: str) -> Schema:
    one = text(pattern, "A header is one line of Latin-1; what it has no characters for is percent-encoded.")
    item = {"type": ["string", "number"], **one}
    return {"type": ["string", "number", "array", "null"], **one, "items": item}


HEADER_NAME: Schema = {
    **text(TOKEN, "A header's name is made of letters, digits and !#$%&'*+-.^_`|~."),
    "not": {"pattern": _in_any_case(sorted(COMPUTED))},
}
IDENTIFIER = text(
    r"[A-Za-z\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*",
    "A name for templates is made of letters, digits and _, and begins with a letter.",
)
_STATUS: dict[str, Any] = {"type": "integer", "minimum": 200, "maximum": 599}


class ForwardKey(NamedTuple):
    """A word of `$forward`: the JSON Schema of its value, and what editors show of it."""

    name: str
    schema: Schema
    hover: Hover


FORWARD_KEYS = (
    ForwardKey("to", TARGET, Hover("Destination", "An origin, or a URL that parameters of the path are filled into.")),
    ForwardKey(
        "headers", HEADERS, Hover("Headers of the request", "Those that are set, or removed with null, on the way.")
    ),
)
"""What the object of a `$forward` may have."""

PAIRS: dict[str, tuple[Schema, Schema]] = {
    "status": (_STATUS, {**_STATUS, **AS_TEMPLATE, "type": ["integer", "string"]}),
    "header": (_header(_LATIN), _header(f"{_LATIN}|{_MARKED}")),
}
"""Shapes without and with templates."""
