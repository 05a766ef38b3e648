"""The examples of docs/testing.md, run as they stand; what the page says is printed is what is printed."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from mitmdump import REPOSITORY
from required import require
from required import require_module

from tests.markdown import Block
from tests.markdown import blocks_of

PAGE = REPOSITORY / "docs" / "testing.md"
BLOCKS = blocks_of(PAGE)
FILES = [block for block in BLOCKS if block.file and block.language != "text"]
TESTS = [block for block in FILES if block.file.startswith("test_")]
PRINTED = {block.file: block.text for block in BLOCKS if block.language == "text"}
PYTEST = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:asyncio", "-p", "no:anyio", "-p", "no:xdist"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with all files that the page shows."""
    for block in FILES:
        block.save(tmp_path)
    return tmp_path


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "COLUMNS": "80", "PYTHONIOENCODING": "utf-8"}
    for name in ("PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "NO_PROXY", "no_proxy"):
        environment.pop(name, None)
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, check=False, text=True, timeout=120
    )


def _masked(output: str) -> str:
    return re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:41234", output)


def _check(folder: Path, *blocks: Block) -> None:
    """Fail unless all tests of some files pass."""
    run = _run(folder, *PYTEST, *(block.file for block in blocks))
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"{sum(block.text.count('def test_') for block in blocks)} passed" in run.stdout


def test_each_example_passes(folder: Path) -> None:
    (folder / "conftest.py").unlink()
    special = {"test_browser.py", "test_options.py", *PRINTED}
    blocks = [block for block in TESTS if block.file not in special]
    assert len(blocks) > 5
    _check(folder, *blocks)


def test_options_are_taken_from_the_conftest(folder: Path) -> None:
    _check(folder, *(block for block in TESTS if block.file == "test_options.py"))


@pytest.mark.browser
def test_a_browser_can_be_tested(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    require_module("playwright")
    monkeypatch.setenv("CHROMIUM", require("chromium"))
    _check(folder, *(block for block in TESTS if block.file == "test_browser.py"))


def test_failures_look_as_shown(folder: Path) -> None:
    run = _run(folder, *PYTEST, "test_wrong.py")
    assert run.returncode == 1, run.stdout + run.stderr
    _, _, failures = _masked(run.stdout).partition(" FAILURES ")
    assert failures.partition("\n")[2].partition("=====")[0] == PRINTED["test_wrong.py"]


def test_the_script_prints_what_is_shown(folder: Path) -> None:
    run = _run(folder, "script.py")
    assert (run.stdout, run.stderr) == (PRINTED["script.py"], "")


def test_data_that_is_wrong_is_said_without_our_own_code(folder: Path) -> None:
    (folder / "test_data.py").write_text(
        "import pytest\n\n\n@pytest.mark.fakebackend({'GET nope': 1})\ndef test_it(fakebackend):\n    pass\n", "utf-8"
    )
    run = _run(folder, *PYTEST, "test_data.py")
    assert run.returncode == 1, run.stderr
    assert 'GET nope: a URL key starts with "/"' in run.stdout
    assert "fake_backend.py" not in run.stdout
    assert "During handling" not in run.stdout
