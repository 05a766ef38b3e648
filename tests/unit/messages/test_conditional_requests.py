import pytest

from fakebackend.messages.canned_response import CannedResponse
from fakebackend.messages.canned_response import canned_response
from fakebackend.messages.conditional_requests import conditional_response
from fakebackend.messages.conditional_requests import is_conditional
from fakebackend.messages.header_fields import HeaderFields
from fakebackend.messages.representation import FileTooLargeError
from fakebackend.messages.representation import Representation
from fakebackend.messages.representation import representation_in_memory
from tests.conftest import given

CHANGED = 1_000_000_000.0
THEN = "Sun, 09 Sep 2001 01:46:40 GMT"
BEYOND = f"Mon, 01 Jan {'9' * 20} 00:00:00 GMT"
BEFORE = "Sun, 09 Sep 2001 01:46:39 GMT"
BODY = b"0123456789"


def asked(
    *headers: tuple[str, str],
    method: str = "GET",
    own: HeaderFields | None = None,
    content: Representation | None = None,
) -> CannedResponse:
    answer = canned_response(200, b"", b"audio/wav", own or HeaderFields(), b"no-cache")
    return conditional_response(
        answer, given(f"{method} /a.wav", headers), content or representation_in_memory(BODY, CHANGED)
    )


def header(answer: CannedResponse, name: str) -> str | None:
    values = [value.decode() for key, value in answer.fields if key.lower() == name.lower().encode()]
    assert len(values) <= 1
    return values[0] if values else None


TAG = header(asked(), "ETag") or ""


def own(name: bytes, value: bytes | None) -> HeaderFields:
    return HeaderFields(() if value is None else ((name, value),), frozenset({name.lower()}))


def test_the_whole_file_says_what_to_ask_by() -> None:
    answer = asked()
    assert (answer.status, answer.body) == (200, BODY)
    names = ("Content-Type", "Content-Length", "Cache-Control", "Last-Modified", "Accept-Ranges")
    assert [header(answer, name) for name in names] == ["audio/wav", "10", "no-cache", THEN, "bytes"]
    assert TAG.startswith('"')


def test_another_content_of_the_same_time_has_another_tag() -> None:
    """File times are coarse; a second save within one tick must be seen."""
    assert header(asked(content=representation_in_memory(b"other", CHANGED)), "ETag") != TAG


@pytest.mark.parametrize(
    ("headers", "status", "body", "content_range"),
    [
        pytest.param([("Range", "bytes=0-")], 206, BODY, "bytes 0-9/10", id="all"),
        pytest.param([("Range", "bytes=2-4")], 206, b"234", "bytes 2-4/10", id="part"),
        pytest.param([("Range", "bytes=8-99")], 206, b"89", "bytes 8-9/10", id="beyond-the-end"),
        pytest.param([("Range", "bytes=-3")], 206, b"789", "bytes 7-9/10", id="suffix"),
        pytest.param([("Range", "bytes=10-")], 416, b"", "bytes */10", id="behind-the-end"),
        pytest.param([("Range", "bytes=-")], 416, b"", "bytes */10", id="no-number"),
        pytest.param([("Range", f"bytes={'9' * 5000}-")], 416, b"", "bytes */10", id="huge"),
        pytest.param([("Range", "bytes=-" + " " * 1_000_000 + "x")], 200, BODY, None, id="very-many-spaces"),
        pytest.param([("Range", "bytes=0-1,3-4")], 200, BODY, None, id="several-ranges"),
        pytest.param([("Range", "bytes=0-1"), ("Range", "bytes=3-4")], 200, BODY, None, id="several-fields"),
        pytest.param([("Range", "items=0-1")], 200, BODY, None, id="other-unit"),
        pytest.param([("Range", "nonsense")], 200, BODY, None, id="nonsense"),
        pytest.param([("Range", "bytes=2-4"), ("If-Range", TAG)], 206, b"234", "bytes 2-4/10", id="if-range-holds"),
        pytest.param([("Range", "bytes=2-4"), ("If-Range", THEN)], 206, b"234", "bytes 2-4/10", id="if-range-by-date"),
        pytest.param([("Range", "bytes=2-4"), ("If-Range", '"x"')], 200, BODY, None, id="if-range-fails"),
        pytest.param([("Range", "bytes=2-4"), ("If-None-Match", TAG)], 304, b"", None, id="conditions-come-first"),
        pytest.param([("Range", "bytes=2-4"), ("If-None-Match", '"x"')], 206, b"234", "bytes 2-4/10", id="changed"),
    ],
)
def test_ranges(headers: list[tuple[str, str]], status: int, body: bytes, content_range: str | None) -> None:
    answer = asked(*headers)
    assert (answer.status, answer.body, header(answer, "Content-Range")) == (status, body, content_range)
    if status != 304:
        assert header(answer, "Content-Length") == str(len(body))
        assert header(answer, "Accept-Ranges") == "bytes"
        assert header(answer, "Content-Type") == ("audio/wav" if body else None)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param([("If-None-Match", TAG)], 304, id="same-tag"),
        pytest.param([("If-None-Match", f'"x", W/{TAG}')], 304, id="one-of-several"),
        pytest.param([("If-None-Match", '"x"'), ("If-None-Match", TAG)], 304, id="several-fields"),
        pytest.param([("If-None-Match", "*")], 304, id="any-tag"),
        pytest.param([("If-None-Match", '"x"')], 200, id="other-tag"),
        pytest.param([("If-Modified-Since", THEN)], 304, id="not-modified"),
        pytest.param([("If-Modified-Since", BEFORE)], 200, id="modified"),
        pytest.param([("If-Modified-Since", "yesterday")], 200, id="no-date"),
        pytest.param([("If-Modified-Since", BEYOND)], 200, id="date-beyond-time"),
        pytest.param([("Range", "bytes=0-1"), ("If-Range", BEYOND)], 200, id="range-of-a-date-beyond-time"),
        pytest.param([("If-None-Match", '"x"'), ("If-Modified-Since", THEN)], 200, id="tag-before-date"),
        pytest.param([("If-Match", TAG)], 200, id="match"),
        pytest.param([("If-Match", "*")], 200, id="match-any"),
        pytest.param([("If-Match", '"x"')], 412, id="no-match"),
    ],
)
def test_conditions(headers: list[tuple[str, str]], status: int) -> None:
    answer = asked(*headers)
    assert (answer.status, answer.body) == (status, BODY if status == 200 else b"")
    assert header(answer, "Content-Type") == ("audio/wav" if status == 200 else None)
    assert header(answer, "Content-Length") == {200: "10", 304: None, 412: "0"}[status]
    assert header(answer, "ETag") == TAG


def test_head_has_the_length_of_the_whole() -> None:
    assert header(asked(("Range", "bytes=0-1"), method="HEAD"), "Content-Length") == "10"
    assert asked(("If-None-Match", TAG), method="HEAD").status == 304


@pytest.mark.parametrize(
    ("status", "method", "expected"),
    [
        pytest.param(200, "GET", True, id="get"),
        pytest.param(200, "HEAD", True, id="head"),
        pytest.param(200, "POST", False, id="post"),
        pytest.param(404, "GET", False, id="error"),
    ],
)
def test_conditions_count_for_what_a_cache_may_hold(status: int, method: str, expected: bool) -> None:
    assert is_conditional(status, method) is expected


@pytest.mark.parametrize(
    ("method", "headers", "status", "read", "content_range"),
    [
        pytest.param("GET", [("Range", "bytes=5-9")], 206, (5, 10), "bytes 5-9/200000000", id="part"),
        pytest.param(
            "GET", [("Range", "bytes=-3")], 206, (199999997, 200000000), "bytes 199999997-199999999/200000000", id="end"
        ),
        pytest.param(
            "GET", [("Range", "bytes=7-")], 206, (7, 67108871), "bytes 7-67108870/200000000", id="a-beginning"
        ),
        pytest.param("GET", [("If-None-Match", '"t"')], 304, None, None, id="unchanged"),
        pytest.param("GET", [("If-Match", '"x"')], 412, None, None, id="changed"),
        pytest.param("GET", [("Range", "bytes=200000000-")], 416, None, "bytes */200000000", id="beyond"),
        pytest.param("HEAD", [], 200, None, None, id="head"),
    ],
)
def test_of_a_large_file_only_what_is_sent_is_read(
    method: str, headers: list[tuple[str, str]], status: int, read: tuple[int, int] | None, content_range: str | None
) -> None:
    parts = []

    def note(start: int, stop: int) -> bytes:
        parts.append((start, stop))
        return b"part"

    answer = asked(*headers, method=method, content=Representation(200_000_000, CHANGED, "t", note))
    assert (answer.status, header(answer, "Content-Range")) == (status, content_range)
    assert parts == ([read] if read else [])
    assert (header(answer, "Content-Length") == "200000000") is (method == "HEAD")


def test_all_of_a_large_file_is_refused() -> None:
    with pytest.raises(FileTooLargeError, match=r"200,000,000 bytes.*67,108,864 is sent only in parts \(Range\)"):
        asked(content=Representation(200_000_000, CHANGED, "t", lambda *_: b""))


def test_an_empty_file_has_no_parts() -> None:
    answer = asked(("Range", "bytes=0-"), content=representation_in_memory(b"", CHANGED))
    assert (answer.status, header(answer, "Content-Length")) == (200, "0")


@pytest.mark.parametrize(
    ("headers", "name", "value"),
    [
        pytest.param(own(b"ETag", b'"mine"'), "ETag", '"mine"', id="etag"),
        pytest.param(own(b"etag", None), "ETag", None, id="no-etag"),
        pytest.param(own(b"Vary", b"Accept"), "Vary", "Accept", id="vary"),
        pytest.param(own(b"Last-Modified", BEFORE.encode()), "Last-Modified", BEFORE, id="date"),
        pytest.param(own(b"Cache-Control", b"max-age=60"), "Cache-Control", "max-age=60", id="caching"),
        pytest.param(own(b"Accept-Ranges", b"none"), "Accept-Ranges", "none", id="ranges"),
        pytest.param(own(b"Accept-Ranges", None), "Accept-Ranges", None, id="no-ranges"),
    ],
)
def test_what_the_entry_says_wins(headers: HeaderFields, name: str, value: str | None) -> None:
    assert header(asked(own=headers), name) == value


def test_an_entry_without_ranges_gives_the_whole() -> None:
    assert asked(("Range", "bytes=0-1"), own=own(b"Accept-Ranges", b"none")).status == 200


def test_an_entrys_own_tag_is_compared() -> None:
    assert asked(("If-None-Match", '"mine"'), own=own(b"ETag", b'"mine"')).status == 304


def test_repeated_headers_stay() -> None:
    fields = ((b"Set-Cookie", b"a=1"), (b"Set-Cookie", b"b=\xe4"))
    answer = asked(("Range", "bytes=0-1"), own=HeaderFields(fields, frozenset({b"set-cookie"})))
    assert [field for field in answer.fields if field[0] == b"Set-Cookie"] == list(fields)
