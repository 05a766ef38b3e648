"""`$unmatched`: what a file answers where no entry does."""

from typing import NamedTuple

from fakebackend.answers.selection import Alternative
from fakebackend.diagnostics.location import Location


class Unmatched(NamedTuple):
    """An alternative that is no entry, where it stands, and what `$name` calls it."""

    alternative: Alternative
    location: Location
    name: str | None = None

    @property
    def title(self) -> str:
        """Return how people know it."""
        return f'$unmatched "{self.name}"' if self.name else "$unmatched"

    @property
    def place(self) -> str:
        """Return its file and line."""
        return f"{self.location.file}:{self.location.line}"
