"""`python -m fakebackend` is the command `fakebackend`."""

from fakebackend.cli.main import main

main(prog_name="fakebackend")
