"""Colours for a terminal; `click.echo` takes them away where there is none."""

import os

import click

_BY_MARK = {"✓": "green", "✗": "red", "·": "bright_black"}


def good(text: str) -> str:
    """Return a text that says that all is well."""
    return click.style(text, fg="green")


def error(text: str) -> str:
    """Return a text that says what is wrong."""
    return click.style(text, fg="red")


def warning(text: str) -> str:
    """Return a text that says what is odd."""
    return click.style(text, fg="yellow")


def aside(text: str) -> str:
    """Return a text that is there for who looks for it."""
    return click.style(text, fg="bright_black")


def marked(line: str) -> str:
    """Return a line of an explanation in the colour of its mark."""
    colour = _BY_MARK.get(line.lstrip()[:1])
    return click.style(line, fg=colour, bold=" answers" in line and colour == "green") if colour else line


def wanted() -> bool | None:
    """Return that colours are not wanted where NO_COLOR says so (https://no-color.org), or None to let click decide."""
    return False if os.environ.get("NO_COLOR") else None
