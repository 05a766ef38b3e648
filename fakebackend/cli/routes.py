"""`fakebackend routes`: the entries of a file."""

import click

from fakebackend.cli.given_file import DEFAULT_FILE
from fakebackend.cli.given_file import read_table
from fakebackend.diagnostics.escaping import escape_control


@click.command()
@click.argument("file", default=DEFAULT_FILE)
def routes(file: str) -> None:
    """List the entries of a file in winning order: who comes first answers first."""
    entries = read_table(file).in_winning_order()
    width = max((len(entry.method) for entry in entries), default=0)
    for entry in entries:
        click.echo(escape_control(f"{entry.method:{width}} {entry.url}  ({entry.location.file}:{entry.location.line})"))
