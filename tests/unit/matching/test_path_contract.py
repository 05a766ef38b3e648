"""What a literal path, a template and a regular expression have in common, whatever each is."""

import re
from collections.abc import Mapping

import pytest
from hypothesis import assume
from hypothesis import example
from hypothesis import given
from hypothesis import strategies as st

from fakebackend.matching.literal_path import LiteralPath
from fakebackend.matching.path import Path
from fakebackend.matching.path_regex import PathRegex
from fakebackend.matching.path_template import PathTemplate
from fakebackend.matching.path_template import parse_path_template
from fakebackend.messages.url_path import ENCODED_SLASH

UUID = "123e4567-e89b-12d3-a456-426614174000"
NIL = "00000000-0000-0000-0000-000000000000"


def path_of(text: str) -> Path:
    """Return the path that is written as a key has it; a base stands before `~`."""
    prefix, tilde, source = text.partition("~")
    if tilde:
        return PathRegex(prefix, source, re.compile(source))
    return parse_path_template(text) if "{" in text else LiteralPath(text)


CASES: list[tuple[str, str, dict[str, str | int] | None]] = [
    ("/", "/", {}),
    ("/", "/a", None),
    ("/a/b", "/a/b", {}),
    ("/a/b", "/a", None),
    ("/a/b", "/a/b/", None),
    ("/a/b", "/a/B", None),
    ("/a/", "/a", None),
    ("/a", "*", None),
    ("/a/{x}", "/a/b", {"x": "b"}),
    ("/a/{x}", f"/a/b{ENCODED_SLASH}c", {"x": "b/c"}),
    ("/a/{x}", "/a/", None),
    ("/a/{x}", "/a", None),
    ("/a/{x}", "/a/b/c", None),
    ("/a/{x}", "/b/b", None),
    ("/a/{x:int}", "/a/007", {"x": 7}),
    ("/a/{x:int}", "/a/b", None),
    ("/{x:uuid}", f"/{UUID}", {"x": UUID}),
    ("/{x}.{y:int}", "/a.b.7", {"x": "a.b", "y": 7}),
    ("/{x}.{y:int}", "/a.b", None),
    ("/a/{p:path}", "/a/", {"p": ""}),
    ("/a/{p:path}", "/a/b/c", {"p": "b/c"}),
    ("/a/{p:path}", "/a", None),
    ("/a/x{p:path}", "/a/x/c", {"p": "/c"}),
    ("/a/x{p:path}", "/a/b/c", None),
    ("/{p:path}", "*", None),
    ("/a/./b/../{x}", "/a/7", {"x": "7"}),
    ("/a/./b/../{x}", "/a/b/7", None),
    ("~^/a/(?P<x>[^/]+)$", "/a/b", {"x": "b"}),
    ("~^/a/(?P<x>[^/]+)$", "/a/", None),
    ("~b", "/abc", {}),
    ("~b", "*", None),
    ("/api~^/a$", "/api/a", {}),
    ("/api~^/a$", "/a", None),
    ("/api~^/a$", "/apix/a", None),
]
"""A path as it is written, a canonical path, and the parameters that the one finds in the other."""


@pytest.mark.parametrize(
    ("text", "path", "typed"),
    [pytest.param(*row, id=f"{row[0]}-{row[1]}") for row in CASES],
)
def test_a_match_gives_the_parameters_and_a_difference_is_told_where_there_is_none(
    text: str, path: str, typed: Mapping[str, str | int] | None
) -> None:
    wanted = path_of(text)
    params = wanted.match(path)
    assert (None if params is None else params.typed) == typed
    assert (wanted.difference(path) is None) is (params is not None)
    assert params is None or set(params.texts) <= set(wanted.parameters)


@pytest.mark.parametrize(
    ("text", "parameters", "is_simple", "known"),
    [
        pytest.param("/a/b", (), True, "/a/b", id="literal"),
        pytest.param("/a/{x}/{y:int}", ("x", "y"), True, "/a/x/1", id="template"),
        pytest.param("/a/{x}.{y}", ("x", "y"), False, "/a/x.x", id="text-around"),
        pytest.param("/{x:uuid}/{p:path}", ("x", "p"), False, f"/{NIL}/x", id="rest"),
        pytest.param("~^/(?P<y>a)(?P<x>b)", ("y", "x"), False, None, id="expression"),
        pytest.param("/api~^/a$", (), False, None, id="expression-behind-a-base"),
    ],
)
def test_a_path_tells_its_text_its_parameters_and_an_example(
    text: str, parameters: tuple[str, ...], is_simple: bool, known: str | None
) -> None:
    path = path_of(text)
    assert (path.text, tuple(path.parameters), path.is_simple, path.example) == (text, parameters, is_simple, known)
    assert known is None or path.match(known) is not None


@pytest.mark.parametrize(
    ("wide", "narrow", "covers"),
    [
        pytest.param("/a", "/a", True, id="literal-itself"),
        pytest.param("/a", "/a/", False, id="literal-another"),
        pytest.param("/a", "/{x}", False, id="literal-template"),
        pytest.param("/a", "~^/a$", False, id="literal-expression"),
        pytest.param("/{x}", "/a", True, id="template-literal"),
        pytest.param("/{x:int}", "/a", False, id="template-literal-that-it-does-not-match"),
        pytest.param("/{x}", "/{y:int}", True, id="template-template"),
        pytest.param("/{x:int}", "/{y}", False, id="template-wider-template"),
        pytest.param("/{x}", "/{x}/{y}", False, id="template-longer-template"),
        pytest.param("/{x}/{y}", "/{x}", False, id="template-shorter-template"),
        pytest.param("/a/{x}", "/b/{x}", False, id="template-elsewhere"),
        pytest.param("/a/{x}", "/{y}/{x}", False, id="template-with-a-parameter-where-it-has-text"),
        pytest.param("/{p:path}", "/a/{x}/b", True, id="rest-template"),
        pytest.param("/a/{p:path}", "/a/{x}/{q:path}", True, id="rest-rest"),
        pytest.param("/a/{p:path}", "/a", False, id="rest-without-its-slash"),
        pytest.param("/{x}", "/{p:path}", False, id="template-rest"),
        pytest.param("/{p:path}", "~^/a", True, id="any-path-expression"),
        pytest.param("/{x}{p:path}", "~^/a", False, id="two-parameters-expression"),
        pytest.param("/a{p:path}", "~^/a", False, id="some-paths-expression"),
        pytest.param("/a/{p:path}", "~^/a", False, id="a-folder-expression"),
        pytest.param("/{x}", "~^/a", False, id="template-expression"),
        pytest.param("~", "/a", False, id="expression-literal"),
        pytest.param("~", "/{x}", False, id="expression-template"),
        pytest.param("~", "~", False, id="expression-itself-as-that-is-not-decided"),
    ],
)
def test_which_paths_a_path_is_known_to_cover(wide: str, narrow: str, covers: bool) -> None:
    assert path_of(wide).covers(path_of(narrow)) is covers


def test_a_literal_comes_before_every_template_and_an_expression_after_it() -> None:
    ranked = ["/{x}", "/a{x}", "/{x}/{y}", "/{p:path}", "/a/b/{p:path}", "/{x}{p:path}", "/" + "a" * 1_000_001 + "{x}"]
    for text in ranked:
        assert path_of("/a").sort_key < path_of(text).sort_key < path_of("~").sort_key
    assert path_of("/a").sort_key == path_of("/b/c").sort_key
    assert path_of("~a").sort_key == path_of("/api~b").sort_key


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("/a", "/a", True, id="literals"),
        pytest.param("/a", "/b", False, id="other-literals"),
        pytest.param("/a", "/a/", False, id="slash"),
        pytest.param("/{x}/{y:int}", "/{p}/{q:int}", True, id="names-of-parameters"),
        pytest.param("/a%20b/{x}", "/a b/{y}", True, id="spelling"),
        pytest.param("/{x}", "/{x:int}", False, id="kinds"),
        pytest.param("/{x}", "/a", False, id="template-and-literal"),
        pytest.param("~a", "~a", True, id="expressions"),
        pytest.param("~a", "~b", False, id="other-expressions"),
        pytest.param("~a", "/api~a", False, id="base"),
        pytest.param("~/a", "/a", False, id="expression-and-literal"),
    ],
)
def test_what_matches_exactly_the_same_is_known_by_one_key(one: str, other: str, same: bool) -> None:
    keys = path_of(one).dedup_key, path_of(other).dedup_key
    assert (keys[0] == keys[1]) is same
    assert len(set(keys)) == (1 if same else 2)


FILLED = {
    "a": ["a"],
    "7": ["7"],
    "a b": ["a b"],
    "{%}": ["a", "7", "a.b", f"a{ENCODED_SLASH}"],
    "{%:int}": ["7", "007"],
    "{%:uuid}": [UUID],
    "a{%}": ["ab", "a7"],
    "{%}.{%:int}": ["a.7", "a.b.7"],
    "{%:int}{%}": ["77", "7a"],
    "x-{%}.a": ["x-7.a"],
}
"""Segments of keys, each with segments of paths that match it."""

RESTS = {"{%:path}": ["", "a", "a/7"], "a{%:path}": ["a", "ab/7"], "{%}.{%:path}": ["a.", "a.b/7"]}
"""The same of segments that take the rest of the path."""

EXPRESSIONS = ["~", "~a", "~^/a", "~^/(?P<x>[^/]+)$", "~7$", "/a~^/7", "/a~"]


def numbered(text: str) -> str:
    """Give each parameter a name of its own."""
    for number in range(text.count("{%")):
        text = text.replace("{%", f"{{p{number}", 1)
    return text


@st.composite
def keys_with_paths(draw: st.DrawFn) -> tuple[str, str]:
    """Draw the text of a literal path or a template, and a canonical path that it matches."""
    segments = draw(st.lists(st.sampled_from(list(FILLED)), max_size=3))
    key, path = "".join(f"/{s}" for s in segments), "".join(f"/{draw(st.sampled_from(FILLED[s]))}" for s in segments)
    if draw(st.booleans()) or not segments:
        rest = draw(st.sampled_from(["", *RESTS]))
        key, path = f"{key}/{rest}", f"{path}/{draw(st.sampled_from(RESTS.get(rest, [''])))}"
    return numbered(key), path


keys = st.one_of(keys_with_paths().map(lambda case: case[0]), st.sampled_from(EXPRESSIONS))

paths = st.one_of(
    keys_with_paths().map(lambda case: case[1]),
    st.lists(st.text(f"a7.- {ENCODED_SLASH}\udcff", max_size=3)).map(lambda segments: "/" + "/".join(segments)),
    st.just("*"),
)


@st.composite
def wider(draw: st.DrawFn, key: str) -> str:
    """Draw a key that may cover another: some of its segments are parameters, or it takes the rest from one on."""
    _, *segments = key.split("/")
    parts = [draw(st.sampled_from([segment, "{%}"])) for segment in segments]
    if draw(st.booleans()):
        parts[draw(st.integers(0, len(parts) - 1)) :] = ["{%:path}"]
    return numbered(re.sub(r"\{p[0-9]+", "{%", "".join(f"/{part}" for part in parts)))


@given(keys_with_paths())
def test_a_key_matches_the_paths_that_it_is_made_for_and_its_own_example(case: tuple[str, str]) -> None:
    key, path = path_of(case[0]), case[1]
    assert key.match(path) is not None
    assert key.example is not None
    assert key.match(key.example) is not None


@given(keys, paths)
@example("/{p:path}", "*")
@example("/{x}.{p:path}", "/a/b.c")
def test_there_is_a_difference_if_and_only_if_there_is_no_match(key: str, path: str) -> None:
    wanted = path_of(key)
    assert (wanted.difference(path) is None) is (wanted.match(path) is not None)


@given(st.data())
def test_what_covers_a_path_matches_all_that_it_matches(data: st.DataObject) -> None:
    key, path = data.draw(keys_with_paths())
    if data.draw(st.integers(0, 4)) == 0:
        key = data.draw(st.sampled_from(EXPRESSIONS))
    narrow = path_of(key)
    wide = path_of(data.draw(st.one_of(st.just("/{p:path}"), keys) if "~" in key else wider(key)))
    assume(wide.covers(narrow) and narrow.match(path) is not None)
    assert wide.match(path) is not None


@given(st.data())
def test_nothing_that_ranks_before_a_path_of_whole_segments_covers_it(data: st.DataObject) -> None:
    key, _ = data.draw(keys_with_paths())
    path, other = path_of(key), path_of(data.draw(st.one_of(wider(key), keys)))
    if path.is_simple and other.covers(path):
        assert other.sort_key > path.sort_key or other.dedup_key == path.dedup_key


@given(keys_with_paths())
def test_other_names_of_parameters_are_the_same_path(case: tuple[str, str]) -> None:
    one, other = path_of(case[0]), path_of(case[0].replace("{p", "{other"))
    assert one.dedup_key == other.dedup_key
    assert hash(one.dedup_key) == hash(other.dedup_key)
    assert one.sort_key == other.sort_key
    assert isinstance(one, LiteralPath) or isinstance(other, PathTemplate)
