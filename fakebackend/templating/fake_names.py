"""`fake` in templates: what Faker invents, and nothing else of Faker's.

The object that Faker itself offers looks attributes up by names that it is given as text, so through it a template
could get at all of Python.
"""

import datetime
import decimal
import importlib.util
import inspect
import math
import random
import uuid
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2.exceptions import SecurityError

from fakebackend.templating.limits import check_elements
from fakebackend.templating.limits import check_size

LARGEST_NUMBER = 10_000
"""How many of something, or how long, a template may ask for."""

_LONGEST_TEXT = 1_000  # characters
_MOST_MADE = 100_000_000  # all numbers and the size of all arguments, multiplied

_VALUES = frozenset(
    {"min", "max", "min_value", "max_value", "step", "start_date", "end_date", "start_datetime", "end_datetime"}
)
"""Parameters whose numbers say no size."""

# These look formats up by name, also for what they fill a list with, take classes, or build files.
_NOT_OFFERED = frozenset(
    {
        "binary",
        "csv",
        "dsv",
        "enum",
        "fixed_width",
        "image",
        "json",
        "json_bytes",
        "passthrough",
        "psv",
        "pydict",
        "pyiterable",
        "pylist",
        "pyobject",
        "pyset",
        "pystr_format",
        "pystruct",
        "pytuple",
        "tar",
        "tsv",
        "xml",
        "zip",
    }
)

_SCALARS = (
    str, int, float, bool, type(None), decimal.Decimal, datetime.date, datetime.time, datetime.timedelta, uuid.UUID
)  # fmt: skip


class FakeNames:
    """The methods of Faker's providers, called with plain values, giving plain values of bounded size."""

    __slots__ = ("_methods",)

    def __init__(self, chance: random.Random) -> None:
        faker = _faker()
        faker.seed_instance(chance.getrandbits(64))
        self._methods = {name: _bounded(name, getattr(faker, name)) for name in offered_names()}

    def __getattr__(self, name: str) -> Callable[..., Any]:
        try:
            return self._methods[name]
        except KeyError:
            raise AttributeError(f"Faker invents no {name}") from None

    def __dir__(self) -> Iterable[str]:
        return sorted(self._methods)

    def __repr__(self) -> str:
        return "fake"


@cache
def offered_names() -> frozenset[str]:
    """Return the names of all that `fake` invents; none where Faker is not installed."""
    if importlib.util.find_spec("faker") is None:
        return frozenset()
    return frozenset(
        name
        for provider in _faker().get_providers()
        for name in dir(provider)
        if not name.startswith("_") and name not in _NOT_OFFERED and callable(getattr(provider, name))
    )


def _faker() -> Any:
    from faker import Faker  # noqa: PLC0415  # an extra, so only where it is used

    return Faker()


def _bounded(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    signature = inspect.signature(method)

    def call(*args: Any, **kwargs: Any) -> Any:
        _check_arguments(name, signature.bind(*args, **kwargs).arguments)
        result = method(*args, **kwargs)
        if not _is_plain(result):
            raise SecurityError(f"fake.{name} gives no value that a template can use")
        check_size(result)
        return result

    return call


def _check_arguments(name: str, arguments: Mapping[str, Any]) -> None:
    """Refuse what is no plain value, and what would make Faker invent too much: each number may multiply the rest."""
    if not _is_plain(tuple(arguments.values())):
        raise SecurityError(f"fake.{name} takes plain values only")
    numbers = [abs(value) for key, value in arguments.items() if key not in _VALUES and _is_number(value)]
    if max(numbers, default=0) > LARGEST_NUMBER:
        raise SecurityError(f"fake.{name} with more than {LARGEST_NUMBER:,} is too much")
    if any(len(value) > _LONGEST_TEXT for value in arguments.values() if isinstance(value, str)):
        raise SecurityError(f"fake.{name} with more than {_LONGEST_TEXT:,} characters is too much")
    for value in arguments.values():
        check_elements(f"fake.{name}", value, LARGEST_NUMBER)
    size = check_size(tuple(arguments.values()))
    if size * math.prod(max(number, 1) for number in numbers) > _MOST_MADE:
        raise SecurityError(f"fake.{name} with so large numbers and texts together is too much")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_plain(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(map(_is_plain, value)) and all(map(_is_plain, value.values()))
    if isinstance(value, list | tuple | set | frozenset):
        return all(map(_is_plain, value))
    return isinstance(value, _SCALARS)
