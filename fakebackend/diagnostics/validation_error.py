"""A value that breaks a rule, before it is known where in a file it stands."""

from collections.abc import Callable
from collections.abc import Iterable
from typing import TypeVar

Step = TypeVar("Step", bound=str | int)
P = TypeVar("P")
R = TypeVar("R")


class ValidationError(ValueError):
    """A value breaks a rule; `path` leads from the value that was checked to the part that is wrong.

    With `at_key` the name itself is wrong, not what it holds. `others` is what else is wrong with the value: errors
    that have no others in turn.
    """

    def __init__(self, text: str, *path: str | int, at_key: bool = False) -> None:
        super().__init__(text)
        self.path = path
        self.at_key = at_key
        self.others: tuple[ValidationError, ...] = ()

    def prefixed(self, *path: str | int, of: str = "") -> "ValidationError":
        """Return the same error seen from further out; its text names what it is a part of, if that is given."""
        error = ValidationError(f"{of}: {self}" if of else str(self), *path, *self.path, at_key=self.at_key)
        error.others = tuple(e.prefixed(*path, of=of) for e in self.others)
        return error

    def all(self) -> tuple["ValidationError", ...]:
        """Return this error and all others that came with it, each alone."""
        if not self.others:
            return (self,)
        return (ValidationError(str(self), *self.path, at_key=self.at_key), *self.others)


def parse_all(parts: Iterable[tuple[Step, P]], parse: Callable[[Step, P], R]) -> list[R]:
    """Return what `parse` makes of each part of a value, given the step to the part and the part itself.

    Raises `ValidationError` with what is wrong with all of them, not only with the first.
    """
    results: list[R] = []
    errors: list[ValidationError] = []
    for step, part in parts:
        try:
            results.append(parse(step, part))
        except ValidationError as e:
            errors += e.prefixed(step).all()
    if errors:
        first = errors[0]
        first.others = tuple(errors[1:])
        raise first
    return results
