"""The command `fakebackend` in a process that ends when the one that has started it does, however that ends."""

import os
import signal
import threading

from fakebackend.cli.main import main


def end_with_input() -> None:
    """Ask this process to end once its standard input is closed, as it is when the other process is gone."""
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":  # pragma: no cover  # runs in a process of its own
    threading.Thread(target=end_with_input, daemon=True).start()
    main()
