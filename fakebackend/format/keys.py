"""The reserved keys of a definition: each is one record, and this is the only list of them."""

from collections.abc import Mapping
from typing import Any
from typing import NamedTuple

from fakebackend.answers.delay import parse_delay
from fakebackend.answers.forward_target import parse_forward
from fakebackend.answers.head import parse_headers_template
from fakebackend.answers.head import parse_status
from fakebackend.answers.head import parse_status_template
from fakebackend.answers.outcome import Fault
from fakebackend.format.building import Make
from fakebackend.format.key_parsers import Parse
from fakebackend.format.key_parsers import not_supported
from fakebackend.format.key_parsers import parse_body
from fakebackend.format.key_parsers import parse_by
from fakebackend.format.key_parsers import parse_flag
from fakebackend.format.key_parsers import parse_let
from fakebackend.format.key_parsers import parse_limit
from fakebackend.format.key_parsers import parse_list
from fakebackend.format.key_parsers import parse_name
from fakebackend.format.key_parsers import parse_probability
from fakebackend.format.key_parsers import parse_set
from fakebackend.format.key_parsers import parse_text
from fakebackend.format.key_parsers import parse_users
from fakebackend.format.key_parsers import parse_word
from fakebackend.format.makers import make_body
from fakebackend.format.makers import make_cases
from fakebackend.format.makers import make_fault
from fakebackend.format.makers import make_file
from fakebackend.format.makers import make_forward
from fakebackend.format.makers import make_handler
from fakebackend.format.makers import make_sequence
from fakebackend.matching.when import WHEN_PARTS
from fakebackend.matching.when import parse_when
from fakebackend.messages.header_fields import parse_header_fields
from fakebackend.templating.compile_templates import compile_templates

Schema = Mapping[str, Any]

ANYTHING: Schema = {}
TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
OBJECT: Schema = {"type": "object"}
VALUES: Schema = {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/value"}}
"""A list of values like that of an entry."""
DURATION: Schema = {"type": "string", "pattern": r"^([0-9]+(\.[0-9]+)?|\.[0-9]+)\s*(ms|s|m|h)$"}
DELAY: Schema = {"anyOf": [DURATION, {"type": "array", "items": DURATION, "minItems": 2, "maxItems": 2}]}
HEADER: Schema = {
    "anyOf": [{"type": ["string", "number", "null"]}, {"type": "array", "items": {"type": ["string", "number"]}}]
}
HEADERS: Schema = {"type": "object", "additionalProperties": HEADER}
TARGET: Schema = {"type": "string", "pattern": "^https?://"}
TEMPLATE: Schema = {"type": "string", "pattern": r"\{[{%#]"}
STATUS: Schema = {"anyOf": [{"type": "integer", "minimum": 200, "maximum": 599}, TEMPLATE]}


class ReservedKey(NamedTuple):
    """A word that makes an object a definition.

    `schema` is the JSON Schema (2020-12) of its value, `parse` checks and prepares that, `make` answers with it
    where the key says on its own what is answered (such keys exclude each other), `companion` is the key it
    stands beside, and `inherited` says that it holds for the values inside, too.
    """

    name: str
    schema: Schema
    parse: Parse
    make: Make | None = None
    companion: str | None = None
    inherited: bool = False


def _unsupported(name: str) -> ReservedKey:
    return ReservedKey(name, ANYTHING, not_supported(name))


RESERVED_KEYS = {
    key.name: key
    for key in (
        ReservedKey(
            "$status",
            STATUS,
            lambda value, scope: parse_status_template(value, scope) if scope.on else parse_status(value),
            inherited=True,
        ),
        ReservedKey(
            "$headers",
            HEADERS,
            lambda value, scope: parse_headers_template(value, scope) if scope.on else parse_header_fields(value),
            inherited=True,
        ),
        ReservedKey("$body", ANYTHING, parse_body("$body"), make=make_body),
        ReservedKey("$text", TEXT, parse_body("$text"), make=make_body),
        ReservedKey("$base64", TEXT, parse_body("$base64"), make=make_body),
        ReservedKey("$file", {"type": "string", "minLength": 1}, lambda value, _: value, make=make_file),
        ReservedKey("$template", FLAG, parse_flag("$template"), inherited=True),
        ReservedKey("$delay", DELAY, lambda value, _: parse_delay(value), inherited=True),
        ReservedKey(
            "$fault",
            {"enum": [fault.value for fault in Fault]},
            lambda value, scope: Fault(parse_word("$fault", tuple(fault.value for fault in Fault))(value, scope)),
            make=make_fault,
        ),
        ReservedKey(
            "$when",
            {
                "type": "object",
                "properties": {part.name: part.schema for part in WHEN_PARTS.values()},
                "additionalProperties": False,
            },
            parse_when,
        ),
        ReservedKey("$probability", {"type": "number", "minimum": 0, "maximum": 1}, parse_probability),
        ReservedKey("$cases", VALUES, parse_list("$cases"), make=make_cases),
        ReservedKey("$sequence", VALUES, parse_list("$sequence"), make=make_sequence),
        ReservedKey(
            "$repeat",
            {"enum": ["last", "cycle", "stop"]},
            parse_word("$repeat", ("last", "cycle", "stop")),
            companion="$sequence",
        ),
        ReservedKey("$set", OBJECT, parse_set, inherited=True),
        ReservedKey(
            "$forward",
            {
                "anyOf": [
                    {"const": True},
                    TARGET,
                    {
                        "type": "object",
                        "properties": {"to": TARGET, "headers": HEADERS},
                        "additionalProperties": False,
                        "minProperties": 1,
                    },
                ]
            },
            parse_forward,
            make=make_forward,
        ),
        ReservedKey(
            "$merge",
            ANYTHING,
            lambda value, scope: compile_templates(value, scope) if scope.on else value,
            companion="$forward",
        ),
        ReservedKey("$let", OBJECT, parse_let),
        ReservedKey("$by", TEMPLATE, parse_by),
        ReservedKey(
            "$limit",
            {
                "type": "object",
                "properties": {
                    "requests": {"type": "integer", "minimum": 1},
                    "per": DURATION,
                    "answer": {"$ref": "#/$defs/value"},
                },
                "required": ["requests", "per"],
                "additionalProperties": False,
            },
            parse_limit,
        ),
        ReservedKey("$handler", TEXT, parse_text("$handler"), make=make_handler),
        ReservedKey("$users", {"type": "object", "additionalProperties": TEXT}, parse_users, companion="$handler"),
        ReservedKey("$name", TEXT, parse_name),
        ReservedKey("$description", TEXT, parse_text("$description")),
        *map(_unsupported, ("$events", "$lines", "$chunks", "$websocket", "$resource")),
        *map(_unsupported, ("$interval", "$end", "$throttle")),
    )
}
"""Every key that a definition may have, by name."""

EXCLUSIVE_KEYS = frozenset(key.name for key in RESERVED_KEYS.values() if key.make is not None)
"""Keys that each say on their own what is answered."""

COMPANIONS = {key.name: key.companion for key in RESERVED_KEYS.values() if key.companion is not None}
"""Keys that mean something only beside another one."""

INHERITED_KEYS = frozenset(key.name for key in RESERVED_KEYS.values() if key.inherited)
"""Keys that hold for all that stands inside, too."""
