"""`fakebackend init`: a first responses file."""

import os
import sys

import click

import fakebackend
from fakebackend.cli import colours
from fakebackend.cli.given_file import DEFAULT_FILE
from fakebackend.diagnostics.escaping import escape_control
from fakebackend.diagnostics.wording import reason_of
from fakebackend.reading.detect import ENDINGS
from fakebackend.reading.detect import has_known_ending

_SCHEMA = "responses.schema.json"

_JSON = """\
{
  "$schema": "./responses.schema.json",
  "GET": {
    "/users": [{"id": 1, "name": "Ann"}, {"id": 2, "name": "Bob"}],
    "/users/{id:int}": {"$template": true, "$body": {"id": "{{ path.id }}", "name": "User {{ path.id }}"}}
  },
  "POST": {
    "/users": {"$status": 201, "$headers": {"Location": "/users/3"}, "$body": {"id": 3}}
  }
}
"""

_YAML = """\
# yaml-language-server: $schema=./responses.schema.json
GET:
  /users:
    - {id: 1, name: Ann}
    - {id: 2, name: Bob}
  /users/{id:int}:
    $template: true
    $body: {id: "{{ path.id }}", name: "User {{ path.id }}"}

POST:
  /users:
    $status: 201
    $headers: {Location: /users/3}
    $body: {id: 3}
"""


@click.command()
@click.argument("file", type=click.Path(), default=DEFAULT_FILE)
def init(file: str) -> None:
    """Write a first responses file with three entries, in JSON or YAML by the name's ending.

    Without FILE it writes responses.json. Beside it goes responses.schema.json, by which editors complete and check
    it. A file that exists is left as it is.
    """
    path, name = os.path.expanduser(file), escape_control(file)
    if not has_known_ending(path):
        raise click.BadParameter(f"expected a name that ends in {', '.join(ENDINGS)}, got {name!r}")
    if not _is_new(path, name, _YAML if path.lower().endswith((".yaml", ".yml")) else _JSON):
        click.echo(colours.error(f"{name} exists already and is left as it is"), err=True)
        sys.exit(1)
    beside = os.path.join(os.path.dirname(path), _SCHEMA)
    is_new = _is_new(beside, escape_control(beside), _schema())
    shown = f'"{file}"' if " " in file else file
    click.echo(f"{name} is written. Now run: fakebackend run {escape_control(shown)} -p 8080")
    click.echo("and ask it: curl localhost:8080/users/7")
    said = "is written beside it" if is_new else "exists beside it already and is left as it is"
    click.echo(f"{_SCHEMA}, by which editors complete and check it, {said}")


def _is_new(path: str, name: str, content: str) -> bool:
    """Write a file, and tell whether there was none; one that cannot be written ends the command."""
    try:
        with open(path, "x", encoding="utf-8", newline="\n") as new:
            new.write(content)
    except FileExistsError:
        return False
    except OSError as e:
        click.echo(colours.error(f"{name} cannot be written: {reason_of(e)}"), err=True)
        sys.exit(1)
    return True


def _schema() -> str:
    """Return the schema as it is shipped, which takes no time to make."""
    with open(os.path.join(os.path.dirname(fakebackend.__file__), _SCHEMA), encoding="utf-8", newline="") as shipped:
        return shipped.read()
