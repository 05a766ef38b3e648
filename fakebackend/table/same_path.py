"""All entries for exactly the same path, told apart by method and query."""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Sequence

from fakebackend.matching.query_constraint import Constraint
from fakebackend.messages.request import Request
from fakebackend.table.entry import Entry

_FEW = 8


class SamePath:
    """The entries of one path in winning order; found by their queries where there are many."""

    __slots__ = ("_by_constraint", "entries")

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(sorted(entries, key=lambda entry: entry.sort_key))
        self._by_constraint: dict[Constraint | None, list[Entry]] | None = None
        if len(self.entries) > _FEW:
            self._by_constraint = _index(self.entries)

    def matching_entries(self, request: Request) -> Sequence[Entry]:
        """Return the entries whose method and query are the request's, the most specific first."""
        if self._by_constraint is None:
            return [entry for entry in self.entries if entry.matches_method_and_query(request)]
        wanted: list[Constraint | None] = [None]
        for name, value in dict.fromkeys(request.query):
            wanted += [(name, value), (name, None)]
        candidates = (entry for key in wanted for entry in self._by_constraint.get(key, ()))
        found = {id(entry): entry for entry in candidates if entry.matches_method_and_query(request)}
        return sorted(found.values(), key=lambda entry: entry.sort_key)


def _index(entries: Sequence[Entry]) -> dict[Constraint | None, list[Entry]]:
    # Each entry stands under its rarest constraint, so that one they all share (`format=json`) costs nothing.
    frequency = Counter(constraint for entry in entries for constraint in entry.query)
    index: dict[Constraint | None, list[Entry]] = {}
    for entry in entries:
        index.setdefault(min(entry.query, key=frequency.__getitem__, default=None), []).append(entry)
    return index
