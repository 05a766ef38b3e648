"""pytest's fixture `fakebackend`, and the marker that says what it answers."""

from collections.abc import Generator
from collections.abc import Iterator
from collections.abc import Mapping
from typing import TYPE_CHECKING
from typing import Any

import pytest

if TYPE_CHECKING:
    from fakebackend.testing.fake_backend import FakeBackend

NAME = "fakebackend"


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
def fakebackend(request: pytest.FixtureRequest, _fakebackend_process: "FakeBackend") -> "FakeBackend":
    """Return a fake backend that answers what the marker says; it is started once, and as new for each test."""
    try:
        _fakebackend_process.serve(_data_or_file(request.node))
    except ValueError as e:
        why = str(e)
    else:
        return _fakebackend_process
    # Not in the handler, whose error would be shown beside this one; a trace would be of pytest's own code and ours.
    pytest.fail(f"the fixture fakebackend: {why}", pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test that has had a request without an entry; one that fails by itself is shown with them."""
    try:
        result = yield
    except Exception:
        if unmatched := _unmatched_of(item):
            item.add_report_section("call", NAME, unmatched)
        raise
    if (unmatched := _unmatched_of(item)) and not _allows_unmatched(item):
        pytest.fail(unmatched, pytrace=False)
    return result


def _unmatched_of(item: pytest.Item) -> str | None:
    """Return which requests of a test had no entry, if there were any."""
    backend: FakeBackend | None = getattr(item, "funcargs", {}).get(NAME)
    try:
        if backend is not None:
            backend.assert_no_unmatched()
    except AssertionError as e:
        return str(e)
    return None


def _data_or_file(item: pytest.Item) -> Any:
    for marker in item.iter_markers(NAME):
        if marker.args:
            given = marker.args[0]
            return given if isinstance(given, Mapping) else item.path.parent / given
    return {}


def _allows_unmatched(item: pytest.Item) -> bool:
    for marker in item.iter_markers(NAME):
        if "allow_unmatched" in marker.kwargs:
            return bool(marker.kwargs["allow_unmatched"])
    return False
