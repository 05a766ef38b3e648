"""The JSON Schemas of `$when` and of the patterns in it, without and with templates."""

from typing import Any

from fakebackend.diagnostics.json_schema import NOTHING
from fakebackend.diagnostics.json_schema import Schema
from fakebackend.diagnostics.json_schema import one_of
from fakebackend.diagnostics.json_schema import ref
from fakebackend.format.shapes import TEMPLATE
from fakebackend.matching.operators import SCALARS
from fakebackend.matching.operators import OperatorKey
from fakebackend.matching.value_patterns import OF_FILES
from fakebackend.matching.value_patterns import OPERATORS
from fakebackend.matching.when import WHEN_PARTS

_HAS_OPERATORS: Schema = {"type": "object", "not": {"propertyNames": {"pattern": r"^(?!\$)"}}}
_OPERATORS = one_of(OPERATORS, "An operator is expected, as only those stand beside one; data with such a key: $eq.")
_ONLY_OPERATORS: Schema = {"propertyNames": _OPERATORS}


FIELD_NAME: Schema = {"not": {"enum": list(OPERATORS)}}
"""What has a pattern: the name of a parameter, a header field, a variable."""

WHEN: Schema = {
    "type": "object",
    "properties": {part.name: part.hover.over(part.schema) for part in WHEN_PARTS.values()},
    "additionalProperties": False,
}
"""`$when`, and each of the objects that its groups hold."""


TEXT_PATTERN: Schema = {
    "type": [*SCALARS, "object"],
    "minProperties": 1,
    "allOf": [ref("textOperators")],
    "propertyNames": _OPERATORS,
}
"""A pattern for values that are text."""

JSON_PATTERN: Schema = {
    "items": ref("jsonPattern"),
    "if": _HAS_OPERATORS,
    "then": _ONLY_OPERATORS,
    "else": {"additionalProperties": ref("jsonPattern")},
    "allOf": [ref("jsonOperators")],
}
"""A pattern for JSON: an object with any `$`-key has nothing but operators."""

FILE_PATTERN: Schema = {
    "type": "object",
    "minProperties": 1,
    "properties": OF_FILES,
    "if": _HAS_OPERATORS,
    "then": _ONLY_OPERATORS,
    "else": {"propertyNames": {"enum": list(OF_FILES)}},
    "allOf": [ref("jsonOperators")],
}
"""A pattern for an uploaded file."""


def operators(*, as_text: bool, templates: bool) -> Schema:
    """Return the schema of operators; an operand may be a template of what it is to be."""
    return {"properties": {name: _operator(operator, as_text, templates) for name, operator in OPERATORS.items()}}


def _operator(operator: OperatorKey, as_text: bool, templates: bool) -> Any:
    schema = operator.of_text if as_text and operator.of_text is not None else operator.schema
    if schema == NOTHING:
        return False
    takes_text = not {"enum", "type"} & schema.keys() or "string" in schema.get("type", ())
    return operator.hover.over(schema if takes_text or not templates else {"anyOf": [schema, TEMPLATE]})
