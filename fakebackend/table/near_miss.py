"""Why nobody answers: the entries that come nearest to a request, and what differs first."""

import re
from bisect import bisect_left
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from typing import NamedTuple

from fakebackend.diagnostics.escaping import abbreviated
from fakebackend.diagnostics.wording import enumerated
from fakebackend.matching.query_constraint import constraint_holds
from fakebackend.matching.segment import segment_matches
from fakebackend.messages.origin import Origin
from fakebackend.messages.request import Request
from fakebackend.messages.request import values_of
from fakebackend.messages.url_path import readable
from fakebackend.table.entry import Entry
from fakebackend.table.entry import methods_for
from fakebackend.table.entry_table import EntryTable
from fakebackend.table.match import PassedOver
from fakebackend.table.path_table import PathTable

_MOST = 3
_MOST_ORIGINS = 20
_NEIGHBOURS = 5  # paths before and after the request's in alphabetical order that are looked at

_LONG_PATH = 2_000  # characters, from which on a path is cut to what its beginning says
_MOST_SEGMENTS = 100
_LONGEST_SEGMENT = 120

_EMPTY_SEGMENT, _CONDITION, _QUERY, _METHOD, _ORIGIN, _PATH, _BEFORE = range(7)


class NearMiss(NamedTuple):
    """An entry that does not answer a request, and the first thing that differs."""

    entry: Entry
    difference: str

    def __str__(self) -> str:
        return f"{abbreviated(self.entry.title)}: {abbreviated(self.difference)}"


_Ranked = tuple[tuple[float, ...], NearMiss]


def near_misses(table: EntryTable, request: Request, passed_over: Sequence[PassedOver]) -> list[NearMiss]:
    """Return up to three entries for a request that nobody answers, the nearest first."""
    if len(request.path) > _LONG_PATH:
        request = request.with_path(_cut(request.path))
    found: list[_Ranked] = []
    # An entry of `$before` that lets a request pass does what it is for, and hardly explains anything.
    before = {id(p.entry) for p in passed_over if table.is_before(p.entry)}
    for index, p in enumerate(passed_over):
        found.append(((_BEFORE if id(p.entry) in before else _CONDITION, index), NearMiss(p.entry, p.difference)))
    known = {id(p.entry) for p in passed_over}
    for origin, paths in table.path_tables_near(request.origin, _MOST_ORIGINS):
        same_path = paths.at(request.path)
        others = [entry for entry in same_path if id(entry) not in known]
        misses = _of_same_path(others, request, matches_origin=_origin_matches(origin, request))
        if len(others) < len(same_path):  # one for this method was passed over, so the others' methods say nothing
            misses = (miss for miss in misses if miss[0][0] != _METHOD)
        found += misses
        if "//" in request.path and _origin_matches(origin, request):
            found += _without_empty_segments(paths, request)
        if not same_path and len(passed_over) == len(before):
            nearby = (entry for entry in _around(paths, request) if _is_like(entry, request))
            found += [_of_other_path(entry, request, origin) for entry in nearby]
    found.sort(key=lambda miss: miss[0])
    nearest: dict[int, NearMiss] = {}
    for _, miss in found:
        nearest.setdefault(id(miss.entry), miss)
    return list(nearest.values())[:_MOST]


def _cut(path: str) -> str:
    """Return the beginning of a very long path: nobody means more than that, and to compare it all takes its time."""
    return "/".join(
        segment if len(segment) <= _LONGEST_SEGMENT else segment[:_LONGEST_SEGMENT] + "…"
        for segment in path.split("/", _MOST_SEGMENTS)[:_MOST_SEGMENTS]
    )


def _without_empty_segments(paths: PathTable, request: Request) -> Iterator[_Ranked]:
    """Yield the entry for the path that is left without empty segments, which joining URLs carelessly adds."""
    meant, methods = re.sub("/+", "/", request.path), methods_for(request.method)
    entries = [entry for entry in paths.at(meant) if entry.path.match(request.path) is None]
    for entry in sorted(entries, key=lambda entry: entry.method not in methods)[:1]:
        yield (_EMPTY_SEGMENT,), NearMiss(entry, f"the request has an empty segment; there is {readable(meant)}")


def _of_same_path(entries: Sequence[Entry], request: Request, *, matches_origin: bool) -> Iterator[_Ranked]:
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


def _query_difference(entry: Entry, request: Request) -> str | None:
    lacking = next((c for c in entry.query if not constraint_holds(c, request.query)), None)
    if lacking is None:
        return None  # it matches, but a preflight is not for it
    name, value = lacking
    got = enumerated(values_of(request.query, name), "'{}'".format)
    if value is None or not got:
        return f"query parameter '{name}' is missing" + (f", expected '{value}'" if value is not None else "")
    return f"query parameter '{name}' is {got}, expected '{value}'"


def _origin_matches(origin: Origin | None, request: Request) -> bool:
    if origin is None:
        return True
    return request.origin is not None and any(origin in group for group in request.origin.generalised())


def _origin_of(request: Request) -> str:
    return str(request.origin) if request.origin else "requests sent directly to the fake backend"


def _around(paths: PathTable, request: Request) -> Iterable[Entry]:
    path, methods = request.path, methods_for(request.method)
    start = bisect_left(paths.paths, path)
    literal = [paths.entry_at(each, methods) for each in paths.paths[max(start - _NEIGHBOURS, 0) : start + _NEIGHBOURS]]
    return [*literal, *paths.near(path, _NEIGHBOURS, methods), *paths.regexes[:_MOST]]


def _is_like(entry: Entry, request: Request) -> bool:
    """Tell whether a path has something in common with a request's: as many segments, or the first one."""
    ours, theirs = request.path.split("/"), entry.path.segments
    if not theirs or len(ours) == len(theirs) or (entry.path.parameters_with_slashes and len(ours) > len(theirs)):
        return True
    return len(ours) > 1 and len(theirs) > 1 and segment_matches(theirs[1], ours[1])


def _of_other_path(entry: Entry, request: Request, origin: Origin | None) -> _Ranked:
    difference = entry.path.difference(request.path) or "the path differs"
    return _distance(entry, request, origin), NearMiss(entry, difference)


def _distance(entry: Entry, request: Request, origin: Origin | None) -> tuple[float, ...]:
    ours, theirs = request.path.split("/"), entry.path.segments
    if not theirs:
        return (_PATH, 1_000)
    differing = sum(not segment_matches(t, o) for o, t in zip(ours, theirs, strict=False))
    lacking = abs(len(ours) - len(theirs))
    # Of equally near paths one that is for the request's own host is meant, one for another host hardly.
    elsewhere = 1 if origin is None else 0 if _origin_matches(origin, request) else 2
    likeness = _alikeness(request.path, entry.path.text)
    other_method = entry.method not in methods_for(request.method)
    return (_PATH, differing + lacking, differing, elsewhere, -likeness, other_method, len(entry.url))


def _alikeness(one: str, other: str) -> float:
    """Return from 0 to 1 how much two texts share at their beginning and end."""
    before = _shared(one, other)
    after = _shared(one[before:][::-1], other[before:][::-1])
    return (before + after) / max(len(one), len(other), 1)


def _shared(one: str, other: str) -> int:
    length = min(len(one), len(other))
    return next((i for i in range(length) if one[i] != other[i]), length)
