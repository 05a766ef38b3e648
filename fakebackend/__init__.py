"""A fake backend for front-end developers: mitmproxy answers from a file."""

from fakebackend.dummy_backend import DummyBackend

__version__ = "0.1.0"

__all__ = ["DummyBackend"]
