"""`python -m fakebackend` is the command `fakebackend`."""

from fakebackend.command_line import main

main(prog_name="fakebackend")
