"""The operators of `$when` in MongoDB's spelling: each a record, with one function from its operand to a test."""

import json
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from typing import NamedTuple

from fakebackend.diagnostics.json_schema import NOTHING
from fakebackend.diagnostics.json_schema import Hover
from fakebackend.diagnostics.json_schema import Schema
from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.wording import did_you_mean
from fakebackend.diagnostics.wording import format_value
from fakebackend.diagnostics.wording import json_type_name
from fakebackend.reading.json_reader import NUMBER
from fakebackend.reading.whole_number import whole_number

Test = Callable[[Any], bool]
"""Asks one value."""

_LONG = 300  # digits; beyond that a number is compared as a double, here infinity


def json_equal(one: Any, other: Any) -> bool:
    """Tell whether two JSON values are equal: types count, but 1 is 1.0."""
    if isinstance(one, str):  # most are
        return bool(one == other)
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(json_equal(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(json_equal, one, other))
    return bool(one == other)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def as_number(value: Any) -> float | int | None:
    """Return a JSON number, or text that spells one, as a number."""
    if isinstance(value, str):
        if not NUMBER.fullmatch(value):
            return None
        return int(value) if len(value) < _LONG and value.lstrip("-").isdigit() else float(value)
    return value if _is_number(value) else None


@dataclass(frozen=True, slots=True)
class Operator:
    """One `$`-key with its operand, applied to all values of a name (in JSON there is one or none).

    `negative` ones hold if no value fails the test, also where there is no value; others if any value passes it.
    """

    name: str
    operand: Any
    test: Test
    negative: bool = False


Parse = Callable[[Any, bool], Any]
"""Makes an `Operator`, or a matcher of all values, from an operand; the flag says that values are text, not JSON."""


def _equality(name: str, *, negative: bool) -> Parse:
    def parse(operand: Any, as_text: bool) -> Operator:
        expected = to_text(operand) if as_text else operand
        return Operator(name, operand, lambda value: json_equal(value, expected) is not negative, negative)

    return parse


def _membership(name: str, *, negative: bool) -> Parse:
    def parse(operand: Any, as_text: bool) -> Operator:
        if not isinstance(operand, list):
            raise ValidationError(f"{name} takes a list, got {json_type_name(operand)}")
        choices = [to_text(choice) for choice in operand] if as_text else operand
        return Operator(
            name, operand, lambda value: any(json_equal(value, c) for c in choices) is not negative, negative
        )

    return parse


def _comparison(name: str, holds: Callable[[Any, Any], bool]) -> Parse:
    def parse(operand: Any, as_text: bool) -> Operator:
        if isinstance(operand, bool) or not isinstance(operand, str | int | float):
            raise ValidationError(f"{name} takes a number or a string, got {json_type_name(operand)}")

        def test(value: Any) -> bool:
            if as_text:
                numbers = as_number(value), as_number(operand)
                if numbers[0] is not None and numbers[1] is not None:
                    return holds(*numbers)
                return holds(value, to_text(operand))
            if isinstance(operand, str):
                return isinstance(value, str) and holds(value, operand)
            return not isinstance(value, str) and (number := as_number(value)) is not None and holds(number, operand)

        return Operator(name, operand, test)

    return parse


def _regex(operand: Any, _: bool) -> Operator:
    if not isinstance(operand, str):
        raise ValidationError(f"$regex takes a string, got {json_type_name(operand)}")
    try:
        search = re.compile(operand).search
    except (re.error, OverflowError, RecursionError) as e:
        raise ValidationError(f"$regex {format_value(operand)} is no regular expression: {e}") from None
    return Operator("$regex", operand, lambda value: isinstance(value, str) and search(value) is not None)


def _exists(operand: Any, _: bool) -> Operator:
    if not isinstance(operand, bool):
        raise ValidationError(f"$exists takes true or false, got {format_value(operand)}")
    return Operator("$exists", operand, lambda _: operand, negative=not operand)


_TYPES: dict[str, Callable[[Any], bool]] = {
    "array": lambda value: isinstance(value, list),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: _is_number(value) and value == value // 1,
    "null": lambda value: value is None,
    "number": _is_number,
    "object": lambda value: isinstance(value, dict),
    "string": lambda value: isinstance(value, str),
}
"""JSON's names of types, and `integer`; 1.0 is one, too."""


def _type(operand: Any, as_text: bool) -> Operator:
    if as_text:
        raise ValidationError("$type asks for a type of JSON's, and these values are text")
    if not isinstance(operand, str) or operand not in _TYPES:
        hint = did_you_mean(operand, _TYPES) if isinstance(operand, str) else ""
        raise ValidationError(f"$type takes one of {', '.join(_TYPES)}, got {format_value(operand)}{hint}")
    return Operator("$type", operand, _TYPES[operand])


def _size(operand: Any, as_text: bool) -> Operator:
    size = whole_number(operand)
    if size is None or size < 0:
        raise ValidationError(f"$size takes a whole number, got {format_value(operand)}")
    if as_text:
        raise ValidationError("$size counts the elements of a list, and these values are text")
    return Operator("$size", operand, lambda value: isinstance(value, list) and len(value) == size)


class OperatorKey(NamedTuple):
    """A word that begins with `$` and is an operator.

    `schema` is the JSON Schema of its operand, `of_text` that where values are text if it is another, `parse` makes
    the operator, and `hover` is what editors show of it.
    """

    name: str
    schema: Schema
    parse: Parse
    hover: Hover
    of_text: Schema | None = None


SCALARS = ["string", "number", "boolean"]
_LIST: Schema = {"type": "array"}
_TEXTS: Schema = {"type": "array", "items": {"type": SCALARS}}
_VALUES: Schema = {**_TEXTS, "type": [*SCALARS, "array"]}
_COMPARABLE: Schema = {"type": ["number", "string"]}


def by_name(*operators: OperatorKey) -> dict[str, OperatorKey]:
    """Return operators by their names."""
    return {each.name: each for each in operators}


def _hover(title: str, description: str, *examples: Any) -> Hover:
    return Hover(title, description, examples)


VALUE_OPERATORS = by_name(
    OperatorKey("$exists", {"type": "boolean"}, _exists, _hover("Is there", "Whether there is a value at all.")),
    OperatorKey(
        "$eq",
        {},
        _equality("$eq", negative=False),
        _hover("Equals", "The value equals this, whatever keys it has. Of text a list is all values of the name."),
        _VALUES,
    ),
    OperatorKey(
        "$ne",
        {},
        _equality("$ne", negative=True),
        _hover("Differs", "No value equals this; it holds for what is absent, too."),
        _VALUES,
    ),
    OperatorKey(
        "$in", _LIST, _membership("$in", negative=False), _hover("One of", "The value is in this list.", ["a"]), _TEXTS
    ),
    OperatorKey(
        "$nin",
        _LIST,
        _membership("$nin", negative=True),
        _hover("None of", "No value is in this list; it holds for what is absent, too.", ["a"]),
        _TEXTS,
    ),
    OperatorKey(
        "$regex",
        {"type": "string", "format": "regex"},
        _regex,
        _hover("Regular expression", "It is found somewhere in the text; ^ and $ bind it to the ends.", "^a"),
    ),
    OperatorKey("$gt", _COMPARABLE, _comparison("$gt", operator.gt), _hover("Greater", "The value is greater.", 1)),
    OperatorKey(
        "$gte", _COMPARABLE, _comparison("$gte", operator.ge), _hover("At least", "The value is greater or equal.", 1)
    ),
    OperatorKey("$lt", _COMPARABLE, _comparison("$lt", operator.lt), _hover("Less", "The value is less.", 1)),
    OperatorKey(
        "$lte", _COMPARABLE, _comparison("$lte", operator.le), _hover("At most", "The value is less or equal.", 1)
    ),
    OperatorKey(
        "$type",
        {"enum": list(_TYPES)},
        _type,
        _hover("Type", "The JSON type of the value; 1.0 is an integer, too."),
        NOTHING,
    ),
    OperatorKey(
        "$size",
        {"type": "integer", "minimum": 0},
        _size,
        _hover("Size", "How many elements the list has; of text, how many values the name has.", 2),
    ),
)
"""All operators but those whose operand is a pattern."""


def to_text(value: Any) -> str:
    """Return a scalar of a pattern as the text that it is compared with.

    Raises `ValidationError` for what no text equals.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    hints = {type(None): '; an absent name is {"$exists": false}', list: '; one of several is {"$in": […]}'}
    raise ValidationError(
        f"expected a string, a number, a boolean or operators, got {json_type_name(value)}{hints.get(type(value), '')}"
    )
