"""An entry: what one URL key of a file stands for, ready to be looked up."""

from typing import NamedTuple

from fakebackend.answers.selection import Alternative
from fakebackend.diagnostics.location import LineIndex
from fakebackend.diagnostics.location import Location
from fakebackend.matching.literal_path import LiteralPath
from fakebackend.matching.path import Path
from fakebackend.matching.query_constraint import Constraint
from fakebackend.matching.query_constraint import constraint_holds
from fakebackend.messages.methods import ANY
from fakebackend.messages.origin import Origin
from fakebackend.messages.request import Request

_ANY_ORIGIN = 3  # after every origin, whose ranks are less

SortKey = tuple[object, ...]


class Entry(NamedTuple):
    """A method (`*` for any), what a URL key asks for, what is answered, and where both stand in the file.

    The parts of the `UrlPattern` are its own, as every look-up needs them: `url` is the key in full.
    """

    method: str
    url: str
    parsed_path: Path | None
    """The path of the key; None where the key is nothing but a literal path, as 100,000 may be."""
    query: tuple[Constraint, ...]
    origin: Origin | None
    alternative: Alternative
    lines: LineIndex
    offset: int
    """Where the key begins in the text that `lines` belongs to."""
    name: str | None = None
    """What `$name` calls it."""

    @property
    def path(self) -> Path:
        """Return the path of the key."""
        return LiteralPath(self.url) if self.parsed_path is None else self.parsed_path

    @property
    def is_simple(self) -> bool:
        """Tell whether each parameter of its path stands for one whole segment."""
        return self.parsed_path is None or self.parsed_path.is_simple

    @property
    def label(self) -> str:
        """Return the name people know it by: `GET /users/{id}`."""
        return f"{self.method} {self.url}"

    @property
    def title(self) -> str:
        """Return that with its `$name`, if it has one: `GET /users/{id} "one user"`."""
        return f'{self.label} "{self.name}"' if self.name else self.label

    @property
    def place(self) -> str:
        """Return the file and line of its key."""
        return f"{self.lines.file}:{self.lines.line(self.offset)}"

    @property
    def location(self) -> Location:
        """Return where its key stands."""
        return self.lines.location(self.offset)

    @property
    def sort_key(self) -> SortKey:
        """Return what to sort by so that of entries that match one request the most specific comes first."""
        valued = sum(value is not None for _, value in self.query)
        method = 0 if self.method == "HEAD" else 2 if self.method == ANY else 1
        origin = self.origin.specificity if self.origin else _ANY_ORIGIN
        return (origin, self.path.sort_key, -len(self.query), -valued, method, -len(self.url), self.url)

    def matches_method_and_query(self, request: Request) -> bool:
        """Tell whether method and query are those of a request whose path and origin already match."""
        if self.method != request.method and self.method not in methods_for(request.method):
            return False
        return not self.query or all(constraint_holds(c, request.query) for c in self.query)

    def __str__(self) -> str:
        return f"{self.title} ({self.place})"


def methods_for(method: str) -> tuple[str, ...]:
    """Return the methods of the entries that may answer a request, the most specific first."""
    return (method, "GET", ANY) if method == "HEAD" else (method, ANY)
