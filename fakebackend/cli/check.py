"""`fakebackend check`: everything that is wrong with responses files."""

import json
import os
import sys
from collections.abc import Sequence

import click

from fakebackend.cli import colours
from fakebackend.cli.files_in_folder import FilesInFolder
from fakebackend.cli.files_in_folder import files_in
from fakebackend.cli.given_file import DEFAULT_FILE
from fakebackend.cli.given_file import file_option
from fakebackend.cli.given_file import given_file
from fakebackend.diagnostics.diagnostic import Diagnostic
from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.diagnostics.diagnostic import written_out
from fakebackend.diagnostics.escaping import escape_control
from fakebackend.diagnostics.location import Location
from fakebackend.responses_file import ResponsesFile


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]...")
@file_option
@click.option("--json", "as_json", is_flag=True, help="Print errors and warnings as JSON, for tools.")
@click.option("--handlers", is_flag=True, help="Run the files of handlers, too; otherwise they are only parsed.")
def check(files: tuple[str, ...], named: tuple[str, ...], as_json: bool, handlers: bool) -> None:
    """Check responses files: all errors and warnings with line and column.

    FILE may be a folder, of which the responses files are checked, and - is standard input.
    Without one it checks responses.json. Exit status 0: usable, 1: an error.
    """
    found: list[tuple[str, Diagnostic]] = []
    for given in (*files, *named) or (DEFAULT_FILE,):
        in_folder = files_in(given) if os.path.isdir(given) else FilesInFolder((given,))
        for name in in_folder.skipped:
            click.echo(colours.aside(f"{escape_control(name)}: skipped, {in_folder.why_skipped}"), err=as_json)
        if not in_folder.files:
            diagnostic = Diagnostic(Location(given), "", "there is no responses file in this folder")
            found.append(("error", diagnostic))
            if not as_json:
                _print_check(given, [diagnostic], ())
        for name in in_folder.files:
            file = given_file(name, "fakebackend check {}", runs_handlers=handlers)
            errors, warnings = _check(file)
            found += [("error", each) for each in errors]
            found += [("warning", each) for each in warnings]
            if not as_json:
                _print_check(file.name, errors, warnings)
            if not errors and file.handlers and not handlers:
                # With --json the output is for a tool, and this for who calls it.
                text = f"{escape_control(file.name)}: handlers were not run; --handlers runs them"
                click.echo(colours.aside(text), err=as_json)
    if as_json:
        click.echo(json.dumps([_as_json(level, each) for level, each in found], indent=2, ensure_ascii=False))
    sys.exit(any(level == "error" for level, _ in found))


def _check(file: ResponsesFile) -> tuple[Sequence[Diagnostic], Sequence[Diagnostic]]:
    try:
        file.read()
    except ResponsesFileError as e:
        return e.errors, e.warnings
    return (), file.warnings


def _print_check(name: str, errors: Sequence[Diagnostic], warnings: Sequence[Diagnostic]) -> None:
    for line in written_out(errors):
        click.echo(colours.error(line))
    for line in written_out(warnings):
        click.echo(colours.warning(f"{line} (warning)"))
    if not errors:
        text = f"{escape_control(name)}: good" + (f", {len(warnings)} warning(s)" if warnings else "")
        click.echo(colours.good(text))


def _as_json(level: str, diagnostic: Diagnostic) -> dict[str, object]:
    location = diagnostic.location
    return {
        "level": level,
        "file": location.file,
        "line": location.line or None,
        "column": location.column or None,
        "entry": diagnostic.entry or None,
        "message": diagnostic.text,
    }
