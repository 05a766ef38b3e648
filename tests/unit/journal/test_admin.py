import json
from typing import Any

import pytest

from fakebackend.journal.admin import CALLS
from fakebackend.journal.admin import LARGEST_BODY
from fakebackend.journal.admin import PREFIX
from fakebackend.journal.admin import Admin
from fakebackend.journal.admin import is_for_admin
from fakebackend.journal.admin import parse_token
from fakebackend.messages.canned_response import CannedResponse
from fakebackend.messages.request import Request
from tests.answering import field_of
from tests.conftest import given

TOKEN = "0123456789abcdef"
BEARER = [("Authorization", f"Bearer {TOKEN}")]


class Stub:
    """Says what it was called with."""

    def entries(self) -> Any:
        return "entries"

    def requests(self, *, bodies: bool) -> Any:
        return ["requests", bodies]

    def unmatched(self, *, bodies: bool) -> Any:
        return ["unmatched", bodies]

    def report(self, *, entries: bool) -> Any:
        return f"report {entries} \ud800"

    def state(self, request: Request) -> Any:
        return ["state", request.header_values("x-client")]

    def set_state(self, request: Request, value: Any) -> Any:
        return value

    def set_responsesfile(self, value: Any) -> Any:
        if value == "wrong.json":
            raise ValueError("wrong.json:1: is wrong")
        if value == "broken":
            raise RuntimeError("bro\nken")
        return value

    def reset(self, request: Request) -> Any:
        return "reset"

    def add_entries(self, content: bytes) -> Any:
        return content.decode()


def call(request: str, body: bytes | str = b"", headers: Any = BEARER) -> CannedResponse:
    method, _, path = request.partition(" ")
    return Admin(Stub(), TOKEN).answer(given(f"{method} {PREFIX}{path}", headers, body))


def said(response: CannedResponse) -> Any:
    assert field_of(response, "content-type") == ["application/json"]
    assert not [name for name, _ in response.fields if name.lower().startswith(b"access-control-")]
    return json.loads(response.body)


@pytest.mark.parametrize(
    ("request_line", "body", "expected"),
    [
        pytest.param("GET entries", "", "entries", id="entries"),
        pytest.param("GET requests", "", ["requests", False], id="requests"),
        pytest.param("GET requests?bodies=true", "", ["requests", True], id="with-bodies"),
        pytest.param("GET requests?bodies=false&x", "", ["requests", False], id="without-bodies"),
        pytest.param("GET unmatched?a=b&bodies=true", "", ["unmatched", True], id="unmatched"),
        pytest.param("GET report", "", "report True \ud800", id="report-with-a-lone-surrogate"),
        pytest.param("GET report?entries=false", "", "report False \ud800", id="report-without-entries"),
        pytest.param("GET state", "", ["state", []], id="state"),
        pytest.param("PUT state", '{"a": {"b": null}}', {"a": {"b": None}}, id="set-state"),
        pytest.param("PUT state", "{}", {}, id="set-state-to-nothing"),
        pytest.param("PUT options/responsesfile", '"a.json"', "a.json", id="file"),
        pytest.param("POST reset", "", "reset", id="reset"),
        pytest.param("POST reset", "whatever \xff", "reset", id="reset-whatever-the-body"),
        pytest.param("POST entries", '{"GET /": 1}', '{"GET /": 1}', id="add"),
        pytest.param("HEAD entries", "", "entries", id="head"),
        pytest.param("GET en%74ries", "", "entries", id="percent-encoded"),
        pytest.param("GET x/../entries", "", "entries", id="dot-segments"),
    ],
)
def test_each_call_has_its_answer(request_line: str, body: str, expected: Any) -> None:
    response = call(request_line, body)
    assert (response.status, said(response)) == (200, expected)


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param([], id="none"),
        pytest.param([("Authorization", "")], id="empty"),
        pytest.param([("Authorization", TOKEN)], id="without-scheme"),
        pytest.param([("Authorization", f"Basic {TOKEN}")], id="another-scheme"),
        pytest.param([("Authorization", "Bearer")], id="without-token"),
        pytest.param([("Authorization", f"Bearer {TOKEN}x")], id="another-token"),
        pytest.param([("Authorization", f"Bearer {TOKEN[:-1]}")], id="a-part-of-it"),
        pytest.param([("Authorization", f"Bearer {TOKEN.upper()}")], id="in-capitals"),
        pytest.param([("Authorization", "Bearer \udcffü")], id="no-ascii"),
        pytest.param([("Authorization", "Bearer x"), *BEARER], id="the-second-field"),
        pytest.param([("Cookie", f"token={TOKEN}")], id="cookie"),
    ],
)
@pytest.mark.parametrize("request_line", ["GET entries", "OPTIONS state", "GET nothing", "PATCH entries", "POST reset"])
def test_without_the_token_each_call_is_401(request_line: str, headers: Any) -> None:
    """Also one that is wrong in another way, so that nothing can be found out."""
    response = call(request_line, headers=headers)
    assert (response.status, field_of(response, "www-authenticate")) == (401, ["Bearer"])
    assert "Authorization: Bearer TOKEN" in said(response)["error"]
    assert TOKEN not in response.body.decode()


@pytest.mark.parametrize("value", [f"bearer {TOKEN}", f"BEARER   {TOKEN}  ", f"Bearer {TOKEN}"])
def test_the_scheme_is_in_any_letter_case(value: str) -> None:
    assert call("GET entries", headers=[("authorization", value)]).status == 200


def test_a_preflight_is_401_without_anything_that_a_browser_could_go_on_with() -> None:
    headers = [("Origin", "http://a.example"), ("Access-Control-Request-Method", "PUT")]
    response = call("OPTIONS state", headers=headers)
    assert (response.status, [name for name, _ in response.fields if b"-Allow" in name]) == (401, [])


@pytest.mark.parametrize(
    ("request_line", "allow"),
    [
        pytest.param("DELETE entries", "GET, POST, HEAD", id="entries"),
        pytest.param("POST requests", "GET, HEAD", id="requests"),
        pytest.param("POST state", "GET, PUT, HEAD", id="state"),
        pytest.param("GET reset", "POST", id="reset"),
        pytest.param("HEAD reset", "POST", id="head-of-what-has-no-get"),
        pytest.param("POST options/responsesfile", "PUT", id="file"),
        pytest.param("OPTIONS report", "GET, HEAD", id="options"),
    ],
)
def test_another_method_is_405_and_says_which_there_are(request_line: str, allow: str) -> None:
    response = call(request_line)
    path = request_line.partition(" ")[2]
    assert (response.status, field_of(response, "allow")) == (405, [allow])
    assert said(response) == {"error": f"{PREFIX}{path} takes {allow}"}


@pytest.mark.parametrize(
    "path", ["", "nothing", "entries/", "entries/1", "Entries", "options", "%ff", "__fakebackend/"]
)
def test_an_unknown_path_is_404_and_says_which_there_are(path: str) -> None:
    response = call(f"GET {path}")
    assert response.status == 404
    error = said(response)["error"]
    assert error.startswith(f"there is no {PREFIX}")
    assert all(f"{method} {name}" in error for name, methods in CALLS.items() for method in methods)


@pytest.mark.parametrize(
    ("request_line", "body", "error"),
    [
        pytest.param("PUT state", "", "expected JSON, ", id="nothing"),
        pytest.param("PUT state", "{", "expected JSON, ", id="no-json"),
        pytest.param("PUT state", b"\xff", "expected JSON, ", id="no-utf-8"),
        pytest.param("PUT state", '{"a": NaN}', "expected JSON, NaN is no JSON", id="nan"),
        pytest.param("PUT state", '{"a": 1e999}', "expected JSON, ", id="read-as-infinity"),
        pytest.param("PUT state", '{"a": ' + "9" * 5_000 + "}", "expected JSON, ", id="a-very-long-number"),
        pytest.param("PUT state", "[" * 100_000, "expected JSON, ", id="nested-too-deep"),
        pytest.param("PUT state", "[1]", "expected an object of names and values, got a list", id="list"),
        pytest.param("PUT state", "null", "expected an object of names and values, got null", id="null"),
        pytest.param("PUT options/responsesfile", "{}", "expected a name as a JSON string, got an object", id="object"),
        pytest.param("PUT options/responsesfile", "a.json", "expected JSON, ", id="a-bare-name"),
        pytest.param("PUT options/responsesfile", '"wrong.json"', "wrong.json:1: is wrong", id="a-wrong-file"),
    ],
)
def test_what_is_wrong_with_a_body_is_400(request_line: str, body: bytes | str, error: str) -> None:
    response = call(request_line, body)
    assert response.status == 400
    assert said(response)["error"].startswith(error)


@pytest.mark.parametrize("request_line", ["POST entries", "PUT state", "PUT options/responsesfile"])
@pytest.mark.parametrize(("length", "status"), [(LARGEST_BODY, {200, 400}), (LARGEST_BODY + 1, {413})])
def test_a_body_above_1_mib_is_413(request_line: str, length: int, status: set[int]) -> None:
    assert call(request_line, b'"' + b"x" * (length - 2) + b'"').status in status


def test_a_body_that_cannot_be_decoded_is_400() -> None:
    undecodable = given(f"PUT {PREFIX}state", [("Authorization", f"Bearer {TOKEN}"), ("Content-Encoding", "foo")])
    undecodable.__dict__["content"] = None
    response = Admin(Stub(), TOKEN).answer(undecodable)
    assert (response.status, said(response)) == (400, {"error": "the body's content coding cannot be undone"})


def test_what_goes_wrong_in_us_is_500_and_says_so() -> None:
    response = call("PUT options/responsesfile", '"broken"')
    assert (response.status, said(response)) == (500, {"error": "RuntimeError: bro\nken"})


@pytest.mark.parametrize(
    ("path", "is_for"),
    [
        pytest.param("/__fakebackend/report", True, id="call"),
        pytest.param("/__fakebackend/", True, id="nothing-behind"),
        pytest.param("/__fakebackend/nothing?x", True, id="unknown"),
        pytest.param("/%5f_fakebackend/report", True, id="percent-encoded"),
        pytest.param("/__fakebackend", False, id="without-slash"),
        pytest.param("/__fakebackends/report", False, id="longer"),
        pytest.param("/a/__fakebackend/report", False, id="elsewhere"),
        pytest.param("/a?/__fakebackend/", False, id="query"),
    ],
)
def test_calls_are_told_by_their_path(path: str, is_for: bool) -> None:
    assert is_for_admin(given(f"GET {path}")) is is_for


@pytest.mark.parametrize("token", ["", TOKEN, "!~" * 8, "x" * 1_000])
def test_a_token_is_taken_as_it_is(token: str) -> None:
    assert parse_token(token) == token


@pytest.mark.parametrize("token", ["short", "x" * 15, "0123456789 abcdef", "ü" * 16, "x" * 16 + "\n", " " * 16])
def test_a_token_that_cannot_be_sent_is_refused_and_not_shown(token: str) -> None:
    with pytest.raises(ValueError, match=rf"^responses_admin must be empty .* got {len(token)} characters$") as refused:
        parse_token(token)
    assert token not in str(refused.value)
