"""`fakebackend explain`: who answers a request, and why not the others."""

import sys
from collections.abc import Sequence
from urllib.parse import urlsplit

import click

from fakebackend.cli.given_file import DEFAULT_FILE
from fakebackend.cli.given_file import read_table
from fakebackend.messages.methods import is_method
from fakebackend.messages.origin import DEFAULT_PORTS
from fakebackend.proxy.synthetic_flow import SyntheticFlow
from fakebackend.state.mock_state import MockState
from fakebackend.table.explanation import explain as explain_request


@click.command()
@click.argument("request")
@click.option("--file", "file", default=DEFAULT_FILE, show_default=True, help="The responses file.")
@click.option("--header", "headers", multiple=True, metavar="'NAME: VALUE'", help="A header field; may be repeated.")
@click.option("--json", "json_body", metavar="JSON", help="A JSON body.")
@click.option("--data", metavar="TEXT", help="A body as it is; urlencoded unless a header says otherwise.")
def explain(request: str, file: str, headers: Sequence[str], json_body: str | None, data: str | None) -> None:
    """Explain who answers a request, and why not the others.

    REQUEST is a method and a URL, as in "POST /login" or "GET https://api.example.com/rates";
    a URL alone is a GET. Exit status 0: an entry answers, 1: none, 2: the file is wrong.
    """
    given = _given(request, headers, json_body, data)
    table = read_table(file, "--file {}")
    explanation = explain_request(table, given, MockState(table.state))
    for line in explanation.lines():
        click.echo(line)
    sys.exit(explanation.winner is None)


def _given(request: str, headers: Sequence[str], json_body: str | None, data: str | None) -> SyntheticFlow:
    method, _, url = request.strip().rpartition(" ")
    method = method.strip() or "GET"
    if not is_method(method.upper()) or method == "*":
        raise click.BadParameter(f"expected a method and a URL, as in 'GET /user', got {request!r}")
    if not url.startswith("/") and not _is_absolute(url):
        raise click.BadParameter(f"expected a URL like '/user' or 'https://host/user', got {url!r}")
    if json_body is not None and data is not None:
        raise click.UsageError("--json and --data exclude each other")
    fields = [_header(header) for header in headers]
    body = data or ""
    if json_body is not None:
        body = json_body
        fields.append(("Content-Type", "application/json"))
    elif data is not None and not any(name.lower() == "content-type" for name, _ in fields):
        fields.append(("Content-Type", "application/x-www-form-urlencoded"))
    return SyntheticFlow(method.upper(), url, fields, body.encode("utf-8", "surrogateescape"))


def _is_absolute(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in DEFAULT_PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, an open bracket
        return False


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise click.BadParameter(f"expected 'NAME: VALUE', got {text!r}", param_hint="--header")
    return name.strip(), value.strip()
