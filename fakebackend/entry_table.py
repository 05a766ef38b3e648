"""The immutable table of a file's entries: who answers a request, and who was passed over."""

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fakebackend.answer import Offer
from fakebackend.choice import sequences_in
from fakebackend.entry import Entry
from fakebackend.origin import Origin
from fakebackend.path_table import Candidate
from fakebackend.path_table import PathTable
from fakebackend.refusal import Refusal
from fakebackend.request_view import RequestView


@dataclass(frozen=True, slots=True)
class Skipped:
    """An entry that matched by its URL but whose conditions did not hold."""

    entry: Entry
    difference: str

    def __str__(self) -> str:
        return f"{self.entry.label}: {self.difference}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a look-up found: the entry that comes first with an answer, or neither."""

    entry: Entry | None
    answer: Offer | None
    skipped: Sequence[Skipped] = ()


class EntryTable:
    """Entries by origin and path; a look-up costs the same however many there are."""

    def __init__(
        self, entries: Sequence[Entry] = (), before: "EntryTable | None" = None, state: Mapping[str, Any] | None = None
    ) -> None:
        by_origin: dict[Origin, list[Entry]] = {}
        for entry in entries:
            if entry.origin is not None:
                by_origin.setdefault(entry.origin, []).append(entry)
        self.unqualified = PathTable(entry for entry in entries if entry.origin is None)
        self.by_origin = {origin: PathTable(found) for origin, found in by_origin.items()}
        self.before = before
        self.state: Mapping[str, Any] = state or {}
        self._entries = tuple(entries)
        self._guards = frozenset(map(id, before or ()))

    def __len__(self) -> int:
        return len(self._entries) + len(self.before or ())

    def __iter__(self) -> Iterator[Entry]:
        """Go through all entries, those of `$before` first."""
        yield from self.before or ()
        yield from self._entries

    def in_winning_order(self) -> list[Entry]:
        """Return all entries so that of those that match one request the one that wins comes first."""
        before = self.before.in_winning_order() if self.before else []
        return [*before, *sorted(self._entries, key=lambda entry: entry.order)]

    def offers(self, request: RequestView) -> Iterator[tuple[Entry, Offer | Refusal]]:
        """Yield what each entry that matches offers, the most specific first: answers and refusals."""
        request.state = request.memory.state
        for entry, path_params in self.candidates(request):
            request.path_params = path_params
            request.path_pattern = entry.path
            for offer in entry.choice.offers(request):
                yield entry, offer

    def find(self, request: RequestView) -> Outcome:
        """Return the first answer: that of the most specific entry whose conditions hold."""
        skipped: list[Skipped] = []
        for entry, offer in self.offers(request):
            if not isinstance(offer, Refusal):
                return Outcome(entry, offer, skipped)
            skipped.append(Skipped(entry, offer.difference))
        return Outcome(None, None, skipped)

    def candidates(self, request: RequestView) -> Iterator[Candidate]:
        """Yield the entries whose URL key and method match, the most specific first."""
        candidates = self._matching(request)
        if request.method == "OPTIONS" and request.preflight_method is not None:
            # A preflight is the browser's own business, unless an entry names it.
            guarded = self._guards
            return (c for c in candidates if c.entry.method == "OPTIONS" and id(c.entry) not in guarded)
        return candidates

    def _matching(self, request: RequestView) -> Iterator[Candidate]:
        if self.before is not None:
            yield from self.before.candidates(request)
        if self.by_origin and request.origin is not None:
            yield from self._of_origin(request, request.origin)
        yield from self.unqualified.candidates(request)

    def _of_origin(self, request: RequestView, origin: Origin) -> Iterator[Candidate]:
        for group in origin.generalised():
            tables = [self.by_origin[key] for key in group if key in self.by_origin]
            if len(tables) == 1:
                yield from tables[0].candidates(request)
            else:
                both = [candidate for table in tables for candidate in table.candidates(request)]
                yield from sorted(both, key=lambda candidate: candidate.entry.order)

    def sequences(self) -> Iterator[str]:
        """Yield what each `$sequence` is remembered by."""
        for entry in self:
            yield from sequences_in(entry.choice)

    def is_guard(self, entry: Entry) -> bool:
        """Tell whether an entry is one of `$before`."""
        return id(entry) in self._guards

    def entries_at(self, request: RequestView) -> list[Entry]:
        """Return the entries, less those of `$before`, whose origin and path match, whatever method and query."""
        tables = [self.unqualified]
        if request.origin is not None:
            tables += [
                self.by_origin[o] for group in request.origin.generalised() for o in group if o in self.by_origin
            ]
        return [entry for table in tables for entry in table.at(request.path)]

    def path_tables(self) -> Iterator[tuple[Origin | None, PathTable]]:
        """Yield the tables by path, without `$before`, and the origin that each is for."""
        yield from self.by_origin.items()
        yield None, self.unqualified
