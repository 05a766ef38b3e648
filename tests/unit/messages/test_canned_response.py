import pytest

from fakebackend.messages.canned_response import CannedResponse
from fakebackend.messages.canned_response import canned_response
from fakebackend.messages.header_fields import HeaderFields

NO_STORE = (b"Cache-Control", b"no-store")


def test_an_answer_says_type_and_length_of_its_body() -> None:
    fields = ((b"Content-Type", b"text/plain"), (b"Content-Length", b"2"), NO_STORE)
    assert canned_response(200, b"hi", b"text/plain") == CannedResponse(200, b"OK", fields, b"hi")


@pytest.mark.parametrize(
    ("status", "fields"),
    [
        pytest.param(200, ((b"Content-Length", b"0"), NO_STORE), id="no-type-without-body"),
        pytest.param(204, (NO_STORE,), id="204"),
        pytest.param(205, ((b"Content-Length", b"0"), NO_STORE), id="205-says-its-length"),
        pytest.param(304, (NO_STORE,), id="304"),
    ],
)
def test_an_empty_answer(status: int, fields: object) -> None:
    assert canned_response(status).fields == fields


@pytest.mark.parametrize("status", [204, 205, 304])
def test_a_status_without_body_has_no_type(status: int) -> None:
    assert all(name != b"Content-Type" for name, _ in canned_response(status, b"", b"text/plain").fields)


def test_named_headers_win_over_ours_whatever_their_case_and_repeat_in_order() -> None:
    headers = HeaderFields(((b"content-TYPE", b"a/b"), (b"A", b"1"), (b"A", b"2")), frozenset({b"content-type", b"a"}))
    assert canned_response(200, b"", b"text/plain", headers).fields == (
        (b"Content-Length", b"0"),
        NO_STORE,
        (b"content-TYPE", b"a/b"),
        (b"A", b"1"),
        (b"A", b"2"),
    )


def test_a_removed_header_is_not_added() -> None:
    answer = canned_response(200, b"x", b"text/plain", HeaderFields((), frozenset({b"content-type"})))
    assert answer.fields == ((b"Content-Length", b"1"), NO_STORE)


@pytest.mark.parametrize(("status", "phrase"), [(200, b"OK"), (404, b"Not Found"), (599, b""), (299, b"")])
def test_reason_phrases_are_the_standard_ones_or_none(status: int, phrase: bytes) -> None:
    assert canned_response(status).reason == phrase
