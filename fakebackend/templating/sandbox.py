"""Jinja2 as responses files may use it: sandboxed, strict about names, bounded in time and size."""

import random
import threading
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
from jinja2.environment import TemplateExpression
from jinja2.exceptions import SecurityError
from jinja2.filters import make_attrgetter
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from fakebackend.messages.multidict import MultiDict
from fakebackend.messages.uploaded_files import UploadedFiles
from fakebackend.state.request_context import Budget
from fakebackend.state.request_context import RequestContext
from fakebackend.templating.bounds import Bound
from fakebackend.templating.bounds import Step
from fakebackend.templating.limits import LARGEST_TEXT
from fakebackend.templating.limits import check_size
from fakebackend.templating.limits import check_total
from fakebackend.templating.limits import size_of_text
from fakebackend.templating.missing_value import MissingValue
from fakebackend.templating.operators import OPERATORS
from fakebackend.templating.operators import check_operator
from fakebackend.templating.own_filters import OWN_FILTERS
from fakebackend.templating.steps import FILTERS
from fakebackend.templating.steps import TESTS
from fakebackend.templating.steps import check_method
from fakebackend.templating.steps import value_for
from fakebackend.templating.writing import written
from fakebackend.templating.writing import written_json

LONGEST_RENDERING = Budget().seconds

_LARGEST_WORK = 5 * LARGEST_TEXT  # bytes that all steps of a rendering may make together
_POINTER = 8  # bytes of an element, beside what it is


class _Rendering(threading.local):
    """What is rendered right now, in each thread for itself."""

    budget: Budget | None = None
    deadline = 0.0

    def __init__(self) -> None:
        self.chance = random.Random()  # noqa: S311  # for test data, not for secrets


class TemplateEnvironment(ImmutableSandboxedEnvironment):
    """Jinja2 that gives up when the templates of an answer have taken a second, or have made more than 10 MB.

    Loops, calls, filters and operators look at the clock and count what they make; those that could build
    something huge in one step are looked at beforehand. Keys of data win over methods: `json.items` is the key
    `items`.
    """

    intercepted_binops = OPERATORS

    def __init__(self, undefined: type[jinja2.Undefined] = MissingValue) -> None:
        super().__init__(undefined=undefined, keep_trailing_newline=True, finalize=self._finalized)
        self.globals = {name: self.globals[name] for name in ("range", "namespace", "cycler", "joiner")}
        self.globals["dict"] = _dict
        self._now = _Rendering()
        # With a context, or Jinja2 would choose once and for all when it compiles `[1, 2]|random`.
        self.filters["random"] = jinja2.pass_context(lambda _, values: self._now.chance.choice(list(values)))
        self.filters |= {"join": _join, "string": written, "tojson": written_json}
        self.filters |= {name: own.function for name, own in OWN_FILTERS.items()}
        self.filters = {name: self._bounded(name, self.filters[name], FILTERS[name]) for name in FILTERS}
        self.tests = {name: self._bounded(name, test, TESTS.get(name)) for name, test in self.tests.items()}

    @contextmanager
    def bounded(self, context: RequestContext) -> Iterator[None]:
        """Let what is rendered inside use up what the answer has left, and take what is random from its state.

        What is rendered on the way, as a value of `$let` is, uses up the same.
        """
        now = self._now
        if now.budget is not None:
            yield
            return
        now.budget = budget = context.budget or Budget()
        now.deadline = time.monotonic() + budget.seconds
        now.chance = context.state.random
        try:
            yield
        finally:
            now.budget = None
            budget.seconds = now.deadline - time.monotonic()

    def compile_parsed(self, expression: nodes.Expr) -> Callable[..., Any]:
        """Return a function that takes the names and returns what an expression of a parsed template comes to."""
        result = nodes.Name("result", "store", lineno=1)
        tree = nodes.Template([nodes.Assign(result, expression, lineno=1)], lineno=1)
        tree.set_environment(self)
        return TemplateExpression(self.from_string(tree), undefined_to_none=False)

    def tick(self) -> bool:
        """Return true, or stop a rendering whose time is over."""
        if time.monotonic() > self._now.deadline:
            raise SecurityError(f"the templates of the answer take longer than {LONGEST_RENDERING:g} s")
        return True

    def count(self, made: int) -> None:
        """Stop a rendering that has made too many bytes with these."""
        budget = self._now.budget
        if budget is not None:
            budget.made += made
            if budget.made > _LARGEST_WORK:
                raise SecurityError(f"the templates of the answer make more than {_LARGEST_WORK:,} bytes on their way")

    def write(self, written: int) -> None:
        """Stop a rendering that has too many bytes for one answer with these."""
        budget = self._now.budget
        assert budget is not None  # only what is rendered is written
        budget.written += written
        if budget.written > LARGEST_TEXT:
            raise SecurityError(f"what the templates of the answer give is larger than {LARGEST_TEXT:,} bytes")

    def counted(self, value: Any) -> Any:
        """Return the value, which counts as made."""
        if isinstance(value, str | bytes):
            self.count(size_of_text(value))
        elif isinstance(value, list | tuple):
            self.count(len(value) * _POINTER)
        return value

    def joined(self, *parts: Any) -> Any:
        """Return what `a ~ b` is."""
        check_total(sum(map(check_size, parts)))
        return self.counted("".join(map(written, parts)))

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

    def getitem(self, obj: Any, argument: Any) -> Any:  # noqa: D102
        self.tick()  # filters look up attributes in each element
        return super().getitem(obj, argument)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: D102
        return not isinstance(obj, type) and super().is_safe_attribute(obj, attr, value)

    def _bounded(self, name: str, function: Any, bound: Bound | None) -> Callable[..., Any]:
        """Return a filter or test that looks at the clock and at what it is given, and counts what it makes."""
        first = 1 if hasattr(function, "jinja_pass_arg") else 0  # such a one takes the context before its value

        @wraps(function)
        def bounded(*args: Any, **kwargs: Any) -> Any:
            self.tick()
            before, value, rest = args[:first], value_for(name, args[first]), args[first + 1 :]
            if bound is not None:
                bound(Step(name, value, rest, kwargs))
            result = function(*before, value, *rest, **kwargs)
            return self.counted(str(result) if isinstance(result, Markup) else result)  # nothing is escaped by itself

        return bounded

    def _finalized(self, value: Any) -> Any:
        """Return what `{{ }}` writes."""
        self.count(check_size(value))
        return written(value)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        template = _Bounding().visit(super()._parse(source, name, filename))
        return template.set_environment(self)  # type: ignore[no-any-return]  # returns the template


class _Bounding(NodeTransformer):
    """Looks at the clock in loops, and counts what is written again and again."""

    def __init__(self) -> None:
        self._repeated = 0

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:  # noqa: N802  # jinja2's name
        self.generic_visit(node)
        return _call("counted", node, line=node.lineno) if isinstance(node.arg, nodes.Slice) else node

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


@jinja2.pass_environment
def _join(environment: jinja2.Environment, value: Any, d: Any = "", attribute: str | int | None = None) -> str:
    """Jinja2's own, but for how values are written."""
    parts = map(make_attrgetter(environment, attribute), value) if attribute is not None else value
    return written(d).join(map(written, parts))


def _dict(*args: Mapping[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Python's `dict`, but not of pairs: their keys could be chosen to take time with the square of their number."""
    if any(not isinstance(arg, Mapping) for arg in args):
        raise TypeError("dict takes an object and name=value")
    return dict(*args, **kwargs)


def _is_own(obj: Any, attribute: str) -> bool:
    return isinstance(obj, MultiDict | UploadedFiles) and attribute == "getlist"
