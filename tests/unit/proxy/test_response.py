import hypothesis
import pytest
from hypothesis import strategies as st
from mitmproxy import http

from fakebackend.messages.canned_response import CannedResponse
from fakebackend.messages.canned_response import canned_response
from fakebackend.messages.canned_response import plain_response
from fakebackend.messages.header_fields import Fields
from fakebackend.messages.header_fields import fields_of
from fakebackend.proxy.response import make_response


@pytest.mark.parametrize(
    ("method", "content"),
    [
        pytest.param("GET", b"hi", id="get"),
        pytest.param("HEAD", b"", id="head"),
        pytest.param("head", b"hi", id="case"),
    ],
)
def test_head_has_the_length_but_not_the_body(method: str, content: bytes) -> None:
    response = make_response(canned_response(201, b"hi", b"text/plain"), method=method)
    assert (response.status_code, response.reason, response.raw_content) == (201, "Created", content)
    assert response.headers["Content-Length"] == "2"
    assert response.headers["content-type"] == "text/plain"
    assert response.http_version == "HTTP/1.1"


def test_responses_share_nothing_that_an_addon_may_change() -> None:
    answer = canned_response(200, b"hi")
    make_response(answer, method="GET").headers["X-Edited"] = "1"
    assert "X-Edited" not in make_response(answer, method="GET").headers


def test_a_response_knows_when_it_was_made() -> None:
    response = make_response(canned_response(200), method="GET")
    assert response.timestamp_end is not None
    assert 0 < response.timestamp_start <= response.timestamp_end


def test_our_own_answers_are_text_with_the_reason_in_a_header() -> None:
    response = make_response(plain_response(404, "Path not found", "no\nentry"), method="GET")
    assert response.content == b"Path not found"
    assert response.headers["Content-Type"] == "text/plain"
    assert response.headers["X-Fakebackend"] == r"no\nentry"


@pytest.mark.parametrize("status", [204, 205, 304])
def test_our_own_answer_with_a_status_without_body_has_none(status: int) -> None:
    answer = plain_response(status, "Path not found", "no entry")
    assert answer.body == b""
    assert (b"X-Fakebackend", b"no entry") in answer.fields
    assert all(name != b"Content-Type" for name, _ in answer.fields)


def test_a_text_that_no_encoding_knows_is_escaped() -> None:
    assert plain_response(500, "\ud800ü", "x").body == b"\\ud800" + "ü".encode()


names = st.sampled_from([b"A", b"a", b"Content-Type", b"Set-Cookie", b"content-length", b"X-\xe9"])
fields = st.lists(st.tuples(names, st.binary(max_size=5)), max_size=4).map(tuple)
answers = st.builds(
    canned_response,
    st.one_of(st.sampled_from([200, 204, 205, 304, 404, 418, 599]), st.integers(200, 599)),
    st.binary(max_size=20),
    st.sampled_from([None, b"a/b", b"text/plain; charset=utf-8"]),
    fields.map(lambda pairs: fields_of(*pairs)),
)


@hypothesis.given(answers, st.sampled_from(["GET", "HEAD", "POST", "head"]), fields)
def test_a_response_is_what_mitmproxy_would_make(answer: CannedResponse, method: str, more: Fields) -> None:
    """Made in another way, it has the same type, parts and types of parts; only the time is its own."""
    content = b"" if method == "HEAD" else answer.body
    headers = http.Headers(answer.fields + more)
    made = make_response(answer, method=method, more=more)
    expected = http.Response(b"HTTP/1.1", answer.status, answer.reason, headers, content, None, 0.0, 0.0)
    made.timestamp_start = made.timestamp_end = 0.0
    assert (type(made), type(made.data), type(made.headers)) == (http.Response, http.ResponseData, http.Headers)
    assert made.data == expected.data
    assert made.get_state() == expected.get_state()
    assert (made.status_code, made.reason, made.headers.fields, made.raw_content, made.trailers, made.http_version) == (
        *(answer.status, answer.reason.decode(), answer.fields + more, content),
        *(None, "HTTP/1.1"),
    )
