"""All entries for exactly the same path, told apart by method and query."""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Sequence

from fakebackend.entry import Entry
from fakebackend.query_constraint import Constraint
from fakebackend.request_view import RequestView

_FEW = 8


class Slot:
    """The entries of one path in winning order; found by their queries where there are many."""

    __slots__ = ("_by_constraint", "entries")

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(sorted(entries, key=lambda entry: entry.order))
        self._by_constraint: dict[Constraint | None, list[Entry]] | None = None
        if len(self.entries) > _FEW:
            self._by_constraint = _index(self.entries)

    def applicable(self, request: RequestView) -> Sequence[Entry]:
        """Return the entries whose method and query are the request's, the most specific first."""
        if self._by_constraint is None:
            return [entry for entry in self.entries if entry.applies(request)]
        wanted: list[Constraint | None] = [None]
        for name, value in dict.fromkeys(request.query):
            wanted += [(name, value), (name, None)]
        found = {id(e): e for key in wanted for e in self._by_constraint.get(key, ()) if e.applies(request)}
        return sorted(found.values(), key=lambda entry: entry.order)


def _index(entries: Sequence[Entry]) -> dict[Constraint | None, list[Entry]]:
    # Each entry stands under its rarest constraint, so that one they all share (`format=json`) costs nothing.
    frequency = Counter(constraint for entry in entries for constraint in entry.query)
    index: dict[Constraint | None, list[Entry]] = {}
    for entry in entries:
        index.setdefault(min(entry.query, key=frequency.__getitem__, default=None), []).append(entry)
    return index
