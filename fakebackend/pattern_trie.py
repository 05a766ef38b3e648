"""Path patterns in a tree of segments: a look-up follows only the branches that the path can take."""

from collections.abc import Iterator
from typing import Generic
from typing import TypeVar

from fakebackend.path_pattern import Captures
from fakebackend.path_pattern import PathPattern
from fakebackend.path_pattern import Segment

T = TypeVar("T")


class _Branches(Generic[T]):
    """Branches for segments with parameters, found by the literal text at both ends of the segment.

    There are few pairs of lengths, however many literals; so `/report-{i}.json` for a thousand kinds of
    report costs one look-up.
    """

    __slots__ = ("_by_lengths",)

    def __init__(self) -> None:
        self._by_lengths: dict[tuple[int, int], dict[tuple[str, str], dict[Segment, T]]] = {}

    def at(self, segment: Segment) -> dict[Segment, T]:
        """Return the branches of all segments with the same ends, to look into and add to."""
        prefix, suffix = segment.literals[0], segment.literals[-1]
        by_ends = self._by_lengths.setdefault((len(prefix), len(suffix)), {})
        return by_ends.setdefault((prefix, suffix), {})

    def matching(self, text: str) -> Iterator[tuple[T, Captures]]:
        """Yield each branch that the text of a segment can take, and what its parameters stand for then."""
        for (prefix, suffix), by_ends in self._by_lengths.items():
            if prefix + suffix <= len(text):
                for segment, branch in by_ends.get((text[:prefix], text[len(text) - suffix :]), {}).items():
                    if (captures := segment.match(text)) is not None:
                        yield branch, captures

    def all(self) -> Iterator[T]:
        """Yield every branch."""
        for by_ends in self._by_lengths.values():
            for branches in by_ends.values():
                yield from branches.values()


class _Node(Generic[T]):
    """What may follow after some segments."""

    __slots__ = ("content", "literals", "parameters", "rests")

    def __init__(self) -> None:
        self.literals: dict[str, _Node[T]] = {}
        self.parameters: _Branches[_Node[T]] | None = None
        self.rests: _Branches[list[T]] | None = None
        self.content: list[T] = []


class PatternTrie(Generic[T]):
    """Any number of things filed under path patterns."""

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()

    def add(self, pattern: PathPattern, thing: T) -> None:
        """File a thing under a pattern."""
        node = self._root
        for segment in pattern.segments:
            if isinstance(segment, str):
                if (following := node.literals.get(segment)) is None:
                    following = node.literals[segment] = _Node()
                node = following
            elif segment.is_rest:
                node.rests = node.rests or _Branches()
                node.rests.at(segment).setdefault(segment, []).append(thing)
                return
            else:
                node.parameters = node.parameters or _Branches()
                branches = node.parameters.at(segment)
                node = branches.setdefault(segment, _Node())
        node.content.append(thing)

    def find(self, path: str) -> Iterator[tuple[T, Captures]]:
        """Yield what is filed under each pattern that matches a canonical path, in no particular order."""
        segments = path.split("/")
        pending: list[tuple[_Node[T], int, Captures]] = [(self._root, 0, ())]
        while pending:
            node, index, captures = pending.pop()
            if index == len(segments):
                for thing in node.content:
                    yield thing, captures
                continue
            segment = segments[index]
            if (branch := node.literals.get(segment)) is not None:
                pending.append((branch, index + 1, captures))
            if node.parameters is not None:
                for following, more in node.parameters.matching(segment):
                    pending.append((following, index + 1, captures + more))
            if node.rests is not None:
                for things, more in node.rests.matching("/".join(segments[index:])):
                    for thing in things:
                        yield thing, captures + more

    def near(self, path: str, most: int) -> list[T]:
        """Return up to so many things from where a path that matches nothing leaves the tree."""
        nodes = [self._root]
        for segment in path.split("/"):
            following = [node.literals[segment] for node in nodes if segment in node.literals]
            for node in nodes:
                if node.parameters is not None:
                    following += [branch for branch, _ in node.parameters.matching(segment)]
            if not following:
                break
            nodes = following
        found: list[T] = []
        for thing in (thing for node in nodes for thing in _below(node)):
            found.append(thing)
            if len(found) == most:
                break
        return found


def _below(start: _Node[T]) -> Iterator[T]:
    # Lazily, so that a few things from below a node with 100,000 branches cost no more than a few.
    pending = [iter([start])]
    while pending:
        if (node := next(pending[-1], None)) is None:
            pending.pop()
            continue
        yield from node.content
        if node.rests is not None:
            for things in node.rests.all():
                yield from things
        if node.parameters is not None:
            pending.append(node.parameters.all())
        pending.append(iter(node.literals.values()))
