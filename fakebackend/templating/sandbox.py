"""Jinja2 as responses files may use it: sandboxed, strict about names, bounded in time and size."""

import random
import time
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from functools import wraps
from types import ModuleType
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from fakebackend.messages.multidict import MultiDict
from fakebackend.templating.limits import LARGEST_TEXT
from fakebackend.templating.limits import check_size
from fakebackend.templating.limits import check_total
from fakebackend.templating.operators import OPERATORS
from fakebackend.templating.operators import check_operator
from fakebackend.templating.steps import FILTERS
from fakebackend.templating.steps import Step
from fakebackend.templating.steps import check_filter
from fakebackend.templating.steps import check_method

LONGEST_RENDERING = 1.0  # seconds

_LARGEST_WORK = 5 * LARGEST_TEXT  # characters and elements that all steps of a rendering may make together


class _Undefined(jinja2.StrictUndefined):
    """What is not there: an error that names it and nothing of Python's."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        if isinstance(self._undefined_obj, Mapping):
            return (
                f"there is no {self._undefined_name!r}, only {', '.join(map(repr, self._undefined_obj)) or 'nothing'}"
            )
        return super()._undefined_message


class TemplateEnvironment(ImmutableSandboxedEnvironment):
    """Jinja2 that gives up after a second and does not build texts of more than 10 MB.

    Loops, calls, filters and operators look at the clock and count what they make; those that could build
    something huge in one step are looked at beforehand. Keys of data win over methods: `json.items` is the key
    `items`.
    """

    intercepted_binops = OPERATORS

    def __init__(self) -> None:
        super().__init__(undefined=_Undefined, keep_trailing_newline=True, finalize=self._finalized)
        self._deadline = 0.0
        self._made = 0
        self._chance = random.Random()  # noqa: S311  # for test data, not for secrets
        del self.globals["lipsum"]  # random, and not by our seed
        # With a context, or Jinja2 would choose once and for all when it compiles `[1, 2]|random`.
        self.filters["random"] = jinja2.pass_context(lambda _, values: self._chance.choice(list(values)))
        self.filters = {name: self._bounded_filter(name, self.filters[name]) for name in FILTERS}

    @contextmanager
    def bounded(self, chance: random.Random) -> Iterator[None]:
        """Allow so much time for what is rendered inside, and take what is random from `chance`."""
        self._deadline = time.monotonic() + LONGEST_RENDERING
        self._made = 0
        self._chance = chance
        yield

    def tick(self) -> bool:
        """Return true, or stop a rendering whose time is over."""
        if time.monotonic() > self._deadline:
            raise SecurityError(f"the template takes longer than {LONGEST_RENDERING:g} s")
        return True

    def count(self, made: int) -> None:
        """Stop a rendering that has made too many characters and elements with these."""
        self._made += made
        if self._made > _LARGEST_WORK:
            raise SecurityError(f"the template makes more than {_LARGEST_WORK:,} characters or elements on its way")

    def counted(self, value: Any) -> Any:
        """Return the value, which counts as made."""
        self.count(len(value) if isinstance(value, str | list | tuple) else 0)
        return value

    def joined(self, *parts: Any) -> Any:
        """Return what `a ~ b` is."""
        check_total(sum(map(check_size, parts)))
        return self.counted("".join(map(str, parts)))

    def call(self, context: Any, obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: D102
        method = getattr(obj, "__wrapped__", obj)  # the sandbox wraps the method `format`
        owner = getattr(method, "__self__", None)
        if owner is self:
            return obj(*args)  # what `_Bounding` put there
        self.tick()
        if owner is not None and not isinstance(owner, ModuleType):
            args = tuple(list(arg) if isinstance(arg, Iterator) else arg for arg in args)
            check_method(Step(method.__name__, owner, args, kwargs))
        return self.counted(super().call(context, obj, *args, **kwargs))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: D102
        self.tick()
        check_operator(operator, left, right)
        return self.counted(super().call_binop(context, operator, left, right))

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: D102
        if isinstance(obj, Mapping) and attribute in obj and not _is_own(obj, attribute):
            return obj[attribute]
        return super().getattr(obj, attribute)

    def _bounded_filter(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        first = 1 if hasattr(function, "jinja_pass_arg") else 0  # such a filter takes the context before its value

        @wraps(function)
        def bounded(*args: Any, **kwargs: Any) -> Any:
            self.tick()
            before, value, rest = args[:first], args[first], args[first + 1 :]
            if name == "join" and not isinstance(value, str):
                value = list(value)
            check_filter(Step(name, value, rest, kwargs))
            return self.counted(function(*before, value, *rest, **kwargs))

        return bounded

    def _finalized(self, value: Any) -> Any:
        """Look at what `{{ }}` is about to write."""
        self.count(check_size(value))
        return value

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        template = _Bounding().visit(super()._parse(source, name, filename))
        return template.set_environment(self)  # type: ignore[no-any-return]  # returns the template


class _Bounding(NodeTransformer):
    """Looks at the clock in loops, and counts what is written again and again."""

    def __init__(self) -> None:
        self._repeated = 0

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802  # jinja2's name
        self.generic_visit(node)
        return _call("joined", *node.nodes, line=node.lineno)

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802  # jinja2's name
        tick = _call("tick", line=node.lineno)
        if node.test is not None:
            node.test = nodes.And(tick, node.test, lineno=node.lineno)
        return self._visit_repeated(node, nodes.ExprStmt(tick, lineno=node.lineno))

    def visit_Macro(self, node: nodes.Macro) -> nodes.Node:  # noqa: N802  # jinja2's name
        return self._visit_repeated(node)

    def visit_CallBlock(self, node: nodes.CallBlock) -> nodes.Node:  # noqa: N802  # jinja2's name
        return self._visit_repeated(node)

    def visit_Output(self, node: nodes.Output) -> nodes.Node | list[nodes.Node]:  # noqa: N802  # jinja2's name
        self.generic_visit(node)
        literal = sum(len(child.data) for child in node.nodes if isinstance(child, nodes.TemplateData))
        if not self._repeated or not literal:
            return node
        count = _call("count", nodes.Const(literal), line=node.lineno)
        return [nodes.ExprStmt(count, lineno=node.lineno), node]

    def _visit_repeated(self, node: nodes.For | nodes.Macro | nodes.CallBlock, *before: nodes.Node) -> nodes.Node:
        self._repeated += 1
        self.generic_visit(node)
        self._repeated -= 1
        node.body[:0] = before
        return node


def _call(method: str, *args: nodes.Expr, line: int) -> nodes.Call:
    return nodes.Call(nodes.EnvironmentAttribute(method), list(args), [], None, None, lineno=line)


def _is_own(obj: Any, attribute: str) -> bool:
    return isinstance(obj, MultiDict) and attribute == "getlist"
