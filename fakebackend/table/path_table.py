"""The entries of one origin, or of none: found by path."""

from collections.abc import Container
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence

from fakebackend.matching.literal_path import LiteralPath
from fakebackend.matching.path import Path
from fakebackend.matching.path_template import PathTemplate
from fakebackend.matching.segment import Segments
from fakebackend.matching.trie import PathTrie
from fakebackend.messages.request import Request
from fakebackend.table.entry import Entry
from fakebackend.table.match import Match
from fakebackend.table.same_path import SamePath


class PathTable:
    """Literal paths in a dictionary, templates in a tree; only regular expressions are tried in turn."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        literals: dict[str, Entry] = {}
        several: dict[str, list[Entry]] = {}
        templates: dict[Segments, list[Entry]] = {}
        self.regexes: list[Entry] = []
        for entry in entries:
            path = entry.parsed_path
            if path is None or isinstance(path, LiteralPath):
                text = entry.url if path is None else path.text
                if (other := literals.setdefault(text, entry)) is not entry:
                    several.setdefault(text, [other]).append(entry)
            elif isinstance(path, PathTemplate):
                templates.setdefault(path.segments, []).append(entry)
            else:
                self.regexes.append(entry)
        self.regexes.sort(key=lambda entry: entry.sort_key)
        # Nearly every literal path has one entry, which then needs nothing around it.
        self._literals = literals
        self._several = {path: SamePath(group) for path, group in several.items()}
        self._trie = PathTrie({segments: SamePath(group) for segments, group in templates.items()})
        self._has_templates = bool(templates)
        self.paths = sorted(literals)

    def matches(self, request: Request) -> Iterator[Match]:
        """Yield the entries whose URL key and method match, the most specific first."""
        if (entry := self._literals.get(request.path)) is not None:
            if self._several and (same := self._several.get(request.path)) is not None:
                for each in same.matching_entries(request):
                    yield Match(each)
            elif entry.matches_method_and_query(request):
                yield Match(entry)
        if self._has_templates:
            yield from self._by_template(request)
        if self.regexes:
            yield from self._by_regex(request)

    def at(self, path: str) -> list[Entry]:
        """Return every entry whose path matches, whatever its method and query."""
        entries = [*self._at_literal(path)]
        entries += [entry for same, _ in self._trie.find(path) for entry in same.entries]
        return entries + [entry for entry in self.regexes if entry.path.match(path) is not None]

    def covering(self, path: Path) -> Iterator[Entry]:
        """Yield the entries whose path may match all that another does, of one path the least specific first."""
        example = path.example
        if example is not None:
            yield from reversed(self._at_literal(example))
        for same, _ in self._trie.find(example or "/"):
            yield from reversed(same.entries)

    def near(self, path: str, most: int, methods: Container[str]) -> list[Entry]:
        """Return up to so many entries with parameters from where the path leaves their tree, as `entry_at` does."""
        return [_of_methods(same.entries, methods) for same in self._trie.near(path, most)]

    def entry_at(self, path: str, methods: Container[str]) -> Entry:
        """Return the first entry of a literal path that is for one of the methods, or the first of all."""
        return _of_methods(self._at_literal(path), methods)

    def _at_literal(self, path: str) -> Sequence[Entry]:
        if path in self._several:
            return self._several[path].entries
        return (self._literals[path],) if path in self._literals else ()

    def _by_template(self, request: Request) -> Iterator[Match]:
        found: list[Match] = []
        several = False
        for same, captures in self._trie.find(request.path):
            several = bool(found)
            for entry in same.matching_entries(request):
                assert isinstance(entry.parsed_path, PathTemplate)  # only these are in the tree
                found.append(Match(entry, entry.parsed_path.params(captures)))
        if several:
            found.sort(key=lambda match: match.entry.sort_key)
        return iter(found)

    def _by_regex(self, request: Request) -> Iterator[Match]:
        for entry in self.regexes:
            if entry.matches_method_and_query(request) and (params := entry.path.match(request.path)) is not None:
                yield Match(entry, params)


def _of_methods(entries: Sequence[Entry], methods: Container[str]) -> Entry:
    return next((entry for entry in entries if entry.method in methods), entries[0])
