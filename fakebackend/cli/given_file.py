"""The responses file that a command is given."""

import os
import sys

import click

from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.responses_file import ResponsesFile
from fakebackend.table.entry_table import EntryTable

DEFAULT_FILE = "responses.json"


def given_file(name: str, named_with: str, *, runs_handlers: bool = True) -> ResponsesFile:
    """Return a responses file by its name, not yet read; `named_with` is how another is given, as `--file {}`."""
    path = os.path.abspath(os.path.expanduser(name))
    return ResponsesFile(path, runs_handlers=runs_handlers, named_with=named_with)


def read_table(name: str, named_with: str) -> EntryTable:
    """Return the table of a responses file; one that is wrong ends the command with 2."""
    file = given_file(name, named_with)
    try:
        file.read()
    except ResponsesFileError as e:
        click.echo(str(e), err=True)
        sys.exit(2)
    assert file.table is not None  # it has just been read
    return file.table
