import re
from typing import Any

import pytest

from fakebackend.testing.expected_call import ExpectedCall
from fakebackend.testing.recorded_request import RecordedRequest

HOST = "127.0.0.1:8080"


def request_of(line: str = "GET /user", *, headers: Any = (), body: Any = None) -> RecordedRequest:
    """Return a recorded request; a path is asked of the backend itself."""
    method, _, url = line.partition(" ")
    url = f"http://{HOST}{url}" if url.startswith("/") else url
    given = {"method": method, "url": url, "status": 200, "entry": None, "explanation": None}
    return RecordedRequest({**given, "headers": headers, "body": body}, HOST)


def json_body(text: str) -> dict[str, str]:
    return {"text": text}


@pytest.mark.parametrize(
    ("key", "conditions", "request_", "difference"),
    [
        pytest.param("GET /user", {}, request_of(), None, id="path"),
        pytest.param("GET /users/{id:int}", {}, request_of("GET /users/7"), None, id="template"),
        pytest.param(
            "GET /users/{id:int}", {}, request_of("GET /users/x"), "'x', expected '{id:int}'", id="other-template"
        ),
        pytest.param("GET /user?a=1", {}, request_of("GET /user?b=1&a=1"), None, id="query"),
        pytest.param(
            "GET /user?a=1", {}, request_of("GET /user?a=2"), "query parameter 'a' is '2', expected '1'", id="no-query"
        ),
        pytest.param("* /user", {}, request_of("PURGE /user"), None, id="any-method"),
        pytest.param("GET /user", {}, request_of("HEAD /user"), "it is HEAD", id="head-is-not-get"),
        pytest.param(
            "GET /user", {}, request_of("POST /user"), "matches, but for POST: there is GET", id="another-method"
        ),
        pytest.param("GET https://a/user", {}, request_of("GET https://a/user"), None, id="host"),
        pytest.param(
            "GET https://a/user", {}, request_of("GET https://b/user"), "is for https://a, not for", id="other-host"
        ),
        pytest.param(
            "GET https://a/user", {}, request_of(), "not for requests sent directly", id="directly"
        ),
        pytest.param(
            "POST /a", {"json": {"n": 1}}, request_of("POST /a", body=json_body('{"n": 1, "m": 2}')), None, id="json"
        ),
        pytest.param(
            "POST /a",
            {"json": {"n": 1}},
            request_of("POST /a", body=json_body('{"n": 2}')),
            "$when.json.n is 2, expected 1",
            id="other-json",
        ),
        pytest.param(
            "POST /a", {"json": {"n": 1}}, request_of("POST /a"), "the body is no JSON", id="no-json"
        ),
        pytest.param("GET /a", {}, request_of("GET /x/y/z"), "nothing of it is alike", id="nothing-alike"),
    ],
)  # fmt: skip
def test_a_call_is_what_a_file_would_answer(
    key: str, conditions: dict[str, Any], request_: RecordedRequest, difference: str | None
) -> None:
    call = ExpectedCall(key, conditions)
    assert call.matches(request_) is (difference is None)
    if difference is not None:
        assert difference in call.difference(request_)


@pytest.mark.parametrize(
    ("key", "conditions", "said"),
    [
        pytest.param("/user", {}, 'expected a call like "GET /user", got "/user"', id="no-method"),
        pytest.param("GET /user", {"json": {1}}, "expected conditions as JSON has them: Object of type set", id="set"),
        pytest.param("GET user", {}, "a URL key starts with", id="no-path"),
        pytest.param("GET /user", {"bodies": 1}, "unknown condition", id="condition"),
        pytest.param("GET /user", {"query": 1}, "$when.query", id="wrong-condition"),
    ],
)
def test_what_is_no_call_is_told(key: str, conditions: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        ExpectedCall(key, conditions)


def test_it_is_named_with_its_conditions() -> None:
    assert str(ExpectedCall("POST /a", {"json": {"n": 1}})) == 'POST /a with json {"n": 1}'


@pytest.mark.parametrize(
    ("lines", "nearest"),
    [
        pytest.param(["GET /usr", "POST /login", "GET /x"], "POST /login", id="only-the-body-differs"),
        pytest.param(["GET /x", "POST /logn", "GET /y"], "POST /logn", id="alike"),
        pytest.param(["GET /a/b", "GET /a/b?2"], "GET /a/b?2", id="the-last-of-equals"),
        pytest.param([], None, id="none"),
    ],
)
def test_the_nearest_request_is_the_one_that_was_meant(lines: list[str], nearest: str | None) -> None:
    call = ExpectedCall("POST /login", {"json": {"user": "ann"}})
    found = call.nearest([request_of(line) for line in lines])
    assert (found and f"{found.method} {found.url.removeprefix(f'http://{HOST}')}") == nearest
