"""Requests while they are counted: by the entry that answers, without one, and those that fail."""

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import replace

from fakebackend.diagnostics.escaping import escape_control
from fakebackend.messages.origin import Origin
from fakebackend.messages.request import Request
from fakebackend.table.entry import Entry
from fakebackend.table.entry_table import EntryTable
from fakebackend.table.near_miss import NearMiss

MOST_LISTED = 1_000
"""How many different requests without an entry, and how many different errors, are kept apart."""

LONGEST_URL = 2_000
"""Characters of a URL, or of anything else that a request can make long, that are kept."""

NOT_LISTED = "more errors, which are not listed"

_EntryKey = tuple[str, str]
"""The file of an entry and what it is called there: what stays the same when the file is read again."""


@dataclass(slots=True)
class Use:
    """How many requests an entry was asked for."""

    entry: Entry  # which is kept alive by it, so that no other gets its identity
    requests: int = 0


@dataclass(frozen=True, slots=True)
class UnmatchedRequest:
    """Requests of one method and URL that no entry answered, and the first that came near."""

    method: str
    url: str
    count: int
    nearest: str | None
    difference: str | None


@dataclass(frozen=True, slots=True)
class AnswerFailure:
    """One way in which answering failed; `entry` is None where none was to blame."""

    entry: str | None
    message: str
    count: int


class Tally:
    """Counts requests; what it takes does not grow with their number."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget all that was counted."""
        self.uses: dict[int, Use] = {}
        """The entries that have been asked, by their identity."""
        self._earlier: dict[_EntryKey, int] = {}
        self._unmatched: dict[tuple[str, Origin | None, str], UnmatchedRequest] = {}
        self._errors: dict[tuple[str | None, str], int] = {}
        self._failed_in_entries = 0
        self._without_entry = 0
        self.unmatched_count = 0
        self.unmatched_not_listed = 0
        self.failed_requests = 0

    def answered(self, entry: Entry) -> None:
        """Count a request that an entry answers."""
        use = self.uses.get(id(entry))
        if use is None:
            use = self.uses[id(entry)] = Use(entry)
        use.requests += 1

    def unmatched(self, request: Request, near: NearMiss | None) -> None:
        """Count a request that no entry answers."""
        self._without_entry += 1
        self.unmatched_count += 1
        target = request.target if len(request.target) <= LONGEST_URL else shortened(request.target)
        key = (shortened(request.method), request.origin, target)
        known = self._unmatched.get(key)
        if known is not None:
            self._unmatched[key] = replace(known, count=known.count + 1)
        elif len(self._unmatched) >= MOST_LISTED:
            self.unmatched_not_listed += 1
        else:
            nearest, difference = (near.entry.label, near.difference) if near else (None, None)
            method, url = shortened(request.method), shortened(request.url)
            self._unmatched[key] = UnmatchedRequest(method, url, 1, nearest, difference)

    def failed(self, entry: Entry | None, message: str, *, counted: bool = False) -> None:
        """Count a request that could not be answered; with `counted` it is one that was counted already."""
        self.failed_requests += 1
        if entry is not None:
            self._failed_in_entries += 1
            if not counted:
                self.answered(entry)
        elif not counted:
            self._without_entry += 1
        self._error(entry.label if entry else None, message)

    def file_refused(self, message: str) -> None:
        """Count a reading of the file that found it wrong."""
        self._error(None, message)

    def _error(self, entry: str | None, message: str) -> None:
        key = (entry, shortened(message))
        if key not in self._errors and len(self._errors) >= MOST_LISTED:
            key = (None, NOT_LISTED)
        self._errors[key] = self._errors.get(key, 0) + 1

    @property
    def answered_count(self) -> int:
        """Return how many requests an entry has answered."""
        return self._asked() - self._failed_in_entries

    @property
    def total(self) -> int:
        """Return how many requests there were."""
        return self._asked() + self._without_entry

    @property
    def error_count(self) -> int:
        """Return how many errors there were, those of the file among them."""
        return sum(self._errors.values())

    @property
    def unmatched_requests(self) -> tuple[UnmatchedRequest, ...]:
        """Return the requests without an entry that are kept apart."""
        return tuple(self._unmatched.values())

    @property
    def errors(self) -> tuple[AnswerFailure, ...]:
        """Return what went wrong, each with how often."""
        return tuple(AnswerFailure(entry, message, count) for (entry, message), count in self._errors.items())

    def fold(self, table: EntryTable) -> None:
        """Keep what was counted for the entries of a table under what they are called, as another takes its place."""
        for use in self.uses.values():
            key = _key_of(use.entry, table)
            self._earlier[key] = self._earlier.get(key, 0) + use.requests
        self.uses = {}

    def requests_to(self, table: EntryTable) -> Callable[[Entry], int]:
        """Return what says how many requests an entry of a table was asked for."""
        by_key = dict(self._earlier)
        for use in self.uses.values():
            key = _key_of(use.entry, table)
            by_key[key] = by_key.get(key, 0) + use.requests
        return lambda entry: by_key.get(_key_of(entry, table), 0)

    def _asked(self) -> int:
        return sum(self._earlier.values()) + sum(use.requests for use in self.uses.values())


def shortened(text: str) -> str:
    """Return a URL or another text that is safe to show anywhere, cut where it is very long."""
    return escape_control(text if len(text) <= LONGEST_URL else f"{text[:LONGEST_URL]}...")


def _key_of(entry: Entry, table: EntryTable) -> _EntryKey:
    return entry.lines.file, table.label_of(entry)
