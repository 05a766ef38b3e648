"""Entries that are given while it runs, beside those of the file, over which they win."""

import os
from collections.abc import Sequence
from itertools import count

from fakebackend.diagnostics.diagnostic import Diagnostic
from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.diagnostics.location import Location
from fakebackend.diagnostics.wording import json_type_name
from fakebackend.format.compile import compile_added
from fakebackend.format.entries import FileContent
from fakebackend.messages.request import parse_json
from fakebackend.reading.includes import parse_tree
from fakebackend.table.entry_table import EntryTable

NAME = "POST entries"
"""What their places name in place of a file."""

_NOT_TAKEN = {
    "$include": "write the entries themselves",
    "$state": "state is set with PUT state",
    "$unmatched": 'a fallback is an entry like "* /{rest:path}"',
}
"""What a file may have at its top and these may not, and what to do instead."""


class AddedEntries:
    """Entries by what must be unique about them: one that is added again takes the place of the one before."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._content = FileContent()
        self._table: EntryTable | None = None

    def add(self, content: bytes, folder: str, private: set[str] | None = None) -> tuple[Sequence[str], Sequence[str]]:
        """Take the entries of a JSON object in the shape of a file; return their labels, and warnings.

        `$file` and `load` find files below `folder`, and none of the `private` ones, to which others may be added
        later on. Raises `ResponsesFileError` with
        everything that is wrong, and takes nothing then.
        """
        _check(content)
        tree = parse_tree(content, NAME, os.path.join(folder, "added.json"))
        added, warnings = compile_added(tree, number=next(self._numbers), private=set() if private is None else private)
        self._content.entries.update(added.entries)
        self._content.before.update(added.before)
        self._table = None
        labels = [f"$before {each.label}" for each in added.before.values()]
        labels += [each.label for each in added.entries.values()]
        return labels, [str(warning) for warning in warnings]

    def clear(self) -> None:
        """Forget them all."""
        self._content, self._table = FileContent(), None

    def on_top_of(self, table: EntryTable) -> EntryTable:
        """Return a file's table with these entries, which win."""
        if not self._content.entries and not self._content.before:
            return table
        if self._table is None:
            before = EntryTable(list(self._content.before.values())) if self._content.before else None
            self._table = EntryTable(list(self._content.entries.values()), before)
        return table.with_added(self._table)


def _check(content: bytes) -> None:
    """Refuse what is no object of entries."""
    try:
        data = parse_json(content)
    except (ValueError, RecursionError) as e:
        raise _refused(f"expected JSON, {e}") from None
    if not isinstance(data, dict):
        raise _refused(f'expected an object of entries like {{"GET /user": {{…}}}}, got {json_type_name(data)}')
    for key, instead in _NOT_TAKEN.items():
        if key in data:
            raise _refused(f"{key} is not taken here: {instead}")


def _refused(text: str) -> ResponsesFileError:
    return ResponsesFileError([Diagnostic(Location(NAME), "", text)])
