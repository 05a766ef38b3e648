import pytest

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.matching.literal_path import LiteralPath
from fakebackend.matching.path_regex import PathRegex
from fakebackend.matching.path_template import PathTemplate
from fakebackend.matching.url_pattern import NO_BASE
from fakebackend.matching.url_pattern import Base
from fakebackend.matching.url_pattern import parse_base
from fakebackend.matching.url_pattern import parse_url_pattern
from fakebackend.messages.url_path import ENCODED_SLASH


@pytest.mark.parametrize(
    ("text", "path", "query", "origin"),
    [
        pytest.param("/", "/", (), "None", id="root"),
        pytest.param("/user", "/user", (), "None", id="plain"),
        pytest.param("/a b", "/a b", (), "None", id="space"),
        pytest.param("/a%20b", "/a b", (), "None", id="percent"),
        pytest.param("/a+b", "/a+b", (), "None", id="plus-in-the-path-is-a-plus"),
        pytest.param("/a%2Fb", f"/a{ENCODED_SLASH}b", (), "None", id="encoded-slash"),
        pytest.param("/a/../b/.", "/b/", (), "None", id="dot-segments"),
        pytest.param("/a/%2e%2E/b", "/b", (), "None", id="encoded-dots"),
        pytest.param("/a/{b}/../c", "/a/c", (), "None", id="dots-that-take-the-parameter"),
        pytest.param("/100%", "/100%", (), "None", id="stray-percent"),
        pytest.param("/a//b/", "/a//b/", (), "None", id="empty-segments"),
        pytest.param("/a%23b", "/a#b", (), "None", id="encoded-fragment-sign"),
        pytest.param("/a%7Bb%7D", "/a{b}", (), "None", id="encoded-braces"),
        pytest.param("/s?q=cats&p", "/s", (("p", None), ("q", "cats")), "None", id="query"),
        pytest.param("/s?", "/s", (), "None", id="empty-query"),
        pytest.param("/s?a=b?c", "/s", (("a", "b?c"),), "None", id="second-question-mark"),
        pytest.param("/s?x={a}", "/s", (("x", "{a}"),), "None", id="no-parameters-in-a-query"),
        pytest.param("https://h/a", "/a", (), "https://h", id="host"),
        pytest.param("https://h", "/", (), "https://h", id="host-alone"),
        pytest.param("//H:81/a?b", "/a", (("b", None),), "//h:81", id="either-scheme"),
    ],
)
def test_a_key_of_literals(text: str, path: str, query: object, origin: str) -> None:
    key = parse_url_pattern(text)
    assert (key.path, key.query, str(key.origin)) == (LiteralPath(path), query, origin)


@pytest.mark.parametrize(
    ("text", "names", "query"),
    [
        pytest.param("/users/{id}", ("id",), (), id="one"),
        pytest.param("/{a?}/{b#}?c=1", ("a?", "b#"), (("c", "1"),), id="odd-names"),
        pytest.param("https://h/{id}.json?c", ("id",), (("c", None),), id="host"),
    ],
)
def test_a_key_with_parameters(text: str, names: tuple[str, ...], query: object) -> None:
    key = parse_url_pattern(text)
    assert isinstance(key.path, PathTemplate)
    assert (key.path.names, key.query, key.text) == (names, query, text)


def test_a_regular_expression_takes_the_rest_of_the_key_as_it_is() -> None:
    key = parse_url_pattern("~^/a(?P<x>\\d)?#$")
    assert isinstance(key.path, PathRegex)
    assert (key.path.prefix, key.path.source, key.query) == ("", "^/a(?P<x>\\d)?#$", ())


@pytest.mark.parametrize(
    ("base", "text", "full"),
    [
        pytest.param("/api", "/user", "/api/user", id="prefix"),
        pytest.param("/api/", "/user", "/api/user", id="one-slash"),
        pytest.param("/", "/user", "/user", id="root"),
        pytest.param("/api", "/", "/api/", id="root-of-the-prefix"),
        pytest.param("/api", "/{id}?a=1", "/api/{id}?a=1", id="template"),
        pytest.param("/{tenant}", "/user", "/{tenant}/user", id="template-in-the-base"),
        pytest.param("https://h", "/user", "https://h/user", id="origin"),
        pytest.param("https://h:8443/v1/", "/user", "https://h:8443/v1/user", id="origin-and-prefix"),
        pytest.param("/api", "https://h/user", "https://h/api/user", id="prefix-behind-the-keys-host"),
        pytest.param("/api", "https://h", "https://h/api/", id="prefix-behind-a-host-alone"),
    ],
)
def test_the_base_stands_before_the_key(base: str, text: str, full: str) -> None:
    key = parse_url_pattern(text, parse_base(base))
    assert key == parse_url_pattern(full)
    assert key.text == full


def test_the_base_is_a_literal_prefix_of_a_regular_expression() -> None:
    key = parse_url_pattern("~^/x", parse_base("https://h/a%20(b)"))
    assert isinstance(key.path, PathRegex)
    assert (key.path.prefix, key.path.source, str(key.origin)) == ("/a (b)", "^/x", "https://h")
    assert key.text == "https://h/a%20(b)~^/x"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("/a%20b", "/a b", id="percent"),
        pytest.param("/a?x=1&y", "/a?y&x=1", id="order-of-the-query"),
        pytest.param("/a?x=a+b", "/a?x=a%20b", id="form"),
        pytest.param("/a/{x}", "/a/{y}", id="names-of-parameters"),
        pytest.param("/b/../a", "/a", id="dots"),
        pytest.param("https://H/a", "https://h:443/a", id="default-port"),
        pytest.param("https://h", "https://h/", id="no-path"),
    ],
)
def test_keys_for_exactly_the_same_requests_have_one_identity(one: str, other: str) -> None:
    assert parse_url_pattern(one).dedup_key == parse_url_pattern(other).dedup_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("/a", "/a/", id="trailing-slash"),
        pytest.param("/a", "/A", id="case"),
        pytest.param("/a%2Fb", "/a/b", id="encoded-slash"),
        pytest.param("/a?x", "/a?x=", id="any-and-empty"),
        pytest.param("/{x}", "/{x:int}", id="kinds"),
        pytest.param("/a", "//h/a", id="host"),
        pytest.param("//h/a", "https://h/a", id="scheme"),
        pytest.param("~/a", "/a", id="regular-expression"),
        pytest.param("~/a", "~/b", id="regular-expressions"),
    ],
)
def test_keys_for_different_requests_have_different_identities(one: str, other: str) -> None:
    assert parse_url_pattern(one).dedup_key != parse_url_pattern(other).dedup_key


@pytest.mark.parametrize(
    ("text", "error"),
    [
        pytest.param(
            "user",
            'a URL key starts with "/", "http://", "https://", "//" or "~", got "user", did you mean "/user"?',
            id="no-slash",
        ),
        *(
            pytest.param(
                f"{host}/x",
                f'a URL key starts with "/", "http://", "https://", "//" or "~", got "{host}/x", '
                f'did you mean "{slashes}{host}/x"?',
                id=host,
            )
            for host, slashes in [
                ("api.example.com", "//"),
                ("api.example.com:8080", "//"),
                ("localhost:3000", "//"),
                ("localhost", "//"),
                ("127.0.0.1", "//"),
                ("192.168.0.1:80", "//"),
                ("user", "/"),
                ("v1.2", "/"),
                ("users:7", "/"),
            ]
        ),
        pytest.param(
            "index.html",
            'a URL key starts with "/", "http://", "https://", "//" or "~", got "index.html", '
            'did you mean "/index.html"?',
            id="a-file",
        ),
        pytest.param("", 'a URL key starts with "/", "http://", "https://", "//" or "~", got ""', id="empty"),
        pytest.param(" /a", 'a URL key starts with "/", "http://", "https://", "//" or "~", got " /a"', id="space"),
        pytest.param("/a#b", 'a URL key has no fragment, got "/a#b"; a literal # is %23', id="fragment"),
        pytest.param("/a?b#c", 'a URL key has no fragment, got "/a?b#c"; a literal # is %23', id="fragment-in-query"),
        pytest.param("/a%ff", '"/a%ff" has percent-encoded bytes that are no UTF-8', id="no-utf-8"),
        pytest.param("/{a}%ff", '"/{a}%ff" has percent-encoded bytes that are no UTF-8', id="no-utf-8-in-a-template"),
        pytest.param("/a?b=%ff", '"/a?b=%ff" has percent-encoded bytes that are no UTF-8', id="no-utf-8-in-a-query"),
        pytest.param("~(", '"~(" is no regular expression: ', id="regular-expression"),
        pytest.param("~a{99999999999}", '"~a{99999999999}" is no regular expression: ', id="overflowing-expression"),
        pytest.param("ftp://h/a", 'the scheme must be "http" or "https", got "ftp"', id="scheme"),
        pytest.param("/{id", "a brace without its other half", id="brace"),
    ],
)
def test_a_wrong_key_is_refused(text: str, error: str) -> None:
    with pytest.raises(ValidationError) as caught:
        parse_url_pattern(text)
    assert str(caught.value).startswith(error)


def test_two_origins_are_refused() -> None:
    with pytest.raises(ValidationError, match=r'^"//h/a" names a host, and so does \$base, https://i$'):
        parse_url_pattern("//h/a", parse_base("https://i"))


def test_a_regular_expression_takes_no_parameters_from_the_base() -> None:
    with pytest.raises(ValidationError, match=r"^a ~regex key takes no parameters from \$base$"):
        parse_url_pattern("~x", parse_base("/{a}"))


@pytest.mark.parametrize("value", [7, None, "api", "", ["/api"], "ftp://h"])
def test_a_base_is_a_path_or_an_origin(value: object) -> None:
    with pytest.raises(ValidationError, match=r"^\$base must be a path"):
        parse_base(value)


@pytest.mark.parametrize("value", ["/api?a=1", "/api#a", "https://h?a"])
def test_a_base_has_neither_query_nor_fragment(value: str) -> None:
    with pytest.raises(ValidationError, match=r"^\$base has neither query nor fragment"):
        parse_base(value)


def test_a_base_is_checked_itself() -> None:
    with pytest.raises(ValidationError, match="a brace without its other half"):
        parse_base("/{a")
    assert parse_base("/") == NO_BASE == Base(None, "")
