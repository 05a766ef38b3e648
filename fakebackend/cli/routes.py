"""`fakebackend routes`: the entries of a file."""

import json

import click

from fakebackend.cli import colours
from fakebackend.cli.given_file import file_option
from fakebackend.cli.given_file import only_one
from fakebackend.cli.given_file import read_table
from fakebackend.diagnostics.escaping import escape_control
from fakebackend.table.entry import Entry
from fakebackend.table.entry_table import EntryTable
from fakebackend.table.outline import outline


@click.command()
@click.argument("file", nargs=-1, type=click.Path(allow_dash=True), metavar="[FILE]")
@file_option
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON, for tools.")
def routes(file: tuple[str, ...], named: tuple[str, ...], as_json: bool) -> None:
    """List the entries of a file in winning order: who comes first answers first.

    Each with its status, its conditions, its cases, its $name and its place. Without FILE it reads responses.json.
    """
    table = read_table(only_one((*file, *named)), "fakebackend routes {}")
    entries = table.in_winning_order()
    if as_json:
        click.echo(json.dumps([_as_data(entry, table) for entry in entries], indent=2, ensure_ascii=False))
        return
    width = max((len(entry.method) for entry in entries), default=0)
    for entry in entries:
        said = outline(entry.alternative)
        name = f'  "{entry.name}"' if entry.name else ""
        before = "  in $before" if table.is_before(entry) else ""
        line = escape_control(f"{entry.method:{width}} {entry.url}  {said}{name}{before}")
        click.echo(f"{line}  {colours.aside(escape_control(f'({entry.place})'))}")
        for part in said.lines():
            click.echo(colours.aside(escape_control(f"{'':{width}}   {part}")))


def _as_data(entry: Entry, table: EntryTable) -> dict[str, object]:
    location = entry.location
    return {
        "entry": entry.label,
        "method": entry.method,
        "url": entry.url,
        "file": location.file,
        "line": location.line,
        "column": location.column,
        "name": entry.name,
        "before": table.is_before(entry),
        **outline(entry.alternative).as_data(),
    }
