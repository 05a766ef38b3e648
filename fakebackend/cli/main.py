"""The command `fakebackend`, with all its subcommands."""

import click

from fakebackend import __version__
from fakebackend.cli import colours
from fakebackend.cli.check import check
from fakebackend.cli.explain import explain
from fakebackend.cli.init import init
from fakebackend.cli.routes import routes
from fakebackend.cli.run import run
from fakebackend.cli.schema import schema
from fakebackend.cli.wait import wait


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="fakebackend")
@click.pass_context
def main(context: click.Context) -> None:
    """Answer a front-end's requests from a file of canned responses."""
    context.color = colours.wanted()


for _command in (init, run, wait, check, routes, explain, schema):
    main.add_command(_command)
