import pytest

from fakebackend.messages.cors import CorsPolicy
from fakebackend.messages.cors import cors_fields
from fakebackend.messages.cors import parse_cors
from fakebackend.messages.header_fields import NO_HEADER_FIELDS
from fakebackend.messages.header_fields import Fields
from fakebackend.messages.header_fields import HeaderFields

APP = "http://localhost:3000"


def headers_of(*fields: tuple[bytes, bytes]) -> HeaderFields:
    return HeaderFields(fields, frozenset(name.lower() for name, _ in fields))


@pytest.mark.parametrize(
    ("text", "origin", "allowed"),
    [
        pytest.param("true", APP, True, id="true"),
        pytest.param("true", "null", True, id="true-null"),
        pytest.param(" True ", APP, True, id="capital"),
        pytest.param("false", APP, False, id="false"),
        pytest.param(APP, APP, True, id="listed"),
        pytest.param(APP + "/", APP, True, id="listed-with-slash"),
        pytest.param("HTTP://LocalHost:3000", APP, True, id="letter-case"),
        pytest.param(f"https://a.example, {APP}", APP, True, id="second-by-comma"),
        pytest.param(f"https://a.example {APP}", APP, True, id="second-by-space"),
        pytest.param(APP, "http://localhost:3001", False, id="other-port"),
        pytest.param(APP, "https://localhost:3000", False, id="other-scheme"),
        pytest.param(APP, "http://localhost:3000.evil.example", False, id="longer"),
        pytest.param(APP, "null", False, id="null-not-listed"),
        pytest.param("null", "null", True, id="null-listed"),
        pytest.param("http://[::1]:3000", "http://[::1]:3000", True, id="ipv6"),
        pytest.param("capacitor://localhost", "capacitor://localhost", True, id="app"),
        pytest.param("chrome-extension://abcdef", "chrome-extension://abcdef", True, id="extension"),
    ],
)
def test_which_origins_may_read(text: str, origin: str, allowed: bool) -> None:
    assert parse_cors(text).allows(origin) is allowed


@pytest.mark.parametrize(
    ("text", "named"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param(" , ", " , ", id="separators"),
        pytest.param("yes", "yes", id="yes"),
        pytest.param("*", "*", id="star"),
        pytest.param("localhost:3000", "localhost:3000", id="no-scheme"),
        pytest.param("http://localhost:3000/app", "http://localhost:3000/app", id="path"),
        pytest.param(f"{APP}, true", "true", id="true-beside-an-origin"),
        pytest.param("http://*.example.com", "http://*.example.com", id="wildcard"),
    ],
)
def test_what_is_refused(text: str, named: str) -> None:
    with pytest.raises(ValueError, match="responses_cors must be") as caught:
        parse_cors(text)
    expected = "true, false or origins like http://localhost:3000"
    assert str(caught.value) == f'responses_cors must be {expected}, got "{named}"'


def test_by_default_every_page_may_read() -> None:
    assert CorsPolicy().allows(APP)


BASE = (
    (b"Access-Control-Allow-Origin", APP.encode()),
    (b"Access-Control-Allow-Credentials", b"true"),
    (b"Vary", b"Origin"),
)


@pytest.mark.parametrize(
    ("headers", "added", "expected"),
    [
        pytest.param(NO_HEADER_FIELDS, (), BASE, id="none"),
        pytest.param(
            headers_of((b"X-Total", b"3"), (b"x-page", b"1"), (b"X-Total", b"4")),
            (),
            (*BASE, (b"Access-Control-Expose-Headers", b"X-Total, x-page")),
            id="own-are-exposed-once",
        ),
        pytest.param(
            headers_of((b"Set-Cookie", b"a=1"), (b"Allow", b"GET")),
            (),
            (*BASE, (b"Access-Control-Expose-Headers", b"Allow")),
            id="no-cookies",
        ),
        pytest.param(
            NO_HEADER_FIELDS,
            ((b"Content-Type", b"audio/wav"), (b"Content-Length", b"3"), (b"ETag", b'"1"'), (b"Date", b"now")),
            (*BASE, (b"Access-Control-Expose-Headers", b"ETag, Content-Range")),
            id="what-we-added-and-pages-cannot-read-otherwise",
        ),
        pytest.param(headers_of((b"access-control-allow-origin", b"*")), (), BASE[1:], id="own-origin-wins"),
        pytest.param(
            headers_of((b"VARY", b"Accept")),
            (),
            (*BASE[:2], (b"Access-Control-Expose-Headers", b"VARY")),
            id="own-vary-wins",
        ),
        pytest.param(
            headers_of((b"Access-Control-Expose-Headers", b"X-A"), (b"X-B", b"1")), (), BASE, id="own-exposed-win"
        ),
        pytest.param(
            HeaderFields((), frozenset({b"access-control-allow-credentials"})),
            (),
            (BASE[0], BASE[2]),
            id="null-takes-away",
        ),
    ],
)
def test_what_lets_a_page_read(headers: HeaderFields, added: Fields, expected: Fields) -> None:
    assert cors_fields(APP, headers, added) == expected


def test_an_origin_stays_one_line() -> None:
    [field, *_] = cors_fields("http://a\r\nSet-Cookie: b", NO_HEADER_FIELDS)
    assert b"\n" not in field[1]
    assert b"\r" not in field[1]
