from typing import Any

import pytest

from fakebackend.answers.handler_request import HandlerRequest
from fakebackend.matching.path_template import parse_path_template
from fakebackend.state.mock_state import MockState
from tests.answering import context_for

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def request_of(*args: Any, **of: Any) -> HandlerRequest:
    return HandlerRequest(context_for(*args, **of))


def test_a_handler_sees_the_request_decoded() -> None:
    request = request_of(
        "PUT", "/a%20b/%C3%A9?x=1&x=2+3", headers=[("X-A", "1"), ("Cookie", "s=t; u=v")], body='{"a": [1]}'
    )
    assert (request.method, request.host, request.path) == ("PUT", "api.example.com", "/a b/é")
    assert request.url == "http://api.example.com/a%20b/%C3%A9?x=1&x=2+3"
    assert (request.query["x"], request.query.getlist("x")) == ("1", ["1", "2 3"])
    assert (request.headers["x-a"], request.cookies["u"]) == ("1", "v")
    assert (request.json, request.text, request.content) == ({"a": [1]}, '{"a": [1]}', b'{"a": [1]}')
    assert repr(request) == f"PUT {request.url}"


def test_a_form_gives_the_first_value_and_all() -> None:
    form = request_of("POST", "/", headers=FORM, body="a=1&a=2&b=x%26y").form
    assert (form["a"], form.getlist("a"), form["b"]) == ("1", ["1", "2"], "x&y")


@pytest.mark.parametrize(
    ("body", "json", "text"),
    [
        pytest.param(b"", None, "", id="no-body"),
        pytest.param(b"null", None, "null", id="null"),
        pytest.param(b"no json", None, "no json", id="text"),
        pytest.param(b"\xff", None, None, id="no-text"),
    ],
)
def test_what_a_body_is_not_is_none(body: bytes, json: object, text: str | None) -> None:
    request = request_of("POST", body=body)
    assert (request.json, request.text, request.content) == (json, text, body)


def test_a_body_that_cannot_be_read_is_empty() -> None:
    assert request_of("POST", headers={"Content-Encoding": "gzip"}, body=b"no gzip").content == b""


def test_path_parameters_have_their_types() -> None:
    params = parse_path_template("/{id:int}/{name}").match("/7/x")
    assert params is not None
    assert HandlerRequest(context_for(path="/7/x", params=params)).path_params == {"id": 7, "name": "x"}


def test_state_is_there_to_be_changed() -> None:
    state = MockState({"a": 1})
    request_of(state=state).state["a"] = 2
    assert state.variables == {"a": 2}


def test_files_the_raw_path_and_the_session_are_there() -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\n\r\nhi\r\n--b--\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=b", "Cookie": "SESSION=t"}
    state = MockState()
    state.sessions["t"] = "ann"
    request = request_of("POST", "/a%2Fb?x=1", headers=headers, body=body, state=state)
    assert (request.files["f"]["text"], request.files["f"].content) == ("hi", b"hi")
    assert (request.raw_path, request.session) == ("/a%2Fb", {"user": "ann"})
    assert request_of().session is None
