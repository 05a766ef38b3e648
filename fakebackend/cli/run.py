"""`fakebackend run`: mitmproxy with the fake backend in it."""

import os
import secrets
import sys
from collections.abc import Sequence
from itertools import pairwise

import click
from mitmproxy.tools import main as mitmproxy_tools

import fakebackend
from fakebackend.cli import colours
from fakebackend.cli.given_file import STDIN
from fakebackend.cli.given_file import looks_like_file
from fakebackend.proxy import started_by_run
from fakebackend.reading.detect import has_known_ending

ADDON = os.path.join(os.path.dirname(os.path.abspath(fakebackend.__file__)), "addon.py")

_WITHOUT_VALUE = ("-n", "-q", "-v", "--quiet", "--verbose")
"""The options of mitmproxy's tools behind which a word is no value of theirs."""

_TOOLS = {"dump": "mitmdump", "console": "mitmproxy", "web": "mitmweb"}


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]})
@click.option("--ui", type=click.Choice(list(_TOOLS)), default="dump", show_default=True, help="mitmproxy's tool.")
@click.option("--admin", is_flag=True, help="Let tests control it over HTTP, with a token that is printed.")
@click.argument("arguments", nargs=-1, type=click.Path(allow_dash=True), metavar="[FILE] [MITMPROXY ARGUMENTS]...")
def run(ui: str, admin: bool, arguments: tuple[str, ...]) -> None:
    """Start mitmproxy with the fake backend.

    FILE is the responses file if it ends in .json, .jsonc, .yaml or .yml, or exists; without it that is
    responses.json. Everything else goes to mitmproxy's tool as it is, for example -p 8080.
    `mitmdump --options` lists all options. Each request is a line of the log, instead of mitmdump's own:
    --set responses_log=false and --set flow_detail=1 bring those back.
    """
    file: str | None = None
    _warn_of_file_behind(arguments)
    if arguments and arguments[0] != STDIN and looks_like_file(arguments[0]):
        if _sets(arguments, "responsesfile"):
            raise click.UsageError(f"the responses file is {arguments[0]}, and --set responsesfile names one, too")
        file = arguments[0]
        arguments = ("--set", f"responsesfile={file}", *arguments[1:])
    if admin and _sets(arguments, "responses_admin"):
        raise click.UsageError("--admin makes a token, and --set responses_admin is one, too")
    started_by_run.settings = started_by_run.RunSettings(
        file=file,
        token=secrets.token_urlsafe(24) if admin else None,
        keeps_flow_detail=_sets(arguments, "flow_detail"),
        keeps_columns=_sets(arguments, "web_columns"),
    )
    tool = getattr(mitmproxy_tools, _TOOLS[ui])
    sys.exit(tool(["-s", ADDON, *arguments]))


def _warn_of_file_behind(arguments: Sequence[str]) -> None:
    """Say that a file which is not the first word is mitmproxy's, which takes it for a filter expression."""
    for before, argument in pairwise(arguments):
        is_word = before in _WITHOUT_VALUE or not before.startswith("-")
        if is_word and has_known_ending(argument) and os.path.isfile(argument):
            text = f"{argument} is a filter expression there; as the responses file it stands first: run {argument} …"
            click.echo(colours.warning(text), err=True)


def _sets(arguments: Sequence[str], option: str) -> bool:
    """Tell whether arguments for mitmproxy set an option, by `--set` or by its own name."""
    own = f"--{option.replace('_', '-')}"
    return any(
        argument.split("=")[0] == own
        or argument.startswith(f"--set={option}")
        or (before == "--set" and argument.split("=")[0] == option)
        for before, argument in zip(("", *arguments), arguments, strict=False)
    )
