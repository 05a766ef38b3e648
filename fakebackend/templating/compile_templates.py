"""Values with templates in them: compiled when the file is read, rendered for each request."""

from collections.abc import Mapping
from typing import Any

from fakebackend.diagnostics.validation_error import parse_all
from fakebackend.templating.template import Template
from fakebackend.templating.template_marks import has_templates
from fakebackend.templating.template_marks import is_template
from fakebackend.templating.template_scope import EVERYWHERE
from fakebackend.templating.template_scope import TemplateScope


def compile_templates(value: Any, scope: TemplateScope = EVERYWHERE) -> Any:
    """Return the value itself, if nothing of it is a template, else a `Template`.

    Raises `ValidationError` for a template that is wrong, with the way to it.
    """
    if isinstance(value, str):
        return _template_text(value, scope) if is_template(value) else value
    return _compiled_tree(value, scope) if isinstance(value, dict | list) and has_templates(value) else value


def compile_each(values: Mapping[str, Any], scope: TemplateScope) -> dict[str, Any]:
    """Return an object with each of its values compiled, its names as they are.

    Raises `ValidationError` with all that is wrong.
    """
    compiled = parse_all(values.items(), lambda _, value: compile_templates(value, scope) if scope.on else value)
    return dict(zip(values, compiled, strict=True))


def compile_lenient(source: str, scope: TemplateScope) -> Template:
    """Return the template of a string in which what is undefined is the empty text.

    Raises `ValidationError` if it is wrong.
    """
    from fakebackend.templating.lenient_text import LenientText  # noqa: PLC0415  # as below

    return LenientText(source, scope)


def _template_text(source: str, scope: TemplateScope) -> Template:
    # Jinja2's sandbox takes its time to load, and many a file has no template.
    from fakebackend.templating.template_text import TemplateText  # noqa: PLC0415

    return TemplateText(source, scope)


def _compiled_tree(value: Any, scope: TemplateScope) -> Template:
    from fakebackend.templating.template_tree import TemplateTree  # noqa: PLC0415  # the same

    return TemplateTree(value, scope)
