"""The immutable table of a file's entries: who answers a request, and if nobody, who nearly did."""

import difflib
from bisect import bisect_left
from collections.abc import Iterator
from collections.abc import Sequence

from fakebackend.entry import Entry
from fakebackend.http_method import ANY
from fakebackend.printable import printable
from fakebackend.request_view import RequestView

_NEIGHBOURS = 12  # how many paths on each side in alphabetical order are compared with an unknown one


class EntryTable:
    """Entries by path; a look-up costs the same however many there are."""

    def __init__(self, entries: Sequence[Entry] = ()) -> None:
        self._by_path: dict[str, tuple[Entry, ...]] = {}
        for entry in entries:
            self._by_path[entry.path] = (*self._by_path.get(entry.path, ()), entry)
        self._paths = sorted(self._by_path)
        self._count = len(entries)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Entry]:
        for path in self._paths:
            yield from sorted(self._by_path[path], key=lambda entry: entry.method)

    def find(self, request: RequestView) -> Entry | None:
        """Return the entry that answers: the one for the method, for HEAD next GET's, then the one for any."""
        entries = self._by_path.get(request.path)
        if entries is None:
            return None
        if len(entries) == 1 and entries[0].method == request.method:
            return entries[0]
        by_method = {entry.method: entry for entry in entries}
        return next((by_method[method] for method in _methods_for(request.method) if method in by_method), None)

    def nearest(self, request: RequestView) -> tuple[Entry, str] | None:
        """Return the entry most like a request that nobody answers, and the first thing that differs."""
        path = request.path
        if entries := self._by_path.get(path):
            methods = sorted(entry.method for entry in entries)
            return entries[0], f"the method differs: there is {', '.join(methods)}"
        start = bisect_left(self._paths, path)
        around = self._paths[max(start - _NEIGHBOURS, 0) : start + _NEIGHBOURS]
        if not around:
            return None
        closest = difflib.get_close_matches(path, around, n=1, cutoff=0)[0]
        return self._of_method(closest, request.method), _first_difference(path, closest)

    def _of_method(self, path: str, method: str) -> Entry:
        entries = self._by_path[path]
        return next((entry for entry in entries if entry.method in _methods_for(method)), entries[0])


def _methods_for(method: str) -> tuple[str, ...]:
    return (method, "GET", ANY) if method == "HEAD" else (method, ANY)


def _first_difference(path: str, other: str) -> str:
    ours, theirs = path.split("/")[1:], other.split("/")[1:]
    for index, (our, their) in enumerate(zip(ours, theirs, strict=False)):
        if our != their:
            return f"segment {index + 1} of the path is '{printable(our)}', not '{printable(their)}'"
    return f"the path has {len(ours)} segments, not {len(theirs)}"
