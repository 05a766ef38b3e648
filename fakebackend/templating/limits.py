"""What a template may build: single steps that make something huge of something small are refused beforehand."""

import re
import string
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from itertools import chain
from typing import Any

from jinja2.exceptions import SecurityError

LARGEST_TEXT = 10 * 1024 * 1024  # characters

_LARGEST_POWER = 100_000  # bits
_LARGEST_PADDING = 100_000
_PADDING = frozenset({"batch", "center", "expandtabs", "indent", "ljust", "rjust", "round", "slice", "tojson", "zfill"})
_PERCENT_FIELD = re.compile(r"%(?:\([^)]*\))?[-+ #0]*([0-9]+|\*)?(?:\.([0-9]+|\*))?")


def check_operator(operator: str, left: Any, right: Any) -> None:
    """Refuse an operation whose result would be too large."""
    if operator == "**" and isinstance(left, int) and isinstance(right, int):
        if left.bit_length() * right > _LARGEST_POWER:
            raise SecurityError(f"a power of more than {_LARGEST_POWER:,} bits is too much")
    elif operator == "*":
        for many, times in ((left, right), (right, left)):
            if isinstance(many, str | bytes | list | tuple) and isinstance(times, int):
                _check_total(len(many) * times)
    elif operator == "%" and isinstance(left, str):
        _check_percent(left, right if isinstance(right, tuple) else (right,))


def check_step(name: str, value: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    """Refuse a filter or method of text whose result would be too large; `value` is what it works on."""
    given = [*args, *kwargs.values()]
    if name in _PADDING and any(map(_is_large, given)):
        raise SecurityError(f"{name} with more than {_LARGEST_PADDING:,} is too much")
    if (bound := _BOUNDS.get(name)) is not None:
        bound(value, args, kwargs)
    elif name == "replace" and isinstance(value, str) and len(given) > 1:
        _check_total(value.count(str(given[0])) * len(str(given[1])))
    elif name == "join" and given:
        separator, parts = (value, given[0]) if isinstance(value, str) else (given[0], value)
        _check_total(len(str(separator)) * len(parts) if isinstance(parts, Sequence) else 0)


def check_percent_filter(text: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    """Refuse the filter `format` with fields that are too wide."""
    _check_percent(text, [*args, *kwargs.values()])


def check_format(text: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    """Refuse `"…".format(…)` with fields that are too wide."""
    fields = [spec for _, field, spec, _ in string.Formatter().parse(text) if field is not None]
    _check_total(len(fields) * max(map(_weight, [*args, *kwargs.values()]), default=0))
    specs = "\n".join(spec for spec in fields if spec)
    widths = (int(number[:20]) for number in re.findall("[0-9]+", specs))
    given = chain(args, kwargs.values()) if "{" in specs else ()
    _check_widths(widths, given)


def check_size(value: Any) -> None:
    """Refuse a value whose characters and elements, inner ones included, are too many."""
    total = 0
    for _, part in _parts(value, lambda found: chain.from_iterable(found.items())):
        total += len(part) if isinstance(part, str) else 3  # what an element takes as JSON, at least: `0, `
        _check_total(total)


def _check_indent(text: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    width = _given("width", 0, args, kwargs, 4)
    _check_total((str(text).count("\n") + 1) * (width if isinstance(width, int) else len(str(width))))


def _check_expandtabs(text: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    size = _given("tabsize", 0, args, kwargs, 8)
    _check_total(str(text).count("\t") * (size if isinstance(size, int) else 0))


def _check_wordwrap(text: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    width, wrapstring = _given("width", 0, args, kwargs, 79), _given("wrapstring", 2, args, kwargs, None)
    longest = max(map(len, str(text).split()), default=0)
    # A word that is cut is copied once for each of its pieces, at some thousand characters in the time of one step.
    _check_total(longest * longest // max(width if isinstance(width, int) else 1, 1) // 1_000)
    _check_total((len(str(text)) + 1) * len(str(wrapstring or "")))


def _check_tojson(value: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    """Refuse what is indented by too much in all: each element by as many steps as it is deep."""
    indent = _given("indent", 0, args, kwargs, None)
    step = indent if isinstance(indent, int) else len(str(indent or ""))
    total = 0
    for depth, _ in _parts(value, dict.values) if step else ():
        total += depth * step
        _check_total(total)


def _check_translate(text: Any, args: Sequence[Any], _: Mapping[str, Any]) -> None:
    table = args[0] if args else ()
    parts = table.values() if isinstance(table, Mapping) else table
    _check_total(len(str(text)) * max(map(_weight, parts), default=0))


def _check_sum(_: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    """Refuse to add up anything but numbers: of lists each step would copy all before it."""
    if not isinstance(_given("start", 1, args, kwargs, 0), int | float):
        raise SecurityError("sum adds numbers only")


_BOUNDS = {
    "indent": _check_indent,
    "expandtabs": _check_expandtabs,
    "wordwrap": _check_wordwrap,
    "tojson": _check_tojson,
    "translate": _check_translate,
    "sum": _check_sum,
}
"""Filters and methods of text whose result is larger than what they are given, with what looks beforehand."""


def _given(name: str, place: int, args: Sequence[Any], kwargs: Mapping[str, Any], default: Any) -> Any:
    return kwargs.get(name, args[place] if len(args) > place else default)


def _weight(value: Any) -> int:
    """Return how long a value is as text, at least."""
    if isinstance(value, str | bytes):
        return len(value)
    if isinstance(value, Mapping):
        return sum(map(_weight, value.values()))
    return sum(map(_weight, value)) if isinstance(value, list | tuple) else 1


def _parts(value: Any, of_object: Callable[[dict[Any, Any]], Iterable[Any]]) -> Iterator[tuple[int, Any]]:
    """Yield a value and everything inside it, each with its depth, 1 for the value itself; nesting costs no stack."""
    pending = [iter((value,))]
    while pending:
        part = next(pending[-1], pending)
        if part is pending:
            pending.pop()
            continue
        yield len(pending), part
        if isinstance(part, list | tuple):
            pending.append(iter(part))
        elif isinstance(part, dict):
            pending.append(iter(of_object(part)))


def _check_total(total: int) -> None:
    if total > LARGEST_TEXT:
        raise SecurityError(f"the result is larger than {LARGEST_TEXT:,} characters or elements")


def _check_percent(text: str, given: Sequence[Any]) -> None:
    widths = [width for widths in _PERCENT_FIELD.findall(text) for width in widths if width]
    _check_widths((int(width[:20]) for width in widths if width != "*"), given if "*" in widths else ())


def _check_widths(widths: Iterable[int], given: Iterable[Any]) -> None:
    if sum(widths) > _LARGEST_PADDING or any(map(_is_large, given)):
        raise SecurityError(f"a format with more than {_LARGEST_PADDING:,} characters is too much")


def _is_large(value: Any) -> bool:
    return isinstance(value, int) and abs(value) > _LARGEST_PADDING
