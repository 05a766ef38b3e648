"""A request that is written as curl has it: `-X POST localhost:8080/login -H 'A: b' -d 'user=ann'`."""

import re
import sys
from collections.abc import Callable
from collections.abc import Sequence
from typing import Any
from typing import NamedTuple
from typing import TypeVar
from urllib.parse import urlsplit

import click

from fakebackend.cli.given_file import looks_like_file
from fakebackend.diagnostics.wording import reason_of
from fakebackend.messages.methods import TOKEN
from fakebackend.messages.origin import DEFAULT_PORTS
from fakebackend.messages.request import parse_json
from fakebackend.proxy.synthetic_flow import SyntheticFlow

Command = TypeVar("Command", bound=Callable[..., Any])

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_HOST = re.compile(r"(localhost|[\w-]+(\.[\w-]+)+|\[[0-9a-fA-F:.]+\])(:\d+)?(/|\?|\Z)")
_JSON_TYPE = "application/json"
_FORM_TYPE = "application/x-www-form-urlencoded"
_IGNORED = ("--compressed", "-i", "-k", "--insecure", "-L", "--location", "-s", "-v")
"""What copies of commands bring along, and what makes no difference here."""

_LINE_ENDS = re.compile(rb"[\r\n\0]+")  # what curl takes out of a file that `-d @file` names


class CurlOptions(NamedTuple):
    """What curl's options say of a request, as they were given."""

    method: str | None
    headers: Sequence[str]
    data: Sequence[str]
    raw_data: Sequence[str]
    json_body: Sequence[str]
    cookies: Sequence[str]


def curl_options(command: Command) -> Command:
    """Add curl's options, less `--json`, which says more than one thing here."""
    for option in (
        click.option("-X", "--request", "method", metavar="METHOD", help="The method."),
        click.option("-H", "--header", "headers", multiple=True, metavar="'NAME: VALUE'", help="A header field."),
        click.option("-d", "--data", "data", multiple=True, metavar="TEXT", help="A body; @FILE is that of a file."),
        click.option("--data-raw", "--data-binary", "raw_data", multiple=True, metavar="TEXT", help="Without @FILE."),
        click.option("-b", "--cookie", "cookies", multiple=True, metavar="'NAME=VALUE'", help="A cookie."),
        click.option(*_IGNORED, "ignored", is_flag=True, hidden=True, expose_value=False),
    ):
        command = option(command)
    return command


def is_request(word: str) -> bool:
    """Tell whether a word may be a request, or its URL."""
    method, space, url = word.strip().rpartition(" ")
    if not space and not url.startswith("/") and looks_like_file(url):
        return False  # a host might be called so, too, but hardly is
    return is_url(url) and (not space or re.fullmatch(TOKEN, method.strip()) is not None)


def is_json(text: str) -> bool:
    """Tell whether a text is JSON."""
    return _json_error(text) is None


def curl_request(words: Sequence[str], options: CurlOptions) -> SyntheticFlow:
    """Return the request that `GET /user`, as one word or two, or a URL alone and curl's options describe.

    Raises `click.UsageError` for what is no request.
    """
    written = " ".join(words).strip()
    method, _, url = written.rpartition(" ")
    method = _method(method.strip(), options, written)
    if not is_url(url):
        raise click.BadParameter(f"expected a URL like '/user' or 'https://host/user', got {url!r}")
    if not url.startswith("/") and not _SCHEME.match(url):
        url = f"http://{url}"
    body, content_type = _body(options)
    headers, removed = _headers(options)
    named = {name.lower() for name, _ in headers} | removed
    if not url.startswith("/") and "host" not in named:
        headers.insert(0, ("Host", urlsplit(url).netloc.rpartition("@")[2]))
    if content_type == _JSON_TYPE and "accept" not in named:
        headers.append(("Accept", _JSON_TYPE))
    if content_type and "content-type" not in named:
        headers.append(("Content-Type", content_type))
    return SyntheticFlow(method, url, headers, body)


def _method(word: str, options: CurlOptions, written: str) -> str:
    if word and options.method and word.upper() != options.method.upper():
        raise click.UsageError(f"the request is a {word}, and -X says {options.method}: one of them must go")
    has_body = options.data or options.raw_data or options.json_body
    method = (word or options.method or ("POST" if has_body else "GET")).upper()
    if method == "*" or re.fullmatch(TOKEN, method) is None:
        if options.method and not word:
            raise click.BadParameter(f"expected a method, got {options.method!r}", param_hint="-X")
        raise click.BadParameter(f"expected a method and a URL, as in 'GET /user', got {written!r}")
    return method


def is_method_alone(word: str) -> bool:
    """Tell whether a word may be a method whose URL is the next word."""
    return word.isalpha() or (re.fullmatch(TOKEN, word) is not None and not is_url(word) and not looks_like_file(word))


def is_url(word: str) -> bool:
    """Tell whether a word is a path, or a URL with or without its scheme."""
    if word.startswith("/"):
        return True
    if not _SCHEME.match(word) and not _HOST.match(word):
        return False
    try:
        parts = urlsplit(word if _SCHEME.match(word) else f"http://{word}")
        return parts.scheme in DEFAULT_PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, an open bracket
        return False


def _headers(options: CurlOptions) -> tuple[list[tuple[str, str]], set[str]]:
    """Return the header fields, and the names of those that curl would leave out: `-H 'Accept:'`."""
    fields: list[tuple[str, str]] = []
    removed: set[str] = set()
    for text in options.headers:
        name, separator, value = text.partition(":")
        if not separator and text.endswith(";"):
            name, separator = text[:-1], ";"  # curl's spelling of an empty one
        if not separator or re.fullmatch(TOKEN, name.strip()) is None or re.search(r"[\r\n\0]", value):
            raise click.BadParameter(f"expected 'NAME: VALUE', got {text!r}", param_hint="--header")
        if separator == ":" and not value.strip():
            removed.add(name.strip().lower())
        else:
            fields.append((name.strip(), value.strip()))
    if options.cookies:
        if wrong := next((cookie for cookie in options.cookies if "=" not in cookie), None):
            raise click.BadParameter(f"expected 'NAME=VALUE', got {wrong!r}", param_hint="--cookie")
        fields.append(("Cookie", "; ".join(options.cookies)))
    return fields, removed


def _body(options: CurlOptions) -> tuple[bytes, str]:
    """Return the body and its type; several `-d` are pairs of one form, as for curl."""
    if options.json_body:
        if options.data or options.raw_data:
            raise click.UsageError("--json and --data exclude each other")
        if len(options.json_body) > 1:
            raise click.UsageError("expected one --json with a body")
        text = options.json_body[0]
        content = _content_of(text[1:], "--json") if text.startswith("@") else _encoded(text)
        if (wrong := _json_error(content)) is not None:
            raise click.BadParameter(f"expected JSON, got {_shown(content)}: {wrong}", param_hint="--json")
        return content, _JSON_TYPE
    pieces = [_piece(text) for text in options.data] + [_encoded(text) for text in options.raw_data]
    return b"&".join(pieces), _FORM_TYPE if pieces else ""


def _piece(text: str) -> bytes:
    return _LINE_ENDS.sub(b"", _content_of(text[1:], "--data")) if text.startswith("@") else _encoded(text)


def _content_of(name: str, option: str) -> bytes:
    try:
        if name == "-":
            return sys.stdin.buffer.read()
        with open(name, "rb") as file:
            return file.read()
    except (OSError, ValueError) as e:
        raise click.BadParameter(f"{name!r} cannot be read: {reason_of(e)}", param_hint=option) from None


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _shown(content: bytes) -> str:
    text = content.decode("utf-8", "backslashreplace")
    return repr(text if len(text) <= 60 else text[:60] + "…")


def _json_error(text: str | bytes) -> str | None:
    try:
        parse_json(text)
    except (ValueError, RecursionError) as e:
        return str(e)
    return None
