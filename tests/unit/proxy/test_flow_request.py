import gzip
import zlib

import pytest
from mitmproxy import http

from fakebackend.messages.form import MultiItems
from fakebackend.messages.request import MISSING
from fakebackend.proxy.flow_request import FlowRequest
from tests.conftest import http_flow

MULTIPART = b"""\
--b\r
Content-Disposition: form-data; name="user"\r
\r
ann\r
--b\r
Content-Disposition: form-data; name="user"\r
\r
bob\r
--b\r
Content-Disposition: form-data; name="file"; filename="a.txt"\r
Content-Type: text/plain\r
\r
\xff\r
--b--\r
"""


def context_for(content: bytes | None, **headers: str) -> FlowRequest:
    """Return the view of a POST with the body; a field `content_type` is the header `Content-Type`."""
    flow = http_flow("POST", "/a?b=1")
    flow.request.headers = http.Headers()
    flow.request.raw_content = content
    for name, value in headers.items():
        flow.request.headers[name.replace("_", "-")] = value
    return FlowRequest(flow)


def test_method_target_and_fields_are_the_flows() -> None:
    request = context_for(b"", x_a="1")
    request.flow.request.headers.add("X-A", "2")
    assert (request.method, request.target, request.headers) == ("POST", "/a?b=1", [("x-a", "1"), ("X-A", "2")])


def test_bytes_that_are_no_utf_8_are_kept() -> None:
    flow = http_flow(path="/\udcff")
    flow.request.headers = http.Headers([(b"a", b"\xff")])
    request = FlowRequest(flow)
    assert (request.path, request.headers) == ("/\udcff", [("a", "\udcff")])


def test_the_origin_is_the_flows() -> None:
    assert str(context_for(b"").origin) == "http://api.example.com"
    assert FlowRequest(http_flow(host="localhost", port=8080)).origin is None


@pytest.mark.parametrize(
    ("content", "coding", "json"),
    [
        pytest.param(b'{"a": 1}', "", {"a": 1}, id="plain"),
        pytest.param(gzip.compress(b'{"a": 1}'), "gzip", {"a": 1}, id="gzip"),
        pytest.param(zlib.compress(b'{"a": 1}'), "deflate", {"a": 1}, id="deflate"),
        pytest.param(b'{"a": 1}', "gzip", MISSING, id="no-gzip"),
        pytest.param(b'{"a": 1}', "no-such-coding", MISSING, id="unknown-coding"),
        pytest.param(b'{"a": 1}', "identity", {"a": 1}, id="identity"),
        pytest.param(None, "", MISSING, id="streamed"),
        pytest.param(b"", "", MISSING, id="empty"),
    ],
)
def test_the_content_coding_is_undone(content: bytes | None, coding: str, json: object) -> None:
    headers = {"content_encoding": coding} if coding else {}
    request = context_for(content, **headers)
    assert request.json == json
    if json is MISSING and content:
        assert (request.content, request.text, request.form) == (None, None, [])


@pytest.mark.parametrize(
    ("content", "content_type", "text"),
    [
        pytest.param("é".encode(), None, "é", id="utf-8-unless-named"),
        pytest.param("é".encode("latin-1"), "text/plain; charset=latin-1", "é", id="charset"),
        pytest.param("é".encode("latin-1"), 'text/plain; charset="latin-1"', "é", id="charset-in-quotes"),
        pytest.param(b"\xff", None, None, id="no-utf-8"),
        pytest.param("é".encode(), "text/plain; charset=ascii", "Ã©", id="ascii-is-windows-1252-as-in-browsers"),
        pytest.param(b"\x81", "text/plain; charset=shift_jis", None, id="wrong-charset"),
        pytest.param(b"a\xff", "text/plain; charset=no-such", "a\ufffd", id="unknown-charset"),
        pytest.param(b"61", "text/plain; charset=hex", "61", id="a-codec-that-is-no-charset"),
        pytest.param(b"a", "text/plain; charset=a\0b", "a", id="charset-with-a-zero-byte"),
        pytest.param(b"a", "text/plain; charset=", "a", id="empty-charset"),
        pytest.param(b"a", "nonsense", "a", id="no-media-type"),
        pytest.param(b"", None, "", id="empty"),
        pytest.param(None, None, None, id="streamed"),
    ],
)
def test_the_text_is_decoded_by_the_charset(content: bytes | None, content_type: str | None, text: str | None) -> None:
    request = context_for(content, **({"content_type": content_type} if content_type else {}))
    assert request.text == text


@pytest.mark.parametrize(
    ("content", "content_type", "form"),
    [
        pytest.param(
            b"a=1&a=2&b+c=%C3%A9",
            "application/x-www-form-urlencoded",
            [("a", "1"), ("a", "2"), ("b c", "é")],
            id="urlencoded",
        ),
        pytest.param(b"a=1", "Application/X-WWW-Form-Urlencoded; charset=x", [("a", "1")], id="letter-case"),
        pytest.param(b"a=%ff\xff", "application/x-www-form-urlencoded", [("a", "\udcff\udcff")], id="no-utf-8"),
        pytest.param(None, "application/x-www-form-urlencoded", [], id="urlencoded-streamed"),
        pytest.param(b"a=1", "text/plain", [], id="another-type"),
        pytest.param(b"a=1", None, [], id="no-type"),
        pytest.param(
            MULTIPART,
            "multipart/form-data; boundary=b",
            [("user", "ann"), ("user", "bob"), ("file", "\udcff")],
            id="multipart",
        ),
        pytest.param(MULTIPART, "multipart/form-data", [], id="multipart-without-boundary"),
        pytest.param(MULTIPART, "multipart/form-data; boundary=c", [], id="multipart-with-another-boundary"),
        pytest.param(b"", "multipart/form-data; boundary=b", [], id="multipart-empty"),
        pytest.param(None, "multipart/form-data; boundary=b", [], id="multipart-streamed"),
    ],
)
def test_the_fields_of_a_form(content: bytes | None, content_type: str | None, form: MultiItems) -> None:
    request = context_for(content, **({"content_type": content_type} if content_type else {}))
    assert request.form == form


def test_a_compressed_form_is_a_form() -> None:
    request = context_for(
        gzip.compress(b"a=1"), content_encoding="gzip", content_type="application/x-www-form-urlencoded"
    )
    assert request.form == [("a", "1")]


def test_a_form_of_very_many_fields_is_none_and_the_log_says_so(caplog: pytest.LogCaptureFixture) -> None:
    request = context_for(b"a&" * 10_000, content_type="application/x-www-form-urlencoded")
    assert request.form == []
    [message] = caplog.messages
    assert message.endswith("no condition on it holds: a form has 10,000 fields at the most")


def test_a_body_that_would_be_too_large_is_none_and_the_log_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("fakebackend.messages.content_codings.LARGEST_BODY", 1 << 20)
    flow = http_flow()
    flow.request.headers["content-encoding"] = "gzip"
    flow.request.raw_content = gzip.compress(bytes(2 << 20))
    request = FlowRequest(flow)
    assert (request.content, request.text, request.json) == (None, None, MISSING)
    [message] = caplog.messages
    assert message.endswith("no condition on it holds: it decodes to more than 1 MiB")
