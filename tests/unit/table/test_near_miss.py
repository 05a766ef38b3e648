from typing import Any

import pytest

from fakebackend.matching.literal_path import LiteralPath
from fakebackend.messages.request import Request
from fakebackend.table.near_miss import near_misses
from fakebackend.table.path_table import PathTable
from tests.conftest import given
from tests.conftest import look_up
from tests.conftest import table_of


def near(file: dict[str, Any], request_line: str) -> list[str]:
    """Return the misses of a request that nobody answers."""
    table, request = table_of(file), given(request_line)
    found = look_up(table, request)
    assert found.entry is None
    return [str(miss) for miss in near_misses(table, request, found.passed_over)]


IF = {"$when": {"query": {"x": 1}}, "$body": 1}


@pytest.mark.parametrize(
    ("keys", "request_line", "expected"),
    [
        pytest.param(
            {"POST /login": {"$when": {"json": {"user": {"name": "ann"}}}}},
            "POST /login",
            "POST /login: $when.json cannot hold, the body is no JSON",
            id="condition",
        ),
        pytest.param(
            {"GET /users": 1},
            "GET /user",
            "GET /users: path differs at segment 1: 'user', did you mean 'users'?",
            id="slip",
        ),
        pytest.param(
            {"GET /api/users/{id}": 1},
            "GET /api/user/7",
            "GET /api/users/{id}: path differs at segment 2: 'user', did you mean 'users'?",
            id="slip-before-a-parameter",
        ),
        pytest.param(
            {"GET /users/{id:int}": 1},
            "GET /users/ann",
            "GET /users/{id:int}: path differs at segment 2: 'ann', expected '{id:int}'",
            id="kind",
        ),
        pytest.param({"GET /a": 1}, "GET /a/b", "GET /a: the path goes on with 'b'", id="goes-on"),
        pytest.param(
            {"GET /a/b": 1, "GET /a": 1},
            "GET /a//b",
            "GET /a/b: the request has an empty segment; there is /a/b",
            id="empty-segment",
        ),
        pytest.param(
            {"GET /a/b": 1},
            "GET //a///b",
            "GET /a/b: the request has an empty segment; there is /a/b",
            id="empty-segments",
        ),
        pytest.param(
            {"GET /a/{id}/c": 1, "POST /a/{id}/c": 1},
            "POST /a/7//c",
            "POST /a/{id}/c: the request has an empty segment; there is /a/7/c",
            id="empty-segment-before-a-parameter",
        ),
        pytest.param(
            {"POST /a/b": 1},
            "GET /a//b",
            "POST /a/b: the request has an empty segment; there is /a/b",
            id="empty-segment-and-another-method",
        ),
        pytest.param(
            {"GET /a/b": 1, "GET /{p:path}": IF},
            "GET /a//b",
            "GET /a/b: the request has an empty segment; there is /a/b",
            id="empty-segment-before-conditions",
        ),
        pytest.param(
            {"GET /{p:path}": IF},
            "GET /a//b",
            "GET /{p:path}: $when.query.x is missing, expected '1'",
            id="empty-segment-that-an-entry-takes",
        ),
        pytest.param(
            {"GET https://h/a/b": 1},
            "GET /a//b",
            "GET https://h/a/b: path differs at segment 2: '', expected 'b'",
            id="empty-segment-and-another-host",
        ),
        pytest.param(
            {"GET /status": 1, "GET //a.example.com/status": 1, "GET //b.example.com/status": 1},
            "GET http://b.example.com/state",
            "GET //b.example.com/status: path differs at segment 1: 'state', did you mean 'status'?",
            id="own-host-first",
        ),
        pytest.param({"GET /a": 1}, "GET /a/", "GET /a: the path has a slash more at its end", id="slash-more"),
        pytest.param({"GET /a/b": 1}, "GET /a", "GET /a/b: the path ends before 'b'", id="ends-before"),
        pytest.param({"GET /a/": 1}, "GET /a", "GET /a/: the path lacks the slash at its end", id="slash-less"),
        pytest.param({"GET /a/{p:path}": 1}, "GET /a", "GET /a/{p:path}: the path ends before '{p:path}'", id="rest"),
        pytest.param(
            {"GET /a/x{p:path}": 1},
            "GET /a/b/c",
            "GET /a/x{p:path}: path differs at segment 2: 'b', expected 'x{p:path}'",
            id="text-before-rest",
        ),
        pytest.param(
            {"GET /b/{p:path}": 1},
            "GET /a/b/c",
            "GET /b/{p:path}: path differs at segment 1: 'a', expected 'b'",
            id="rest-behind",
        ),
        pytest.param(
            {"GET ~^/x": 1}, "GET /a", "GET ~^/x: the regular expression does not match the path", id="expression"
        ),
        pytest.param(
            {"GET /a": 1, "POST /a": 1}, "PUT /a", "GET /a: matches, but for PUT: there is GET, POST", id="method"
        ),
        pytest.param(
            {"GET /a?q=1": 1}, "GET /a", "GET /a?q=1: query parameter 'q' is missing, expected '1'", id="query"
        ),
        pytest.param({"GET /a?q": 1}, "GET /a", "GET /a?q: query parameter 'q' is missing", id="query-name"),
        pytest.param(
            {"GET /a?q=1": 1},
            "GET /a?q=2&q=3",
            "GET /a?q=1: query parameter 'q' is '2' and '3', expected '1'",
            id="query-value",
        ),
        pytest.param(
            {"GET https://h/a": 1}, "GET http://h/a", "GET https://h/a: is for https://h, not for http://h", id="host"
        ),
        pytest.param(
            {"GET https://h/a": 1},
            "GET /a",
            "GET https://h/a: is for https://h, not for requests sent directly to the fake backend",
            id="host-asked-directly",
        ),
        pytest.param(
            {"GET https://h/a/{id}?x=1": 1},
            "GET https://h/b/7",
            "GET https://h/a/{id}?x=1: path differs at segment 1: 'b', expected 'a'",
            id="the-path-of-a-full-key",
        ),
        pytest.param(
            {"GET /a%20b/c": 1},
            "GET /a%20b/d",
            "GET /a%20b/c: path differs at segment 2: 'd', expected 'c'",
            id="decoded",
        ),
        pytest.param(
            {"GET /a": 1}, "GET /%1b%ff", "GET /a: path differs at segment 1: '\\x1b\ufffd', expected 'a'", id="escaped"
        ),
    ],
)
def test_the_nearest_entry_says_what_differs_first(keys: dict[str, Any], request_line: str, expected: str) -> None:
    assert near(keys, request_line)[0] == expected


def test_no_more_than_three_are_named_the_nearest_first() -> None:
    keys = {f"GET {path}": 1 for path in ("/users", "/users/all", "/orders", "/products", "/users/{id}/posts")}
    assert [miss.partition(":")[0] for miss in near(keys, "GET /user")] == [
        "GET /users",
        "GET /orders",
        "GET /products",
    ]


@pytest.mark.parametrize(
    ("keys", "request_line", "nearest"),
    [
        pytest.param(["POST /user", "GET /user", "PUT /user"], "GET /nope", "GET /user", id="same-path"),
        pytest.param(["POST /user", "* /user"], "GET /nope", "* /user", id="any-method"),
        pytest.param(["POST /user", "PUT /user"], "GET /nope", "POST /user", id="none-of-the-method"),
        pytest.param(["POST /u/{id}", "GET /u/{id}"], "GET /u/7/8", "GET /u/{id}", id="same-template"),
        pytest.param(["POST /aaaa", "GET /bbbb"], "GET /nope", "GET /bbbb", id="equally-near"),
        pytest.param(["POST /user", "GET /other"], "GET /users", "POST /user", id="nearer-whatever-its-method"),
        pytest.param(["POST /user", "GET /user"], "HEAD /nope", "GET /user", id="head"),
    ],
)
def test_of_equally_near_ones_that_of_the_method_is_first(keys: list[str], request_line: str, nearest: str) -> None:
    assert near(dict.fromkeys(keys, 1), request_line)[0].partition(": ")[0] == nearest


def test_conditions_come_before_methods_hosts_and_other_paths() -> None:
    keys = {"GET /a": IF, "GET https://h/a": 1, "POST /a": 1, "GET /ab": 1}
    assert near(keys, "GET /a") == [
        "GET /a: $when.query.x is missing, expected '1'",
        "GET https://h/a: is for https://h, not for requests sent directly to the fake backend",
    ]


def test_an_entry_of_before_is_named_too() -> None:
    assert near({"$before": {"GET /a": IF}}, "GET /a") == ["GET /a: $when.query.x is missing, expected '1'"]


@pytest.mark.parametrize(
    ("key", "request_line", "named"),
    [
        pytest.param("GET /users", "GET /x/y", False, id="nothing-in-common"),
        pytest.param("GET /users", "GET /nope", True, id="as-many-segments"),
        pytest.param("GET /users", "GET /users/7/posts", True, id="the-same-first-segment"),
        pytest.param("GET /{name}", "GET /users/7/posts", True, id="a-first-segment-that-fits"),
        pytest.param("GET /users/{id}", "GET /user", False, id="another-first-segment"),
        pytest.param("GET ~^/users", "GET /x/y", True, id="regular-expression"),
        pytest.param("GET /", "OPTIONS *", False, id="asterisk"),
    ],
)
def test_an_entry_that_has_nothing_in_common_is_not_named(key: str, request_line: str, named: bool) -> None:
    assert bool(near({key: 1}, request_line)) is named


def test_where_there_is_nothing_nothing_is_near() -> None:
    assert near({}, "GET /a") == []


def test_among_ten_thousand_paths_the_one_that_is_alike_is_found() -> None:
    keys = {f"GET /items/{n:05}": 1 for n in range(10_000)}
    assert (
        near(keys, "GET /items/04999x")[0]
        == "GET /items/04999: path differs at segment 2: '04999x', did you mean '04999'?"
    )


@pytest.mark.parametrize("key", ["GET /a", "GET /{p:path}"])
def test_a_target_that_does_not_begin_with_a_slash_differs_from_every_path(key: str) -> None:
    table, request = table_of({key: 1}), Request("GET", "x/a")
    assert [str(miss) for miss in near_misses(table, request, [])] == [f"{key}: the path differs"]


def test_a_very_long_path_costs_no_search_for_spelling(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("difflib.get_close_matches", lambda word, *_, **__: asked.append(word))
    [miss] = near({"GET /users": 1}, "GET /" + "u" * 1_000_000)
    assert miss.startswith("GET /users: path differs at segment 1: 'uuu")
    assert asked == []


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param(
            "/" + "u" * 1_000_000,
            f"GET /users: path differs at segment 1: '{'u' * 120}…', expected 'users'",
            id="one-segment",
        ),
        pytest.param("/users" + "/a" * 500_000, "GET /users: the path goes on with 'a'", id="many-segments"),
        pytest.param("/users/" + "/" * 1_000_000, "GET /users: the path has a slash more at its end", id="slashes"),
    ],
)
def test_of_a_very_long_path_only_the_beginning_is_compared(
    monkeypatch: pytest.MonkeyPatch, path: str, expected: str
) -> None:
    compared: list[str] = []
    difference = LiteralPath.difference

    def counted(self: LiteralPath, path: str) -> str | None:
        compared.append(path)
        return difference(self, path)

    monkeypatch.setattr(LiteralPath, "difference", counted)
    [miss] = near({"GET /users": 1}, f"GET {path}")
    assert miss == expected
    assert max(map(len, compared)) <= 2_000


def test_of_very_many_hosts_only_those_nearby_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[PathTable] = []
    at = PathTable.at
    monkeypatch.setattr(PathTable, "at", lambda self, path: looked_at.append(self) or at(self, path))  # type: ignore[func-returns-value, redundant-expr]
    file = {f"GET https://host-{number:04}/user": 1 for number in range(2_000)}
    [first, *_] = near(file, "GET https://host-1234x/user")
    assert first.startswith("GET https://host-12")
    assert len(looked_at) <= 21
