"""Who has answered a request, as it is told in a comment and in the access log."""

from collections.abc import Sequence
from typing import NamedTuple

from fakebackend.diagnostics.wording import appended
from fakebackend.table.entry import Entry
from fakebackend.table.match import PassedOver


class AnsweredBy(NamedTuple):
    """An entry, with which of its values has answered; or a note where there is none."""

    entry: Entry | None
    labels: tuple[str, ...] = ()
    note: str = ""
    """What became of the request, if it was not simply answered; behind an entry with space before it."""
    brief: str = ""
    """The note without what the log says in another line anyway."""
    is_unmatched: bool = False
    """Whether this counts as a request without an entry."""
    failed: Entry | None = None
    """The entry that was to answer, and could not."""

    def comment(self, passed_over: Sequence[PassedOver] = ()) -> str:
        """Return `GET /login (responses.json:3), case 2 "wrong"`, and which entries were skipped for what."""
        who = self.note if self.entry is None else str(self.entry)
        if self.entry is not None and (self.labels or self.note):  # most answers have neither
            who = f"{who}{appended(self.labels)}{self.note}"
        return f"{who}; skipped {'; '.join(map(str, passed_over))}" if passed_over else who

    def in_access_log(self, method: str) -> str:
        """Return `/login (responses.json:3, "log in", case 2 "wrong")`; the method only if it is not the request's."""
        if self.entry is None:
            return self.brief or self.note
        url = self.entry.url if self.entry.method == method else self.entry.label
        name = [f'"{self.entry.name}"'] if self.entry.name else []
        return f"{url} ({self.entry.place}{appended([*name, *self.labels])}){self.note}"


def noted(note: str, brief: str = "", *, unmatched: bool = False, failed: Entry | None = None) -> AnsweredBy:
    """Return that no entry has answered, and what has become of the request instead."""
    return AnsweredBy(None, (), note, brief, unmatched, failed)
