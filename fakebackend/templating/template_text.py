"""One string with a template in it: Jinja2, as far as a responses file may use it."""

import re
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
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
from fakebackend.templating.load_files import LoadError
from fakebackend.templating.load_files import LoadFolder
from fakebackend.templating.missing_value import MissingError
from fakebackend.templating.missing_value import MissingValue
from fakebackend.templating.offered import check_offered
from fakebackend.templating.offered import check_parameters
from fakebackend.templating.offered import names_given_to
from fakebackend.templating.own_names import COMING
from fakebackend.templating.own_names import JINJA_NAMES
from fakebackend.templating.sandbox import TemplateEnvironment
from fakebackend.templating.template import RenderingError
from fakebackend.templating.template import Template
from fakebackend.templating.template_scope import EVERYWHERE
from fakebackend.templating.template_scope import TemplateScope

ENVIRONMENT = TemplateEnvironment()

_TEST_NAMES = frozenset(ENVIRONMENT.tests)
_LOAD = "load"

_ELSEWHERE = {
    "args": "query",
    "body": "json",
    "cookie": "cookies",
    "header": "headers",
    "params": "path",
    "req": "request",
}
"""What others call the names that we have."""

_OF_JAVASCRIPT = re.compile(r"\|\||&&|===|!==|!(?=[\w(])|\?")


class TemplateText(Template):
    """One string: `render` gives text, or any value where the string is nothing but `{{ expression }}`."""

    environment = ENVIRONMENT

    def __init__(self, source: str, scope: TemplateScope = EVERYWHERE) -> None:
        self._source = source
        self._load = _loader(scope.folder)
        try:
            tree = self.environment.parse(source)
            check_offered(tree, _TEST_NAMES)
            self._names = _checked_names(tree, scope)
            self._expression: Callable[..., Any] | None = None
            if (expression := _only_expression(tree)) is not None:
                self._expression = self.environment.compile_parsed(expression)
            else:
                self._template = self.environment.from_string(tree)
        except jinja2.TemplateSyntaxError as e:
            raise ValidationError(f"the template {format_value(source)} is wrong: {e.message}{_hint(source)}") from None
        except RecursionError:
            raise ValidationError(f"the template {format_value(source)} is nested too deep") from None

    @property
    def names(self) -> frozenset[str]:
        """Return the names that it uses."""
        return self._names

    def render(self, context: RequestContext) -> Any:
        """Return what the template makes of a matched request.

        Raises `RenderingError` if it uses what is not there, takes too long or fails in another way.
        """
        return self._made(context, self._checked_and_counted)

    def evaluate(self, context: RequestContext) -> Any:
        """Return the same for something else than an answer: it may be undefined.

        Raises `RenderingError` if it takes too long or fails in another way.
        """
        return self._made(context, self._checked)

    def _made(self, context: RequestContext, check: Callable[[Any, Mapping[str, Any]], Any]) -> Any:
        names: Mapping[str, Any] = {}
        try:
            with self.environment.bounded(context):
                names = template_context(self._names, context)
                if _LOAD in self._names:
                    names = {**names, _LOAD: self._load}
                if self._expression is None:
                    return check(self._text(names), names)
                value = self._expression(**names)
                return check(list(value) if isinstance(value, Iterator) else value, names)
        except RenderingError:
            raise  # that of a value of `$let`, which says which
        except MissingError as e:
            raise RenderingError(f"in {format_value(self._source)}: {e.explained(names)}") from e
        except Exception as e:
            raise RenderingError(f"in {format_value(self._source)}: {str(e) or type(e).__name__}") from e

    def _checked_and_counted(self, value: Any, _: Mapping[str, Any]) -> Any:
        self.environment.write(check_size(value))
        return value

    def _checked(self, value: Any, names: Mapping[str, Any]) -> Any:
        if isinstance(value, MissingValue):
            return MissingValue(f"in {format_value(self._source)}: {value.explained(names).text}")
        check_size(value)
        return value

    def _text(self, names: Any) -> str:
        pieces: list[str] = []
        size = 0
        for piece in self._template.generate(names):
            size += len(piece)
            if size > LARGEST_TEXT:
                raise ValueError(f"the text gets longer than {LARGEST_TEXT:,} characters")
            self.environment.tick()
            pieces.append(piece)
        return "".join(pieces)


def _hint(source: str) -> str:
    """Return what to write for what another language has."""
    if source.count("{{") > source.count("}}"):
        return "; {{ is closed by }}"
    return "; Jinja2 writes and, or, not, == and a if b else c" if _OF_JAVASCRIPT.search(source) else ""


def _loader(folder: LoadFolder) -> Callable[[Any], Any]:
    def load(name: Any) -> Any:  # no method: the sandbox offers none of ours
        return folder.load(name)

    return load


def _checked_names(tree: nodes.Template, scope: TemplateScope) -> frozenset[str]:
    names = frozenset(meta.find_undeclared_variables(tree)) - JINJA_NAMES
    for name in sorted(names - scope.names):
        if name in COMING:
            raise ValidationError(f"{name} is not supported yet")
        if name not in TEMPLATE_NAMES:
            known = [*TEMPLATE_NAMES, *sorted(scope.names)]
            hint = f', did you mean "{_ELSEWHERE[name]}"?' if name in _ELSEWHERE else did_you_mean(name, known)
            hint = hint or "; the docs list those that are known, under $template"
            raise ValidationError(f"unknown name {format_value(name)} in a template{hint}")
    check_names(names)
    if "path" in names and scope.parameters is not None:
        check_parameters(tree, scope.parameters)
    for name in names_given_to(tree, _LOAD) if _LOAD in names else ():
        try:
            scope.folder.name(name)
        except LoadError as e:
            raise ValidationError(str(e)) from None
    return names


def _only_expression(tree: nodes.Template) -> nodes.Expr | None:
    """Return the expression of a template that has nothing else, comments left out."""
    if len(tree.body) != 1 or not isinstance(output := tree.body[0], nodes.Output) or len(output.nodes) != 1:
        return None
    return None if isinstance(output.nodes[0], nodes.TemplateData) else output.nodes[0]
