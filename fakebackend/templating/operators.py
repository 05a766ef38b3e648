"""The operators of templates whose result can be larger than what they are given."""

import re
import string
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from jinja2.exceptions import SecurityError

from fakebackend.templating.limits import LARGEST_PADDING
from fakebackend.templating.limits import check_list
from fakebackend.templating.limits import check_size
from fakebackend.templating.limits import check_total
from fakebackend.templating.limits import size_of_text

OPERATORS = frozenset({"*", "**", "%", "+"})

_LARGEST_NUMBER = 100_000  # bits
_PERCENT_FIELD = re.compile(r"%(?:\([^()]*\))?[-+ #0]*([0-9]+|\*)?(?:\.([0-9]+|\*))?")


def check_operator(operator: str, left: Any, right: Any) -> None:
    """Refuse an operation whose result would be too large."""
    if operator == "%" and isinstance(left, str):
        check_percent(left, right if isinstance(right, tuple | Mapping) else (right,))
    elif isinstance(left, int) and isinstance(right, int):
        _check_number(operator, left.bit_length(), right)
    elif operator == "*":
        for many, times in ((left, right), (right, left)):
            if isinstance(times, int):
                _check_many(many, times)
    elif operator == "+" and type(left) is type(right):
        _check_sum(left, right)


def check_percent(text: str, given: Sequence[Any] | Mapping[str, Any]) -> None:
    """Refuse `"%s" % given` with fields that are too wide, or a large value too often."""
    if isinstance(given, Mapping):
        check_total(text.count("%") * max(map(check_size, given.values()), default=0))
    else:
        check_total(sum(map(check_size, given)))
    if re.search(r"%\([^()]*\(", text):
        raise SecurityError("a name with parentheses in a format is not offered")
    widths = [width for widths in _PERCENT_FIELD.findall(text) for width in widths if width]
    _check_widths(width for width in widths if width != "*")
    if "*" in widths:
        _check_widths(str(abs(number)) for number in given if isinstance(number, int))


def check_format(text: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    """Refuse `"{}".format(…)` with fields that are too wide, or a large value too often."""
    specs = [spec or "" for _, field, spec, _ in string.Formatter().parse(text) if field is not None]
    check_total(len(specs) * max(map(check_size, [*args, *kwargs.values()]), default=0))
    if any("{" in spec for spec in specs):
        raise SecurityError("a field inside the format of another is not offered")
    _check_widths(re.findall(r"\d+", "\n".join(specs)))


def _check_number(operator: str, bits: int, right: int) -> None:
    total = {"**": bits * right, "*": bits + right.bit_length()}.get(operator, 0)
    if total > _LARGEST_NUMBER:
        raise SecurityError(f"a number of more than {_LARGEST_NUMBER:,} bits is too much")


def _check_many(many: Any, times: int) -> None:
    if isinstance(many, str | bytes):
        check_total(size_of_text(many) * times)
    elif isinstance(many, list | tuple):
        check_list(len(many) * times)


def _check_sum(left: Any, right: Any) -> None:
    if isinstance(left, str | bytes):
        check_total(size_of_text(left) + size_of_text(right))
    elif isinstance(left, list | tuple):
        check_list(len(left) + len(right))


def _check_widths(widths: Iterable[str]) -> None:
    if sum(int(width.lstrip("0")[:20] or 0) for width in widths) > LARGEST_PADDING:  # Python reads 4,300 digits only
        raise SecurityError(f"a format with more than {LARGEST_PADDING:,} characters is too much")
