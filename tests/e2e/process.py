"""A program that a test starts, reads the output of and stops."""

import os
import subprocess
import threading
import time
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 30.0
"""Seconds until something awaited counts as never coming; generous, for a busy machine."""


def wait_until(condition: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
    """Ask again and again until the condition holds; fail with `what` if it never does."""
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.02)


class Process:
    """A running program with its whole output, standard error included.

    Bytes that are no UTF-8 are lone surrogates in `output`.
    """

    def __init__(self, command: Sequence[str], folder: Path, environment: dict[str, str] | None = None) -> None:
        self._popen = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **(environment or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._news = threading.Condition()
        self._output = ""
        self._ended = False
        self._reader = threading.Thread(target=self._collect, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """Return the number by which the operating system knows the program."""
        return self._popen.pid

    @property
    def output(self) -> str:
        """Return what was printed so far."""
        with self._news:
            return self._output

    @property
    def has_ended(self) -> bool:
        """Tell whether the program has ended and said all it had to say."""
        with self._news:
            return self._ended

    def wait_for_log(self, *texts: str, since: int = 0) -> str:
        """Return the output from `since` on as soon as it holds every text; fail if it never does."""
        deadline = time.monotonic() + PATIENCE
        with self._news:
            while missing := [text for text in texts if text not in self._output[since:]]:
                left = deadline - time.monotonic()
                if self._ended or left <= 0:
                    raise AssertionError(f"never printed {missing}, but:\n{self._output}")
                self._news.wait(left)
            return self._output[since:]

    @contextmanager
    def expect_log(self, *texts: str) -> Iterator[None]:
        """Wait at the end of the block for texts that are printed from its beginning on."""
        since = len(self.output)
        yield
        self.wait_for_log(*texts, since=since)

    def send_line(self, line: str) -> None:
        """Write a line to the program's standard input."""
        assert self._popen.stdin is not None
        self._popen.stdin.write(line.encode() + b"\n")
        self._popen.stdin.flush()

    def wait(self) -> int:
        """Return the exit status once the program has ended by itself and said all it had to say."""
        status = self._popen.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return status

    def stop(self) -> None:
        """Ask the program to end and see that it does."""
        if self._popen.poll() is None:
            self._popen.terminate()
        try:
            self.wait()
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self.wait()
            raise AssertionError(f"did not stop when asked to; it had printed:\n{self.output}") from None
        finally:
            if self._popen.stdin:
                self._popen.stdin.close()
            if self._popen.stdout:
                self._popen.stdout.close()

    def _collect(self) -> None:
        assert self._popen.stdout is not None
        for line in self._popen.stdout:
            with self._news:
                self._output += line.decode("utf-8", "surrogateescape")
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()
