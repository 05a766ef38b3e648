from collections.abc import Sequence

import pytest

from fakebackend.proxy.flow_request import FlowRequest
from fakebackend.proxy.unmatched_line import unmatched_line
from tests.conftest import given
from tests.conftest import http_flow

PREFLIGHT = [("Origin", "http://localhost:3000"), ("Access-Control-Request-Method", "PUT")]
LONG = [PREFLIGHT[0], ("Access-Control-Request-Method", "P" * 1_000)]


@pytest.mark.parametrize(
    ("request_line", "headers", "line"),
    [
        pytest.param("GET /a?b=1", [], "GET /a?b=1", id="asked-directly"),
        pytest.param("GET https://h/a?b=1", [], "GET https://h/a?b=1", id="host"),
        pytest.param("GET http://h:8080/a", [], "GET http://h:8080/a", id="port"),
        pytest.param("OPTIONS /a", [], "OPTIONS /a", id="options"),
        pytest.param("OPTIONS /a", PREFLIGHT, "OPTIONS /a, a preflight for PUT", id="preflight"),
        pytest.param("OPTIONS //h/a", PREFLIGHT, "OPTIONS //h/a, a preflight for PUT", id="two-slashes"),
        pytest.param("GET /\x1b[31m", [], r"GET /\x1b[31m", id="control-bytes"),
        pytest.param("GET /" + "a" * 1_000, [], f"GET /{'a' * 195}... (1005 characters)", id="long"),
        pytest.param(
            "OPTIONS /a", LONG, f"OPTIONS /a, a preflight for {'P' * 200}... (1000 characters)", id="long-method"
        ),
    ],
)
def test_a_request_is_named_with_its_host_if_it_has_one(
    request_line: str, headers: Sequence[tuple[str, str]], line: str
) -> None:
    assert unmatched_line(given(request_line, headers)) == line


@pytest.mark.parametrize(
    ("mode", "path", "line"),
    [
        pytest.param("regular", "/a", "GET http://api.example.com/a", id="proxy"),
        pytest.param("regular", "*", "GET *", id="asterisk"),
        pytest.param("reverse:http://up", "/a", "GET http://api.example.com/a", id="reverse"),
    ],
)
def test_the_host_is_the_one_that_keys_are_compared_with(mode: str, path: str, line: str) -> None:
    assert unmatched_line(FlowRequest(http_flow(path=path, mode=mode))) == line


def test_a_preflight_that_is_looked_at_as_what_it_asks_for_is_named_as_it_came() -> None:
    request = given("OPTIONS /a", PREFLIGHT)
    asked = request.with_method(request.preflight_method or "")
    assert unmatched_line(asked) == "OPTIONS /a, a preflight for PUT"
