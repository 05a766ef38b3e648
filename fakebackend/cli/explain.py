"""`fakebackend explain`: who answers a request, and why not the others."""

import json
import sys
from collections.abc import Sequence

import click

from fakebackend.cli import colours
from fakebackend.cli.curl_request import CurlOptions
from fakebackend.cli.curl_request import curl_options
from fakebackend.cli.curl_request import curl_request
from fakebackend.cli.curl_request import is_json
from fakebackend.cli.curl_request import is_method_alone
from fakebackend.cli.curl_request import is_request
from fakebackend.cli.curl_request import is_url
from fakebackend.cli.given_file import file_option
from fakebackend.cli.given_file import looks_like_file
from fakebackend.cli.given_file import only_one
from fakebackend.cli.given_file import read_table
from fakebackend.state.mock_state import MockState
from fakebackend.table.explanation import explain as explain_request

_NO_BODY = ""
"""What `--json` is where nothing that could be a body follows it."""


@click.command()
@click.argument("words", nargs=-1, type=click.Path(allow_dash=True), metavar="REQUEST [FILE]")
@file_option
@curl_options
@click.option(
    *("--json", "json_values"),
    multiple=True,
    is_flag=False,
    flag_value=_NO_BODY,
    metavar="[JSON]",
    help="A JSON body. Without one: print the explanation as JSON, for tools.",
)
def explain(
    words: tuple[str, ...],
    named: tuple[str, ...],
    method: str | None,
    headers: Sequence[str],
    data: Sequence[str],
    raw_data: Sequence[str],
    cookies: Sequence[str],
    json_values: Sequence[str],
) -> None:
    """Explain who answers a request, and why not the others.

    REQUEST is a method and a URL, as in "POST /login" or "GET https://api.example.com/rates"; a URL alone is a
    GET, or with a body a POST. The options are curl's. Without FILE it reads responses.json.
    Exit status 0: an entry answers, 1: none, 2: the file or the request is wrong.
    """
    bodies, words = _bodies(json_values, words)
    request, files = _split(words)
    given = curl_request(request, CurlOptions(method, headers, data, raw_data, bodies, cookies))
    table = read_table(only_one((*files, *named)), "--file {}")
    explanation = explain_request(table, given, MockState(table.state))
    if len(bodies) < len(json_values):
        click.echo(json.dumps(explanation.as_data(), indent=2, ensure_ascii=False))
    else:
        for line in explanation.lines():
            click.echo(colours.marked(line))
    sys.exit(explanation.winner is None)


def _bodies(json_values: Sequence[str], words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what `--json` gives as bodies; a request or a file that stands behind it is one of the words."""
    bodies = []
    for value in json_values:
        if value == _NO_BODY:
            continue
        if is_json(value) or not (is_request(value) or looks_like_file(value)):
            bodies.append(value)
        elif is_request(value):
            words = (value, *words)
        else:
            words = (*words, value)
    return tuple(bodies), words


def _split(words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words of the request, which are one or two, and those behind them, which name files."""
    if words[:1] == ("curl",):  # pasted from a browser's developer tools
        words = words[1:]
    if not words:
        raise click.UsageError("expected a request, as in 'GET /user'")
    two = len(words) > 1 and is_method_alone(words[0]) and is_url(words[1])
    return (words[:2], words[2:]) if two else (words[:1], words[1:])
