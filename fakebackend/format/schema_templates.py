"""The JSON Schemas of data in which strings are templates, with `$each` and `$if`."""

from typing import Any

from fakebackend.diagnostics.json_schema import Hover
from fakebackend.diagnostics.json_schema import Schema
from fakebackend.diagnostics.json_schema import one_of
from fakebackend.diagnostics.json_schema import ref
from fakebackend.format.shapes import AS_TEMPLATE
from fakebackend.format.shapes import IDENTIFIER
from fakebackend.templating.own_names import TAKEN_NAMES
from fakebackend.templating.template_marks import EACH
from fakebackend.templating.template_marks import IF
from fakebackend.templating.template_marks import VALUE

_PART = ref("templatedPart")
_LIST = {"items": _PART, **AS_TEMPLATE}

_EACH = Hover(
    "Loop",
    "A list, a whole number or a template of one; what stands beside it is there once for each value, which templates "
    'see as item, or as the name in {"user": list}.',
    ("{{ range(3) }}",),
)
_IF = Hover("Condition", "Unless it is true, this element or value is left out.", ("{{ query.all }}",))
_VALUE = Hover("Value", "What is repeated or left out, where that is no object.")

_ALONE = one_of((EACH, IF, VALUE), "Either $value or other keys stand beside $each and $if.")

TEMPLATED_DATA: Schema = {
    "if": {"type": "object", "required": [IF]},
    "then": {"required": [EACH]},
    "allOf": [_PART],
}
"""A whole body, or the value of a name."""


def template_definitions() -> dict[str, Any]:
    """Return the schemas that data with templates refers to."""
    return {
        "ownName": {**IDENTIFIER, "not": {"enum": sorted(TAKEN_NAMES)}},
        "templatedPart": {
            "items": _PART,
            "if": {"type": "object", "anyOf": [{"required": [EACH]}, {"required": [IF]}]},
            "then": ref("loop"),
            "else": {"additionalProperties": _PART},
        },
        "loop": _loop(),
    }


def _loop() -> Schema:
    list_or_name = {
        "type": ["array", "integer", "string", "object"],
        **_LIST,
        "minProperties": 1,
        "maxProperties": 1,
        "propertyNames": ref("ownName"),
        "additionalProperties": {"type": ["array", "integer", "string"], **_LIST},
    }
    return {
        "properties": {
            EACH: _EACH.over(list_or_name),
            IF: _IF.over({**AS_TEMPLATE, "allOf": [TEMPLATED_DATA]}),
            VALUE: _VALUE.over(_PART),
        },
        "additionalProperties": _PART,
        "allOf": [
            {"if": {"required": [VALUE]}, "then": {"propertyNames": _ALONE}},
            {"if": {"required": [EACH, IF]}, "then": {"minProperties": 3}, "else": {"minProperties": 2}},
        ],
    }
