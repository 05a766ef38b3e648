"""What the end-to-end tests share: backends to start, and a real server to find unvisited."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from mitmdump import Launcher
from real_server import RealServer
from real_server import make_certificate
from real_server import serving


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Launcher]:
    """Start backends for one test."""
    launcher = Launcher(tmp_path)
    yield launcher
    launcher.stop()


@pytest.fixture(scope="module")
def start_shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launcher]:
    """Start backends for all tests of a file."""
    launcher = Launcher(tmp_path_factory.mktemp("shared"))
    yield launcher
    launcher.stop()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate for this machine."""
    return make_certificate(tmp_path_factory.mktemp("certificate") / "localhost.pem")


@pytest.fixture
def real_server() -> Iterator[RealServer]:
    """Run a real server without TLS."""
    with serving() as server:
        yield server
