"""pytest's fixture `fakebackend`, and the marker that says what it answers."""

import os
from collections.abc import Generator
from collections.abc import Iterator
from collections.abc import Mapping
from typing import TYPE_CHECKING
from typing import Any

import pytest

if TYPE_CHECKING:
    from fakebackend.testing.fake_backend import FakeBackend

NAME = "fakebackend"

BACKEND: "pytest.StashKey[FakeBackend]" = pytest.StashKey()
"""In a test's stash, the fake backend that it uses."""

SHOWN: pytest.StashKey[str | None] = pytest.StashKey()
"""In a test's stash, which requests without an entry have been told already."""

UNSET = object()
"""Stands for what a marker does not say."""


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line(
        "markers",
        "fakebackend(data_or_file, allow_unmatched=False): what the fixture fakebackend answers, as data or as the "
        "name of a file relative to that of the test, and whether requests without an entry are no failure.",
    )


@pytest.fixture(scope="session")
def fakebackend_options() -> Mapping[str, Any]:
    """Options of mitmproxy and fakebackend for the whole run; override it in a `conftest.py`."""
    return {}


@pytest.fixture(scope="session")
def _fakebackend_process(fakebackend_options: Mapping[str, Any]) -> "Iterator[FakeBackend]":
    # Later than the plugin, which is there in every run.
    from fakebackend.testing.fake_backend import FakeBackend  # noqa: PLC0415

    with FakeBackend(options=fakebackend_options) as backend:
        yield backend


@pytest.fixture
def fakebackend(request: pytest.FixtureRequest, _fakebackend_process: "FakeBackend") -> "Iterator[FakeBackend]":
    """Give a fake backend that answers what the marker says; it is started once, and as new for each test."""
    item: pytest.Item = request.node
    try:
        _fakebackend_process.serve(_data_or_file(item))
    except (TypeError, ValueError) as e:
        why = str(e).partition("; still answering from")[0]
    else:
        item.stash[BACKEND], item.stash[SHOWN] = _fakebackend_process, None
        yield _fakebackend_process
        # Once more: what was asked since is the doing of other fixtures as they end.
        _fail_if_unmatched(item)
        return
    # Not in the handler, whose error would be shown beside this one; a trace would be of pytest's own code and ours.
    pytest.fail(f"the fixture fakebackend: {why}", pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test that has had a request without an entry; one that fails by itself is shown with what went wrong."""
    try:
        result = yield
    except Exception:
        backend = item.stash.get(BACKEND, None)
        if backend is not None and (troubles := backend.troubles()):
            item.add_report_section("call", NAME, troubles)
            item.stash[SHOWN] = _unmatched_of(item)
        raise
    _fail_if_unmatched(item)
    return result


def _fail_if_unmatched(item: pytest.Item) -> None:
    unmatched = _unmatched_of(item)
    if unmatched is not None and unmatched != item.stash[SHOWN] and not _allows_unmatched(item):
        item.stash[SHOWN] = unmatched
        pytest.fail(unmatched, pytrace=False)


def _unmatched_of(item: pytest.Item) -> str | None:
    """Return which requests of a test had no entry, if there were any."""
    backend = item.stash.get(BACKEND, None)
    try:
        if backend is not None:
            backend.assert_no_unmatched()
    except AssertionError as e:
        return str(e)
    return None


def _data_or_file(item: pytest.Item) -> Any:
    """Return what the nearest marker with data or a file says.

    Raises `TypeError` for a marker that is wrong.
    """
    found: Any = {}
    for marker in reversed(list(item.iter_markers(NAME))):
        found = _of_marker(*marker.args, default=found, **marker.kwargs)
    return found if isinstance(found, Mapping) else item.path.parent / found


def _of_marker(data_or_file: Any = UNSET, *, default: Any, allow_unmatched: bool = False) -> Any:  # noqa: ARG001
    # Called with what stands in the marker, so that Python says what does not belong there.
    if data_or_file is UNSET:
        return default
    if not isinstance(data_or_file, Mapping | str | os.PathLike):
        raise TypeError(f"the marker takes an object of entries or the name of a file, got {data_or_file!r}")
    return data_or_file


def _allows_unmatched(item: pytest.Item) -> bool:
    for marker in item.iter_markers(NAME):
        if "allow_unmatched" in marker.kwargs:
            return bool(marker.kwargs["allow_unmatched"])
    return False
