"""The command `fakebackend`, a module for each subcommand."""
