import pytest

from fakebackend.messages.form import MultiItems
from fakebackend.messages.request import MISSING
from fakebackend.messages.request import Request
from fakebackend.messages.request import values_of


class Fixed(Request):
    """A request whose header fields and body are known."""

    def __init__(self, headers: MultiItems | None = None, content: bytes | None = None) -> None:
        super().__init__("GET", "/a/../b%20c?x=1&x=2&y")
        self.__dict__.update(headers=headers or [], content=content)


def test_path_and_query_come_from_the_target() -> None:
    request = Request("GET", "/a/../b%20c?x=1&x=2&y")
    assert request.path == "/b c"
    assert request.query == [("x", "1"), ("x", "2"), ("y", "")]


def test_a_front_that_knows_no_more_has_nothing_else() -> None:
    request = Request("GET", "/")
    assert (request.origin, request.headers, request.content, request.form, request.text) == (None, [], None, [], None)
    assert request.json is MISSING
    assert (request.cookies, request.parts, request.files("a")) == ([], [], [])
    assert (request.url, request.host, request.port, request.client_ip) == ("/", "", None, "")
    assert repr(MISSING) == "missing"


def test_nothing_is_written_into_a_request() -> None:
    request = Request("GET", "/")
    with pytest.raises(AttributeError, match="nothing is written into a request, not method either"):
        request.method = "POST"


def test_a_request_with_another_method_is_another_request() -> None:
    request = Fixed([("a", "b")])
    other = request.with_method("PATCH")
    assert (request.method, other.method, other.path, other.headers) == ("GET", "PATCH", "/b c", [("a", "b")])


def test_a_request_with_another_path_keeps_its_target() -> None:
    request = Fixed([])
    other = request.with_path("/c")
    assert (request.path, other.path, other.target) == ("/b c", "/c", request.target)


def test_a_request_is_secure_by_its_url() -> None:
    class Secure(Request):
        url = "https://h/"

    assert Secure("GET", "/").is_secure
    assert not Request("GET", "/").is_secure


def test_header_names_are_case_insensitive_and_repeat_in_order() -> None:
    request = Fixed([("X-A", "1"), ("b", "2"), ("x-a", "3")])
    assert request.header_values("x-A") == ["1", "3"]
    assert request.header_values("c") == []


@pytest.mark.parametrize(
    ("values", "cookies"),
    [
        pytest.param(["a=1; b=2"], [("a", "1"), ("b", "2")], id="two"),
        pytest.param(["a=1", "b=2"], [("a", "1"), ("b", "2")], id="two-fields-as-in-http-2"),
        pytest.param(["a=1;a=2"], [("a", "1"), ("a", "2")], id="repeated"),
        pytest.param(['a="x y"; b="'], [("a", "x y"), ("b", '"')], id="quoted"),
        pytest.param(["a=b=c"], [("a", "b=c")], id="second-equals"),
        pytest.param(["a"], [("a", "")], id="name-alone"),
        pytest.param(["; =1;;a="], [("a", "")], id="without-name"),
        pytest.param(["a=%20+"], [("a", " +")], id="percent"),
        pytest.param(["a=%zz%ff", 'b="%C3%A9"'], [("a", "%zz\udcff"), ("b", "é")], id="odd-percent"),
    ],
)
def test_cookies(values: list[str], cookies: MultiItems) -> None:
    assert Fixed([("Cookie", value) for value in values]).cookies == cookies


@pytest.mark.parametrize(
    ("content", "value"),
    [
        pytest.param(b'{"a": [1, null]}', {"a": [1, None]}, id="object"),
        pytest.param(b"null", None, id="null-is-json"),
        pytest.param(b" 1.5\n", 1.5, id="white-space"),
        pytest.param('"é"'.encode(), "é", id="utf-8"),
        pytest.param(b'\xef\xbb\xbf"a"', "a", id="byte-order-mark"),
        pytest.param('"é"'.encode("utf-16"), "é", id="utf-16"),
        pytest.param(None, MISSING, id="none"),
        pytest.param(b"", MISSING, id="empty"),
        pytest.param(b"{", MISSING, id="broken"),
        pytest.param(b"{} {}", MISSING, id="two"),
        pytest.param(b"NaN", MISSING, id="nan"),
        pytest.param(b"[Infinity]", MISSING, id="infinity"),
        pytest.param(b'"\xff"', MISSING, id="no-utf-8"),
        pytest.param(b"9" * 5000, MISSING, id="5000-digits"),
        pytest.param(b"[" * 200_000, MISSING, id="nested-too-deep"),
        pytest.param(b"a=1&b=2", MISSING, id="form"),
    ],
)
def test_a_body_is_json_or_missing(content: bytes | None, value: object) -> None:
    assert Fixed(content=content).json == value


def test_values_of_a_name_are_readable() -> None:
    assert values_of([("a", "1"), ("b", "2"), ("a", "\udcff")], "a") == ["1", "\ufffd"]


def test_json_that_is_too_large_is_none_and_the_log_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("fakebackend.messages.request.LARGEST_BODY", 1 << 20)
    assert Fixed(content=b" " * (1 << 20) + b"1").json is MISSING
    assert caplog.messages == [
        "GET /a/../b%20c?x=1&x=2&y: the body is not looked at, no condition on it holds: it has more than 1 MiB"
    ]
