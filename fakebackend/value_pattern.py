"""Patterns of `$when`: a scalar is equality, an object of `$`-keys is operators in MongoDB's spelling."""

import json
import re
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fakebackend.problems import FieldError
from fakebackend.problems import did_you_mean
from fakebackend.problems import kind
from fakebackend.problems import shown

Test = Callable[[Any], bool]
"""Asks one value."""

_LONG = 300  # digits; beyond that a number is compared as a double, here infinity
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?\Z")


def json_equal(one: Any, other: Any) -> bool:
    """Tell whether two JSON values are equal: types count, but 1 is 1.0."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(json_equal(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(json_equal, one, other))
    return bool(one == other)


def as_number(value: Any) -> float | int | None:
    """Return a JSON number, or text that spells one, as a number."""
    if isinstance(value, str):
        if not _NUMBER.match(value):
            return None
        return int(value) if len(value) < _LONG and value.lstrip("-").isdigit() else float(value)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


@dataclass(frozen=True, slots=True)
class Operator:
    """One `$`-key with its operand, applied to all values of a name (in JSON there is one or none).

    `negative` ones hold if no value fails the test, also where there is no value; others if any value passes it.
    """

    name: str
    operand: Any
    test: Test
    negative: bool = False


Parse = Callable[[Any, bool], Operator]
"""Makes an operator from its operand; the flag says that values are text, not JSON."""


def _equality(name: str, *, negative: bool) -> Parse:
    def parse(operand: Any, as_text: bool) -> Operator:
        expected = to_text(operand) if as_text else operand
        return Operator(name, operand, lambda value: json_equal(value, expected) is not negative, negative)

    return parse


def _membership(name: str, *, negative: bool) -> Parse:
    def parse(operand: Any, as_text: bool) -> Operator:
        if not isinstance(operand, list):
            raise FieldError(f"{name} takes a list, got {kind(operand)}")
        choices = [to_text(choice) for choice in operand] if as_text else operand
        return Operator(
            name, operand, lambda value: any(json_equal(value, c) for c in choices) is not negative, negative
        )

    return parse


def _comparison(name: str, holds: Callable[[Any, Any], bool]) -> Parse:
    def parse(operand: Any, as_text: bool) -> Operator:
        if isinstance(operand, bool) or not isinstance(operand, str | int | float):
            raise FieldError(f"{name} takes a number or a string, got {kind(operand)}")

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
        raise FieldError(f"$regex takes a string, got {kind(operand)}")
    try:
        search = re.compile(operand).search
    except (re.error, OverflowError, RecursionError) as e:
        raise FieldError(f"$regex {shown(operand)} is no regular expression: {e}") from None
    return Operator("$regex", operand, lambda value: isinstance(value, str) and search(value) is not None)


def _exists(operand: Any, _: bool) -> Operator:
    if not isinstance(operand, bool):
        raise FieldError(f"$exists takes true or false, got {shown(operand)}")
    return Operator("$exists", operand, lambda _: operand, negative=not operand)


def _not(operand: Any, as_text: bool) -> Operator:
    pattern = parse_text_pattern(operand) if as_text else parse_json_pattern(operand)
    return Operator("$not", operand, lambda value: pattern.difference([value]) is not None, negative=True)


def _size(operand: Any, as_text: bool) -> Operator:
    if isinstance(operand, bool) or not isinstance(operand, int) or operand < 0:
        raise FieldError(f"$size takes a whole number, got {shown(operand)}")
    if as_text:
        raise FieldError("$size counts the elements of a list, and these values are text")
    return Operator("$size", operand, lambda value: isinstance(value, list) and len(value) == operand)


OPERATORS: dict[str, Parse] = {
    "$exists": _exists,
    "$eq": _equality("$eq", negative=False),
    "$ne": _equality("$ne", negative=True),
    "$in": _membership("$in", negative=False),
    "$nin": _membership("$nin", negative=True),
    "$regex": _regex,
    "$gt": _comparison("$gt", lambda value, bound: value > bound),
    "$gte": _comparison("$gte", lambda value, bound: value >= bound),
    "$lt": _comparison("$lt", lambda value, bound: value < bound),
    "$lte": _comparison("$lte", lambda value, bound: value <= bound),
    "$not": _not,
    "$size": _size,
}


@dataclass(frozen=True, slots=True)
class Difference:
    """Where and how a request differs from what is asked of it; `path` leads there from the pattern's root."""

    text: str
    path: str = ""

    def under(self, step: str | int) -> "Difference":
        """Return the difference seen from further out."""
        return Difference(self.text, (f"[{step}]" if isinstance(step, int) else f".{step}") + self.path)

    def __str__(self) -> str:
        return f"{self.path.lstrip('.')} {self.text}"


class OperatorPattern:
    """All operators must hold; those that are not negative for one and the same value."""

    def __init__(self, operators: list[Operator]) -> None:
        self._negative = [operator for operator in operators if operator.negative]
        self._positive = [operator for operator in operators if not operator.negative]

    def difference(self, values: list[Any]) -> Difference | None:
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

    def difference(self, values: list[Any]) -> Difference | None:
        """Return how the values of a name differ from the pattern, or None."""
        if any(json_equal(value, self._expected) for value in values):
            return None
        got = " and ".join(_written(value) for value in values)
        return Difference(f"is {got or 'missing'}, expected {_written(self._expected)}")


class SubsetPattern:
    """A JSON object: each of its keys must match."""

    def __init__(self, parts: Mapping[str, "Pattern"]) -> None:
        self._parts = parts

    def difference(self, values: list[Any]) -> Difference | None:
        """Return how the value differs from the pattern, or None."""
        if not values:
            return Difference("is missing, expected an object")
        value = values[0]
        if not isinstance(value, dict):
            return Difference(f"is {_written(value)}, expected an object")
        for key, pattern in self._parts.items():
            if found := pattern.difference([value[key]] if key in value else []):
                return found.under(key)
        return None


class ElementsPattern:
    """A JSON list: each of its elements must match some element of the value."""

    def __init__(self, elements: list["Pattern"]) -> None:
        self._elements = elements

    def difference(self, values: list[Any]) -> Difference | None:
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


Pattern = OperatorPattern | EqualityPattern | SubsetPattern | ElementsPattern


def parse_text_pattern(pattern: Any) -> Pattern:
    """Return a pattern for values that are text: a scalar, or an object of operators.

    Raises `FieldError` for anything else.
    """
    if isinstance(pattern, dict):
        return _operators(pattern, as_text=True)
    return EqualityPattern(to_text(pattern))


def parse_json_pattern(pattern: Any) -> Pattern:
    """Return a pattern for JSON values: a scalar, operators, an object or a list of patterns.

    Raises `FieldError` for operators that are wrong or stand beside plain keys.
    """
    if isinstance(pattern, dict):
        if any(key in OPERATORS for key in pattern):
            return _operators(pattern, as_text=False)
        _refuse_misspelled(pattern)
        return SubsetPattern({key: _under(key, part) for key, part in pattern.items()})
    if isinstance(pattern, list):
        return ElementsPattern([_under(index, part) for index, part in enumerate(pattern)])
    return EqualityPattern(pattern)


def to_text(value: Any) -> str:
    """Return a scalar of a pattern as the text that it is compared with.

    Raises `FieldError` for what no text equals.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    hints = {type(None): '; an absent name is {"$exists": false}', list: '; one of several is {"$in": […]}'}
    raise FieldError(
        f"expected a string, a number, a boolean or operators, got {kind(value)}{hints.get(type(value), '')}"
    )


def _operators(pattern: Mapping[str, Any], *, as_text: bool) -> Pattern:
    operators = []
    for key, operand in pattern.items():
        if key not in OPERATORS:
            raise FieldError(
                f"expected only operators, got {shown(key)}{did_you_mean(key, OPERATORS)}", key, at_key=True
            )
        try:
            operators.append(OPERATORS[key](operand, as_text))
        except FieldError as e:
            raise e.under(key) from None
    if not operators:
        raise FieldError("expected a scalar or operators, got an empty object")
    return OperatorPattern(operators)


def _refuse_misspelled(pattern: Mapping[str, Any]) -> None:
    for key in pattern:
        # Data may well have `$id` or `$ref`, so only what is hardly anything else counts as a slip.
        if key.startswith("$") and (hint := did_you_mean(key, OPERATORS, cutoff=0.75)):
            raise FieldError(f"unknown operator {shown(key)}{hint}", key, at_key=True)


def _under(step: str | int, pattern: Any) -> Pattern:
    try:
        return parse_json_pattern(pattern)
    except FieldError as e:
        raise e.under(step) from None


def _absent(operator: Operator) -> Difference:
    if operator.name == "$exists":
        return Difference("is missing")
    return Difference(f"is missing, expected {operator.name} {shown(operator.operand)}")


def _differs(value: Any, operator: Operator | None) -> Difference:
    expected = f"{operator.name} {shown(operator.operand)}" if operator else ""
    return Difference(f"is {_written(value)}, expected {expected}")


def _written(value: Any) -> str:
    return f"'{value}'" if isinstance(value, str) else shown(value)
