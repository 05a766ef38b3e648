"""Why nobody answers: the entries that come nearest to a request, and what differs first."""

from bisect import bisect_left
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass

from fakebackend.entry import Entry
from fakebackend.entry import methods_for
from fakebackend.entry_table import EntryTable
from fakebackend.entry_table import Skipped
from fakebackend.origin import Origin
from fakebackend.path_pattern import PathPattern
from fakebackend.path_pattern import Segment
from fakebackend.path_table import PathTable
from fakebackend.printable import printable
from fakebackend.problems import nearest
from fakebackend.query_constraint import constraint_holds
from fakebackend.request_view import RequestView
from fakebackend.request_view import values_of
from fakebackend.url_key import PathRegex
from fakebackend.url_path import readable

_MOST = 3
_NEIGHBOURS = 5  # paths before and after the request's in alphabetical order that are looked at

_CONDITION, _QUERY, _METHOD, _ORIGIN, _PATH, _GUARD = range(6)


@dataclass(frozen=True, slots=True)
class NearMiss:
    """An entry that does not answer a request, and the first thing that differs."""

    entry: Entry
    difference: str

    def __str__(self) -> str:
        return f"{printable(self.entry.label)}: {printable(self.difference)}"


def near_misses(table: EntryTable, request: RequestView, skipped: Sequence[Skipped]) -> list[NearMiss]:
    """Return up to three entries for a request that nobody answers, the nearest first."""
    found: list[tuple[tuple[float, ...], NearMiss]] = []
    # An entry of `$before` that lets a request pass does what it is for, and hardly explains anything.
    guards = {id(s.entry) for s in skipped if table.is_guard(s.entry)}
    for index, s in enumerate(skipped):
        found.append(((_GUARD if id(s.entry) in guards else _CONDITION, index), NearMiss(s.entry, s.difference)))
    passed_over = {id(s.entry) for s in skipped}
    for origin, paths in table.path_tables():
        same_path = paths.at(request.path)
        others = [entry for entry in same_path if id(entry) not in passed_over]
        misses = _of_same_path(others, request, matches_origin=_origin_matches(origin, request))
        if len(others) < len(same_path):  # one for this method was passed over, so the others' methods say nothing
            misses = (miss for miss in misses if miss[0][0] != _METHOD)
        found += misses
        if not same_path and len(skipped) == len(guards):
            found += [(_distance(entry, request), _path_miss(entry, request)) for entry in _around(paths, request.path)]
    found.sort(key=lambda miss: miss[0])
    return [miss for _, miss in found[:_MOST]]


def _of_same_path(
    entries: Sequence[Entry], request: RequestView, *, matches_origin: bool
) -> Iterator[tuple[tuple[float, ...], NearMiss]]:
    if not entries:
        return
    if not matches_origin:
        yield (_ORIGIN, 0), NearMiss(entries[0], f"is for {entries[0].origin}, not for {_origin_of(request)}")
        return
    methods = methods_for(request.method)
    for index, entry in enumerate(entry for entry in entries if entry.method in methods):
        if (difference := _query_difference(entry, request)) is not None:
            yield (_QUERY, index), NearMiss(entry, difference)
    others = list(dict.fromkeys(entry.method for entry in entries if entry.method not in methods))
    if others and len(others) == len({entry.method for entry in entries}):
        text = f"matches, but for {request.method}: there is {', '.join(sorted(others))}"
        yield (_METHOD, 0), NearMiss(entries[0], text)


def _query_difference(entry: Entry, request: RequestView) -> str | None:
    lacking = next((c for c in entry.query if not constraint_holds(c, request.query)), None)
    if lacking is None:
        return None  # it matches, but a preflight is not for it
    name, value = lacking
    got = " and ".join(f"'{value}'" for value in values_of(request.query, name))
    if value is None or not got:
        return f"query parameter '{name}' is missing" + (f", expected '{value}'" if value is not None else "")
    return f"query parameter '{name}' is {got}, expected '{value}'"


def _origin_matches(origin: Origin | None, request: RequestView) -> bool:
    if origin is None:
        return True
    return request.origin is not None and any(origin in group for group in request.origin.generalised())


def _origin_of(request: RequestView) -> str:
    return str(request.origin) if request.origin else "requests sent directly to the fake backend"


def _around(paths: PathTable, path: str) -> Iterable[Entry]:
    start = bisect_left(paths.paths, path)
    literal = paths.paths[max(start - _NEIGHBOURS, 0) : start + _NEIGHBOURS]
    return [*map(paths.entry_at, literal), *paths.near(path, _NEIGHBOURS), *paths.regexes[:_MOST]]


def _distance(entry: Entry, request: RequestView) -> tuple[float, ...]:
    ours, theirs = request.path.split("/"), _segments(entry)
    if not theirs:
        return (_PATH, 1_000)
    differing = sum(not _segment_matches(t, o) for o, t in zip(ours, theirs, strict=False))
    lacking = abs(len(ours) - len(theirs))
    likeness = _alikeness(request.path, _path_text(entry))
    return (_PATH, differing + lacking, differing, -likeness, len(entry.url))


def _alikeness(one: str, other: str) -> float:
    """Return from 0 to 1 how much two texts share at their beginning and end."""
    before = _shared(one, other)
    after = _shared(one[before:][::-1], other[before:][::-1])
    return (before + after) / max(len(one), len(other), 1)


def _shared(one: str, other: str) -> int:
    length = min(len(one), len(other))
    return next((i for i in range(length) if one[i] != other[i]), length)


def _path_miss(entry: Entry, request: RequestView) -> NearMiss:
    if isinstance(entry.path, PathRegex):
        return NearMiss(entry, "the regular expression does not match the path")
    ours, theirs = request.path.split("/"), _segments(entry)
    texts = _path_text(entry).split("/")
    for index in range(1, max(len(ours), len(theirs))):
        if index >= len(theirs):
            extra = readable(ours[index])
            return NearMiss(
                entry, f"the path goes on with '{extra}'" if extra else "the path has a slash more at its end"
            )
        if index >= len(ours):
            lacking = texts[index]
            return NearMiss(
                entry, f"the path ends before '{lacking}'" if lacking else "the path lacks the slash at its end"
            )
        segment = theirs[index]
        if isinstance(segment, Segment) and segment.is_rest and segment.match("/".join(ours[index:])) is not None:
            break
        if not _segment_matches(segment, ours[index]):
            return NearMiss(entry, f"path differs at segment {index}: {_expected(readable(ours[index]), texts[index])}")
    return NearMiss(entry, "the path differs")


def _expected(got: str, text: str) -> str:
    return f"'{got}', did you mean '{text}'?" if nearest(got, [text]) else f"'{got}', expected '{text}'"


def _segments(entry: Entry) -> Sequence[str | Segment]:
    path = entry.path
    if isinstance(path, PathPattern):
        return path.segments
    return path.split("/") if isinstance(path, str) else ()


def _path_text(entry: Entry) -> str:
    """Return the path as it stands in the key, without origin and query."""
    text = entry.url
    if isinstance(entry.path, str):
        return readable(entry.path)
    start = text.find("/", text.find("//") + 2) if entry.origin else 0
    end = text.find("?", text.rfind("}"))
    return text[start : end if end >= 0 else len(text)]


def _segment_matches(segment: str | Segment, text: str) -> bool:
    return segment == text if isinstance(segment, str) else segment.match(text) is not None
