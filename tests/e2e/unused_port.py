"""Ports that are free."""

import random
import socket

_BELOW_EPHEMERAL = range(15_000, 32_000)
"""No operating system hands these out by itself, so one found free stays free."""


def unused_port() -> int:
    """Return a port on which nobody listens."""
    while True:
        port = random.choice(_BELOW_EPHEMERAL)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
