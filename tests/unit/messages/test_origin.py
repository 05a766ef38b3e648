import pytest

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.messages.origin import Origin
from fakebackend.messages.origin import canonical_host
from fakebackend.messages.origin import split_origin


@pytest.mark.parametrize(
    ("text", "origin", "rest"),
    [
        pytest.param("/a", None, "/a", id="none"),
        pytest.param("https://api.example.com/a", Origin("https", "api.example.com", 443), "/a", id="https"),
        pytest.param("http://h/a", Origin("http", "h", 80), "/a", id="http"),
        pytest.param("http://h:8080/a", Origin("http", "h", 8080), "/a", id="port"),
        pytest.param("//h/a", Origin(None, "h", None), "/a", id="either-scheme"),
        pytest.param("//h:8080/a", Origin(None, "h", 8080), "/a", id="either-scheme-with-port"),
        pytest.param("HTTPS://API.Example.COM/A", Origin("https", "api.example.com", 443), "/A", id="letter-case"),
        pytest.param("https://h", Origin("https", "h", 443), "", id="no-path"),
        pytest.param("https://h?a=1", Origin("https", "h", 443), "?a=1", id="query-at-once"),
        pytest.param("https://[::1]:8443/a", Origin("https", "::1", 8443), "/a", id="ipv6-with-port"),
        pytest.param("//[::1]/a", Origin(None, "::1", None), "/a", id="ipv6"),
        pytest.param("https://h./a", Origin("https", "h", 443), "/a", id="trailing-dot"),
        pytest.param("https://bücher.example/", Origin("https", "xn--bcher-kva.example", 443), "/", id="idna"),
    ],
)
def test_an_origin_is_split_off(text: str, origin: Origin | None, rest: str) -> None:
    assert split_origin(text) == (origin, rest)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        pytest.param("ftp://h/a", 'the scheme must be "http" or "https", got "ftp"', id="scheme"),
        pytest.param("///a", 'a host is expected after //, got ""', id="no-host"),
        pytest.param("https://ann@h/", 'a host is expected after //, got "ann@h"', id="user"),
        pytest.param("https://{host}/", 'a host is expected after //, got "{host}"', id="parameter"),
        pytest.param("https://a b/", 'a host is expected after //, got "a b"', id="space"),
        pytest.param("https://[::1/", "a host is expected after //, got ", id="open-bracket"),
        pytest.param("https://h:/", 'a port is a number from 1 to 65535, got ""', id="empty-port"),
        pytest.param("https://h:0/", 'a port is a number from 1 to 65535, got "0"', id="port-0"),
        pytest.param("https://h:65536/", 'a port is a number from 1 to 65535, got "65536"', id="port-too-high"),
        pytest.param("https://h:x/", 'a port is a number from 1 to 65535, got "x"', id="port-no-number"),
        pytest.param("//h:" + "9" * 5000, "a port is a number from 1 to 65535, got ", id="port-of-5000-digits"),
    ],
)
def test_an_origin_that_no_request_has_is_refused(text: str, error: str) -> None:
    with pytest.raises(ValidationError) as caught:
        split_origin(text)
    assert str(caught.value).startswith(error)


@pytest.mark.parametrize(
    ("host", "canonical"),
    [
        ("Example.COM", "example.com"),
        ("example.com.", "example.com"),
        ("[::1]", "::1"),
        ("ÜBER.example", "xn--ber-goa.example"),
        ("ü" * 70, "ü" * 70),
    ],
    ids=["case", "dot", "brackets", "idna", "no-idna"],
)
def test_hosts_are_compared_in_one_form(host: str, canonical: str) -> None:
    assert canonical_host(host) == canonical


@pytest.mark.parametrize(
    ("request_origin", "expected"),
    [
        pytest.param("https://h/", [["//h:443"], ["https://h"], ["//h"]], id="default-port"),
        pytest.param("https://h:8443/", [["https://h:8443", "//h:8443"], ["//h"]], id="port-of-its-own"),
        pytest.param("http://h:443/", [["http://h:443", "//h:443"], ["//h"]], id="the-other-schemes-port"),
    ],
)
def test_keys_may_name_an_origin_in_each_form_with_port_then_scheme_then_host(
    request_origin: str, expected: list[list[str]]
) -> None:
    origin, _ = split_origin(request_origin)
    assert origin is not None
    groups = origin.generalised()
    assert [list(map(str, group)) for group in groups] == expected
    assert [sorted({o.specificity for o in group}) for group in groups] == [[o.specificity] for o, *_ in groups]


def test_a_scheme_that_no_key_can_have_is_an_origin_like_any_other() -> None:
    """A saved flow may hold whatever was put into it."""
    origin = Origin("", "h", 80)
    assert [list(map(str, group)) for group in origin.generalised()] == [["//h:80", "//h:80"], ["//h"]]


@pytest.mark.parametrize("text", ["https://h", "http://h:81", "//h", "//h:80", "https://[::1]:1", "//[::1]"])
def test_an_origin_is_written_as_keys_spell_it(text: str) -> None:
    assert str(split_origin(text + "/")[0]) == text
