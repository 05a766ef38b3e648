"""The command `fakebackend`."""

import os
import sys

import click
from mitmproxy.tools import main as mitmproxy_tools

from fakebackend import __version__

ADDON = os.path.join(os.path.dirname(os.path.abspath(__file__)), "addon.py")

_TOOLS = {"dump": "mitmdump", "console": "mitmproxy", "web": "mitmweb"}


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
