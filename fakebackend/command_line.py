"""The command `fakebackend`."""

import json
import os
import sys
from collections.abc import Sequence
from urllib.parse import urlsplit

import click
from mitmproxy.tools import main as mitmproxy_tools

from fakebackend import __version__
from fakebackend.explanation import explain as explain_request
from fakebackend.given_request import GivenRequest
from fakebackend.http_method import is_method
from fakebackend.memory import Memory
from fakebackend.origin import DEFAULT_PORTS
from fakebackend.printable import escaped
from fakebackend.problems import Problem
from fakebackend.problems import ResponsesFileError
from fakebackend.responses_file import ResponsesFile

ADDON = os.path.join(os.path.dirname(os.path.abspath(__file__)), "addon.py")

_TOOLS = {"dump": "mitmdump", "console": "mitmproxy", "web": "mitmweb"}

_DEFAULT_FILE = "responses.json"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Answer a front-end's requests from a file of canned responses."""


@main.command(context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]})
@click.option("--ui", type=click.Choice(list(_TOOLS)), default="dump", show_default=True, help="mitmproxy's tool.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[MITMPROXY ARGUMENTS]...")
def run(ui: str, arguments: tuple[str, ...]) -> None:
    """Start mitmproxy with the fake backend.

    Everything but --ui goes to mitmproxy's tool as it is, for example
    -p 6000 --set responsesfile=other.json. `mitmdump --options` lists all options.
    """
    tool = getattr(mitmproxy_tools, _TOOLS[ui])
    sys.exit(tool(["-s", ADDON, *arguments]))


@main.command()
@click.argument("files", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON, for tools.")
def check(files: tuple[str, ...], as_json: bool) -> None:
    """Check responses files: all errors and warnings with line and column.

    Without FILES it checks responses.json. Exit status 0: usable, 1: an error.
    """
    problems: list[tuple[str, Problem]] = []
    for name in files or (_DEFAULT_FILE,):
        errors, warnings = _check(name)
        problems += [("error", problem) for problem in errors]
        problems += [("warning", problem) for problem in warnings]
        if not as_json:
            _print_check(name, errors, warnings)
    if as_json:
        click.echo(json.dumps([_as_json(level, problem) for level, problem in problems], indent=2, ensure_ascii=False))
    sys.exit(any(level == "error" for level, _ in problems))


@main.command()
@click.argument("file", default=_DEFAULT_FILE)
def routes(file: str) -> None:
    """List the entries of a file in winning order: who comes first answers first."""
    table = _read(file).table
    assert table is not None  # what cannot be read has ended the command
    entries = table.in_winning_order()
    width = max((len(entry.method) for entry in entries), default=0)
    for entry in entries:
        click.echo(escaped(f"{entry.method:{width}} {entry.url}  ({entry.place.file}:{entry.place.line})"))


@main.command()
@click.argument("request")
@click.option("--file", "file", default=_DEFAULT_FILE, show_default=True, help="The responses file.")
@click.option("--header", "headers", multiple=True, metavar="'NAME: VALUE'", help="A header field; may be repeated.")
@click.option("--json", "json_body", metavar="JSON", help="A JSON body.")
@click.option("--data", metavar="TEXT", help="A body as it is; urlencoded unless a header says otherwise.")
def explain(request: str, file: str, headers: Sequence[str], json_body: str | None, data: str | None) -> None:
    """Explain who answers a request, and why not the others.

    REQUEST is a method and a URL, as in "POST /login" or "GET https://api.example.com/rates";
    a URL alone is a GET. Exit status 0: an entry answers, 1: none, 2: the file is wrong.
    """
    given = _given(request, headers, json_body, data)
    table = _read(file).table
    assert table is not None  # what cannot be read has ended the command
    given.memory = Memory(table.state)
    explanation = explain_request(table, given)
    for line in explanation.lines():
        click.echo(line)
    sys.exit(explanation.winner is None)


def _read(name: str) -> ResponsesFile:
    file = ResponsesFile(os.path.abspath(os.path.expanduser(name)))
    try:
        file.read()
    except ResponsesFileError as e:
        click.echo(str(e), err=True)
        sys.exit(2)
    return file


def _check(name: str) -> tuple[Sequence[Problem], Sequence[Problem]]:
    file = ResponsesFile(os.path.abspath(os.path.expanduser(name)))
    try:
        file.read()
    except ResponsesFileError as e:
        return e.problems, e.warnings
    return (), file.warnings


def _print_check(name: str, errors: Sequence[Problem], warnings: Sequence[Problem]) -> None:
    for problem in errors:
        click.echo(f"{problem}")
    for problem in warnings:
        click.echo(f"{problem} (warning)")
    if not errors:
        click.echo(f"{escaped(name)}: good" + (f", {len(warnings)} warning(s)" if warnings else ""))


def _as_json(level: str, problem: Problem) -> dict[str, object]:
    place = problem.place
    return {
        "level": level,
        "file": place.file,
        "line": place.line or None,
        "column": place.column or None,
        "entry": problem.entry or None,
        "message": problem.text,
    }


def _given(request: str, headers: Sequence[str], json_body: str | None, data: str | None) -> GivenRequest:
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
    return GivenRequest(method.upper(), url, fields, body.encode("utf-8", "surrogateescape"))


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
