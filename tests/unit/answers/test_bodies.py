from typing import Any

import pytest

from fakebackend.answers.bodies import BODY_KINDS
from fakebackend.answers.bodies import Body
from fakebackend.diagnostics.validation_error import ValidationError

JSON = b"application/json"
TEXT = b"text/plain; charset=utf-8"
BYTES = b"application/octet-stream"


@pytest.mark.parametrize(
    ("key", "value", "body"),
    [
        pytest.param(
            "$body",
            {"a": [1, 1.5, True, None, "ü"]},
            Body('{"a": [1, 1.5, true, null, "ü"]}'.encode(), JSON),
            id="object",
        ),
        pytest.param("$body", None, Body(b"null", JSON), id="null"),
        pytest.param("$body", "text", Body(b'"text"', JSON), id="string"),
        pytest.param("$text", "Zoë\n", Body("Zoë\n".encode(), TEXT), id="text"),
        pytest.param("$text", "", Body(b"", TEXT), id="empty-text"),
        pytest.param("$base64", "AP8=", Body(b"\x00\xff", BYTES), id="base64"),
        pytest.param("$base64", " A P\n8\t= ", Body(b"\x00\xff", BYTES), id="base64-with-space"),
        pytest.param("$base64", "", Body(b"", BYTES), id="empty-base64"),
    ],
)
def test_a_body_becomes_bytes_and_a_media_type(key: str, value: Any, body: Body) -> None:
    assert BODY_KINDS[key].make(value) == body


@pytest.mark.parametrize(
    ("key", "value", "error"),
    [
        pytest.param(
            "$text", {"a": 1}, "$text must be a string, got an object; JSON goes into $body", id="text-object"
        ),
        pytest.param("$text", 1, "$text must be a string, got a number; JSON goes into $body", id="text-number"),
        pytest.param("$base64", None, "$base64 must be a string, got null", id="base64-null"),
        pytest.param("$base64", "AP8", 'with its padding, got "AP8"', id="base64-padding"),
        pytest.param("$base64", "A-_=", 'with its padding, got "A-_="', id="base64-url-alphabet"),
        pytest.param("$base64", "ü", 'with its padding, got "ü"', id="base64-not-ascii"),
        pytest.param("$base64", "AP8=AP8=", 'with its padding, got "AP8=AP8="', id="base64-inner-padding"),
    ],
)
def test_a_wrong_body_is_refused(key: str, value: Any, error: str) -> None:
    with pytest.raises(ValidationError) as caught:
        BODY_KINDS[key].make(value)
    assert str(caught.value).endswith(error)
