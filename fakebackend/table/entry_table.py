"""The immutable table of a file's entries: who answers a request, and who was passed over."""

import copy
from bisect import bisect_left
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any
from typing import NamedTuple
from typing import TypeAlias

from fakebackend.answers.answer import Offer
from fakebackend.matching.mismatch import Mismatch
from fakebackend.messages.canned_response import CannedResponse
from fakebackend.messages.origin import Origin
from fakebackend.messages.request import Request
from fakebackend.state.mock_state import MockState
from fakebackend.state.request_context import RequestContext
from fakebackend.table.answer_error import AnswerError
from fakebackend.table.entry import Entry
from fakebackend.table.match import Match
from fakebackend.table.match import PassedOver
from fakebackend.table.path_table import PathTable
from fakebackend.table.unmatched import Unmatched
from fakebackend.templating.template import RenderingError

Candidate: TypeAlias = tuple[Match, Offer | Mismatch]
"""An entry that matches a request, and what it says to it: an answer, or why there is none."""


class LookUp(NamedTuple):
    """What a look-up found: the match that comes first with an answer, if there is one."""

    match: Match | None
    answer: Offer | None
    passed_over: Sequence[PassedOver] = ()

    @property
    def entry(self) -> Entry | None:
        """Return the entry that answers."""
        return self.match.entry if self.match else None


class EntryTable:
    """Entries by origin and path; a look-up costs the same however many there are."""

    def __init__(
        self,
        entries: Sequence[Entry] = (),
        before: "EntryTable | None" = None,
        state: Mapping[str, Any] | None = None,
        unmatched: Unmatched | None = None,
    ) -> None:
        by_origin: dict[Origin, list[Entry]] = {}
        for entry in entries:
            if entry.origin is not None:
                by_origin.setdefault(entry.origin, []).append(entry)
        self.any_origin = PathTable(entry for entry in entries if entry.origin is None)
        self.by_origin = {origin: PathTable(found) for origin, found in by_origin.items()}
        self._origins = sorted(self.by_origin, key=lambda origin: (origin.host, str(origin)))
        self._hosts = [origin.host for origin in self._origins]
        self.before = before
        self.added: EntryTable | None = None
        self.state: Mapping[str, Any] = state or {}
        self.unmatched = unmatched
        self._entries = tuple(entries)
        self._before_ids = frozenset(map(id, before or ()))

    def with_added(self, added: "EntryTable") -> "EntryTable":
        """Return the same table with entries that win over all of its own, `$before` too."""
        table = copy.copy(self)
        table.added = added
        return table

    def __len__(self) -> int:
        return len(self.added or ()) + len(self.before or ()) + len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        """Go through all entries: those added, then those of `$before`, then the others."""
        yield from self.added or ()
        yield from self.before or ()
        yield from self._entries

    def in_winning_order(self) -> list[Entry]:
        """Return all entries so that of those that match one request the one that wins comes first."""
        first = [entry for table in (self.added, self.before) if table for entry in table.in_winning_order()]
        return [*first, *sorted(self._entries, key=lambda entry: entry.sort_key)]

    def candidates(self, request: Request, state: MockState) -> Iterator[Candidate]:
        """Yield what each entry that matches says, the most specific first: answers and mismatches."""
        for match in self.matches(request):
            alternative = match.entry.alternative
            if type(alternative) is CannedResponse:  # most are, and it would offer itself in any context
                yield match, alternative
                continue
            context = RequestContext(request, match.params, state, state.variables)
            try:
                for said in alternative.candidates(context):
                    yield match, said
            except RenderingError as e:  # a `$by`
                raise AnswerError(f"{match.entry.place}: {match.entry.title}: {e}", match.entry) from e

    def find(self, request: Request, state: MockState) -> LookUp:
        """Return the first answer: that of the most specific entry whose conditions hold."""
        passed_over: list[PassedOver] = []
        for match, said in self.candidates(request, state):
            if not isinstance(said, Mismatch):
                return LookUp(match, said, passed_over)
            passed_over.append(PassedOver(match.entry, said.difference))
        return LookUp(None, None, passed_over)

    def matches(self, request: Request) -> Iterator[Match]:
        """Yield the entries whose URL key and method match, the most specific first."""
        matches = self._matches(request)
        if request.method == "OPTIONS" and request.preflight_method is not None:
            # A preflight is the browser's own business, unless an entry names it.
            return (m for m in matches if m.entry.method == "OPTIONS" and not self.is_before(m.entry))
        return matches

    def _matches(self, request: Request) -> Iterator[Match]:
        if self.added is not None:
            yield from self.added.matches(request)
        if self.before is not None:
            yield from self.before.matches(request)
        if self.by_origin and request.origin is not None:
            yield from self._of_origin(request, request.origin)
        yield from self.any_origin.matches(request)

    def _of_origin(self, request: Request, origin: Origin) -> Iterator[Match]:
        for group in origin.generalised():
            tables = [self.by_origin[key] for key in group if key in self.by_origin]
            if len(tables) == 1:
                yield from tables[0].matches(request)
            else:
                both = [match for table in tables for match in table.matches(request)]
                yield from sorted(both, key=lambda match: match.entry.sort_key)

    def remembered_keys(self) -> Iterator[str]:
        """Yield what each definition that counts is remembered by."""
        for entry in (*self, *filter(None, (self.unmatched,))):
            yield from entry.alternative.remembered_keys()

    def is_before(self, entry: Entry) -> bool:
        """Tell whether an entry is one of `$before`."""
        return id(entry) in self._before_ids or (self.added is not None and self.added.is_before(entry))

    def is_added(self, entry: Entry) -> bool:
        """Tell whether an entry is one that was added to the file's own."""
        return self.added is not None and any(entry is each for each in self.added)

    def label_of(self, entry: Entry) -> str:
        """Return what an entry is called among all: `GET /users/{id}`, or `$before GET /users/{id}`."""
        return f"$before {entry.label}" if self.is_before(entry) else entry.label

    def entries_at(self, request: Request) -> list[Entry]:
        """Return the entries, less those of `$before`, whose origin and path match, whatever method and query."""
        tables = [self.any_origin]
        if request.origin is not None:
            tables += [
                self.by_origin[o] for group in request.origin.generalised() for o in group if o in self.by_origin
            ]
        found = [entry for table in tables for entry in table.at(request.path)]
        return found if self.added is None else [*self.added.entries_at(request), *found]

    def path_tables_near(self, origin: Origin | None, most: int) -> Iterator[tuple[Origin | None, PathTable]]:
        """Yield tables by path, without `$before`, and the origin that each is for.

        These are the one without an origin, and so many others from where a host stands in alphabetical order.
        """
        if self.added is not None:
            yield from self.added.path_tables_near(origin, most)
        start = bisect_left(self._hosts, origin.host if origin else "")
        nearby = self._origins[max(start - most // 2, 0) :][:most]
        yield from ((each, self.by_origin[each]) for each in nearby)
        yield None, self.any_origin
