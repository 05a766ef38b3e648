"""The responses file that a command is given: the last word of it, or with `--file`, or `responses.json`."""

import codecs
import os
import sys
from collections.abc import Callable
from typing import Any
from typing import TypeVar

import click

from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.reading.detect import has_known_ending
from fakebackend.responses_file import ResponsesFile
from fakebackend.table.entry_table import EntryTable

DEFAULT_FILE = "responses.json"
STDIN = "-"
_STDIN_NAME = "<stdin>"

Command = TypeVar("Command", bound=Callable[..., Any])


def file_option(command: Command) -> Command:
    """Add the option `--file`, by which every command takes what it also takes as its last word."""
    return click.option("--file", "named", multiple=True, metavar="FILE", help="The same; - is standard input.")(
        command
    )


def looks_like_file(word: str) -> bool:
    """Tell whether a word is meant as a responses file and not as something of mitmproxy's or a request."""
    if word == STDIN:
        return True
    return not word.startswith("-") and (has_known_ending(word) or os.path.exists(word))


def only_one(names: tuple[str, ...]) -> str:
    """Return the one file that is named, or the default; several are a mistake."""
    if len(names) > 1:
        raise click.UsageError(f"expected one responses file, got {' and '.join(names)}")
    return names[0] if names else DEFAULT_FILE


def given_file(name: str, named_with: str, *, runs_handlers: bool = True) -> ResponsesFile:
    """Return a responses file by its name, not yet read; `named_with` is how another is given, as `--file {}`.

    `-` is standard input, which is read at once.
    """
    if name == STDIN:
        content = sys.stdin.buffer.read()
        ending = ".jsonc" if content.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{") else ".yaml"
        path = os.path.abspath(f"stdin{ending}")
        return ResponsesFile(path, name=_STDIN_NAME, content=content, runs_handlers=runs_handlers)
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
