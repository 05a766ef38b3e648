"""Tools that some tests need and not every machine has."""

import importlib.util
import os
import shutil

import pytest


def require(tool: str) -> str:
    """Return where a program is; skip the test without it, fail where `FAKEBACKEND_CI` asks for every tool."""
    return shutil.which(tool) or _missing(tool)


def require_module(name: str) -> None:
    """Do the same for a Python module."""
    if importlib.util.find_spec(name) is None:
        _missing(f"the module {name}")


def _missing(what: str) -> str:
    text = f"{what} is not installed"
    if os.environ.get("FAKEBACKEND_CI"):
        pytest.fail(text)
    pytest.skip(text)
