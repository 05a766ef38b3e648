"""One thing that is wrong with a responses file, and all of them together."""

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass

from fakebackend.diagnostics.escaping import escape_control
from fakebackend.diagnostics.location import Location

MOST_WRITTEN = 100
"""How many errors, and how many warnings, are written out; of the others only the number is."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing wrong at one place; `entry` names what it belongs to (`GET /user`) or is empty."""

    location: Location
    entry: str
    text: str

    def __str__(self) -> str:
        where = f"{self.entry}: " if self.entry else ""
        return escape_control(f"{self.location}: {where}{self.text}")


class ResponsesFileError(ValueError):
    """A responses file cannot be used; `errors` holds every reason, in the order of the file.

    `warnings` is what is odd about it beside that.
    """

    def __init__(self, errors: Iterable[Diagnostic], warnings: Iterable[Diagnostic] = ()) -> None:
        self.errors = tuple(errors)
        self.warnings = tuple(warnings)
        super().__init__(self.errors)

    def __str__(self) -> str:
        return "\n".join(written_out(self.errors))


def written_out(diagnostics: Sequence[Diagnostic]) -> Iterator[str]:
    """Yield a line for each of the first hundred, then one that says how many more there are."""
    for diagnostic in diagnostics[:MOST_WRITTEN]:
        yield str(diagnostic)
    if (more := len(diagnostics) - MOST_WRITTEN) > 0:
        yield f"and {more:,} more"
