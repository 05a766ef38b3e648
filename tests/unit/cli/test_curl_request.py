from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from fakebackend.cli.curl_request import CurlOptions
from fakebackend.cli.curl_request import curl_request
from fakebackend.cli.curl_request import is_json
from fakebackend.cli.curl_request import is_method_alone
from fakebackend.cli.curl_request import is_request
from fakebackend.proxy.synthetic_flow import SyntheticFlow
from tests.conftest import invoke

NO_OPTIONS = CurlOptions(None, (), (), (), (), ())


def requested(words: str | Sequence[str], **options: Any) -> SyntheticFlow:
    """Return the request that words and options describe."""
    return curl_request([words] if isinstance(words, str) else words, NO_OPTIONS._replace(**options))


@pytest.mark.parametrize(
    ("words", "options", "method", "url"),
    [
        pytest.param("/a?b=1", {}, "GET", "/a?b=1", id="path"),
        pytest.param("get  /a ", {}, "GET", "/a", id="letter-case-and-spaces"),
        pytest.param(["POST", "/a"], {}, "POST", "/a", id="two-words"),
        pytest.param("/a", {"method": "PURGE"}, "PURGE", "/a", id="option"),
        pytest.param("put /a", {"method": "PUT"}, "PUT", "/a", id="twice-the-same"),
        pytest.param("/a", {"data": ["x=1"]}, "POST", "/a", id="with-data"),
        pytest.param("/a", {"raw_data": ["x=1"]}, "POST", "/a", id="with-raw-data"),
        pytest.param("/a", {"json_body": ["1"]}, "POST", "/a", id="with-json"),
        pytest.param("GET /a", {"json_body": ["1"]}, "GET", "/a", id="named-although-there-is-a-body"),
        pytest.param("localhost:6000/a", {}, "GET", "http://localhost:6000/a", id="no-scheme"),
        pytest.param("api.example.com", {}, "GET", "http://api.example.com/", id="a-host-alone"),
        pytest.param("HTTPS://h:8443/a", {}, "GET", "https://h:8443/a", id="scheme-in-upper-case"),
        pytest.param("https://[::1]/a", {}, "GET", "https://::1/a", id="ipv6"),
    ],
)
def test_method_and_url_are_taken_as_curl_takes_them(
    words: str | Sequence[str], options: dict[str, Any], method: str, url: str
) -> None:
    request = requested(words, **options)
    origin = f"{request.origin.scheme}://{request.origin.host}" if request.origin else ""
    port = f":{request.origin.port}" if request.origin and request.origin.port not in (80, 443) else ""
    assert (request.method, f"{origin}{port}{request.target}") == (method, url)


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        pytest.param({}, [], id="none"),
        pytest.param({"headers": ["A: 1", "a:2"]}, [("A", "1"), ("a", "2")], id="repeated"),
        pytest.param({"headers": ["A;"]}, [("A", "")], id="empty"),
        pytest.param({"headers": ["A:"]}, [], id="left-out"),
        pytest.param({"cookies": ["a=1", "b=2; c=3"]}, [("Cookie", "a=1; b=2; c=3")], id="cookies"),
        pytest.param({"data": ["a"]}, [("Content-Type", "application/x-www-form-urlencoded")], id="form"),
        pytest.param(
            {"json_body": ["1"]}, [("Accept", "application/json"), ("Content-Type", "application/json")], id="json"
        ),
        pytest.param(
            {"json_body": ["1"], "headers": ["content-type: a/b", "Accept: *"]},
            [("content-type", "a/b"), ("Accept", "*")],
            id="another-type",
        ),
        pytest.param({"data": ["a"], "headers": ["Content-Type:"]}, [], id="no-type"),
    ],
)
def test_header_fields_are_those_that_curl_sends(options: dict[str, Any], fields: list[tuple[str, str]]) -> None:
    assert requested("/a", **options).headers == fields


@pytest.mark.parametrize(
    ("options", "content"),
    [
        pytest.param({"data": ["a=1", "b=2"]}, b"a=1&b=2", id="pairs"),
        pytest.param({"data": ["a=ä"]}, b"a=\xc3\xa4", id="utf-8"),
        pytest.param({"data": ["@body.txt"]}, b"a=1b=2", id="file-without-line-ends"),
        pytest.param({"raw_data": ["@body.txt"]}, b"@body.txt", id="no-file"),
        pytest.param({"data": ["a"], "raw_data": ["b"]}, b"a&b", id="both"),
        pytest.param({"json_body": ["@body.json"]}, b'{\n"a": 1}', id="json-file"),
        pytest.param({}, b"", id="none"),
    ],
)
def test_the_body_is_what_curl_sends(folder: Path, options: dict[str, Any], content: bytes) -> None:
    (folder / "body.txt").write_bytes(b"a=1\r\nb=2\n")
    (folder / "body.json").write_bytes(b'{\n"a": 1}')
    assert (requested("/a", **options).content or b"") == content


@pytest.mark.parametrize(
    ("words", "options", "said"),
    [
        pytest.param("user", {}, "expected a URL like '/user' or 'https://host/user', got 'user'", id="no-url"),
        pytest.param("GET http://[x/", {}, "expected a URL like", id="open-bracket"),
        pytest.param("GET http://h:x/", {}, "expected a URL like", id="no-port"),
        pytest.param("GET ftp://h/", {}, "expected a URL like", id="no-web"),
        pytest.param("* /a", {}, "expected a method and a URL, as in 'GET /user', got '* /a'", id="any-method"),
        pytest.param("a,b /a", {}, "expected a method and a URL", id="no-method"),
        pytest.param("/a", {"method": "a b"}, "expected a method, got 'a b'", id="no-method-option"),
        pytest.param("POST /a", {"method": "PUT"}, "the request is a POST, and -X says PUT", id="two-methods"),
        pytest.param("/a", {"headers": ["no colon"]}, "expected 'NAME: VALUE', got 'no colon'", id="no-header"),
        pytest.param("/a", {"headers": [": x"]}, "expected 'NAME: VALUE', got ': x'", id="no-name"),
        pytest.param("/a", {"headers": ["a b: x"]}, "expected 'NAME: VALUE', got 'a b: x'", id="no-token"),
        pytest.param("/a", {"headers": ["a: x\ny"]}, "expected 'NAME: VALUE'", id="two-lines"),
        pytest.param("/a", {"cookies": ["jar.txt"]}, "expected 'NAME=VALUE', got 'jar.txt'", id="no-cookie"),
        pytest.param("/a", {"json_body": ["{a: 1}"]}, "expected JSON, got '{a: 1}': Expecting", id="no-json"),
        pytest.param("/a", {"json_body": ["NaN"]}, "NaN is no JSON", id="nan"),
        pytest.param("/a", {"json_body": ["[" * 100_000]}, "expected JSON, got '[[[", id="too-deep"),
        pytest.param("/a", {"json_body": ["1", "2"]}, "expected one --json with a body", id="two-json"),
        pytest.param("/a", {"json_body": ["1"], "data": ["2"]}, "--json and --data exclude each other", id="two"),
        pytest.param("/a", {"data": ["@no.txt"]}, "'no.txt' cannot be read: no such file or directory", id="no-file"),
        pytest.param("/a", {"data": ["@a\0b"]}, "cannot be read: embedded null byte", id="no-file-name"),
    ],
)
def test_what_is_no_request_is_refused(folder: Path, words: str, options: dict[str, Any], said: str) -> None:
    with pytest.raises(click.UsageError) as caught:
        requested(words, **options)
    assert said in caught.value.format_message()


@pytest.mark.parametrize("option", ["-d", "--json"])
def test_a_body_may_come_by_standard_input(folder: Path, option: str) -> None:
    (folder / "responses.json").write_text('{"POST /a": {"$when": {"json": {"a": 1}}, "$body": 1}}')
    from fakebackend.cli.main import main

    result = CliRunner().invoke(main, ["explain", "/a", option, "@-"], input='{"a":\n1}')
    assert result.exit_code == 0


def test_what_a_copied_command_brings_along_is_ignored(folder: Path) -> None:
    (folder / "responses.json").write_text('{"POST /a": {"$when": {"form": {"a": "1"}}, "$body": 1}}')
    options = ["--compressed", "-s", "-i", "-k", "--insecure", "--data-raw", "a=1", "-b", "c=d"]
    assert invoke("explain", "http://localhost:8080/a", *options).exit_code == 0


@pytest.mark.parametrize(
    ("word", "request_", "json"),
    [
        ("GET /a", True, False),
        ("/a", True, False),
        ("https://h/", True, False),
        ("localhost:8080", True, False),
        ("a,b /a", False, False),
        ("responses.json", False, False),
        ('{"a": 1}', False, True),
        ("-1", False, True),
        ("{a: 1}", False, False),
    ],
)
def test_requests_and_json_are_told_apart(word: str, request_: bool, json: bool) -> None:
    assert (is_request(word), is_json(word)) == (request_, json)


@pytest.mark.parametrize(
    ("url", "options", "host"),
    [
        pytest.param("https://h:8443/a", {}, ["h:8443"], id="absolute"),
        pytest.param("https://h/a", {"headers": ["host: other"]}, ["other"], id="given"),
        pytest.param("/a", {}, [], id="path-alone"),
    ],
)
def test_a_url_brings_its_host_along(url: str, options: dict[str, Any], host: list[str]) -> None:
    assert list(requested(url, **options).header_values("host")) == host


def test_two_words_are_a_request_whatever_the_url_ends_in() -> None:
    assert requested(["GET", "https://h/data.json"]).target == "/data.json"
    assert requested(["POST", "/data.yaml"]).method == "POST"


@pytest.mark.parametrize(
    ("word", "is_method"),
    [("GET", True), ("get", True), ("M-SEARCH", True), ("/a", False), ("a.json", False), ("a b", False)],
)
def test_a_method_alone_is_seen(word: str, is_method: bool) -> None:
    assert is_method_alone(word) is is_method
