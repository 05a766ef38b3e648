"""What looks at a step of a template beforehand, a filter, test or method, and refuses what would be too much.

Python cannot stop a single step half-way. So whatever could make much of little, or take long over what a client
sent, is refused before it is done.
"""

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from collections.abc import Sized
from typing import Any
from typing import NamedTuple

from jinja2.exceptions import SecurityError

from fakebackend.messages.charsets import CODECS
from fakebackend.templating.limits import LARGEST_PADDING
from fakebackend.templating.limits import check_elements
from fakebackend.templating.limits import check_list
from fakebackend.templating.limits import check_size
from fakebackend.templating.limits import check_total
from fakebackend.templating.limits import is_large
from fakebackend.templating.limits import size_of_text
from fakebackend.templating.operators import check_format
from fakebackend.templating.operators import check_percent

_LONGEST_PATTERN = 100  # characters
_LONGEST_DATE_FORMAT = 1_000  # characters
_LONGEST_NAME = 100  # characters
_MOST_LINES = 100_000
_MOST_UNIQUE = 10_000
_MOST_DIGITS = 4_300  # as many as Python reads in a decimal number
_SPACES = "".join(filter(str.isspace, map(chr, range(0x3001))))
_LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"


class Step(NamedTuple):
    """A filter, test or method and what it is called with; `value` is what it works on."""

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


Bound = Callable[[Step], None]
"""Raises `SecurityError` for what would be too much."""


def free(_: Step) -> None:
    """Bound nothing: the result is a part of what is given, or small."""


def as_text(step: Step) -> None:
    """Bound what is read as text: the result is about as long."""
    for part in (step.value, *step.arguments):
        check_size(part)


def taken_apart(step: Step) -> None:
    """Bound what is taken apart in Python, character by character."""
    as_text(step)
    check_list(len(str(step.value)))


def as_number(step: Step) -> None:
    """Bound the digits of what is read as a number."""
    if isinstance(step.value, str) and len(step.value) > _MOST_DIGITS:
        raise SecurityError(f"a number of more than {_MOST_DIGITS:,} digits is too much")


def padded(step: Step) -> None:
    """Bound a number that says how much is filled up."""
    as_text(step)
    _check_padding(step)


def walked(step: Step) -> None:
    """Bound what is gone through in Python, and how deep an attribute lies, which is looked for in each element."""
    check_elements(step.name, step.value)
    for name in step.arguments:
        if isinstance(name, str) and len(name) > _LONGEST_NAME:
            raise SecurityError(f"{step.name} with more than {_LONGEST_NAME} characters is too much")


def compared(step: Step) -> None:
    """Bound what is compared, inner elements included."""
    walked(step)
    if isinstance(step.value, Sized):
        check_size(step.value)


def unique(step: Step) -> None:
    """Bound what is put into a set: numbers can be chosen so that this takes time with the square of their count."""
    walked(step)
    check_elements(step.name, step.value, _MOST_UNIQUE)


def grouped(step: Step) -> None:
    """Bound what is gone through, and the number that says how many stand together."""
    walked(step)
    _check_padding(step)


def listed(step: Step) -> None:
    """Bound a list with the elements of what is given."""
    check_list(len(step.value) if isinstance(step.value, Sized) else 0)


def added(step: Step) -> None:
    """Bound what is added up, and to numbers: of lists each step would copy all before it."""
    walked(step)
    if not isinstance(step.given("start", 1, 0), int | float):
        raise SecurityError("sum adds numbers only")


def escaped(step: Step) -> None:
    """Bound text whose `<` becomes `&lt;`."""
    as_text(step)
    text = str(step.value)
    more = sum(map(text.count, "&<>\"'")) * len("amp;")
    check_total(size_of_text(text) * (len(text) + more) // max(len(text), 1))


def joined(step: Step) -> None:
    """Bound the filter: elements, joined by its argument."""
    _check_join(step.given("d", 0, ""), step.value)


def joins(step: Step) -> None:
    """Bound the method: its argument's elements, joined by the text."""
    _check_join(step.value, step.given("iterable", 0, ""))


def replaced(step: Step) -> None:
    """Bound what stands for each occurrence."""
    as_text(step)
    old, new = step.given("old", 0, ""), step.given("new", 1, "")
    check_total(str(step.value).count(str(old)) * size_of_text(str(new)))


def indented(step: Step) -> None:
    """Bound lines that each become longer."""
    padded(step)
    width = step.given("width", 0, 4)
    lines = _count(_LINE_ENDS, step.value) + 1
    if lines > _MOST_LINES:
        raise SecurityError(f"{step.name} of more than {_MOST_LINES:,} lines is too much")
    check_total(lines * (width if isinstance(width, int) else size_of_text(str(width))))


def as_json(step: Step) -> None:
    """Bound what is indented: each element by as many steps as it is deep."""
    padded(step)
    indent = step.given("indent", 0)
    width = indent if isinstance(indent, int) else len(str(indent or ""))
    total = 0
    for depth, _ in _parts(step.value) if width else ():
        total += depth * width
        check_total(total)


def stripped(step: Step) -> None:
    """Bound the characters that each end is compared with."""
    as_text(step)
    _check_pattern(step, step.given("chars", 0))


def split(step: Step) -> None:
    """Bound the parts, at a separator or where there is space."""
    as_text(step)
    separator, most = step.given("sep", 0), step.given("maxsplit", 1, -1)
    count = _count(_SPACES, step.value) if separator is None else step.value.count(separator)
    check_list(min(count, most) if isinstance(most, int) and most >= 0 else count)


def split_from_the_end(step: Step) -> None:
    """Bound the separator, too, as Python compares it at every place when it begins at the end."""
    split(step)
    _check_pattern(step, step.given("sep", 0))


def split_by_lines(step: Step) -> None:
    """Bound the lines."""
    as_text(step)
    check_list(_count(_LINE_ENDS, step.value))


def in_a_charset(step: Step) -> None:
    """Bound what is encoded, and take no encoding that could take minutes."""
    as_text(step)
    charset, errors = str(step.given("encoding", 0, "utf-8")), step.given("errors", 1, "strict")
    if charset.lower().replace("_", "-") not in CODECS:
        raise SecurityError(f"{step.name} with {charset[:60]!r} is not offered: browsers do not know it")
    if errors not in ("strict", "ignore", "replace"):
        raise SecurityError(f"{step.name} with errors other than strict, ignore or replace is not offered")


def percent(step: Step) -> None:
    """Bound the filter `format`."""
    as_text(step)
    check_percent(str(step.value), step.kwargs or step.args)


def braces(step: Step) -> None:
    """Bound the method `format`."""
    check_format(step.value, step.args, step.kwargs)


def as_date(step: Step) -> None:
    """Bound the format of a date."""
    if len(str(step.given("format", 0, ""))) > _LONGEST_DATE_FORMAT:
        raise SecurityError(f"a format of more than {_LONGEST_DATE_FORMAT:,} characters is too much")


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


def _check_padding(step: Step) -> None:
    if any(map(is_large, step.arguments)):
        raise SecurityError(f"{step.name} with more than {LARGEST_PADDING:,} is too much")


def _check_join(separator: Any, elements: Any) -> None:
    count = len(elements) if isinstance(elements, Sized) else 0
    check_list(count)
    check_total(check_size(elements) + check_size(separator) * count)


def _check_pattern(step: Step, pattern: Any) -> None:
    """Bound what is looked for at every place of a text."""
    if len(str(pattern or "")) > _LONGEST_PATTERN:
        raise SecurityError(f"{step.name} with more than {_LONGEST_PATTERN} characters is too much")
