"""The source of a template, compiled once however many entries have it, and what it uses."""

import re
from collections.abc import Callable
from typing import Any
from weakref import WeakValueDictionary

import jinja2
from jinja2 import meta
from jinja2 import nodes

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.wording import format_value
from fakebackend.templating.offered import check_offered
from fakebackend.templating.offered import names_given_to
from fakebackend.templating.offered import parts_used
from fakebackend.templating.own_names import JINJA_NAMES
from fakebackend.templating.sandbox import TemplateEnvironment

LOAD = "load"

_OF_JAVASCRIPT = re.compile(r"\|\||&&|===|!==|!(?=[\w(])|\?")


class CompiledText:
    """What a source comes to: an expression where it is nothing else, else a template of Jinja2's."""

    def __init__(self, source: str, environment: TemplateEnvironment) -> None:
        try:
            tree = environment.parse(source)
            check_offered(tree, environment.tests)
            self.names = frozenset(meta.find_undeclared_variables(tree)) - JINJA_NAMES
            self.path_parts = tuple(parts_used(tree, "path"))
            self.request_parts = tuple(parts_used(tree, "request"))
            self.loads = tuple(names_given_to(tree, LOAD)) if LOAD in self.names else ()
            self.expression: Callable[..., Any] | None = None
            if (expression := _only_expression(tree)) is not None:
                self.expression = environment.compile_parsed(expression)
            else:
                self.template = environment.from_string(tree)
        except jinja2.TemplateSyntaxError as e:
            raise ValidationError(f"the template {format_value(source)} is wrong: {e.message}{_hint(source)}") from None
        except RecursionError:
            raise ValidationError(f"the template {format_value(source)} is nested too deep") from None


class CompiledTexts:
    """The sources that are in use, so that a file in which one stands often, or that is read again, costs little."""

    def __init__(self, environment: TemplateEnvironment) -> None:
        self._environment = environment
        self._compiled: WeakValueDictionary[str, CompiledText] = WeakValueDictionary()

    def of(self, source: str) -> CompiledText:
        """Return a source compiled.

        Raises `ValidationError` if it is wrong.
        """
        compiled = self._compiled.get(source)
        if compiled is None:
            compiled = self._compiled[source] = CompiledText(source, self._environment)
        return compiled


def _hint(source: str) -> str:
    """Return what to write for what another language has."""
    if source.count("{{") > source.count("}}"):
        return "; {{ is closed by }}"
    return "; Jinja2 writes and, or, not, == and a if b else c" if _OF_JAVASCRIPT.search(source) else ""


def _only_expression(tree: nodes.Template) -> nodes.Expr | None:
    """Return the expression of a template that has nothing else, comments left out."""
    if len(tree.body) != 1 or not isinstance(output := tree.body[0], nodes.Output) or len(output.nodes) != 1:
        return None
    return None if isinstance(output.nodes[0], nodes.TemplateData) else output.nodes[0]
