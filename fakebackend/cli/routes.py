"""`fakebackend routes`: the entries of a file."""

import click

from fakebackend.cli.given_file import DEFAULT_FILE
from fakebackend.cli.given_file import read_table
from fakebackend.diagnostics.escaping import escape_control
from fakebackend.table.entry import Entry


def name_of(entry: Entry) -> str:
    """Return the `$name` of an entry with space before it, or nothing."""
    return f'  "{entry.name}"' if entry.name else ""


@click.command()
@click.argument("file", default=DEFAULT_FILE)
def routes(file: str) -> None:
    """List the entries of a file in winning order: who comes first answers first."""
    entries = read_table(file, "fakebackend routes {}").in_winning_order()
    width = max((len(entry.method) for entry in entries), default=0)
    for entry in entries:
        click.echo(escape_control(f"{entry.method:{width}} {entry.url}{name_of(entry)}  ({entry.place})"))
