"""`fakebackend run`: mitmproxy with the fake backend in it."""

import os
import sys

import click
from mitmproxy.tools import main as mitmproxy_tools

import fakebackend

ADDON = os.path.join(os.path.dirname(os.path.abspath(fakebackend.__file__)), "addon.py")

_TOOLS = {"dump": "mitmdump", "console": "mitmproxy", "web": "mitmweb"}


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]})
@click.option("--ui", type=click.Choice(list(_TOOLS)), default="dump", show_default=True, help="mitmproxy's tool.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[MITMPROXY ARGUMENTS]...")
def run(ui: str, arguments: tuple[str, ...]) -> None:
    """Start mitmproxy with the fake backend.

    Everything but --ui goes to mitmproxy's tool as it is, for example
    -p 6000 --set responsesfile=other.json. `mitmdump --options` lists all options.
    """
    tool = getattr(mitmproxy_tools, _TOOLS[ui])
    sys.exit(tool(["-s", ADDON, *arguments]))
