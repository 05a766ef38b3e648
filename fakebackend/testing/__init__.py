"""For tests: a fake backend to start, to tell what to answer, and to ask what was asked of it."""

from typing import TYPE_CHECKING
from typing import Any

if TYPE_CHECKING:
    from fakebackend.testing.fake_backend import FakeBackend

__all__ = ["FakeBackend"]


def __getattr__(name: str) -> Any:
    # Only when asked for: pytest imports this package with the plugin, in every run, used or not.
    if name == "FakeBackend":
        from fakebackend.testing.fake_backend import FakeBackend  # noqa: PLC0415

        return FakeBackend
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
