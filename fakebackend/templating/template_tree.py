"""JSON values with templates among their strings and keys, with `$each` and `$if`."""

from abc import ABC
from abc import abstractmethod
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import MappingView
from collections.abc import Sequence
from typing import Any

from jinja2.exceptions import SecurityError
from jinja2.exceptions import UndefinedError

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.validation_error import parse_all
from fakebackend.diagnostics.wording import format_value
from fakebackend.diagnostics.wording import json_type_name
from fakebackend.reading.whole_number import whole_number
from fakebackend.state.request_context import RequestContext
from fakebackend.templating.limits import check_size
from fakebackend.templating.missing_value import MissingValue
from fakebackend.templating.own_names import check_own_name
from fakebackend.templating.template import RenderingError
from fakebackend.templating.template import Template
from fakebackend.templating.template import evaluated
from fakebackend.templating.template_marks import EACH
from fakebackend.templating.template_marks import IF
from fakebackend.templating.template_marks import VALUE
from fakebackend.templating.template_marks import has_templates
from fakebackend.templating.template_marks import is_template
from fakebackend.templating.template_scope import TemplateScope
from fakebackend.templating.template_text import ENVIRONMENT
from fakebackend.templating.template_text import TemplateText
from fakebackend.templating.writing import written

_LEFT_OUT = object()
"""What stands for a value whose `$if` is not true."""

_ELEMENT = 64  # bytes that a value made by a loop takes, at least


class TemplateTree(Template):
    """A value of which some part depends on the request."""

    def __init__(self, value: Any, scope: TemplateScope) -> None:
        self._node = _node(value, scope)
        if isinstance(self._node, _Optional):
            raise ValidationError(
                "$if stands inside a body; a condition for the whole answer is $when", IF, at_key=True
            )

    @property
    def names(self) -> frozenset[str]:
        """Return the names that templates in it use."""
        return self._node.names

    def render(self, context: RequestContext) -> Any:
        """Return the value with every template rendered, loops gone through and conditions asked."""
        try:
            with ENVIRONMENT.bounded(context):
                return self._node.render(context)
        except (SecurityError, RecursionError) as e:
            raise RenderingError(str(e) or type(e).__name__) from e


class _Node(ABC):
    """A part of a value; `names` are those that templates in it use."""

    names: frozenset[str] = frozenset()

    @abstractmethod
    def render(self, context: RequestContext) -> Any:
        """Return the part rendered, or `_LEFT_OUT`."""

    def elements(self, context: RequestContext) -> Iterator[Any]:
        """Yield what stands for the part in a list."""
        value = self.render(context)
        if value is not _LEFT_OUT:
            yield value


class _Constant(_Node):
    def __init__(self, value: Any) -> None:
        self._value = value

    def render(self, context: RequestContext) -> Any:
        return self._value


class _Text(_Node):
    def __init__(self, template: Template) -> None:
        self._template = template
        self.names = template.names

    def render(self, context: RequestContext) -> Any:
        return self._template.render(context)


class _List(_Node):
    def __init__(self, elements: Sequence[_Node]) -> None:
        self._elements = elements
        self.names = frozenset().union(*(node.names for node in elements))

    def render(self, context: RequestContext) -> Any:
        return [value for node in self._elements for value in node.elements(context)]


class _Object(_Node):
    """Its keys may be templates, too; of two equal ones the later wins."""

    def __init__(self, members: Sequence[tuple[str | Template, _Node]]) -> None:
        self._members = members
        keys = (key.names for key, _ in members if isinstance(key, Template))
        self.names = frozenset().union(*keys, *(node.names for _, node in members))

    def render(self, context: RequestContext) -> Any:
        result: dict[str, Any] = {}
        for key, node in self._members:
            if (value := node.render(context)) is not _LEFT_OUT:
                name = key if isinstance(key, str) else written(key.render(context))
                result.pop(name, None)  # so that the later one stands where it is written
                result[name] = value
        return result


class _Optional(_Node):
    """`$if`: a part that is left out unless a condition is true; what is undefined is not."""

    def __init__(self, condition: Any, inner: _Node) -> None:
        self._condition = condition
        self._inner = inner
        self.names = inner.names | (condition.names if isinstance(condition, Template) else frozenset())

    def render(self, context: RequestContext) -> Any:
        return self._inner.render(context) if self._holds(context) else _LEFT_OUT

    def _holds(self, context: RequestContext) -> bool:
        try:
            value = evaluated(self._condition, context)
        except RenderingError as e:
            if isinstance(e.__cause__, UndefinedError):
                return False
            raise
        return not isinstance(value, MissingValue) and bool(value)


class _Loop(_Node):
    """`$each`: one element per value of a list, in which templates see it by its name, and its `index`."""

    def __init__(self, name: str, values: Any, element: _Node, size: int) -> None:
        self._name = name
        self._values = values
        self._element = element
        self._size = size
        outer = values.names if isinstance(values, Template) else frozenset()
        self.names = outer | (element.names - {name, "index"})

    def render(self, context: RequestContext) -> Any:
        return list(self.elements(context))

    def elements(self, context: RequestContext) -> Iterator[Any]:
        for index, item in enumerate(self._listed(evaluated(self._values, context))):
            ENVIRONMENT.tick()
            ENVIRONMENT.write(self._size)
            names = {**context.names, self._name: _Item(item), "index": _Item(index)}
            value = self._element.render(context._replace(names=names))
            if value is not _LEFT_OUT:
                yield value

    def _listed(self, values: Any) -> Sequence[Any]:
        if isinstance(values, list | tuple | range):
            return values
        if (times := whole_number(values)) is not None:
            return range(times)
        if isinstance(values, MissingValue):
            raise RenderingError(f"$each: {values.text}")
        hint = "; `| int` makes a number of text" if isinstance(values, str) else ""
        if isinstance(values, MappingView):
            raise RenderingError("$each takes a list or a whole number; `| list` makes a list of what items() gives")
        got = format_value(values) if isinstance(values, str | float | bool) else json_type_name(values)
        raise RenderingError(f"$each takes a list or a whole number, got {got}{hint}")


class _Item:
    """What a name of a loop stands for."""

    __slots__ = ("_value",)

    def __init__(self, value: Any) -> None:
        self._value = value

    def get(self) -> Any:
        """Return the value."""
        return self._value


def _node(value: Any, scope: TemplateScope) -> _Node:
    if isinstance(value, str):
        return _Text(TemplateText(value, scope)) if is_template(value) else _Constant(value)
    if not has_templates(value):
        return _Constant(value)
    if isinstance(value, list):
        return _List(parse_all(enumerate(value), lambda _, part: _node(part, scope)))
    if EACH in value or IF in value:
        return _controlled(value, scope)
    return _Object(parse_all(value.items(), lambda key, part: (_key(key, scope), _node(part, scope))))


def _key(key: str, scope: TemplateScope) -> str | Template:
    try:
        return TemplateText(key, scope) if is_template(key) else key
    except ValidationError as e:
        raise ValidationError(str(e), at_key=True) from None


def _controlled(value: Mapping[str, Any], scope: TemplateScope) -> _Node:
    """Return what `$each` and `$if` make of the object's other keys, or of `$value`."""
    name, values, inner = _loop_head(value, scope) if EACH in value else ("", None, scope)
    condition = _condition(value[IF], inner) if IF in value else None
    content = {key: part for key, part in value.items() if key not in (EACH, IF)}
    word = EACH if EACH in value else IF
    if VALUE in content and len(content) > 1:
        other = next(key for key in content if key != VALUE)
        raise ValidationError(f"{word} has either {VALUE} or other keys, got {VALUE} and {format_value(other)}", other)
    if not content:
        raise ValidationError(f"{word} has nothing to stand for: put {VALUE} or other keys beside it", at_key=True)
    size = check_size(content) + _ELEMENT
    try:
        element = _node(content.get(VALUE, content), inner)
    except ValidationError as e:
        raise (e.prefixed(VALUE) if VALUE in content else e) from None
    if IF in value:
        element = _Optional(condition, element)
    return _Loop(name, values, element, size) if EACH in value else element


def _loop_head(value: Mapping[str, Any], scope: TemplateScope) -> tuple[str, Any, TemplateScope]:
    """Return the name of a loop's values, these, and the scope inside."""
    name, values = "item", value[EACH]
    path: tuple[str, ...] = (EACH,)
    if isinstance(values, dict):
        if len(values) != 1:
            raise ValidationError('$each takes a list, or one name for its values: {"user": list}', EACH)
        [(name, values)] = values.items()
        path = (EACH, name)
        try:
            check_own_name(name)
        except ValidationError as e:
            raise e.prefixed(*path) from None
    if (
        whole_number(values) is None
        and not isinstance(values, list)
        and not (isinstance(values, str) and is_template(values))
    ):
        raise ValidationError(f"$each takes a list, a whole number or a template, got {format_value(values)}", *path)
    try:
        return name, _compiled(values, scope), scope.naming((name, "index"))
    except ValidationError as e:
        raise e.prefixed(*path) from None


def _condition(value: Any, scope: TemplateScope) -> Any:
    if isinstance(value, str) and not is_template(value):
        expected = '$if takes a template, as "{{ … }}", or true or false'
        raise ValidationError(f"{expected}, got {format_value(value)}", IF)
    try:
        return _compiled(value, scope)
    except ValidationError as e:
        raise e.prefixed(IF) from None


def _compiled(value: Any, scope: TemplateScope) -> Any:
    if not has_templates(value):
        return value
    return TemplateText(value, scope) if isinstance(value, str) else TemplateTree(value, scope)
