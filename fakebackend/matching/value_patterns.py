"""Patterns of `$when` as they are written: a scalar is equality, an object of `$`-keys is operators, all else data."""

from collections.abc import Callable
from collections.abc import Mapping
from typing import Any

from fakebackend.diagnostics.json_schema import Hover
from fakebackend.diagnostics.json_schema import Schema
from fakebackend.diagnostics.json_schema import ref
from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.validation_error import parse_all
from fakebackend.diagnostics.wording import did_you_mean
from fakebackend.diagnostics.wording import format_value
from fakebackend.diagnostics.wording import json_type_name
from fakebackend.matching.operators import VALUE_OPERATORS
from fakebackend.matching.operators import Operator
from fakebackend.matching.operators import OperatorKey
from fakebackend.matching.operators import Parse
from fakebackend.matching.operators import by_name
from fakebackend.matching.operators import to_text
from fakebackend.matching.value_matchers import AllPattern
from fakebackend.matching.value_matchers import AnyPattern
from fakebackend.matching.value_matchers import CountPattern
from fakebackend.matching.value_matchers import EachSomewherePattern
from fakebackend.matching.value_matchers import ElementsPattern
from fakebackend.matching.value_matchers import EqualityPattern
from fakebackend.matching.value_matchers import ExactValuesPattern
from fakebackend.matching.value_matchers import OperatorPattern
from fakebackend.matching.value_matchers import SubsetPattern
from fakebackend.matching.value_matchers import ValueMatcher

_AS_SIGNS = {">": "$gt", ">=": "$gte", "<": "$lt", "<=": "$lte", "=": "$eq", "==": "$eq", "!=": "$ne", "<>": "$ne"}


def parse_text_matcher(pattern: Any) -> ValueMatcher:
    """Return a pattern for values that are text: a scalar, or an object of operators.

    Raises `ValidationError` for anything else.
    """
    if isinstance(pattern, dict):
        return _operators(pattern, as_text=True)
    return EqualityPattern(to_text(pattern))


def parse_json_matcher(pattern: Any) -> ValueMatcher:
    """Return a pattern for JSON values: a scalar, operators, an object or a list of patterns.

    Raises `ValidationError` for operators that are wrong or stand beside plain keys.
    """
    if isinstance(pattern, dict):
        if any(key.startswith("$") for key in pattern):
            return _operators(pattern, as_text=False)
        return SubsetPattern(dict(zip(pattern, parse_all(pattern.items(), _parse_inner), strict=True)))
    if isinstance(pattern, list):
        return ElementsPattern(parse_all(enumerate(pattern), _parse_inner), pattern)
    return EqualityPattern(pattern)


def parse_file_matcher(pattern: Any) -> ValueMatcher:
    """Return a pattern for an uploaded file: an object of `name`, `type`, `text` and `size`, or operators.

    Raises `ValidationError` for anything else.
    """
    if not isinstance(pattern, dict) or not pattern:
        raise ValidationError(f"expected an object of {', '.join(OF_FILES)}, got {json_type_name(pattern)}")
    if any(key.startswith("$") for key in pattern):
        return _operators(pattern, as_text=False)

    def parse(key: str, inner: Any) -> ValueMatcher:
        if key not in OF_FILES:
            text = f"unknown word {format_value(key)}, expected {', '.join(OF_FILES)}{did_you_mean(key, OF_FILES)}"
            raise ValidationError(text, at_key=True)
        return parse_json_matcher(inner) if key == "size" else parse_text_matcher(inner)

    return SubsetPattern(dict(zip(pattern, parse_all(pattern.items(), parse), strict=True)))


def _parser(*, as_text: bool) -> Callable[[Any], ValueMatcher]:
    return parse_text_matcher if as_text else parse_json_matcher


def _patterns(name: str, operand: Any, *, as_text: bool) -> list[ValueMatcher]:
    if not isinstance(operand, list) or not operand:
        raise ValidationError(f"{name} takes a list of patterns, got {format_value(operand)}")
    return parse_all(enumerate(operand), lambda _, pattern: _parser(as_text=as_text)(pattern))


def _equality(name: str, *, negative: bool) -> OperatorKey:
    """Return `$eq` or `$ne`, which of text may be a list as well: all values of the name, in this order."""
    of_each = VALUE_OPERATORS[name]

    def parse(operand: Any, as_text: bool) -> Any:
        if as_text and isinstance(operand, list):
            return ExactValuesPattern([to_text(each) for each in operand], negative=negative)
        return of_each.parse(operand, as_text)

    return of_each._replace(parse=parse)


def _not(operand: Any, as_text: bool) -> Operator:
    pattern = _parser(as_text=as_text)(operand)
    return Operator("$not", operand, lambda value: pattern.difference([value]) is not None, negative=True)


def _and(operand: Any, as_text: bool) -> ValueMatcher:
    return AllPattern(_patterns("$and", operand, as_text=as_text))


def _or(operand: Any, as_text: bool) -> ValueMatcher:
    return AnyPattern(_patterns("$or", operand, as_text=as_text))


def _all(operand: Any, as_text: bool) -> ValueMatcher:
    return EachSomewherePattern(_patterns("$all", operand, as_text=as_text), operand, in_list=not as_text)


def _size(operand: Any, as_text: bool) -> Operator | ValueMatcher:
    of_a_list = VALUE_OPERATORS["$size"].parse(operand, False)
    return CountPattern(operand) if as_text else of_a_list


def _elem_match(operand: Any, as_text: bool) -> Operator | ValueMatcher:
    if as_text:
        return parse_text_matcher(operand)  # the values of a name are its elements
    pattern = parse_json_matcher(operand)
    return Operator(
        "$elemMatch",
        operand,
        lambda value: isinstance(value, list) and any(pattern.difference([element]) is None for element in value),
    )


JSON_PATTERN = ref("jsonPattern")
TEXT_PATTERN = ref("textPattern")

OF_FILES: Schema = {
    "name": Hover("File name", "The name that the client gives to the file.", ("me.png",)).over(TEXT_PATTERN),
    "type": Hover("Media type", "The Content-Type of the file.", ("image/png",)).over(TEXT_PATTERN),
    "text": Hover("Text", "The content of the file, as text.").over(TEXT_PATTERN),
    "size": Hover("Size", "How many bytes the file has.", ({"$lt": 1000},)).over(JSON_PATTERN),
}
"""What may be asked of an uploaded file, with the JSON Schema of each."""


def _of_patterns(name: str, parse: Parse, title: str, description: str) -> OperatorKey:
    json, text = ({"type": "array", "minItems": 1, "items": pattern} for pattern in (JSON_PATTERN, TEXT_PATTERN))
    return OperatorKey(name, json, parse, Hover(title, description), text)


def _of_a_pattern(name: str, parse: Parse, title: str, description: str) -> OperatorKey:
    return OperatorKey(name, JSON_PATTERN, parse, Hover(title, description), TEXT_PATTERN)


OPERATORS = {
    **VALUE_OPERATORS,
    **by_name(
        _equality("$eq", negative=False),
        _equality("$ne", negative=True),
        _of_a_pattern("$not", _not, "Not", "No value matches this pattern; it holds for what is absent, too."),
        _of_patterns("$and", _and, "And", "All of these patterns match."),
        _of_patterns("$or", _or, "Or", "At least one of these patterns matches."),
        _of_patterns("$all", _all, "All", "Each of these patterns matches some element, of text some value."),
        _of_a_pattern("$elemMatch", _elem_match, "Some element", "Some element of the list matches this pattern."),
        VALUE_OPERATORS["$size"]._replace(parse=_size),
    ),
}
"""Every operator of a pattern."""


def _operators(pattern: Mapping[str, Any], *, as_text: bool) -> ValueMatcher:
    def parse(key: str, operand: Any) -> Operator | ValueMatcher:
        if not key.startswith("$"):
            raise ValidationError(_no_operator(key, pattern), at_key=True)
        if key not in OPERATORS:
            hint = did_you_mean(key, OPERATORS, cutoff=0.75) or '; data with such a key: {"$eq": …}'
            raise ValidationError(f"unknown operator {format_value(key)}{hint}", at_key=True)
        made: Operator | ValueMatcher = OPERATORS[key].parse(operand, as_text)
        return made

    parsed = parse_all(pattern.items(), parse)
    if not parsed:
        raise ValidationError("expected a scalar or operators, got an empty object")
    of_each = [each for each in parsed if isinstance(each, Operator)]
    of_all = [each for each in parsed if not isinstance(each, Operator)]
    matchers = [*([OperatorPattern(of_each)] if of_each else ()), *of_all]
    return matchers[0] if len(matchers) == 1 else AllPattern(matchers)


def _no_operator(key: str, pattern: Mapping[str, Any]) -> str:
    """Return what is wrong with a plain key where operators are expected, and what to write instead."""
    expected = f"expected only operators, got {format_value(key)}"
    meant = _AS_SIGNS.get(key) or (f"${key}" if f"${key}" in OPERATORS else None)
    if meant is not None:
        return f'{expected}, did you mean "{meant}"?'
    mixed = any(other.startswith("$") for other in pattern)
    return f'{expected}; both go into "$and": [{{…}}, {{…}}]' if mixed else expected


def _parse_inner(_: str | int, pattern: Any) -> ValueMatcher:
    return parse_json_matcher(pattern)
