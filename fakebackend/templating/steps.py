"""The filters and methods that templates may use, each with what looks beforehand at what it is given.

Python cannot stop a single step half-way. So whatever could make much of little, or take long over what a client
sent, is refused before it is done, and what nothing looks at is not offered.
"""

import datetime
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from collections.abc import Sized
from typing import Any
from typing import NamedTuple

from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext
from jinja2.utils import Cycler

from fakebackend.messages.charsets import CODECS
from fakebackend.templating.limits import LARGEST_PADDING
from fakebackend.templating.limits import check_elements
from fakebackend.templating.limits import check_list
from fakebackend.templating.limits import check_size
from fakebackend.templating.limits import check_total
from fakebackend.templating.limits import is_large
from fakebackend.templating.operators import check_format
from fakebackend.templating.operators import check_percent

_LONGEST_PATTERN = 100  # characters
_LONGEST_DATE_FORMAT = 1_000  # characters
_MOST_DIGITS = 4_300  # as many as Python reads in a decimal number
_SPACES = "".join(filter(str.isspace, map(chr, range(0x3001))))
_LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"


class Step(NamedTuple):
    """A filter or method and what it is called with; `value` is what it works on."""

    name: str
    value: Any
    args: Sequence[Any]
    kwargs: Mapping[str, Any]

    def given(self, name: str, place: int, default: Any = None) -> Any:
        """Return one argument by its name or place."""
        return self.kwargs.get(name, self.args[place] if len(self.args) > place else default)

    @property
    def arguments(self) -> list[Any]:
        """All arguments."""
        return [*self.args, *self.kwargs.values()]


Check = Callable[[Step], None]
"""Raises `SecurityError` for what would be too much."""


def _free(_: Step) -> None:
    pass


def _text(step: Step) -> None:
    """Bound what is read as text: the result is about as long."""
    for part in (step.value, *step.arguments):
        check_size(part)


def _taken_apart(step: Step) -> None:
    _text(step)
    check_list(len(str(step.value)))


def _number(step: Step) -> None:
    if isinstance(step.value, str) and len(step.value) > _MOST_DIGITS:
        raise SecurityError(f"a number of more than {_MOST_DIGITS:,} digits is too much")


def _padded(step: Step) -> None:
    _text(step)
    if any(map(is_large, step.arguments)):
        raise SecurityError(f"{step.name} with more than {LARGEST_PADDING:,} is too much")


def _walked(step: Step) -> None:
    check_elements(step.name, step.value)


def _grouped(step: Step) -> None:
    _walked(step)
    _padded(step)


def _listed(step: Step) -> None:
    check_list(len(step.value) if isinstance(step.value, Sized) else 0)


def _added(step: Step) -> None:
    _walked(step)
    if not isinstance(step.given("start", 1, 0), int | float):  # of lists each step would copy all before it
        raise SecurityError("sum adds numbers only")


def _escaped(step: Step) -> None:
    _text(step)
    text = str(step.value)
    check_total(len(text) + sum(text.count(character) * len("amp;") for character in "&<>\"'"))


def _joined(step: Step) -> None:
    first = step.given("d", 0, "")
    separator, elements = (step.value, first) if isinstance(step.value, str) else (first, step.value)
    count = len(elements) if isinstance(elements, Sized) else 0
    check_total(check_size(elements) + check_size(separator) * count)


def _replaced(step: Step) -> None:
    _text(step)
    old, new = step.given("old", 0, ""), step.given("new", 1, "")
    check_total(str(step.value).count(str(old)) * len(str(new)))


def _indented(step: Step) -> None:
    _padded(step)
    width = step.given("width", 0, 4)
    check_total((_count(_LINE_ENDS, step.value) + 1) * (width if isinstance(width, int) else len(str(width))))


def _as_json(step: Step) -> None:
    """Bound what is indented: each element by as many steps as it is deep."""
    _padded(step)
    indent = step.given("indent", 0)
    width = indent if isinstance(indent, int) else len(str(indent or ""))
    total = 0
    for depth, _ in _parts(step.value) if width else ():
        total += depth * width
        check_total(total)


def _stripped(step: Step) -> None:
    _text(step)
    _check_pattern(step, step.given("chars", 0))


def _split(step: Step) -> None:
    separator = step.given("sep", 0)
    check_list(_count(_SPACES, step.value) if separator is None else step.value.count(separator))


def _split_from_the_end(step: Step) -> None:
    _split(step)
    _check_pattern(step, step.given("sep", 0))


def _split_by_lines(step: Step) -> None:
    check_list(_count(_LINE_ENDS, step.value))


def _in_a_charset(step: Step) -> None:
    charset = str(step.given("encoding", 0, "utf-8"))
    if charset.lower() not in CODECS:
        raise SecurityError(
            f"{step.name} with {charset[:60]!r} is not offered, only with an encoding that browsers know"
        )


def _percent(step: Step) -> None:
    _text(step)
    check_percent(str(step.value), step.kwargs or step.args)


def _braces(step: Step) -> None:
    check_format(step.value, step.args, step.kwargs)


def _as_date(step: Step) -> None:
    if len(str(step.given("format", 0, ""))) > _LONGEST_DATE_FORMAT:
        raise SecurityError(f"a format of more than {_LONGEST_DATE_FORMAT:,} characters is too much")


FILTERS: dict[str, Check] = {
    **dict.fromkeys(("abs", "d", "default", "first", "last", "count", "length"), _free),
    **dict.fromkeys(("capitalize", "filesizeformat", "lower", "safe", "string", "truncate", "upper"), _text),
    **dict.fromkeys(("title", "urlencode", "wordcount"), _taken_apart),
    **dict.fromkeys(("dictsort", "groupby", "items", "map", "max", "min", "unique", "sort"), _walked),
    **dict.fromkeys(("reject", "rejectattr", "select", "selectattr"), _walked),
    **dict.fromkeys(("batch", "slice"), _grouped),
    **dict.fromkeys(("list", "random", "reverse"), _listed),
    **dict.fromkeys(("center", "round"), _padded),
    **dict.fromkeys(("e", "escape"), _escaped),
    **dict.fromkeys(("float", "int"), _number),
    "format": _percent,
    "indent": _indented,
    "join": _joined,
    "replace": _replaced,
    "sum": _added,
    "tojson": _as_json,
    "trim": _stripped,
}
"""The filters of Jinja2 that are offered."""

METHODS: dict[type, dict[str, Check]] = {
    str: {
        **dict.fromkeys(("capitalize", "casefold", "lower", "swapcase", "title", "upper"), _text),
        **dict.fromkeys(("count", "endswith", "find", "index", "partition", "startswith"), _text),
        **dict.fromkeys(("isalnum", "isalpha", "isascii", "isdecimal", "isdigit", "islower", "isnumeric"), _text),
        **dict.fromkeys(("isspace", "istitle", "isupper", "removeprefix", "removesuffix"), _text),
        **dict.fromkeys(("center", "ljust", "rjust", "zfill"), _padded),
        **dict.fromkeys(("lstrip", "rstrip", "strip"), _stripped),
        **dict.fromkeys(("rpartition", "rsplit"), _split_from_the_end),
        "encode": _in_a_charset,
        "format": _braces,
        "join": _joined,
        "replace": _replaced,
        "split": _split,
        "splitlines": _split_by_lines,
    },
    bytes: {"decode": _in_a_charset, "hex": _free},
    list: dict.fromkeys(("count", "index"), _free),
    tuple: dict.fromkeys(("count", "index"), _free),
    Mapping: dict.fromkeys(("get", "getlist", "items", "keys", "values"), _free),
    datetime.date: {
        **dict.fromkeys(("date", "isoformat", "isoweekday", "replace", "time", "timestamp", "weekday"), _free),
        "strftime": _as_date,
    },
    Cycler: dict.fromkeys(("next", "reset"), _free),
    LoopContext: dict.fromkeys(("changed", "cycle"), _free),
}
"""The methods that are offered, by what they are of."""

METHOD_NAMES = frozenset(name for methods in METHODS.values() for name in methods)


def check_filter(step: Step) -> None:
    """Refuse a filter whose work or result would be too large."""
    FILTERS[step.name](step)


def check_method(step: Step) -> None:
    """Refuse a method that is not offered, or whose work or result would be too large."""
    for kind, methods in METHODS.items():
        if isinstance(step.value, kind) and step.name in methods:
            methods[step.name](step)
            return
    raise SecurityError(f"{step.name} of {type(step.value).__name__} is not offered")


def _count(characters: str, value: Any) -> int:
    text = str(value)
    return sum(map(text.count, characters))


def _parts(value: Any) -> Iterator[tuple[int, Any]]:
    """Yield a value and everything inside it, each with its depth, 1 for the value itself."""
    pending = [(1, value)]
    while pending:
        depth, part = pending.pop()
        yield depth, part
        if isinstance(part, list | tuple | Mapping):
            inner = part.values() if isinstance(part, Mapping) else part
            pending.extend((depth + 1, element) for element in inner)


def _check_pattern(step: Step, pattern: Any) -> None:
    """Bound what is looked for at every place of a text."""
    if len(str(pattern or "")) > _LONGEST_PATTERN:
        raise SecurityError(f"{step.name} with more than {_LONGEST_PATTERN} characters is too much")
