import re

import pytest

from fakebackend.matching.path_regex import PathRegex
from fakebackend.messages.url_path import ENCODED_SLASH


def regex_of(source: str, prefix: str = "") -> PathRegex:
    return PathRegex(prefix, source, re.compile(source))


@pytest.mark.parametrize(
    ("source", "path", "texts"),
    [
        pytest.param("b", "/abc", {}, id="searched"),
        pytest.param("^b", "/abc", None, id="anchored"),
        pytest.param("^/v(?P<n>[0-9]+)/", "/v7/a", {"n": "7"}, id="group"),
        pytest.param("^/(?P<a>x)?(?P<b>y)?$", "/y", {"b": "y"}, id="a-group-that-takes-no-part-is-left-out"),
        pytest.param("^/(?P<a>.*)$", "/", {"a": ""}, id="an-empty-group-is-there"),
        pytest.param("^/([0-9]+)$", "/7", {}, id="a-group-without-a-name-is-no-parameter"),
        pytest.param("^/(?P<a>.*)$", f"/b{ENCODED_SLASH}c", {"a": "b/c"}, id="encoded-slash-is-a-slash"),
        pytest.param("^/\ufffd$", "/\udcff", {}, id="no-utf-8"),
        pytest.param("", "*", {}, id="empty-matches-all"),
    ],
)
def test_an_expression_is_searched_in_the_readable_path(source: str, path: str, texts: dict[str, str] | None) -> None:
    params = regex_of(source).match(path)
    assert (params and params.texts) == texts


@pytest.mark.parametrize(
    ("path", "matches"),
    [
        pytest.param("/api (v1)/users", True, id="behind"),
        pytest.param("/api (v1)", False, id="nothing-behind"),
        pytest.param("/api (v1)x/users", False, id="not-at-a-slash"),
        pytest.param("/users", False, id="not-there"),
        pytest.param("/x/api (v1)/users", False, id="not-at-the-beginning"),
        pytest.param("/api v1/users", False, id="taken-literally"),
    ],
)
def test_a_base_stands_before_what_is_searched(path: str, matches: bool) -> None:
    regex = regex_of("^/users$", "/api (v1)")
    assert (regex.match(path) is not None) is matches
    assert (regex.difference(path) is None) is matches


def test_the_base_alone_leaves_nothing_to_search_in() -> None:
    assert regex_of("^$", "/api").match("/api") is not None
    assert regex_of("^$", "/api").match("/api/") is None


def test_an_expression_is_written_as_in_its_key_and_has_its_groups_as_parameters() -> None:
    regex = regex_of("^/(?P<b>x)(?P<a>y)(z)", "/api")
    assert regex.text == "/api~^/(?P<b>x)(?P<a>y)(z)"
    assert regex.parameters == ("b", "a")
    assert (regex.segments, regex.is_simple, regex.example) == ((), False, None)


def test_where_it_does_not_match_that_is_all_there_is_to_say() -> None:
    assert regex_of("^/x").difference("/a") == "the regular expression does not match the path"


@pytest.mark.parametrize("prefix", ["", "/api"])
def test_expressions_are_the_same_if_prefix_and_source_are(prefix: str) -> None:
    regex = regex_of("^/x", "/api")
    assert (regex_of("^/x", prefix).dedup_key == regex.dedup_key) is (prefix == "/api")
    assert regex_of("^/y", prefix).dedup_key != regex.dedup_key
