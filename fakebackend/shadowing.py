"""Entries that can never answer, because another one always wins."""

from collections.abc import Iterator

from fakebackend.choice import always_answers
from fakebackend.entry import Entry
from fakebackend.entry_table import EntryTable
from fakebackend.http_method import ANY
from fakebackend.origin import Origin
from fakebackend.path_parameter import REST
from fakebackend.path_parameter import SEGMENT
from fakebackend.path_pattern import PathPattern
from fakebackend.path_pattern import Segment
from fakebackend.problems import Problem
from fakebackend.url_key import PathRegex

_FEW = 200  # pairs are compared, so only the few entries that can shadow others at all are considered


def find_shadowed(table: EntryTable) -> Iterator[Problem]:
    """Yield a warning for each entry that another, less or equally specific or in `$before`, leaves no request.

    The order of entries sees to it that hardly any can shadow another: what wins matches less. Left are
    `$before`, regular expressions behind a pattern for every path, and patterns that rank the same.
    """
    before = [entry for entry in table.before or () if always_answers(entry.choice)]
    unusual = [entry for entry in table if not isinstance(entry.path, str) and _is_unusual(entry)]
    rivals = [entry for entry in unusual if always_answers(entry.choice)] if len(unusual) <= _FEW else []
    if not before and not rivals:
        return
    in_before = set(map(id, table.before or ()))
    for entry in table if before else unusual:
        winner = next(
            (
                e
                for e in (*before, *rivals)
                if _wins(e, entry, in_before) and _covers(e, entry, in_before=id(e) in in_before)
            ),
            None,
        )
        if winner is not None:
            yield Problem(entry.place, entry.label, f"never answers, {winner} always wins")


def _wins(one: Entry, other: Entry, in_before: set[int]) -> bool:
    # By identity: an entry of `$before` may be equal to one of the file that stands in the same line.
    ranks = [(id(entry) not in in_before, entry.order) for entry in (one, other)]
    return one is not other and ranks[0] < ranks[1]


def _is_unusual(entry: Entry) -> bool:
    path = entry.path
    return not path.is_simple if isinstance(path, PathPattern) else isinstance(path, PathRegex)


def _covers(one: Entry, other: Entry, *, in_before: bool) -> bool:
    """Tell whether every request that matches the other by URL and method matches the one, too."""
    if one.method not in (other.method, ANY) and not (one.method == "GET" and other.method == "HEAD"):
        return False
    if other.method == "OPTIONS" and (one.method == ANY or in_before):
        return False  # preflights are left to it
    if not (_origin_covers(one.origin, other.origin) and _path_covers(one, other)):
        return False
    return all(c in other.query or (c[1] is None and c[0] in dict(other.query)) for c in one.query)


def _origin_covers(one: Origin | None, other: Origin | None) -> bool:
    if one is None or one == other:
        return True
    if other is None or one.host != other.host:
        return False
    return one.scheme in (None, other.scheme) and one.port in (None, other.port)


def _path_covers(one: Entry, other: Entry) -> bool:
    wide, narrow = one.path, other.path
    if isinstance(wide, PathPattern):
        if isinstance(narrow, PathRegex):
            return len(wide.segments) == 2 and _is_any_rest(wide.segments[1])
        inner = tuple(narrow.split("/")) if isinstance(narrow, str) else narrow.segments
        return _segments_cover(wide.segments, inner)
    if isinstance(wide, PathRegex):
        return False  # what a regular expression matches is not decided here
    return wide == narrow


def _segments_cover(wide: tuple[str | Segment, ...], narrow: tuple[str | Segment, ...]) -> bool:
    for index, segment in enumerate(wide):
        if index >= len(narrow):
            return False
        if isinstance(segment, Segment) and segment.is_rest:
            return _rest_covers(segment, narrow[index])
        if not _segment_covers(segment, narrow[index]):
            return False
    return len(wide) == len(narrow)


def _segment_covers(wide: str | Segment, narrow: str | Segment) -> bool:
    if isinstance(wide, str):
        return wide == narrow
    if isinstance(narrow, str):
        return wide.match(narrow) is not None
    if wide.literals == ("", "") and wide.kinds == (SEGMENT,):
        return not narrow.is_rest
    if wide.literals != narrow.literals:
        return False
    return all(
        one in (SEGMENT, other) and other is not REST for one, other in zip(wide.kinds, narrow.kinds, strict=True)
    )


def _rest_covers(rest: Segment, narrow: str | Segment) -> bool:
    before = narrow if isinstance(narrow, str) else narrow.literals[0]
    return len(rest.kinds) == 1 and before.startswith(rest.literals[0])


def _is_any_rest(segment: str | Segment) -> bool:
    return isinstance(segment, Segment) and segment.is_rest and len(segment.kinds) == 1 and not any(segment.literals)
