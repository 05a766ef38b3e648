"""Conditions with templates in them: filled in from the request, then asked like any other.

What a template gives is data: an object or a list is compared as it is, never read as operators.
"""

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.matching.conditions import Condition
from fakebackend.matching.conditions import first_difference
from fakebackend.matching.value_patterns import OPERATORS
from fakebackend.state.request_context import RequestContext
from fakebackend.templating.compile_templates import compile_templates
from fakebackend.templating.template import RenderingError
from fakebackend.templating.template import Template
from fakebackend.templating.template_marks import is_template
from fakebackend.templating.template_scope import TemplateScope

_LITERAL = frozenset({"$regex"})
"""Operators whose operand is no template: `{{` may be a part of it."""

_OF_A_PATTERN = frozenset({"$elemMatch", "$not"})
_OF_PATTERNS = frozenset({"$all", "$and", "$or"})
"""Operators whose operand is a pattern, and those whose operand is a list of them."""

_STAND_IN = "x"  # for a template where all else is checked when the file is read
_OPERANDS = {
    "$exists": True,
    "$size": 0,
    "$type": "string",
    **dict.fromkeys(("$in", "$nin"), ()),
    **dict.fromkeys(_OF_PATTERNS, (_STAND_IN,)),
}
"""What stands there for an operand that is a template, of operators that take no text."""


@dataclass(frozen=True, slots=True)
class TemplatedCondition:
    """Conditions that `parse` makes once the templates in what is written have been rendered."""

    label: str
    written: Any
    parse: Callable[[Any], Sequence[Condition]]

    def difference(self, context: RequestContext) -> str | None:
        """Return how the request differs; where a template fails, that it does."""
        try:
            conditions = self.parse(_filled(self.written, context))
        except (RenderingError, ValidationError) as e:
            return f"{self.label} cannot hold: {e}"
        return first_difference(conditions, context)


def with_templates(pattern: Any, scope: TemplateScope) -> Any:
    """Return a pattern with `Template` in place of each string that is one, or the same if there is none.

    Raises `ValidationError` for a template that is wrong, with the way to it.
    """
    if isinstance(pattern, str):
        return compile_templates(pattern, scope)
    if isinstance(pattern, Mapping):
        inner = {key: part if key in _LITERAL else _at(key, part, scope) for key, part in pattern.items()}
        return inner if any(inner[key] is not part for key, part in pattern.items()) else pattern
    if isinstance(pattern, list):
        elements = [_at(index, part, scope) for index, part in enumerate(pattern)]
        return elements if any(a is not b for a, b in zip(elements, pattern, strict=True)) else pattern
    return pattern


def has_template(pattern: Any) -> bool:
    """Tell whether some string in a pattern is a template."""
    if isinstance(pattern, str):
        return is_template(pattern)
    if isinstance(pattern, Mapping):
        return any(has_template(part) for key, part in pattern.items() if key not in _LITERAL)
    return isinstance(pattern, list) and any(map(has_template, pattern))


def checkable(pattern: Any) -> Any:
    """Return what stands for a pattern with templates when it is checked: all that is known already."""
    if isinstance(pattern, Template):
        return _STAND_IN
    if isinstance(pattern, Mapping):
        return {key: _stand_in(key) if isinstance(part, Template) else checkable(part) for key, part in pattern.items()}
    return [checkable(part) for part in pattern] if isinstance(pattern, list) else pattern


def _stand_in(key: str) -> Any:
    operand = _OPERANDS.get(key, _STAND_IN)
    return list(operand) if isinstance(operand, tuple) else operand


def _at(step: str | int, part: Any, scope: TemplateScope) -> Any:
    try:
        return with_templates(part, scope)
    except ValidationError as e:
        raise e.prefixed(step) from None


def _filled(pattern: Any, context: RequestContext) -> Any:
    """Return a pattern with its templates rendered."""
    if isinstance(pattern, Template):
        return _literal(pattern.render(context))
    if isinstance(pattern, Mapping):
        return {key: _operand(key, part, context) for key, part in pattern.items()}
    return [_filled(part, context) for part in pattern] if isinstance(pattern, list) else pattern


def _operand(key: str, part: Any, context: RequestContext) -> Any:
    if key not in OPERATORS or key in _OF_A_PATTERN or (key in _OF_PATTERNS and not isinstance(part, Template)):
        return _filled(part, context)
    value = _data(part, context)
    return [_literal(each) for each in value] if key in _OF_PATTERNS and isinstance(value, list) else value


def _literal(value: Any) -> Any:
    return {"$eq": value} if isinstance(value, dict | list) else value


def _data(value: Any, context: RequestContext) -> Any:
    if isinstance(value, Template):
        return value.render(context)
    if isinstance(value, Mapping):
        return {key: _data(part, context) for key, part in value.items()}
    return [_data(part, context) for part in value] if isinstance(value, list) else value
