"""One string with a template in it: Jinja2, as far as a responses file may use it."""

from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

import jinja2
from jinja2 import meta
from jinja2 import nodes

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.wording import did_you_mean
from fakebackend.diagnostics.wording import format_value
from fakebackend.state.request_context import RequestContext
from fakebackend.templating.globals import TEMPLATE_NAMES
from fakebackend.templating.globals import check_names
from fakebackend.templating.globals import template_context
from fakebackend.templating.limits import LARGEST_TEXT
from fakebackend.templating.limits import check_size
from fakebackend.templating.offered import check_offered
from fakebackend.templating.sandbox import TemplateEnvironment
from fakebackend.templating.template import RenderingError
from fakebackend.templating.template import Template

_ENVIRONMENT = TemplateEnvironment()
_JINJA_NAMES = frozenset(_ENVIRONMENT.globals)
_TEST_NAMES = frozenset(_ENVIRONMENT.tests)


class TemplateText(Template):
    """One string: `render` gives text, or any value where the string is nothing but `{{ expression }}`."""

    def __init__(self, source: str) -> None:
        self._source = source
        try:
            tree = _ENVIRONMENT.parse(source)
            check_offered(tree, _TEST_NAMES)
            self._names = _checked_names(tree)
            self._expression: Callable[..., Any] | None = None
            if (expression := _only_expression(tree)) is not None:
                self._expression = _ENVIRONMENT.compile_parsed(expression)
            else:
                self._template = _ENVIRONMENT.from_string(tree)
        except jinja2.TemplateSyntaxError as e:
            raise ValidationError(f"the template {format_value(source)} is wrong: {e.message}") from None
        except RecursionError:
            raise ValidationError(f"the template {format_value(source)} is nested too deep") from None

    def render(self, context: RequestContext) -> Any:
        """Return what the template makes of a matched request.

        Raises `RenderingError` if it uses what is not there, takes too long or fails in another way.
        """
        try:
            with _ENVIRONMENT.bounded(context.state.random):
                names = template_context(self._names, context)
                if self._expression is None:
                    return self._text(names)
                value = self._expression(**names)
                if isinstance(value, Iterator):
                    value = list(value)  # a filter's result, which is worked out only here
                check_size(value)
                return value
        except Exception as e:
            raise RenderingError(f"{format_value(self._source)}: {str(e) or type(e).__name__}") from e

    def _text(self, names: Any) -> str:
        pieces: list[str] = []
        size = 0
        for piece in self._template.generate(names):
            size += len(piece)
            if size > LARGEST_TEXT:
                raise ValueError(f"the text gets longer than {LARGEST_TEXT:,} characters")
            _ENVIRONMENT.tick()
            pieces.append(piece)
        return "".join(pieces)


def _checked_names(tree: nodes.Template) -> frozenset[str]:
    names = frozenset(meta.find_undeclared_variables(tree)) - _JINJA_NAMES
    for name in sorted(names):
        if name not in TEMPLATE_NAMES:
            raise ValidationError(
                f"unknown name {format_value(name)} in a template{did_you_mean(name, TEMPLATE_NAMES)}"
            )
    check_names(names)
    return names


def _only_expression(tree: nodes.Template) -> nodes.Expr | None:
    """Return the expression of a template that has nothing else, comments left out."""
    if len(tree.body) != 1 or not isinstance(output := tree.body[0], nodes.Output) or len(output.nodes) != 1:
        return None
    return None if isinstance(output.nodes[0], nodes.TemplateData) else output.nodes[0]
