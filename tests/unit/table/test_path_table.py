import pytest

from tests.conftest import given
from tests.conftest import table_of
from tests.conftest import winner_of


def params_of(key: str, path: str) -> dict[str, str] | None:
    """Return what the parameters of a key take of a path, or None if it does not match."""
    table = table_of({"GET": {key: 1}})
    matches = list(table.matches(given(f"GET {path}")))
    return dict(matches[0].params.texts) if matches else None


@pytest.mark.parametrize(
    ("key", "path", "params"),
    [
        pytest.param("/user", "/user", {}, id="literal"),
        pytest.param("/user", "/user/", None, id="trailing-slash-counts"),
        pytest.param("/user", "/User", None, id="case-counts"),
        pytest.param("/user", "/user?x=1", {}, id="query-is-no-part"),
        pytest.param("/a b", "/a%20b", {}, id="percent"),
        pytest.param("/a%20b", "/a%20b", {}, id="percent-in-both"),
        pytest.param("/a+b", "/a+b", {}, id="plus"),
        pytest.param("/a+b", "/a%20b", None, id="plus-is-no-space-in-a-path"),
        pytest.param("/a/b", "/a%2Fb", None, id="encoded-slash-is-no-slash"),
        pytest.param("/a%2fb", "/a%2Fb", {}, id="encoded-slash-in-both"),
        pytest.param("/b", "/a/%2e%2e/b", {}, id="encoded-dots"),
        pytest.param("/100%", "/100%", {}, id="stray-percent"),
        pytest.param("/%EF%BF%BD", "/%ff", None, id="no-utf-8-matches-no-literal"),
        pytest.param("/{x}", "/%ff", {"x": "\udcff"}, id="no-utf-8-in-a-parameter"),
        pytest.param("/{x}", "/a%2Fb", {"x": "a\udc2fb"}, id="encoded-slash-stays-inside-its-segment"),
        pytest.param("/{x}", "/a%20b", {"x": "a b"}, id="parameters-are-decoded"),
        pytest.param("/{x}", "/", None, id="parameters-are-not-empty"),
        pytest.param("/{x}", "/a/b", None, id="parameters-take-one-segment"),
        pytest.param("/{x}/b", "//b", None, id="empty-segment"),
        pytest.param("/s/{p:path}", "/s/", {"p": ""}, id="rest-may-be-empty"),
        pytest.param("/s/{p:path}", "/s", None, id="rest-needs-its-slash"),
        pytest.param("/s/{p:path}", "/s/a/b/", {"p": "a/b/"}, id="rest-with-slashes"),
        pytest.param("/{id:int}", "/12", {"id": "12"}, id="integer"),
        pytest.param("/{id:int}", "/1a", None, id="no-integer"),
        pytest.param("/{id:int}", "/%31", {"id": "1"}, id="integer-encoded"),
        pytest.param("/{a}.{b}", "/x.y.z", {"a": "x", "b": "y.z"}, id="two-in-a-segment"),
        pytest.param("/items/{id}:archive", "/items/7:archive", {"id": "7"}, id="custom-verb"),
        pytest.param("~^/a\\d+$", "/a12", {}, id="regex"),
        pytest.param("~a", "/b/ca/d", {}, id="regex-is-searched"),
        pytest.param("~^/a$", "/a?b", {}, id="regex-sees-no-query"),
        pytest.param("~^/a b$", "/a%20b", {}, id="regex-sees-the-decoded-path"),
        pytest.param("~^/a/b$", "/a%2Fb", {}, id="regex-sees-plain-slashes"),
        pytest.param("~^/\ufffd$", "/%ff", {}, id="regex-sees-replacement-characters"),
        pytest.param("~^/(?P<x>a)(?P<y>b)?$", "/a", {"x": "a"}, id="groups-that-took-part"),
        pytest.param("~^/a$", "/b", None, id="regex-without-match"),
    ],
)
def test_a_key_matches_and_its_parameters_take(key: str, path: str, params: dict[str, str] | None) -> None:
    assert params_of(key, path) == params


@pytest.mark.parametrize(
    ("base", "path", "winner"),
    [
        pytest.param("/api", "/api/x", "GET /api~^/x", id="the-expression-sees-what-follows"),
        pytest.param("/api", "/x", None, id="without-the-base"),
        pytest.param("/api", "/apix/x", None, id="the-base-ends-at-a-slash"),
        pytest.param("/a.i", "/abi/x", None, id="the-base-is-literal"),
        pytest.param("/a%2Fb", "/a%2fb/x", "GET /a%2Fb~^/x", id="encoded-slash"),
        pytest.param("/a%2Fb", "/a/b/x", None, id="a-slash-is-no-encoded-slash"),
    ],
)
def test_a_regular_expression_behind_a_base(base: str, path: str, winner: str | None) -> None:
    assert winner_of(table_of({"$base": base, "GET": {"~^/x": 1}}), given(f"GET {path}")) == winner


def test_the_base_itself_is_searched_as_nothing() -> None:
    table = table_of({"$base": "/api", "GET": {"~^$": 1}})
    assert winner_of(table, given("GET /api")) == "GET /api~^$"
    assert winner_of(table, given("GET /api/")) is None


def test_every_entry_of_a_path_is_known_whatever_its_method_and_query() -> None:
    table = table_of({"GET": {"/a": 1, "/a?x": 1, "/{p}": 1, "~a": 1, "/b": 1}, "POST": {"/a": 1, "/b": 1}})
    paths = table.any_origin
    assert {e.label for e in paths.at("/a")} == {"GET /a", "GET /a?x", "POST /a", "GET /{p}", "GET ~a"}
    assert {e.label for e in paths.at("/c")} == {"GET /{p}"}
    assert paths.at("/c/d") == []
    assert paths.entry_at("/b", ["GET"]).url == "/b"
    assert [e.label for e in paths.near("/b/c", 3, ["GET"])] == ["GET /{p}"]
