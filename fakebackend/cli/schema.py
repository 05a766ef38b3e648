"""`fakebackend schema`: the JSON Schema of responses files, for editors and other tools."""

import click


@click.command()
def schema() -> None:
    """Print the JSON Schema of responses files, which editors complete and check them by.

    It is that of this version; `fakebackend init` writes it beside a first file.
    """
    # With Jinja2 behind it, whose names it knows.
    from fakebackend.format.schema import schema_text  # noqa: PLC0415

    # In bytes, so that it is the same file wherever it is written to.
    click.echo(schema_text().encode("utf-8"), nl=False)
