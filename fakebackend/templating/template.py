"""Values with templates in them: compiled when the file is read, rendered for each request."""

import datetime
import json
from abc import ABC
from abc import abstractmethod
from typing import Any

from jinja2.runtime import Undefined

from fakebackend.diagnostics.validation_error import parse_all
from fakebackend.state.request_context import RequestContext


class RenderingError(Exception):
    """A template could not be rendered; the text says which and why."""


class Template(ABC):
    """A value, or a string of one, with a template in it."""

    @abstractmethod
    def render(self, context: RequestContext) -> Any:
        """Return the value for a matched request.

        Raises `RenderingError` if there is none.
        """


class TemplateTree(Template):
    """A JSON value with templates among its strings."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def render(self, context: RequestContext) -> Any:
        """Return the value with every template rendered."""
        return _rendered(self._value, context)


def compile_templates(value: Any) -> Any:
    """Return the value itself, if no string of it is a template, else a `Template`.

    Raises `ValidationError` for a template that is wrong, with the way to it.
    """
    compiled, found = _compiled(value)
    return TemplateTree(compiled) if found and not isinstance(compiled, Template) else compiled


def rendered(value: Any, context: RequestContext) -> Any:
    """Return what `compile_templates` made, rendered; a value without templates is returned as it is."""
    return value.render(context) if isinstance(value, Template) else value


def is_dynamic(value: Any) -> bool:
    """Tell whether `compile_templates` found a template."""
    return isinstance(value, Template)


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
        return (_template_text(value), True) if is_template else (value, False)
    if not isinstance(value, dict | list):
        return value, False
    items = value.items() if isinstance(value, dict) else enumerate(value)
    parts = parse_all(items, lambda _, part: _compiled(part))
    compiled = [part for part, _ in parts]
    found = any(is_template for _, is_template in parts)
    return (dict(zip(value, compiled, strict=True)) if isinstance(value, dict) else compiled), found


def _template_text(source: str) -> Template:
    # Jinja2's sandbox takes its time to load, and many a file has no template.
    from fakebackend.templating.template_text import TemplateText  # noqa: PLC0415

    return TemplateText(source)


def _rendered(value: Any, context: RequestContext) -> Any:
    if isinstance(value, Template):
        return value.render(context)
    if isinstance(value, dict):
        return {key: _rendered(part, context) for key, part in value.items()}
    if isinstance(value, list):
        return [_rendered(part, context) for part in value]
    return value
