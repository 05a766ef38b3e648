"""Values with templates in them: compiled when the file is read, rendered for each request."""

import datetime
import json
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

import jinja2
from jinja2 import meta
from jinja2 import nodes
from jinja2.runtime import Undefined

from fakebackend.problems import FieldError
from fakebackend.problems import did_you_mean
from fakebackend.problems import shown
from fakebackend.request_view import RequestView
from fakebackend.template_environment import TemplateEnvironment
from fakebackend.template_limits import LARGEST_TEXT
from fakebackend.template_limits import check_size
from fakebackend.template_names import TEMPLATE_NAMES
from fakebackend.template_names import check_names
from fakebackend.template_names import template_context

_ENVIRONMENT = TemplateEnvironment()
_JINJA_NAMES = frozenset(_ENVIRONMENT.globals)


class RenderingError(Exception):
    """A template could not be rendered; the text says which and why."""


class TemplateText:
    """One string: `render` gives text, or any value where the string is nothing but `{{ expression }}`."""

    def __init__(self, source: str) -> None:
        self._source = source
        try:
            tree = _ENVIRONMENT.parse(source)
            self._names = _checked_names(tree)
            self._expression: Callable[..., Any] | None = None
            if _is_one_expression(tree):
                inner = source[2:-2].removeprefix("-").removeprefix("+").removesuffix("-").removesuffix("+")
                self._expression = _ENVIRONMENT.compile_expression(inner, undefined_to_none=False)
            else:
                self._template = _ENVIRONMENT.from_string(source)
        except jinja2.TemplateSyntaxError as e:
            raise FieldError(f"the template {shown(source)} is wrong: {e.message}") from None
        except RecursionError:
            raise FieldError(f"the template {shown(source)} is nested too deep") from None

    def render(self, request: RequestView) -> Any:
        """Return what the template makes of a request.

        Raises `RenderingError` if it uses what is not there, takes too long or fails in another way.
        """
        try:
            with _ENVIRONMENT.bounded(request.memory.random):
                context = template_context(self._names, request)
                if self._expression is None:
                    return self._text(context)
                value = self._expression(**context)
                if isinstance(value, Undefined):
                    str(value)  # raises, and says what is undefined
                if isinstance(value, Iterator):
                    value = list(value)  # a filter's result, which is worked out only here
                check_size(value)
                return value
        except Exception as e:
            raise RenderingError(f"{shown(self._source)}: {str(e) or type(e).__name__}") from e

    def _text(self, context: Any) -> str:
        pieces: list[str] = []
        size = 0
        for piece in self._template.generate(context):
            size += len(piece)
            if size > LARGEST_TEXT:
                raise ValueError(f"the text gets longer than {LARGEST_TEXT:,} characters")
            _ENVIRONMENT.tick()
            pieces.append(piece)
        return "".join(pieces)


class TemplateTree:
    """A JSON value with templates among its strings."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def render(self, request: RequestView) -> Any:
        """Return the value with every template rendered."""
        return _rendered(self._value, request)


def compile_templates(value: Any) -> Any:
    """Return the value itself, if no string of it is a template, else a `TemplateText` or a `TemplateTree`.

    Raises `FieldError` for a template that is wrong, with the way to it.
    """
    compiled, found = _compiled(value)
    if not found or isinstance(compiled, TemplateText):
        return compiled
    return TemplateTree(compiled)


def rendered(value: Any, request: RequestView) -> Any:
    """Return what `compile_templates` made, rendered; a value without templates is returned as it is."""
    return value.render(request) if isinstance(value, TemplateText | TemplateTree) else value


def is_dynamic(value: Any) -> bool:
    """Tell whether `compile_templates` found a template."""
    return isinstance(value, TemplateText | TemplateTree)


def rendered_json(value: Any) -> bytes:
    """Return a rendered value as JSON.

    Raises `RenderingError` for what JSON cannot say.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, default=_json_default)
    except (TypeError, ValueError, RecursionError) as e:
        raise RenderingError(f"the rendered body is no JSON: {e}") from None
    return text.encode("utf-8", "replace")


def _json_default(value: Any) -> Any:
    if isinstance(value, Undefined):
        return str(value)  # raises, and says what is undefined
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if hasattr(value, "keys"):
        return dict(value)
    if hasattr(value, "__iter__") and not isinstance(value, bytes):
        return list(value)
    raise TypeError(f"a {type(value).__name__} cannot be written as JSON")


def _compiled(value: Any) -> tuple[Any, bool]:
    if isinstance(value, str):
        is_template = any(mark in value for mark in ("{{", "{%", "{#"))
        return (TemplateText(value), True) if is_template else (value, False)
    if not isinstance(value, dict | list):
        return value, False
    found = False
    parts = []
    for step, part in value.items() if isinstance(value, dict) else enumerate(value):
        try:
            compiled, is_template = _compiled(part)
        except FieldError as e:
            raise e.under(step) from None
        found = found or is_template
        parts.append((step, compiled))
    return (dict(parts) if isinstance(value, dict) else [part for _, part in parts]), found


def _rendered(value: Any, request: RequestView) -> Any:
    if isinstance(value, TemplateText):
        return value.render(request)
    if isinstance(value, dict):
        return {key: _rendered(part, request) for key, part in value.items()}
    if isinstance(value, list):
        return [_rendered(part, request) for part in value]
    return value


def _checked_names(tree: nodes.Template) -> frozenset[str]:
    names = frozenset(meta.find_undeclared_variables(tree)) - _JINJA_NAMES
    for name in sorted(names):
        if name not in TEMPLATE_NAMES:
            raise FieldError(f"unknown name {shown(name)} in a template{did_you_mean(name, TEMPLATE_NAMES)}")
    check_names(names)
    return names


def _is_one_expression(tree: nodes.Template) -> bool:
    if len(tree.body) != 1 or not isinstance(output := tree.body[0], nodes.Output):
        return False
    return len(output.nodes) == 1 and not isinstance(output.nodes[0], nodes.TemplateData)
