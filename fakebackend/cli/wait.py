"""`fakebackend wait`: until the fake backend accepts requests."""

import math
import re
import sys

import click

from fakebackend.cli import colours
from fakebackend.cli.accepting import wait_until_accepting
from fakebackend.diagnostics.escaping import escape_control
from fakebackend.diagnostics.wording import reason_of

_NO_HOST = re.compile(r"[^:]*:[^:]*|.*[\s/\[\]].*|")
"""What is a URL, or has a port with it, or is empty."""


@click.command()
@click.option("-p", "--port", type=click.IntRange(1, 65_535), required=True, help="The port that is listened at.")
@click.option("--host", default="localhost", show_default=True, help="A name or an address.")
@click.option(
    *("--timeout", "seconds"),
    type=float,
    default=30,
    show_default=True,
    metavar="SECONDS",
    help="When to give up; 0 tries once.",
)
def wait(port: int, host: str, seconds: float) -> None:
    """Wait until requests are accepted at a port, for scripts that have started the fake backend.

    It only connects and sends nothing, so that no request is counted or logged.
    Exit status 0: requests are accepted, 1: they were not in that time.
    """
    _check(host, seconds)
    where = escape_control(f"[{host}]:{port}" if ":" in host else f"{host}:{port}")
    try:
        wait_until_accepting(host, port, seconds)
    except OSError as e:
        after = f" after {seconds:g} s" if seconds else ""
        click.echo(colours.error(f"{where} accepts no requests{after}: {escape_control(reason_of(e))}"), err=True)
        sys.exit(1)
    click.echo(colours.good(f"{where} accepts requests"))


def _check(host: str, seconds: float) -> None:
    """Raise `click.BadParameter` for what can be no host and no time."""
    if not _is_host(host):
        text = f"expected a name or an address like 'localhost', '127.0.0.1' or '::1', got {host!r}"
        raise click.BadParameter(text, param_hint="--host")
    if not 0 <= seconds < math.inf:  # nan, too, is neither
        text = f"expected seconds like 30 or 0.5, or 0 to try once, got {seconds:g}"
        raise click.BadParameter(text, param_hint="--timeout")


def _is_host(text: str) -> bool:
    try:
        text.encode("idna")
    except UnicodeError:  # a part of it is empty or too long
        return False
    return _NO_HOST.fullmatch(text) is None
