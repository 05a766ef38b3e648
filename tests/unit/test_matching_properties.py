"""Whatever the keys of a file and whatever the request: one winner, found alike by every way to ask."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import example
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from mitmproxy import http

from fakebackend.answers.selection import first_answer
from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.diagnostics.escaping import escape_control
from fakebackend.format.compile import compile_tree
from fakebackend.matching.literal_path import LiteralPath
from fakebackend.matching.mismatch import Mismatch
from fakebackend.matching.path_regex import PathRegex
from fakebackend.matching.path_template import PathTemplate
from fakebackend.matching.query_constraint import constraint_holds
from fakebackend.matching.segment import Segment
from fakebackend.messages.path_params import PathParams
from fakebackend.messages.request import Request
from fakebackend.messages.url_path import readable
from fakebackend.proxy.flow_request import FlowRequest
from fakebackend.proxy.synthetic_flow import SyntheticFlow
from fakebackend.reading.includes import parse_tree
from fakebackend.state.mock_state import MockState
from fakebackend.state.request_context import context_of
from fakebackend.table.entry import Entry
from fakebackend.table.entry_table import EntryTable
from fakebackend.table.explanation import explain
from fakebackend.table.near_miss import near_misses
from tests.conftest import http_flow
from tests.conftest import look_up

pytestmark = pytest.mark.slow

WORDS = ("a", "b", "ab", "7", "77", "", "a b")
UUID = "123e4567-e89b-12d3-a456-426614174000"

segments = st.sampled_from(
    [
        *("a", "b", "ab", "7", "a%20b"),
        *("{%}", "{%}", "{%:int}", "{%:uuid}"),
        *("a{%}", "{%}b", "a{%}b", "{%}.{%}", "{%:int}.{%}", "{%}{%}", "x-{%:int}", "{%}.a"),
    ]
)
endings = st.sampled_from(["", "", "", "/", "/{%:path}", "/{%:path}", "/a{%:path}", "/{%}.{%:path}"])
origins = st.sampled_from([*[""] * 6, "//h", "//h", "https://h", "https://h", "//h:8443", "http://h"])
queries = st.sampled_from(["", "", "", "?q=1", "?q", "?q=", "?q=1&r", "?r=a+b", "?q&r"])
methods = st.sampled_from(["GET", "*", "GET", "*", "HEAD", "POST"])
regexes = st.sampled_from(["~a", "~^/(a|b)", "~^/(?P<x>[^/]+)$", "~7", "~", "~b$"])
conditions = st.sampled_from(
    [
        *(None, None, None),
        *({"query": {"q": 1}}, {"query": {"r": {"$exists": False}}}, {"headers": {"X": "1"}}),
        *({"json": {"a": 1}}, {"path": {"p0": {"$ne": "a"}}}, {"text": {"$regex": "a"}}, {"filter": "~hq X"}),
    ]
)


@st.composite
def url_keys(draw: st.DrawFn) -> str:
    if draw(st.integers(0, 7)) == 0:
        return draw(regexes)
    parts = draw(st.lists(segments, min_size=1, max_size=3))
    path = "/" + "/".join(parts) + draw(endings)
    for number in range(path.count("%}") + path.count("%:")):
        path = path.replace("{%", f"{{p{number}", 1)
    return draw(origins) + path + draw(queries)


FORMS = {
    "a": ["a", "{%}", "{%}", "{%:path}"],
    "ab": ["ab", "a{%}", "{%}b", "{%}{%}", "{%}", "a{%:path}"],
    "7": ["7", "{%:int}", "{%}", "{%:path}"],
    "x-7": ["x-7", "x-{%:int}", "{%}-{%}", "{%}"],
    "a.b": ["a.b", "{%}.{%}", "{%}.b", "a.{%}", "{%}", "{%}.{%:path}"],
    UUID: ["{%:uuid}", "{%}", "{%}-{%}", "123{%}"],
}
"""Segments of a path, each with the segments of keys that match it."""

paths = st.lists(st.sampled_from(list(FORMS)), min_size=1, max_size=3)


@st.composite
def keys_alike(draw: st.DrawFn, parts: list[str]) -> str:
    """Draw a key for a path: each of its segments as it is, or a parameter that takes it."""
    path = ""
    for part in parts:
        form = draw(st.sampled_from(FORMS[part]))
        path += f"/{form}"
        if ":path" in form:
            break
    for number in range(path.count("{%")):
        path = path.replace("{%", f"{{p{number}", 1)
    return draw(origins) + path + draw(queries)


@st.composite
def files(draw: st.DrawFn, parts: list[str]) -> dict[str, Any]:
    """Draw flat entries, at least five of them for one path."""
    keys = draw(st.lists(keys_alike(parts), min_size=5, max_size=9)) + draw(st.lists(url_keys(), max_size=3))
    file: dict[str, Any] = {}
    for key in keys:
        when = draw(conditions)
        file[f"{draw(methods)} {key}"] = 1 if when is None else {"$when": when, "$body": 1}
    return file


def table_of(file: dict[str, Any]) -> EntryTable:
    """Return the table of what of a file does not clash: of equal keys the first stays."""
    kept = dict(file)
    while True:
        try:
            return compile_tree(parse_tree(json.dumps(kept).encode(), "r.json")).table
        except ResponsesFileError as e:
            for problem in e.errors:
                assert "answers the same requests as" in problem.text, problem
                kept.pop(problem.entry, None)


def filled(key: str, draw: st.DrawFn) -> str:
    """Return a target that the path of a key may match."""
    path = key.partition("?")[0]
    if path.startswith("~"):
        path = "/" + draw(st.sampled_from(WORDS))
    for kind, values in ((":int", ["7", "77", "a"]), (":uuid", [UUID, "7"]), (":path", ["", "a", "a/7"]), ("", WORDS)):
        for number in range(6):
            path = path.replace(f"{{p{number}{kind}}}", draw(st.sampled_from(values)).replace(" ", "%20"))
    return path


@st.composite
def tables_with_requests(draw: st.DrawFn) -> tuple[dict[str, Any], SyntheticFlow]:
    """Draw a file, and a request aimed at the path that its keys are for, or at any one of its keys."""
    parts = draw(paths)
    file = draw(files(parts))
    if draw(st.integers(0, 4)):
        path = "/" + "/".join(parts)
    else:
        key = draw(st.sampled_from(sorted(file))).partition(" ")[2]
        _, _, behind = key.rpartition("//")
        path = filled("/" + behind.partition("/")[2] if "//" in key else key, draw)
    origin = draw(st.sampled_from(["https://h", "https://h", "https://h:8443", "http://h", ""]))
    query = draw(st.sampled_from(["?q=1&r=a%20b", "?q=1&r=a+b", "?q=1", "?q=&r=x&q=1", "?q", ""]))
    headers = draw(st.sampled_from([[("X", "1")], [("X", "2")], []]))
    body = draw(st.sampled_from([b'{"a": 1}', b"a", b"", b"\xff"]))
    return file, SyntheticFlow(
        draw(st.sampled_from(["GET", "HEAD", "GET", "HEAD", "POST"])), origin + path + query, headers, body
    )


class Count:
    """Counts the examples, and those with two or more candidates."""

    def __init__(self) -> None:
        self.all = 0
        self.contested = 0

    def add(self, table: EntryTable, request: Request) -> None:
        self.all += 1
        self.contested += len(list(table.matches(request))) >= 2


@contextmanager
def a_third_contested() -> Iterator[Count]:
    """Fail if fewer than a third of the examples had two or more candidates."""
    count = Count()
    yield count
    assert count.all >= 100
    assert count.contested * 3 >= count.all, f"{count.contested} of {count.all}"


def matches(entry: Entry, request: Request) -> dict[str, str] | None:
    """Return the path parameters if URL and method match, worked out as slowly and plainly as can be."""
    allowed = {request.method, "*"} | ({"GET"} if request.method == "HEAD" else set())
    if entry.method not in allowed or not all(constraint_holds(c, request.query) for c in entry.query):
        return None
    if entry.origin is not None:
        origin = request.origin
        if origin is None or origin.host != entry.origin.host:
            return None
        if entry.origin.scheme not in (None, origin.scheme) or entry.origin.port not in (None, origin.port):
            return None
    if isinstance(entry.path, LiteralPath):
        return {} if entry.path.text == request.path else None
    if isinstance(entry.path, PathRegex):
        found = entry.path.compiled.search(readable(request.path))
        return None if found is None else {n: v for n, v in found.groupdict().items() if v is not None}
    assert isinstance(entry.path, PathTemplate)
    return pattern_matches(entry.path, request.path)


def pattern_matches(pattern: PathTemplate, path: str) -> dict[str, str] | None:
    parts = path.split("/")
    captures: tuple[str, ...] = ()
    for index, segment in enumerate(pattern.segments):
        if index >= len(parts):
            return None
        is_rest = isinstance(segment, Segment) and segment.is_rest
        text = "/".join(parts[index:]) if is_rest else parts[index]
        if isinstance(segment, str):
            if segment != text:
                return None
        elif (more := segment.match(text)) is None:
            return None
        else:
            captures += more
        if is_rest:
            break
    else:
        if len(parts) != len(pattern.segments):
            return None
    return dict(zip(pattern.names, captures, strict=True))


def winner_by_brute_force(table: EntryTable, request: Request) -> tuple[Entry, dict[str, str]] | None:
    for entry in sorted(table, key=lambda entry: entry.sort_key):
        if (params := matches(entry, request)) is not None:
            context = context_of(request, PathParams(params), MockState())
            if not isinstance(first_answer(entry.alternative, context), Mismatch):
                return entry, params
    return None


def test_the_look_up_finds_what_trying_every_key_finds() -> None:
    with a_third_contested() as count:

        @settings(max_examples=120)
        @given(tables_with_requests())
        def run(case: tuple[dict[str, Any], SyntheticFlow]) -> None:
            table, request = table_of(case[0]), case[1]
            count.add(table, request)
            expected = winner_by_brute_force(table, request)
            found = look_up(table, request)
            assert found.entry == (expected[0] if expected else None)
            if expected:
                assert found.match is not None
                assert found.match.params.texts == expected[1]

        run()


def test_the_winner_does_not_depend_on_the_order_of_the_file() -> None:
    with a_third_contested() as count:

        @settings(max_examples=120)
        @given(tables_with_requests(), st.randoms())
        def run(case: tuple[dict[str, Any], SyntheticFlow], random: Any) -> None:
            file, request = case
            table = table_of(file)
            count.add(table, request)
            keys = [entry.label for entry in table]
            random.shuffle(keys)
            shuffled = table_of({key: file[key] for key in keys})
            ours, theirs = look_up(table, request), look_up(shuffled, request)
            assert [e.label for e in (ours.entry,) if e] == [e.label for e in (theirs.entry,) if e]
            assert [str(s) for s in ours.passed_over] == [str(s) for s in theirs.passed_over]

        run()


def test_explaining_and_answering_agree() -> None:
    with a_third_contested() as count:

        @settings(max_examples=120)
        @given(tables_with_requests())
        def run(case: tuple[dict[str, Any], SyntheticFlow]) -> None:
            table, request = table_of(case[0]), case[1]
            count.add(table, request)
            outcome = look_up(table, request)
            explanation = explain(table, request, MockState())
            winner = explanation.winner
            assert (winner.entry if winner else None) == outcome.entry
            assert (winner.said if winner else None) == outcome.answer
            passed_over = [v.entry for v in explanation.reports[: len(outcome.passed_over)]]
            assert passed_over == [s.entry for s in outcome.passed_over]
            for report in explanation.reports:
                assert all(check.holds for check in report.results) is not isinstance(report.said, Mismatch)
            near = near_misses(table, request, outcome.passed_over) if outcome.entry is None else []
            assert list(explanation.near) == near

        run()


bytes_of_targets = st.one_of(
    st.binary(max_size=40).map(lambda content: b"/" + content),
    st.sampled_from([b"*", b"", b"?", b"//", b"/%", b"/..", b"/%2f%2F", b"/%ff?%ff=%ff", b"/a?=&&q", b"/\xed\xb0\xaf"]),
)
header_pairs = st.tuples(
    st.sampled_from([b"Content-Type", b"Content-Encoding", b"Cookie", b"Host", b"X"]),
    st.one_of(
        st.binary(max_size=30),
        st.sampled_from(
            [
                *(b"gzip", b"br", b"zstd", b"deflate", b"application/x-www-form-urlencoded", b"multipart/form-data"),
                *(b"multipart/form-data; boundary=b", b"application/json; charset=utf-16", b"text/plain; charset=\xff"),
            ]
        ),
    ),
)
bodies = st.one_of(
    st.binary(max_size=60), st.sampled_from([b'{"a": 1}', b"--b\r\n\r\n--b--", b"[" * 100_000, b"9" * 5000])
)

EVERYTHING = {
    f"{method} {origin}/{path}{query}": {"$when": when, "$body": 1}
    for method, origin, path, query, when in [
        ("GET", "", "{p:path}", "", {"json": {"a": 1}}),
        ("*", "", "{p:path}", "", {"form": {"a": {"$exists": True}}, "text": {"$ne": "x"}}),
        ("*", "//h", "{p0}.{p:path}", "", {"cookies": {"a": {"$regex": "."}}, "path": {"p": {"$ne": "x"}}}),
        ("POST", "", "{p:path}", "?q", {"filter": "~b a & ~hq X & !~u x", "headers": {"X": {"$gt": 5}}}),
        ("GET", "", "a{p:int}", "", {"query": {"q": {"$nin": [1]}}}),
        ("GET", "https://h", "", "", {"state": {"x": 1}}),
        ("GET", "", "a/b", "", {"json": {"$not": {"a": [{"$size": 1}]}}}),
    ]
} | {"GET ~^/(?P<x>.*)\\d": {"$when": {"path": {"x": "never"}}}, "PUT /a/{id:uuid}": 1}


@settings(max_examples=250)
@given(
    target=bytes_of_targets,
    method=st.sampled_from(["GET", "POST", "HEAD", "OPTIONS", "x y"]),
    headers=st.lists(header_pairs, max_size=3),
    body=st.none() | bodies,
    scheme=st.sampled_from([b"http", b"https", b"", b"ftp"]),
    mode=st.sampled_from(["regular", "transparent", "reverse:http://h"]),
)
@example(target=b"/", method="GET", headers=[], body=b"[" * 990 + b"]" * 990, scheme=b"http", mode="regular")
@example(target=b"/", method="GET", headers=[], body=b'{"a": "\\ud800"}', scheme=b"http", mode="regular")
def test_no_request_whatever_raises(
    target: bytes, method: str, headers: list[tuple[bytes, bytes]], body: bytes | None, scheme: bytes, mode: str
) -> None:
    flow = http_flow(mode=mode, host="h")
    flow.request.data.method = method.encode()
    flow.request.data.path = target
    flow.request.data.scheme = scheme
    flow.request.headers = http.Headers(headers)
    flow.request.raw_content = body
    outcome = look_up(TABLE, FlowRequest(flow))
    for near in near_misses(TABLE, FlowRequest(flow), outcome.passed_over) if outcome.entry is None else []:
        assert escape_control(str(near)) == str(near)
    lines = list(explain(TABLE, FlowRequest(flow), MockState()).lines())
    assert [escape_control(line) for line in lines] == lines
    assert any(" answers " in line for line in lines) is (outcome.entry is not None)


TABLE = table_of(EVERYTHING)
