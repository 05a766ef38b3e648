import gzip

import pytest

from fakebackend.messages.request import MISSING
from fakebackend.proxy.synthetic_flow import SyntheticFlow


def request_of(url: str = "/a", *headers: tuple[str, str], method: str = "POST", body: bytes = b"") -> SyntheticFlow:
    return SyntheticFlow(method, url, headers, body)


@pytest.mark.parametrize(
    ("url", "origin", "target"),
    [
        pytest.param("/a?b=1", "None", "/a?b=1", id="path"),
        pytest.param("//h/a", "None", "//h/a", id="path-that-starts-with-two-slashes"),
        pytest.param("http://h/a?b=1", "http://h", "/a?b=1", id="absolute"),
        pytest.param("https://H:8443", "https://h:8443", "/", id="no-path"),
        pytest.param("https://h?a", "https://h", "/?a", id="no-path-but-a-query"),
        pytest.param("http://[::1]:8080/a", "http://[::1]:8080", "/a", id="ipv6"),
        pytest.param("http://bücher.example/a", "http://xn--bcher-kva.example", "/a", id="idna"),
    ],
)
def test_origin_and_target_of_a_url(url: str, origin: str, target: str) -> None:
    request = request_of(url)
    assert (str(request.origin), request.target) == (origin, target)
    assert request.flow.request.path == target


@pytest.mark.parametrize("url", ["http://[x/", "http://h:99999/", "http://h:x/"])
def test_what_is_no_url_is_a_value_error(url: str) -> None:
    with pytest.raises(ValueError, match=r"Invalid IPv6 URL|Port"):
        request_of(url)


def test_the_flow_of_the_filters_says_what_was_given() -> None:
    request = request_of("https://h:8443/a", ("A", "1"), ("a", "2"), method="PUT", body=b"x")
    flow = request.flow.request
    assert (flow.method, flow.scheme, flow.host, flow.port, flow.content) == ("PUT", "https", "h", 8443, b"x")
    assert request.header_values("A") == ["1", "2"]


def test_a_host_field_is_kept_as_given() -> None:
    assert request_of("https://h/", ("Host", "other")).header_values("host") == ["other"]


def test_a_body_is_decoded_as_that_of_a_flow() -> None:
    request = request_of("/", ("Content-Encoding", "gzip"), body=gzip.compress(b'{"a": 1}'))
    assert request.json == {"a": 1}
    assert request_of().json is MISSING


def test_bytes_of_the_command_line_that_are_no_utf_8_are_kept() -> None:
    request = request_of("/\udcff", ("A", "\udcff"))
    assert (request.path, request.header_values("a")) == ("/\udcff", ["\udcff"])
