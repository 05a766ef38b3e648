"""`fakebackend check`: everything that is wrong with responses files."""

import json
import os
import sys
from collections.abc import Sequence

import click

from fakebackend.cli import colours
from fakebackend.cli.files_in_folder import files_in
from fakebackend.cli.given_file import DEFAULT_FILE
from fakebackend.cli.given_file import file_option
from fakebackend.cli.given_file import given_file
from fakebackend.diagnostics.diagnostic import Diagnostic
from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.diagnostics.diagnostic import written_out
from fakebackend.diagnostics.escaping import escape_control
from fakebackend.diagnostics.location import Location
from fakebackend.diagnostics.wording import reason_of


@click.command()
@click.argument("files", nargs=-1, type=click.Path(allow_dash=True), metavar="[FILE]...")
@file_option
@click.option("--json", "as_json", is_flag=True, help="Print errors and warnings as JSON, for tools.")
@click.option("--handlers", is_flag=True, help="Run the files of handlers, too; otherwise they are only parsed.")
def check(files: tuple[str, ...], named: tuple[str, ...], as_json: bool, handlers: bool) -> None:
    """Check responses files: all errors and warnings with line and column.

    FILE may be a folder, of which the responses files are checked, and - is standard input.
    Without one it checks responses.json. Exit status 0: usable, 1: an error.
    """
    checks = _Checks(as_json=as_json, runs_handlers=handlers)
    for given in (*files, *named) or (DEFAULT_FILE,):
        if os.path.isdir(given):
            checks.folder(given)
        else:
            checks.file(given)
    if as_json:
        click.echo(json.dumps([_as_json(level, each) for level, each in checks.found], indent=2, ensure_ascii=False))
    sys.exit(any(level == "error" for level, _ in checks.found))


class _Checks:
    """Files while they are checked, and all that was `found` in them."""

    def __init__(self, *, as_json: bool, runs_handlers: bool) -> None:
        self.found: list[tuple[str, Diagnostic]] = []
        self._as_json = as_json
        self._runs_handlers = runs_handlers

    def folder(self, folder: str) -> None:
        """Check the responses files of a folder."""
        try:
            in_folder = files_in(folder)
        except OSError as e:
            self._take(folder, [Diagnostic(Location(folder), "", f"cannot be read: {reason_of(e)}")], ())
            return
        for name in in_folder.skipped:
            self._aside(f"{name}: skipped, {in_folder.why_skipped}")
        if not in_folder.files:
            self._take(folder, [Diagnostic(Location(folder), "", "there is no responses file in this folder")], ())
        for name in in_folder.files:
            self.file(name)

    def file(self, name: str) -> None:
        """Check one file."""
        file = given_file(name, "fakebackend check {}", runs_handlers=self._runs_handlers)
        errors: Sequence[Diagnostic] = ()
        try:
            file.read()
            warnings = file.warnings
        except ResponsesFileError as e:
            errors, warnings = e.errors, e.warnings
        self._take(file.name, errors, warnings)
        if not errors and file.handlers and not self._runs_handlers:
            self._aside(f"{file.name}: handlers were not run; --handlers runs them")

    def _take(self, name: str, errors: Sequence[Diagnostic], warnings: Sequence[Diagnostic]) -> None:
        self.found += [("error", each) for each in errors]
        self.found += [("warning", each) for each in warnings]
        if not self._as_json:
            _print_check(name, errors, warnings)

    def _aside(self, text: str) -> None:
        # With --json the output is for a tool, and this for who calls it.
        click.echo(colours.aside(escape_control(text)), err=self._as_json)


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
