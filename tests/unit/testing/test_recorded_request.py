from base64 import b64encode
from typing import Any

import pytest

from fakebackend.testing.recorded_request import RecordedRequest

HOST = "127.0.0.1:8080"


def recorded(url: str = "/", content_type: str | None = None, body: Any = None) -> RecordedRequest:
    headers = [["Content-Type", content_type]] if content_type else []
    url = f"http://{HOST}{url}" if url.startswith("/") else url
    given = {"method": "POST", "url": url, "status": 404, "entry": None, "explanation": "no entry"}
    return RecordedRequest({**given, "headers": headers, "body": body}, HOST)


def base64_of(content: bytes) -> dict[str, str]:
    return {"base64": b64encode(content).decode()}


@pytest.mark.parametrize(
    ("content_type", "body", "text", "json"),
    [
        pytest.param("application/json", {"text": '{"a": "Ä"}'}, '{"a": "Ä"}', {"a": "Ä"}, id="json"),
        pytest.param(None, {"text": "[1]"}, "[1]", [1], id="json-without-a-type"),
        pytest.param("text/plain; charset=latin1", base64_of(b"\xc4"), "Ä", None, id="charset"),
        pytest.param('text/plain; CHARSET="latin1"', base64_of(b"\xc4"), "Ä", None, id="quoted-charset"),
        pytest.param(None, None, "", None, id="none"),
        pytest.param(None, {"length": 70_000, "sha256": "00"}, None, None, id="not-kept"),
    ],
)
def test_the_body_is_read_as_it_was_when_it_came(
    content_type: str | None, body: Any, text: str | None, json: Any
) -> None:
    request = recorded(content_type=content_type, body=body)
    assert (request.text, request.json) == (text, json)


def test_names_and_values_are_as_handlers_have_them() -> None:
    request = recorded("/a%20b/%C3%84?x=1&x=2", "Text/Plain")
    assert (request.path, request.query["x"], request.query.getlist("x")) == ("/a b/Ä", "1", ["1", "2"])
    assert request.headers["CONTENT-type"] == "Text/Plain"
    assert (request.method, request.status, request.entry, request.explanation) == ("POST", 404, None, "no entry")
    assert repr(request) == f"<POST http://{HOST}/a%20b/%C3%84?x=1&x=2 → 404>"


@pytest.mark.parametrize(
    ("content_type", "form"),
    [
        pytest.param("application/x-www-form-urlencoded; charset=utf-8", [("a", "1 2"), ("b", "")], id="form"),
        pytest.param("text/plain", [], id="no-form"),
    ],
)
def test_conditions_see_a_form_where_there_is_one(content_type: str, form: list[tuple[str, str]]) -> None:
    assert recorded(content_type=content_type, body={"text": "a=1+2&b="}).as_asked.form == form


def test_conditions_see_the_fields_and_files_of_a_multipart_body() -> None:
    part = 'Content-Disposition: form-data; name="{}"'
    text = "\r\n".join(
        ["--b", part.format("k"), "", "v", "--b", part.format('f"; filename="a.txt'), "", "x", "--b--", ""]
    )
    request = recorded(content_type='multipart/form-data; boundary="b"', body={"text": text}).as_asked
    assert request.form[0] == ("k", "v")
    assert [file.filename for file in request.files("f")] == ["a.txt"]
    assert (
        recorded(content_type="multipart/form-data; boundary=b", body={"length": 9, "sha256": "0"}).as_asked.form == []
    )


@pytest.mark.parametrize(
    ("body", "length"),
    [pytest.param({"length": 70_000, "sha256": "0"}, 70_000, id="long"), pytest.param(None, None, id="none")],
)
def test_of_a_body_that_was_too_long_the_length_is_known(body: Any, length: int | None) -> None:
    assert recorded(body=body).as_asked.length_only == length


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        pytest.param("/", None, id="directly"),
        pytest.param("https://api.example.com/a", "https://api.example.com", id="by-the-proxy"),
        pytest.param("http://127.0.0.1:8081/a", "http://127.0.0.1:8081", id="another-port"),
    ],
)
def test_conditions_see_where_it_was_to_go(url: str, origin: str | None) -> None:
    found = recorded(url).as_asked.origin
    assert (str(found) if found else None) == origin
    assert recorded("http://a?x=1").as_asked.target == "/?x=1"
    assert recorded("http://a/b#c?d").as_asked.target == "/b#c?d"
