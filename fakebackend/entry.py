"""An entry: what one URL key of a file stands for, ready to be looked up."""

from typing import NamedTuple

from fakebackend.choice import Choice
from fakebackend.http_method import ANY
from fakebackend.origin import Origin
from fakebackend.path_pattern import PathPattern
from fakebackend.problems import Place
from fakebackend.query_constraint import Constraint
from fakebackend.query_constraint import constraint_holds
from fakebackend.quick_tuple import maker_of
from fakebackend.request_view import RequestView
from fakebackend.url_key import PathMatcher
from fakebackend.url_key import PathRegex

_REGEX_RANKS = (2_000_000,)  # after every path pattern, whose segments have less
_UNQUALIFIED = 3  # after every origin, whose ranks are less

Order = tuple[object, ...]


class Entry(NamedTuple):
    """A method (`*` for any), what a URL key asks for, what is answered, and where both stand in the file.

    The parts of the `UrlKey` are its own, as every look-up needs them: `url` is the key in full.
    """

    method: str
    url: str
    path: PathMatcher
    query: tuple[Constraint, ...]
    origin: Origin | None
    choice: Choice
    file: str
    line: int

    @property
    def label(self) -> str:
        """Return the name people know it by: `GET /users/{id}`."""
        return f"{self.method} {self.url}"

    @property
    def place(self) -> Place:
        """Return where it stands."""
        return Place(self.file, self.line)

    @property
    def order(self) -> Order:
        """Return what to sort by so that of entries that match one request the most specific comes first."""
        ranks: tuple[int, ...] = ()
        if isinstance(self.path, PathPattern):
            ranks = self.path.ranks
        elif isinstance(self.path, PathRegex):
            ranks = _REGEX_RANKS
        valued = sum(value is not None for _, value in self.query)
        method = 0 if self.method == "HEAD" else 2 if self.method == ANY else 1
        origin = self.origin.rank if self.origin else _UNQUALIFIED
        return (origin, ranks, -len(self.query), -valued, method, -len(self.url), self.url)

    @property
    def entries(self) -> tuple["Entry", ...]:
        """Return itself: it is the slot of a path that has no other entry."""
        return (self,)

    def applicable(self, request: RequestView) -> tuple["Entry", ...]:
        """Return itself if method and query are the request's."""
        return (self,) if self.applies(request) else ()

    def applies(self, request: RequestView) -> bool:
        """Tell whether method and query are those of a request whose path and origin already match."""
        if self.method != request.method and self.method not in methods_for(request.method):
            return False
        return not self.query or all(constraint_holds(c, request.query) for c in self.query)

    def __str__(self) -> str:
        return f"{self.method} {self.url} ({self.file}:{self.line})"


new_entry = maker_of(Entry)


def methods_for(method: str) -> tuple[str, ...]:
    """Return the methods of the entries that may answer a request, the most specific first."""
    return (method, "GET", ANY) if method == "HEAD" else (method, ANY)
