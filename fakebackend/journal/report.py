"""What a run came to: requests by entry, those without one, entries that were never used, and errors."""

from collections.abc import Collection
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from typing import NamedTuple

from fakebackend.journal.tally import AnswerFailure
from fakebackend.journal.tally import Tally
from fakebackend.journal.tally import UnmatchedRequest
from fakebackend.table.entry_table import EntryTable
from fakebackend.table.outline import passes_requests_on

VERSION = 1
"""The version of the JSON report's form."""


class EntryCount(NamedTuple):
    """An entry, where it stands, and how many requests it was asked for."""

    entry: str
    place: str
    requests: int
    name: str | None = None

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"entry": self.entry, "place": self.place, "requests": self.requests}


class Report(NamedTuple):
    """The report of all that was counted since the start, or since the last reset."""

    file: str
    total: int
    answered: int
    failed_requests: int
    unmatched_count: int
    entries: Sequence[EntryCount]
    unmatched: Sequence[UnmatchedRequest]
    unmatched_not_listed: int
    unused: Sequence[EntryCount]
    shadowed: Sequence[str]
    errors: Sequence[AnswerFailure]
    error_count: int
    failed: Sequence[str] = ()
    """The words of `responses_fail_on` that hold."""

    def count_of(self, word: str) -> int:
        """Return how much there is of what a word of `responses_fail_on` names."""
        return {"unmatched": self.unmatched_count, "unused": len(self.unused), "error": self.error_count}[word]

    def failing(self, words: Collection[str]) -> "Report":
        """Return the report with which of some words of `responses_fail_on` hold."""
        return self._replace(failed=tuple(word for word in words if self.count_of(word)))

    @property
    def why_failed(self) -> str:
        """Return `unmatched 2, unused 1`."""
        return ", ".join(f"{word} {self.count_of(word)}" for word in self.failed)

    def as_data(self) -> dict[str, Any]:
        """Return the report as JSON: an object, as docs/ci.md describes it."""
        return {
            "version": VERSION,
            "file": self.file,
            "requests": {
                "total": self.total,
                "answered": self.answered,
                "unmatched": self.unmatched_count,
                "errors": self.failed_requests,
            },
            "entries": [entry.as_data() for entry in self.entries],
            "unmatched": [asdict(each) for each in self.unmatched],
            "unmatched_not_listed": self.unmatched_not_listed,
            "unused": [entry.entry for entry in self.unused],
            "shadowed": list(self.shadowed),
            "errors": [asdict(each) for each in self.errors],
            "failed": list(self.failed),
        }


def entry_counts(tally: Tally, table: EntryTable) -> list[EntryCount]:
    """Return how many requests each entry of a table was asked for, in the order of the files."""
    requests = tally.requests_to(table)
    return [EntryCount(table.label_of(entry), str(entry.location), requests(entry), entry.name) for entry in table]


def make_report(tally: Tally, table: EntryTable | None, file: str, shadowed: Sequence[str]) -> Report:
    """Return the report of a tally on the entries of a table; of these only the file's own can be unused."""
    table = table or EntryTable()
    entries = entry_counts(tally, table)
    unused = [
        count
        for count, entry in zip(entries, table, strict=True)
        if not count.requests and entry.lines.file == file and not passes_requests_on(entry.alternative)
    ]
    return Report(
        file,
        tally.total,
        tally.answered_count,
        tally.failed_requests,
        tally.unmatched_count,
        entries,
        tally.unmatched_requests,
        tally.unmatched_not_listed,
        unused,
        shadowed,
        tally.errors,
        tally.error_count,
    )
