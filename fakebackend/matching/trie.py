"""Path templates in a tree of segments: a look-up follows only the branches that the path can take."""

from collections.abc import Iterator
from collections.abc import Mapping
from itertools import islice
from typing import Any
from typing import Generic
from typing import NamedTuple
from typing import TypeAlias
from typing import TypeVar

from fakebackend.matching.path_template import match_segments
from fakebackend.matching.segment import Captures
from fakebackend.matching.segment import Segment
from fakebackend.matching.segment import Segments
from fakebackend.matching.segment import segment_matches

T = TypeVar("T")


class _DynamicTransitions(Generic[T]):
    """Branches for segments with parameters, found by the literal text at both ends of the segment, if any.

    There are few pairs of lengths, however many literals; so `/report-{i}.json` for a thousand kinds of
    report costs one look-up.
    """

    __slots__ = ("_by_lengths", "_without_ends")

    def __init__(self) -> None:
        self._without_ends: dict[Segment, T] = {}
        self._by_lengths: dict[tuple[int, int], dict[tuple[str, str], dict[Segment, T]]] = {}

    def at(self, segment: Segment) -> dict[Segment, T]:
        """Return the branches of all segments with the same ends, to look into and add to."""
        prefix, suffix = segment.literals[0], segment.literals[-1]
        if not prefix and not suffix:
            return self._without_ends
        by_ends = self._by_lengths.setdefault((len(prefix), len(suffix)), {})
        return by_ends.setdefault((prefix, suffix), {})

    def matching(self, text: str) -> Iterator[tuple[T, Captures]]:
        """Yield each branch that the text of a segment can take, and what its parameters stand for then."""
        for segment, branch in self._without_ends.items():
            if (captures := segment.match(text)) is not None:
                yield branch, captures
        for (prefix, suffix), by_ends in self._by_lengths.items():
            if prefix + suffix <= len(text):
                for segment, branch in by_ends.get((text[:prefix], text[len(text) - suffix :]), {}).items():
                    if (captures := segment.match(text)) is not None:
                        yield branch, captures

    def all(self) -> Iterator[T]:
        """Yield every branch."""
        yield from self._without_ends.values()
        for by_ends in self._by_lengths.values():
            for branches in by_ends.values():
                yield from branches.values()


class _Leaf(NamedTuple, Generic[T]):
    """The only value below a branch: what its segments are from there on is compared when it is looked up.

    So 100,000 templates cost no node each, as long as they differ before their last segments.
    """

    segments: Segments
    value: T


class _Node(Generic[T]):
    """What may follow after some segments."""

    __slots__ = ("content", "literals", "parameters", "rests")

    def __init__(self) -> None:
        self.literals: dict[str, _Branch[T]] = {}
        self.parameters: _DynamicTransitions[_Branch[T]] | None = None
        self.rests: _DynamicTransitions[list[T]] | None = None
        self.content: list[T] = []

    def insert(self, leaf: _Leaf[T], depth: int) -> "_Node[T] | None":
        """Take a leaf by its segment at the node's depth; return the node below that must take it instead."""
        if depth == len(leaf.segments):
            self.content.append(leaf.value)
            return None
        segment = leaf.segments[depth]
        branches: dict[Any, _Branch[T]] = self.literals
        if not isinstance(segment, str):
            if segment.is_rest:
                self.rests = self.rests or _DynamicTransitions()
                self.rests.at(segment).setdefault(segment, []).append(leaf.value)
                return None
            self.parameters = self.parameters or _DynamicTransitions()
            branches = self.parameters.at(segment)
        other = branches.setdefault(segment, leaf)
        if type(other) is not _Leaf:
            return other  # type: ignore[return-value]  # a node
        if other is leaf:
            return None
        node = branches[segment] = _Node()
        node.insert(other, depth + 1)
        return node


_Branch: TypeAlias = _Node[T] | _Leaf[T]


class PathTrie(Generic[T]):
    """Values filed under path templates, each under another."""

    def __init__(self, values: Mapping[Segments, T]) -> None:
        self._root: _Node[T] = _Node()
        for leaf in map(_Leaf, values.keys(), values.values()):
            node: _Node[T] | None = self._root
            depth = 0
            while node is not None:
                node, depth = node.insert(leaf, depth), depth + 1

    def find(self, path: str) -> Iterator[tuple[T, Captures]]:
        """Yield what is filed under each template that matches a canonical path, in no particular order."""
        segments = path.split("/")
        pending: list[tuple[_Branch[T], int, Captures]] = [(self._root, 0, ())]
        while pending:
            branch, index, captures = pending.pop()
            if isinstance(branch, _Leaf):
                if (more := match_segments(branch.segments, segments, index)) is not None:
                    yield branch.value, captures + more
                continue
            if index == len(segments):
                for value in branch.content:
                    yield value, captures
                continue
            segment = segments[index]
            if (following := branch.literals.get(segment)) is not None:
                pending.append((following, index + 1, captures))
            if branch.parameters is not None:
                for following, more in branch.parameters.matching(segment):
                    pending.append((following, index + 1, captures + more))
            if branch.rests is not None:
                for values, more in branch.rests.matching("/".join(segments[index:])):
                    for value in values:
                        yield value, captures + more

    def near(self, path: str, most: int) -> list[T]:
        """Return up to so many values from where a path that matches nothing leaves the tree."""
        branches: list[_Branch[T]] = [self._root]
        for index, segment in enumerate(path.split("/")):
            following = [branch for start in branches for branch in _after(start, index, segment)]
            if not following:
                break
            branches = following
        return list(islice((value for branch in branches for value in _descendants(branch)), most))


def _after(start: _Branch[T], index: int, text: str) -> Iterator[_Branch[T]]:
    if isinstance(start, _Leaf):
        if index < len(start.segments):
            segment = start.segments[index]
            if segment_matches(segment, text) and not (isinstance(segment, Segment) and segment.is_rest):
                yield start
        return
    if (branch := start.literals.get(text)) is not None:
        yield branch
    if start.parameters is not None:
        yield from (branch for branch, _ in start.parameters.matching(text))


def _descendants(start: _Branch[T]) -> Iterator[T]:
    # Lazily, so that a few values from below a node with 100,000 branches cost no more than a few.
    pending = [iter([start])]
    while pending:
        if (branch := next(pending[-1], None)) is None:
            pending.pop()
        elif isinstance(branch, _Leaf):
            yield branch.value
        else:
            yield from branch.content
            if branch.rests is not None:
                for values in branch.rests.all():
                    yield from values
            if branch.parameters is not None:
                pending.append(branch.parameters.all())
            pending.append(iter(branch.literals.values()))
