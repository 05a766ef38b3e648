"""What is wrong with a responses file, said so that a person can mend it."""

import difflib
import json
from collections.abc import Callable
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from typing import TypeVar

from fakebackend.printable import escaped

_LONGEST_VALUE = 60

Step = TypeVar("Step", bound=str | int)
P = TypeVar("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a file; line and column count from 1, 0 means the whole line or file."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join([self.file, *(str(number) for number in (self.line, self.column) if number)])


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong at one place; `entry` names what it belongs to (`GET /user`) or is empty."""

    place: Place
    entry: str
    text: str

    def __str__(self) -> str:
        where = f"{self.entry}: " if self.entry else ""
        return escaped(f"{self.place}: {where}{self.text}")


class ResponsesFileError(ValueError):
    """A responses file cannot be used; `problems` holds every reason, in the order of the file.

    `warnings` is what is odd about it beside that.
    """

    def __init__(self, problems: Iterable[Problem], warnings: Iterable[Problem] = ()) -> None:
        self.problems = tuple(problems)
        self.warnings = tuple(warnings)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class FieldError(ValueError):
    """A value breaks a rule; `path` leads from the value that was checked to the part that is wrong.

    With `at_key` the name itself is wrong, not what it holds. `more` is what else is wrong with the value.
    """

    def __init__(self, text: str, *path: str | int, at_key: bool = False) -> None:
        super().__init__(text)
        self.path = path
        self.at_key = at_key
        self.more: tuple[FieldError, ...] = ()

    def under(self, *path: str | int, of: str = "") -> "FieldError":
        """Return the same error seen from further out; its text names what it is a part of, if that is given."""
        error = FieldError(f"{of}: {self}" if of else str(self), *path, *self.path, at_key=self.at_key)
        error.more = tuple(e.under(*path, of=of) for e in self.more)
        return error

    def all(self) -> tuple["FieldError", ...]:
        """Return this error and all others that came with it."""
        return (self, *self.more)


def parse_each(parts: Iterable[tuple[Step, P]], parse: Callable[[Step, P], R]) -> list[R]:
    """Return what `parse` makes of each part of a value, given the step to the part and the part itself.

    Raises `FieldError` with what is wrong with all of them, not only with the first.
    """
    results: list[R] = []
    wrong: FieldError | None = None
    for step, part in parts:
        try:
            results.append(parse(step, part))
        except FieldError as e:
            error = e.under(step)
            if wrong is None:
                wrong = error
            else:
                wrong.more += error.all()
    if wrong is not None:
        raise wrong
    return results


def shown(value: Any) -> str:
    """Write a value as the JSON a person would recognise, cut where it gets long."""
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= _LONGEST_VALUE else text[:_LONGEST_VALUE] + "…"


def kind(value: Any) -> str:
    """Name the JSON type of a value, with its article."""
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")


def nearest(word: str, choices: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """Return the choice most like the word, or None if none is like it; letter case is no difference.

    `cutoff` is how alike they must be, from 0 to 1, as `difflib` measures it.
    """
    by_folded = {choice.casefold(): choice for choice in choices}
    found = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=cutoff)
    return by_folded[found[0]] if found else None


def did_you_mean(word: str, choices: Iterable[str], *, cutoff: float = 0.6) -> str:
    """Return the end of a sentence that proposes the nearest choice, or nothing."""
    choice = nearest(word, choices, cutoff=cutoff)
    return f', did you mean "{choice}"?' if choice else ""
