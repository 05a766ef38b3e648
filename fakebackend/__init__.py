"""A fake backend for front-end developers: mitmproxy answers from a file."""

from typing import TYPE_CHECKING
from typing import Any

if TYPE_CHECKING:
    from fakebackend.answers.handler_definition import definition
    from fakebackend.proxy.addon import DummyBackend

__version__ = "0.1.0"

__all__ = ["DummyBackend", "definition"]


def __getattr__(name: str) -> Any:
    # Only when asked for: everything but the addon works where there is no mitmproxy.
    if name == "DummyBackend":
        from fakebackend.proxy.addon import DummyBackend  # noqa: PLC0415

        return DummyBackend
    if name == "definition":
        from fakebackend.answers.handler_definition import definition  # noqa: PLC0415

        return definition
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
