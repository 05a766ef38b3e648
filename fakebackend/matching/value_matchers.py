"""Patterns of `$when`: a scalar is equality, an object of `$`-keys is operators, all else is looked into."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.validation_error import parse_all
from fakebackend.diagnostics.wording import did_you_mean
from fakebackend.diagnostics.wording import enumerated
from fakebackend.diagnostics.wording import format_value
from fakebackend.matching.operators import ANY_VALUE
from fakebackend.matching.operators import VALUE_OPERATORS
from fakebackend.matching.operators import Operator
from fakebackend.matching.operators import OperatorKey
from fakebackend.matching.operators import by_name
from fakebackend.matching.operators import json_equal
from fakebackend.matching.operators import to_text


@dataclass(frozen=True, slots=True)
class Difference:
    """Where and how a request differs from what is asked of it; `path` leads there from the pattern's root."""

    text: str
    path: str = ""

    def prefixed(self, step: str | int) -> "Difference":
        """Return the difference seen from further out."""
        return Difference(self.text, (f"[{step}]" if isinstance(step, int) else f".{step}") + self.path)

    def __str__(self) -> str:
        return f"{self.path.lstrip('.')} {self.text}"


class OperatorPattern:
    """All operators must hold; those that are not negative for one and the same value."""

    def __init__(self, operators: list[Operator]) -> None:
        self._negative = [operator for operator in operators if operator.negative]
        self._positive = [operator for operator in operators if not operator.negative]

    def difference(self, values: Sequence[Any]) -> Difference | None:
        """Return how the values of a name differ from the pattern, or None."""
        for operator in self._negative:
            for value in values:
                if not operator.test(value):
                    return _differs(value, operator)
        if not self._positive:
            return None
        if not values:
            return _absent(self._positive[0])
        failed = [next((o for o in self._positive if not o.test(value)), None) for value in values]
        return None if None in failed else _differs(values[0], failed[0])


class EqualityPattern:
    """A scalar: any of the values must equal it."""

    def __init__(self, expected: Any) -> None:
        self._expected = expected

    def difference(self, values: Sequence[Any]) -> Difference | None:
        """Return how the values of a name differ from the pattern, or None."""
        for value in values:
            if json_equal(value, self._expected):
                return None
        got = enumerated(values, _written)
        return Difference(f"is {got or 'missing'}, expected {_written(self._expected)}")


class SubsetPattern:
    """A JSON object: each of its keys must match."""

    def __init__(self, parts: Mapping[str, "ValueMatcher"]) -> None:
        self._parts = parts

    def difference(self, values: Sequence[Any]) -> Difference | None:
        """Return how the value differs from the pattern, or None."""
        if not values:
            return Difference("is missing, expected an object")
        value = values[0]
        if not isinstance(value, dict):
            return Difference(f"is {_written(value)}, expected an object")
        for key, pattern in self._parts.items():
            if found := pattern.difference([value[key]] if key in value else []):
                return found.prefixed(key)
        return None


class ElementsPattern:
    """A JSON list: each of its elements must match some element of the value."""

    def __init__(self, elements: list["ValueMatcher"]) -> None:
        self._elements = elements

    def difference(self, values: Sequence[Any]) -> Difference | None:
        """Return how the value differs from the pattern, or None."""
        if not values:
            return Difference("is missing, expected a list")
        value = values[0]
        if not isinstance(value, list):
            return Difference(f"is {_written(value)}, expected a list")
        for index, pattern in enumerate(self._elements):
            if all(pattern.difference([element]) for element in value):
                return Difference(f"is {_written(value)}, no element matches number {index + 1} of the expected")
        return None


ValueMatcher = OperatorPattern | EqualityPattern | SubsetPattern | ElementsPattern


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
        if any(key in OPERATORS for key in pattern):
            return _operators(pattern, as_text=False)
        _refuse_misspelled(pattern)
        return SubsetPattern(dict(zip(pattern, parse_all(pattern.items(), _parse_inner), strict=True)))
    if isinstance(pattern, list):
        return ElementsPattern(parse_all(enumerate(pattern), _parse_inner))
    return EqualityPattern(pattern)


def _not(operand: Any, as_text: bool) -> Operator:
    pattern = parse_text_matcher(operand) if as_text else parse_json_matcher(operand)
    return Operator("$not", operand, lambda value: pattern.difference([value]) is not None, negative=True)


OPERATORS = {**VALUE_OPERATORS, **by_name(OperatorKey("$not", ANY_VALUE, _not))}
"""Every operator of a pattern."""


def _operators(pattern: Mapping[str, Any], *, as_text: bool) -> ValueMatcher:
    def parse(key: str, operand: Any) -> Operator:
        if key not in OPERATORS:
            text = f"expected only operators, got {format_value(key)}{did_you_mean(key, OPERATORS)}"
            raise ValidationError(text, at_key=True)
        return OPERATORS[key].parse(operand, as_text)

    operators = parse_all(pattern.items(), parse)
    if not operators:
        raise ValidationError("expected a scalar or operators, got an empty object")
    return OperatorPattern(operators)


def _refuse_misspelled(pattern: Mapping[str, Any]) -> None:
    for key in pattern:
        # Data may well have `$id` or `$ref`, so only what is hardly anything else counts as a slip.
        if key.startswith("$") and (hint := did_you_mean(key, OPERATORS, cutoff=0.75)):
            raise ValidationError(f"unknown operator {format_value(key)}{hint}", key, at_key=True)


def _parse_inner(_: str | int, pattern: Any) -> ValueMatcher:
    return parse_json_matcher(pattern)


def _absent(operator: Operator) -> Difference:
    if operator.name == "$exists":
        return Difference("is missing")
    return Difference(f"is missing, expected {operator.name} {format_value(operator.operand)}")


def _differs(value: Any, operator: Operator | None) -> Difference:
    expected = f"{operator.name} {format_value(operator.operand)}" if operator else ""
    return Difference(f"is {_written(value)}, expected {expected}")


def _written(value: Any) -> str:
    return f"'{value}'" if isinstance(value, str) else format_value(value)
