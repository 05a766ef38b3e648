"""`fakebackend check`: everything that is wrong with responses files."""

import json
import sys
from collections.abc import Sequence

import click

from fakebackend.cli.given_file import DEFAULT_FILE
from fakebackend.cli.given_file import given_file
from fakebackend.diagnostics.diagnostic import Diagnostic
from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.diagnostics.diagnostic import written_out
from fakebackend.diagnostics.escaping import escape_control
from fakebackend.responses_file import ResponsesFile


@click.command()
@click.argument("files", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print errors and warnings as JSON, for tools.")
@click.option("--handlers", is_flag=True, help="Run the files of handlers, too; otherwise they are only parsed.")
def check(files: tuple[str, ...], as_json: bool, handlers: bool) -> None:
    """Check responses files: all errors and warnings with line and column.

    Without FILES it checks responses.json. Exit status 0: usable, 1: an error.
    """
    found: list[tuple[str, Diagnostic]] = []
    for name in files or (DEFAULT_FILE,):
        file = given_file(name, "fakebackend check {}", runs_handlers=handlers)
        errors, warnings = _check(file)
        found += [("error", each) for each in errors]
        found += [("warning", each) for each in warnings]
        if not as_json:
            _print_check(name, errors, warnings)
        if not errors and file.handlers and not handlers:
            # With --json the output is for a tool, and this for who calls it.
            click.echo(f"{escape_control(name)}: handlers were not run; --handlers runs them", err=as_json)
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
        click.echo(line)
    for line in written_out(warnings):
        click.echo(f"{line} (warning)")
    if not errors:
        click.echo(f"{escape_control(name)}: good" + (f", {len(warnings)} warning(s)" if warnings else ""))


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
