"""One string with a template in it: Jinja2, as far as a responses file may use it."""

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterable
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
from fakebackend.templating.sandbox import TemplateEnvironment
from fakebackend.templating.steps import FILTERS
from fakebackend.templating.steps import METHOD_NAMES
from fakebackend.templating.template import RenderingError
from fakebackend.templating.template import Template

_ENVIRONMENT = TemplateEnvironment()
_JINJA_NAMES = frozenset(_ENVIRONMENT.globals)


class TemplateText(Template):
    """One string: `render` gives text, or any value where the string is nothing but `{{ expression }}`."""

    def __init__(self, source: str) -> None:
        self._source = source
        try:
            tree = _ENVIRONMENT.parse(source)
            _check_steps(tree)
            self._names = _checked_names(tree)
            self._expression: Callable[..., Any] | None = None
            if _is_one_expression(tree):
                inner = source[2:-2].removeprefix("-").removeprefix("+").removesuffix("-").removesuffix("+")
                self._expression = _ENVIRONMENT.compile_expression(inner, undefined_to_none=False)
            else:
                self._template = _ENVIRONMENT.from_string(source)
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


def _check_steps(tree: nodes.Template) -> None:
    """Refuse filters and methods that are not offered, by their names."""
    filters = [node.name for node in tree.find_all(nodes.Filter)]
    mapped = [node.args[0] for node in tree.find_all(nodes.Filter) if node.name == "map" and node.args]
    called = [call.node for call in tree.find_all(nodes.Call)]
    methods = [node.attr for node in called if isinstance(node, nodes.Getattr) and not _is_of_fake(node)]
    items = [node.arg for node in called if isinstance(node, nodes.Getitem)]
    _check_offered("filter", [*filters, *_constants(mapped)], FILTERS)
    _check_offered("method", [*methods, *_constants(items)], METHOD_NAMES)


def _check_offered(kind: str, names: Iterable[str], offered: Collection[str]) -> None:
    for name in names:
        if name not in offered:
            what = did_you_mean(name, offered) or "; the docs list those that are, under $template"
            raise ValidationError(f"no {kind} {format_value(name)} is offered in templates{what}")


def _constants(found: Iterable[nodes.Node]) -> Iterator[str]:
    return (node.value for node in found if isinstance(node, nodes.Const) and isinstance(node.value, str))


def _is_of_fake(node: nodes.Expr) -> bool:
    while isinstance(node, nodes.Getattr):
        node = node.node
    return isinstance(node, nodes.Name) and node.name == "fake"


def _checked_names(tree: nodes.Template) -> frozenset[str]:
    names = frozenset(meta.find_undeclared_variables(tree)) - _JINJA_NAMES
    for name in sorted(names):
        if name not in TEMPLATE_NAMES:
            raise ValidationError(
                f"unknown name {format_value(name)} in a template{did_you_mean(name, TEMPLATE_NAMES)}"
            )
    check_names(names)
    return names


def _is_one_expression(tree: nodes.Template) -> bool:
    if len(tree.body) != 1 or not isinstance(output := tree.body[0], nodes.Output):
        return False
    return len(output.nodes) == 1 and not isinstance(output.nodes[0], nodes.TemplateData)
