"""What a pattern of `$when` has become: asked for its difference from the values of a name, or from one JSON value."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from typing import Protocol

from fakebackend.diagnostics.wording import enumerated
from fakebackend.diagnostics.wording import format_value
from fakebackend.matching.operators import Operator
from fakebackend.matching.operators import json_equal


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


class ValueMatcher(Protocol):
    """A pattern."""

    def difference(self, values: Sequence[Any]) -> Difference | None:
        """Return how the values of a name differ from the pattern, or None; in JSON there is one value, or none."""


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
    """A JSON object: each of its keys must match; one with dots that the value lacks is the way to what lies deeper."""

    def __init__(self, parts: Mapping[str, ValueMatcher]) -> None:
        self._parts = [(key, steps_of(key), pattern) for key, pattern in parts.items()]

    def difference(self, values: Sequence[Any]) -> Difference | None:
        """Return how the value differs from the pattern, or None."""
        if not values:
            return Difference("is missing, expected an object")
        value = values[0]
        if not isinstance(value, dict):
            return Difference(f"is {_written(value)}, expected an object")
        for key, steps, pattern in self._parts:
            if found := pattern.difference([value[key]] if key in value else value_at(value, steps)):
                return found.prefixed(key)
        return None


class ElementsPattern:
    """A JSON list: each of its elements must match some element of the value."""

    def __init__(self, elements: list[ValueMatcher], written: list[Any]) -> None:
        self._elements = elements
        self._written = written

    def difference(self, values: Sequence[Any]) -> Difference | None:
        """Return how the value differs from the pattern, or None."""
        if not values:
            return Difference("is missing, expected a list")
        value = values[0]
        if not isinstance(value, list):
            return Difference(f"is {_written(value)}, expected a list")
        for pattern, written in zip(self._elements, self._written, strict=True):
            if all(pattern.difference([element]) for element in value):
                return Difference(f"is {_written(value)}, no element matches {format_value(written)}")
        return None


class AllPattern:
    """Several patterns, each of which must match: `$and`, and operators beside others that look at all values."""

    def __init__(self, patterns: Sequence[ValueMatcher]) -> None:
        self._patterns = patterns

    def difference(self, values: Sequence[Any]) -> Difference | None:
        """Return the first difference, or None."""
        return next((found for pattern in self._patterns if (found := pattern.difference(values))), None)


class AnyPattern:
    """Several patterns, one of which must match: `$or`."""

    def __init__(self, patterns: Sequence[ValueMatcher]) -> None:
        self._patterns = patterns

    def difference(self, values: Sequence[Any]) -> Difference | None:
        """Return that no pattern matches, and why the first does not, or None."""
        differences = [pattern.difference(values) for pattern in self._patterns]
        if None in differences:
            return None
        return Difference(f"{str(differences[0]).lstrip()}, and none of the others in $or holds")


class EachSomewherePattern:
    """`$all`: each pattern must match some value of a name, in JSON some element of a list."""

    def __init__(self, patterns: Sequence[ValueMatcher], operand: Any, *, in_list: bool) -> None:
        self._patterns = patterns
        self._operand = operand
        self._in_list = in_list

    def difference(self, values: Sequence[Any]) -> Difference | None:
        """Return that one of the patterns matches no value, or None."""
        if self._in_list and len(values) == 1 and isinstance(values[0], list):
            values = values[0]
        for pattern, operand in zip(self._patterns, self._operand, strict=True):
            if all(pattern.difference([value]) for value in values):
                got = enumerated(values, _written) or "missing"
                return Difference(f"is {got}, expected one that matches {format_value(operand)}")
        return None


class CountPattern:
    """`$size` where values are text: so many values of a name."""

    def __init__(self, count: int) -> None:
        self._count = count

    def difference(self, values: Sequence[Any]) -> Difference | None:
        """Return how many there are instead, or None."""
        if len(values) == self._count:
            return None
        return Difference(f"is there {len(values)} times, expected $size {self._count}")


class ExactValuesPattern:
    """A list that the values of a name must be, in this order, and no others."""

    def __init__(self, expected: list[str], *, negative: bool = False) -> None:
        self._expected = expected
        self._negative = negative

    def difference(self, values: Sequence[Any]) -> Difference | None:
        """Return what the values are instead, or None."""
        if (list(values) == self._expected) is not self._negative:
            return None
        got = enumerated(values, _written) or "missing"
        other = "anything but " if self._negative else ""
        return Difference(f"is {got}, expected {other}{format_value(self._expected)}")


def _absent(operator: Operator) -> Difference:
    if operator.name == "$exists":
        return Difference("is missing")
    return Difference(f"is missing, expected {operator.name} {format_value(operator.operand)}")


def _differs(value: Any, operator: Operator | None) -> Difference:
    expected = f"{operator.name} {format_value(operator.operand)}" if operator else ""
    return Difference(f"is {_written(value)}, expected {expected}")


def steps_of(key: str) -> Sequence[str]:
    """Return the steps of a key with dots, none for one without."""
    return key.split(".") if "." in key else ()


def value_at(value: Any, steps: Sequence[str]) -> list[Any]:
    """Return what lies at the end of a way through objects and lists, if there is something."""
    for step in steps:
        if isinstance(value, Mapping) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isascii() and step.isdigit() and int(step[:9]) < len(value):
            value = value[int(step)]
        else:
            return []
    return [value] if steps else []


def _written(value: Any) -> str:
    return f"'{value}'" if isinstance(value, str) else format_value(value)
