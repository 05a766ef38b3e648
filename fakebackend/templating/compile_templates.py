"""Values with templates in them: compiled when the file is read, rendered for each request."""

from typing import Any

from fakebackend.diagnostics.validation_error import parse_all
from fakebackend.state.request_context import RequestContext
from fakebackend.templating.template import Template


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
