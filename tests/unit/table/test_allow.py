from typing import Any

import pytest

from fakebackend.messages.canned_response import CannedResponse
from fakebackend.table.allow import options_answer
from tests.answering import context_for
from tests.answering import field_of
from tests.conftest import given
from tests.conftest import table_of

ORIGIN = "http://localhost:3000"
ALL = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"


def automatic(data: dict[str, Any], path: str = "/a", *, cors: bool = True, **headers: str) -> CannedResponse | None:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return options_answer(table_of(data), context_for("OPTIONS", path, headers=named).request, cors=cors)


def preflight(data: dict[str, Any], method: str, *, cors: bool = True, **headers: str) -> CannedResponse | None:
    return automatic(data, cors=cors, origin=ORIGIN, access_control_request_method=method, **headers)


@pytest.mark.parametrize(
    ("data", "allow"),
    [
        pytest.param({"GET /a": 1}, "GET, HEAD, OPTIONS", id="head-with-get"),
        pytest.param({"POST /a": 1}, "OPTIONS, POST", id="post-alone"),
        pytest.param({"HEAD /a": {"$status": 200}}, "HEAD, OPTIONS", id="head-alone"),
        pytest.param({"PUT /a": 1, "DELETE /a": 1, "GET /a": 1}, "DELETE, GET, HEAD, OPTIONS, PUT", id="alphabetical"),
        pytest.param({"* /a": 1}, ALL, id="any-method"),
        pytest.param(
            {"* /a": 1, "REPORT /a": 1}, "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, REPORT", id="any-and-custom"
        ),
        pytest.param({"GET /a": 1, "POST /{x}": 1}, "GET, HEAD, OPTIONS, POST", id="every-key-that-matches"),
        pytest.param({"GET /a?q=1": 1}, "GET, HEAD, OPTIONS", id="whatever-the-query"),
        pytest.param({"GET /a": {"$when": {"query": {"q": "1"}}, "$body": 1}}, "GET, HEAD, OPTIONS", id="conditions"),
        pytest.param({"GET /a": 1, "$before": {"POST /a": 1}}, "GET, HEAD, OPTIONS", id="without-before"),
        pytest.param({"GET https://api.example.com/a": 1, "GET /b": 1}, None, id="other-scheme"),
        pytest.param({"GET http://api.example.com/a": 1, "PUT /a": 1}, "GET, HEAD, OPTIONS, PUT", id="host"),
        pytest.param({"GET //other/a": 1}, None, id="other-host"),
        pytest.param({"GET /b": 1}, None, id="other-path"),
        pytest.param({}, None, id="no-entry"),
    ],
)
def test_what_a_path_allows(data: dict[str, Any], allow: str | None) -> None:
    answer = automatic(data)
    assert (answer and field_of(answer, "allow")) == ([allow] if allow else None)


@pytest.mark.parametrize(
    ("data", "method", "allowed"),
    [
        pytest.param({"GET /a": 1}, "GET", "GET, HEAD, OPTIONS", id="get"),
        pytest.param({"GET /a": 1}, "HEAD", "GET, HEAD, OPTIONS", id="head-of-get"),
        pytest.param({"GET /a": 1, "PUT /a": 1}, "PUT", "GET, HEAD, OPTIONS, PUT", id="put"),
        pytest.param({"GET /a": 1}, "PUT", "GET, HEAD, OPTIONS, PUT", id="no-entry-for-the-method"),
        pytest.param({"GET /b": 1}, "GET", "GET, OPTIONS", id="no-entry-for-the-path"),
        pytest.param({"* /a": 1}, "PATCH", ALL, id="any"),
        pytest.param({"* /a": 1}, "REPORT", f"{ALL}, REPORT", id="any-even-a-custom-one"),
        pytest.param({"REPORT /a": 1}, "REPORT", "OPTIONS, REPORT", id="custom"),
        pytest.param({"PATCH /a": 1}, "patch", "OPTIONS, PATCH, patch", id="letter-case-counts"),
        pytest.param({"$before": {"PUT /a": 1}}, "PUT", "OPTIONS, PUT", id="before-does-not-count"),
    ],
)
def test_which_methods_a_preflight_gets(data: dict[str, Any], method: str, allowed: str | None) -> None:
    answer = preflight(data, method)
    assert (answer and field_of(answer, "access-control-allow-methods")) == ([allowed] if allowed else None)


def test_the_answer_has_neither_body_nor_type() -> None:
    answer = automatic({"GET /a": 1})
    assert answer is not None
    assert (answer.status, answer.reason, answer.body) == (204, b"No Content", b"")
    assert answer.fields == ((b"Cache-Control", b"no-store"), (b"Allow", b"GET, HEAD, OPTIONS"))


def test_a_preflight_gets_what_cors_needs() -> None:
    answer = preflight({"PUT /a": 1}, "PUT", access_control_request_headers="authorization,content-type")
    assert answer is not None
    assert (answer.status, answer.body) == (204, b"")
    assert answer.fields == (
        (b"Cache-Control", b"no-store"),
        (b"Access-Control-Allow-Methods", b"OPTIONS, PUT"),
        (b"Access-Control-Allow-Headers", b"authorization,content-type"),
        (b"Access-Control-Max-Age", b"0"),
    )


def test_without_cors_a_preflight_gets_what_any_options_gets() -> None:
    data = {"PUT /a": 1}
    assert preflight(data, "PUT", cors=False) == automatic(data)
    assert preflight(data, "GET", cors=False) is None


@pytest.mark.parametrize(("method", "answered"), [("PUT", True), ("GET", False)])
def test_a_preflight_that_no_entry_names_is_left_to_the_real_server(method: str, answered: bool) -> None:
    headers = {"Origin": ORIGIN, "Access-Control-Request-Method": method}
    request = context_for("OPTIONS", "/a", headers=headers).request
    assert (options_answer(table_of({"PUT /a": 1}), request, cors=True, forward=True) is not None) is answered


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"origin": ORIGIN}, id="origin-alone"),
        pytest.param({"access_control_request_method": "PUT"}, id="method-alone"),
    ],
)
def test_half_a_preflight_is_plain(headers: dict[str, Any]) -> None:
    assert automatic({"GET /a": 1}, **headers) == automatic({"GET /a": 1})


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        pytest.param("X-A", ["X-A"], id="one"),
        pytest.param("x-a, X-B ,*", ["x-a, X-B ,*"], id="as-asked"),
        pytest.param("", [], id="empty"),
        pytest.param("x-\udcff", [], id="no-utf-8"),
        pytest.param("x-a\r\n x-b", [], id="folded-line"),
        pytest.param("x-a\nSet-Cookie: a=b", [], id="another-line"),
        pytest.param("x-a, " * 9_000 + "(", [], id="long-and-wrong"),
    ],
)
def test_the_headers_asked_for_are_allowed(asked: str, allowed: list[str]) -> None:
    answer = preflight({"GET /a": 1}, "GET", access_control_request_headers=asked)
    assert answer is not None
    assert field_of(answer, "access-control-allow-headers") == allowed


def test_headers_asked_for_in_two_fields_are_one_list() -> None:
    headers = [("Origin", ORIGIN), ("Access-Control-Request-Method", "GET")]
    headers += [("Access-Control-Request-Headers", "x-a"), ("access-control-request-headers", "x-b")]
    answer = options_answer(table_of({"GET /a": 1}), context_for("OPTIONS", "/a", headers=headers).request, cors=True)
    assert answer is not None
    assert field_of(answer, "access-control-allow-headers") == ["x-a, x-b"]


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        pytest.param("true", ["true"], id="asked"),
        pytest.param("false", [], id="not-asked"),
        pytest.param("", [], id="empty"),
    ],
)
def test_private_network_access(asked: str, allowed: list[str]) -> None:
    answer = preflight({"GET /a": 1}, "GET", access_control_request_private_network=asked)
    assert answer is not None
    assert field_of(answer, "access-control-allow-private-network") == allowed


def test_a_request_without_an_origin_is_told_what_the_path_allows() -> None:
    answer = options_answer(
        table_of({"GET": {"/a": 1, "https://h/a": 2}, "PUT": {"/a": 1}}), given("OPTIONS /a"), cors=False
    )
    assert answer is not None
    assert (b"Allow", b"GET, HEAD, OPTIONS, PUT") in answer.fields
