"""The example of docs/examples/ci, run as its README says: a page, its test in a browser, and the report."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from mitmdump import REPOSITORY
from required import require
from required import require_module
from unused_port import unused_port

from tests.markdown import blocks_of

EXAMPLE = REPOSITORY / "docs" / "examples" / "ci"

pytestmark = pytest.mark.browser


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """Copy the example to a folder of its own."""
    return shutil.copytree(EXAMPLE, tmp_path / "ci", ignore=shutil.ignore_patterns("report.md", "fakebackend.log"))


def _run(example: Path) -> tuple[int, str, str]:
    """Run the script; return its exit status, what it printed, and the address that it served."""
    require("curl")
    require_module("playwright")
    port = unused_port()
    environment = {
        **os.environ,
        "CHROMIUM": require("chromium"),
        "HOME": str(example.parent),  # where mitmproxy makes its certificates
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PORT": str(port),
        "PYTHONPATH": str(REPOSITORY),
        "PYTEST_ADDOPTS": "-p no:cacheprovider -p no:asyncio",
    }
    run = subprocess.run(
        ["sh", str(example / "run.sh")], env=environment, capture_output=True, check=False, text=True, timeout=180
    )
    return run.returncode, run.stdout + run.stderr, f"localhost:{port}"


def test_with_the_right_file_all_is_well(example: Path) -> None:
    status, output, _ = _run(example)
    assert status == 0, output
    assert "1 passed" in output
    report = (example / "report.md").read_text("utf-8")
    assert "| 5 | 5 | 0 | 0 |" in report
    assert "never used" not in report
    assert report in output
    log = (example / "fakebackend.log").read_text("utf-8")
    assert "404 GET /favicon.ico" in log  # which the browser asks for by itself


def test_a_misspelt_entry_fails_the_run_and_the_report_says_why(example: Path) -> None:
    file = example / "responses.json"
    file.write_text(file.read_text("utf-8").replace("/api/user", "/api/usr"), "utf-8")
    status, output, address = _run(example)
    assert status == 1, output
    assert "1 passed" in output
    assert "fakebackend failed: unmatched 1, unused 1\n" in output
    [shown] = [block.text for block in blocks_of(EXAMPLE / "README.md") if block.language == "text"]
    assert shown.replace("localhost:8080", address) in output


def test_a_failed_test_fails_the_run(example: Path) -> None:
    file = example / "responses.json"
    file.write_text(file.read_text("utf-8").replace("bread", "toast"), "utf-8")
    status, output, _ = _run(example)
    assert status == 1, output
    assert "1 failed" in output
    assert (example / "report.md").exists()


def test_a_file_that_is_wrong_ends_it_at_once(example: Path) -> None:
    (example / "responses.json").write_text("{", "utf-8")
    status, output, _ = _run(example)
    assert status == 1, output
    assert "responses.json:1:2: expected a key in double quotes" in output
    assert "passed" not in output
