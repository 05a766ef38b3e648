"""The filters, tests and methods that templates may use, each with what looks beforehand at what it is given.

What nothing looks at is not offered.
"""

import datetime
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext
from jinja2.utils import Cycler

from fakebackend.messages.multidict import MultiDict
from fakebackend.templating import bounds
from fakebackend.templating.bounds import Bound
from fakebackend.templating.bounds import Step
from fakebackend.templating.own_filters import OWN_FILTERS
from fakebackend.templating.writing import written

FILTERS: dict[str, Bound] = {
    **dict.fromkeys(("abs", "d", "default", "first", "last", "count", "length", "truncate"), bounds.free),
    **dict.fromkeys(("capitalize", "filesizeformat", "lower", "safe", "string", "upper"), bounds.as_text),
    **dict.fromkeys(("title", "urlencode", "wordcount"), bounds.taken_apart),
    **dict.fromkeys(("items", "map", "reject", "rejectattr", "select", "selectattr"), bounds.walked),
    **dict.fromkeys(("dictsort", "groupby", "max", "min", "sort"), bounds.compared),
    **dict.fromkeys(("batch", "slice"), bounds.grouped),
    **dict.fromkeys(("list", "random", "reverse"), bounds.listed),
    **dict.fromkeys(("center", "round"), bounds.padded),
    **dict.fromkeys(("e", "escape"), bounds.escaped),
    **dict.fromkeys(("float", "int"), bounds.as_number),
    "format": bounds.percent,
    "indent": bounds.indented,
    "join": bounds.joined,
    "replace": bounds.replaced,
    "sum": bounds.added,
    "tojson": bounds.as_json,
    "trim": bounds.stripped,
    "unique": bounds.unique,
    **{name: own.bound for name, own in OWN_FILTERS.items()},
}
"""The filters that are offered: of Jinja2's own, and ours."""

TESTS: dict[str, Bound] = {"lower": bounds.as_text, "upper": bounds.as_text}
"""Tests of Jinja2, all of which are offered, that look at more than the outside of a value."""

METHODS: dict[type, dict[str, Bound]] = {
    str: {
        **dict.fromkeys(("capitalize", "casefold", "lower", "swapcase", "title", "upper"), bounds.as_text),
        **dict.fromkeys(("count", "endswith", "find", "index", "partition", "startswith"), bounds.as_text),
        **dict.fromkeys(
            ("isalnum", "isalpha", "isascii", "isdecimal", "isdigit", "islower", "isnumeric"), bounds.as_text
        ),
        **dict.fromkeys(("isspace", "istitle", "isupper", "removeprefix", "removesuffix"), bounds.as_text),
        **dict.fromkeys(("center", "ljust", "rjust", "zfill"), bounds.padded),
        **dict.fromkeys(("lstrip", "rstrip", "strip"), bounds.stripped),
        **dict.fromkeys(("rpartition", "rsplit"), bounds.split_from_the_end),
        "encode": bounds.in_a_charset,
        "format": bounds.braces,
        "join": bounds.joins,
        "replace": bounds.replaced,
        "split": bounds.split,
        "splitlines": bounds.split_by_lines,
    },
    bytes: {"decode": bounds.in_a_charset, "hex": bounds.as_text},
    list: dict.fromkeys(("count", "index"), bounds.free),
    tuple: dict.fromkeys(("count", "index"), bounds.free),
    Mapping: dict.fromkeys(("get", "getlist", "items", "keys", "values"), bounds.free),
    datetime.date: {
        **dict.fromkeys(("date", "isoformat", "isoweekday", "replace", "time", "timestamp", "weekday"), bounds.free),
        "strftime": bounds.as_date,
    },
    datetime.time: {**dict.fromkeys(("isoformat", "replace"), bounds.free), "strftime": bounds.as_date},
    datetime.timedelta: {"total_seconds": bounds.free},
    Cycler: dict.fromkeys(("next", "reset"), bounds.free),
    LoopContext: dict.fromkeys(("changed", "cycle"), bounds.free),
}
"""The methods that are offered, by what they are of."""

METHOD_NAMES = frozenset(name for methods in METHODS.values() for name in methods)


_OF_TEXT = frozenset(
    {"capitalize", "center", "e", "escape", "indent", "lower", "replace", "safe", "title", "trim", "truncate", "upper"}
)
"""Filters that take text: what is none is written as everywhere, not as Python would."""

_OF_LISTS = frozenset({"count", "last", "length", "random", "reverse"})
"""Filters that take a list, and nothing that gives its elements one by one."""


def value_for(name: str, value: Any) -> Any:
    """Return what a filter works on as the filter knows it: Jinja2's own know no query or form."""
    if name == "urlencode" and isinstance(value, MultiDict):
        return [(key, each) for key in value for each in value.getlist(key)]
    if name in _OF_TEXT and (value is None or isinstance(value, bool | list | tuple | dict)):
        return written(value)
    if name in _OF_LISTS and isinstance(value, Iterator):
        return list(value)  # what another filter gives one by one
    return list(value) if name == "join" and not isinstance(value, str) else value


def check_method(step: Step) -> None:
    """Refuse a method that is not offered, or whose work or result would be too large."""
    for kind, methods in METHODS.items():
        if isinstance(step.value, kind) and step.name in methods:
            methods[step.name](step)
            return
    raise SecurityError(f"{step.name} of {type(step.value).__name__} is not offered")
