"""The entries of one origin, or of none: found by path."""

from collections.abc import Iterable
from collections.abc import Iterator
from typing import NamedTuple

from fakebackend.entry import Entry
from fakebackend.entry_slot import Slot
from fakebackend.path_pattern import Captures
from fakebackend.path_pattern import PathPattern
from fakebackend.path_pattern import Segments
from fakebackend.pattern_trie import PatternTrie
from fakebackend.request_view import RequestView
from fakebackend.url_key import PathRegex
from fakebackend.url_path import readable


class Candidate(NamedTuple):
    """An entry whose URL key and method match a request, with what its path parameters stand for."""

    entry: Entry
    path_params: dict[str, str]


NO_PARAMS: dict[str, str] = {}


class PathTable:
    """Literal paths in a dictionary, patterns in a tree; only regular expressions are tried in turn."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._literals: dict[str, Entry | Slot] = {}
        self.regexes: list[Entry] = []
        patterns: dict[Segments, Entry | Slot] = {}
        shared: dict[str | Segments, list[Entry]] = {}
        for entry in entries:
            path = entry.path
            if isinstance(path, str):
                if (other := self._literals.setdefault(path, entry)) is not entry:
                    shared.setdefault(path, [*other.entries]).append(entry)
            elif isinstance(path, PathPattern):
                if (other := patterns.setdefault(path.segments, entry)) is not entry:
                    shared.setdefault(path.segments, [*other.entries]).append(entry)
            else:
                self.regexes.append(entry)
        for key, group in shared.items():
            if isinstance(key, str):
                self._literals[key] = Slot(group)
            else:
                patterns[key] = Slot(group)
        self.regexes.sort(key=lambda entry: entry.order)
        self._trie = PatternTrie(patterns)
        self._has_patterns = bool(patterns)
        self.paths = sorted(self._literals)

    def candidates(self, request: RequestView) -> Iterator[Candidate]:
        """Yield the entries whose URL key and method match, the most specific first."""
        found = self._literals.get(request.path)
        if found is not None:
            for entry in found.applicable(request):
                yield Candidate(entry, NO_PARAMS)
        if self._has_patterns:
            yield from self._by_pattern(request)
        if self.regexes:
            yield from self._by_regex(request)

    def at(self, path: str) -> list[Entry]:
        """Return every entry whose path matches, whatever its method and query."""
        found = self._literals.get(path)
        entries = [] if found is None else [*found.entries]
        entries += [entry for slot, _ in self._trie.find(path) for entry in slot.entries]
        return entries + [entry for entry in self.regexes if _search(entry, path) is not None]

    def near(self, path: str, most: int) -> list[Entry]:
        """Return up to so many entries with parameters from where the path leaves their tree."""
        return [slot.entries[0] for slot in self._trie.near(path, most)]

    def entry_at(self, path: str) -> Entry:
        """Return the first entry of a literal path."""
        return self._literals[path].entries[0]

    def _by_pattern(self, request: RequestView) -> Iterator[Candidate]:
        matches = list(self._trie.find(request.path))
        found = [(entry, captures) for slot, captures in matches for entry in slot.applicable(request)]
        if len(matches) > 1:
            found.sort(key=lambda match: match[0].order)
        for entry, captures in found:
            yield Candidate(entry, _named(entry, captures))

    def _by_regex(self, request: RequestView) -> Iterator[Candidate]:
        for entry in self.regexes:
            if entry.applies(request) and (match := _search(entry, request.path)) is not None:
                yield Candidate(entry, {name: value for name, value in match.items() if value is not None})


def _named(entry: Entry, captures: Captures) -> dict[str, str]:
    assert isinstance(entry.path, PathPattern)  # only patterns capture
    return dict(zip(entry.path.names, captures, strict=True))


def _search(entry: Entry, request_path: str) -> dict[str, str | None] | None:
    path = entry.path
    assert isinstance(path, PathRegex)  # only those are searched
    if path.prefix:
        if not (request_path == path.prefix or request_path.startswith(path.prefix + "/")):
            return None
        request_path = request_path[len(path.prefix) :]
    match = path.compiled.search(readable(request_path))
    return None if match is None else match.groupdict()
