"""Jinja2 as responses files may use it: sandboxed, strict about names, bounded in time and size."""

import random
import time
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from fakebackend.field_map import FieldMap

LONGEST_RENDERING = 1.0  # seconds
LARGEST_TEXT = 10 * 1024 * 1024  # characters

_LARGEST_POWER = 100_000  # bits
_PADDING = frozenset({"center", "ljust", "rjust", "zfill", "expandtabs", "indent"})
_LARGEST_PADDING = 100_000


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

    Loops and calls look at the clock; operators and methods that could build something huge in one step
    are looked at beforehand. Keys of data win over methods: `json.items` is the key `items`.
    """

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self) -> None:
        super().__init__(undefined=_Undefined, keep_trailing_newline=True)
        self._deadline = 0.0
        self._chance = random.Random()  # noqa: S311  # for test data, not for secrets
        del self.globals["lipsum"]  # random, and not by our seed
        # With a context, or Jinja2 would choose once and for all when it compiles `[1, 2]|random`.
        self.filters["random"] = jinja2.pass_context(lambda _, values: self._chance.choice(list(values)))

    @contextmanager
    def bounded(self, chance: random.Random) -> Iterator[None]:
        """Allow so much time for what is rendered inside, and take what is random from `chance`."""
        self._deadline = time.monotonic() + LONGEST_RENDERING
        self._chance = chance
        yield

    def tick(self) -> None:
        """Stop a rendering whose time is over."""
        if time.monotonic() > self._deadline:
            raise SecurityError(f"the template takes longer than {LONGEST_RENDERING:g} s")

    def call(self, context: Any, obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: D102
        self.tick()
        if getattr(obj, "__name__", "") in _PADDING and any(_is_large(arg) for arg in (*args, *kwargs.values())):
            raise SecurityError(f"{obj.__name__} with more than {_LARGEST_PADDING:,} characters is too much")
        return super().call(context, obj, *args, **kwargs)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: D102
        self.tick()
        _check_size(operator, left, right)
        return super().call_binop(context, operator, left, right)

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: D102
        if isinstance(obj, Mapping) and attribute in obj and not _is_own(obj, attribute):
            return obj[attribute]
        return super().getattr(obj, attribute)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        template = super()._parse(source, name, filename)
        for loop in template.find_all(nodes.For):
            tick = nodes.Call(nodes.EnvironmentAttribute("tick"), [], [], None, None, lineno=loop.lineno)
            loop.body.insert(0, nodes.ExprStmt(tick, lineno=loop.lineno))
        return template.set_environment(self)  # type: ignore[return-value]  # returns the template


def _is_own(obj: Any, attribute: str) -> bool:
    return isinstance(obj, FieldMap) and attribute == "getlist"


def _is_large(value: Any) -> bool:
    return isinstance(value, int) and abs(value) > _LARGEST_PADDING


def _check_size(operator: str, left: Any, right: Any) -> None:
    if operator == "**" and isinstance(left, int) and isinstance(right, int):
        if left.bit_length() * right > _LARGEST_POWER:
            raise SecurityError(f"a power of more than {_LARGEST_POWER:,} bits is too much")
    elif operator == "*":
        for many, times in ((left, right), (right, left)):
            if isinstance(many, str | list | tuple) and isinstance(times, int) and len(many) * times > LARGEST_TEXT:
                raise SecurityError(f"{operator} makes more than {LARGEST_TEXT:,} characters or elements")
    elif operator == "%" and isinstance(left, str) and any(_is_large(int(n)) for n in _numbers(left)):
        raise SecurityError(f"a format with more than {_LARGEST_PADDING:,} characters is too much")


def _numbers(text: str) -> list[str]:
    digits = "".join(char if char.isascii() and char.isdigit() else " " for char in text)
    return [number[:20] for number in digits.split()]
