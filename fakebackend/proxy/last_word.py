"""What is said last of all where mitmproxy ends because of us: its own lines would stand behind the error."""

import atexit
import sys

register = atexit.register

_words: list[str] = []


def say_last(text: str) -> None:
    """Have a text on standard error as mitmproxy ends, in place of the one before."""
    take_back()
    _words.append(text)
    register(_say)


def take_back() -> None:
    """Say nothing: it goes on after all."""
    _words.clear()
    atexit.unregister(_say)


def _say() -> None:
    for text in _words:
        print(text, file=sys.stderr)  # noqa: T201  # log handlers are closed by now
