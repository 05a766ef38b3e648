"""Jinja2 as responses files may use it: sandboxed, strict about names, bounded in time and size."""

import random
import time
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from fakebackend.messages.multidict import MultiDict
from fakebackend.templating.limits import LARGEST_TEXT
from fakebackend.templating.limits import check_format
from fakebackend.templating.limits import check_operator
from fakebackend.templating.limits import check_percent_filter
from fakebackend.templating.limits import check_size
from fakebackend.templating.limits import check_step

LONGEST_RENDERING = 1.0  # seconds

_LARGEST_WORK = 5 * LARGEST_TEXT  # characters and elements that all steps of a rendering may make together


_OF_BYTES = frozenset({"decode", "hex"})


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

    intercepted_binops = frozenset({"*", "**", "%", "+"})

    def __init__(self) -> None:
        super().__init__(undefined=_Undefined, keep_trailing_newline=True, finalize=_checked)
        self._deadline = 0.0
        self._made = 0
        self._chance = random.Random()  # noqa: S311  # for test data, not for secrets
        del self.globals["lipsum"]  # random, and not by our seed
        # With a context, or Jinja2 would choose once and for all when it compiles `[1, 2]|random`.
        self.filters["random"] = jinja2.pass_context(lambda _, values: self._chance.choice(list(values)))
        for name, function in list(self.filters.items()):
            self.filters[name] = self._bounded_filter(name, function)

    @contextmanager
    def bounded(self, chance: random.Random) -> Iterator[None]:
        """Allow so much time for what is rendered inside, and take what is random from `chance`."""
        self._deadline = time.monotonic() + LONGEST_RENDERING
        self._made = 0
        self._chance = chance
        yield

    def tick(self) -> None:
        """Stop a rendering whose time is over."""
        if time.monotonic() > self._deadline:
            raise SecurityError(f"the template takes longer than {LONGEST_RENDERING:g} s")

    def counted(self, value: Any) -> Any:
        """Return the value, unless all values so far are too much together."""
        self._made += len(value) if isinstance(value, str | list | tuple) else 0
        if self._made > _LARGEST_WORK:
            raise SecurityError(f"the template makes more than {_LARGEST_WORK:,} characters or elements on its way")
        return value

    def joined(self, *parts: Any) -> Any:
        """Return what `a ~ b` is."""
        return self.counted("".join(map(str, parts)))

    def call(self, context: Any, obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: D102
        self.tick()
        method = getattr(obj, "__wrapped__", obj)  # the sandbox wraps the methods `format` and `format_map`
        text, name = getattr(method, "__self__", None), getattr(method, "__name__", "")
        if isinstance(text, bytes) and name not in _OF_BYTES:
            raise SecurityError(f"{name} of bytes is not offered")
        if isinstance(text, str):
            args = tuple(list(arg) if isinstance(arg, Iterator) else arg for arg in args)
            if name.startswith("format"):
                check_format(text, args, kwargs)
            else:
                check_step(name, text, args, kwargs)
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
            if name == "format":
                check_percent_filter(str(value), rest, kwargs)
            else:
                if name == "join" and not isinstance(value, str):
                    value = list(value)
                check_step(name, value, rest, kwargs)
            return self.counted(function(*before, value, *rest, **kwargs))

        return bounded

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        template = _Counting().visit(super()._parse(source, name, filename))
        for loop in template.find_all(nodes.For):
            tick = nodes.Call(nodes.EnvironmentAttribute("tick"), [], [], None, None, lineno=loop.lineno)
            loop.body.insert(0, nodes.ExprStmt(tick, lineno=loop.lineno))
        return template.set_environment(self)  # type: ignore[no-any-return]  # returns the template


class _Counting(NodeTransformer):
    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802  # jinja2's name
        self.generic_visit(node)
        function = nodes.EnvironmentAttribute("joined")
        return nodes.Call(function, node.nodes, [], None, None, lineno=node.lineno)


def _checked(value: Any) -> Any:
    check_size(value)
    return value


def _is_own(obj: Any, attribute: str) -> bool:
    return isinstance(obj, MultiDict) and attribute == "getlist"
