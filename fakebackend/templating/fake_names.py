"""`fake` in templates: what Faker invents, and nothing else of Faker's.

The object that Faker itself offers looks attributes up by names that it is given as text, so through it a template
could get at all of Python.
"""

import datetime
import decimal
import random
import uuid
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

from jinja2.exceptions import SecurityError

from fakebackend.templating.limits import check_size

LARGEST_NUMBER = 10_000
"""How many of something, or how long, a template may ask for."""

_TAKES_VALUES = frozenset({"random_int", "pyint"})
"""Names whose numbers say no size."""

# These look formats up by name, take classes, or build files.
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
        "pyobject",
        "pystr_format",
        "pystruct",
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
        from faker import Faker  # noqa: PLC0415  # an extra, so only where it is used

        faker = Faker()
        faker.seed_instance(chance.getrandbits(64))
        self._methods: dict[str, Callable[..., Any]] = {}
        for provider in faker.get_providers():
            for name in dir(provider):
                if not name.startswith("_") and name not in _NOT_OFFERED and callable(getattr(provider, name)):
                    self._methods[name] = _bounded(name, getattr(faker, name))

    def __getattr__(self, name: str) -> Callable[..., Any]:
        try:
            return self._methods[name]
        except KeyError:
            raise AttributeError(f"Faker invents no {name}") from None

    def __dir__(self) -> Iterable[str]:
        return sorted(self._methods)

    def __repr__(self) -> str:
        return "fake"


def _bounded(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        for value in (*args, *kwargs.values()):
            _check_argument(name, value)
        result = method(*args, **kwargs)
        if not _is_plain(result):
            raise SecurityError(f"fake.{name} gives no value that a template can use")
        check_size(result)
        return result

    return call


def _check_argument(name: str, value: Any) -> None:
    if not _is_plain(value):
        raise SecurityError(f"fake.{name} takes plain values only")
    check_size(value)
    if isinstance(value, int) and abs(value) > LARGEST_NUMBER and name not in _TAKES_VALUES:
        raise SecurityError(f"fake.{name} with more than {LARGEST_NUMBER:,} is too much")


def _is_plain(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(map(_is_plain, value)) and all(map(_is_plain, value.values()))
    if isinstance(value, list | tuple | set | frozenset):
        return all(map(_is_plain, value))
    return isinstance(value, _SCALARS)
