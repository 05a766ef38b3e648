"""What is published, the sdist and the wheel, and an environment in which the wheel is installed."""

import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from mitmdump import REPOSITORY
from required import require_module

NO_CHECKOUT = {"PYTHONPATH": "", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
"""What keeps Python from finding the package elsewhere than where it is installed."""


class Built(NamedTuple):
    """The files that are published."""

    sdist: Path
    wheel: Path


def build(folder: Path) -> Built:
    """Build the sdist of this checkout into a folder, and the wheel from that sdist, as `python -m build` does."""
    _build(folder)
    (sdist,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    return Built(sdist, wheel)


def build_wheel(folder: Path) -> Path:
    """Build the wheel from the checkout itself, as `pip install .` does."""
    _build(folder, "--wheel")
    (wheel,) = folder.glob("*.whl")
    return wheel


def install(wheel: Path, folder: Path) -> Path:
    """Install a wheel into an environment that sees mitmproxy but not this checkout; return where its commands are."""
    venv.create(folder, with_pip=False, symlinks=True)
    scheme = {"base": str(folder), "platbase": str(folder)}
    site_packages = Path(sysconfig.get_path("purelib", "venv", scheme))
    # A venv made from a venv does not see the packages of the one it was made from. What their own .pth files add,
    # as this checkout is added to them, is left out.
    (site_packages / "outer.pth").write_text(sysconfig.get_path("purelib") + "\n")
    commands = Path(sysconfig.get_path("scripts", "venv", scheme))
    options = ["--no-deps", "--no-index", "--ignore-installed", "--quiet"]
    printed([str(commands / "python"), "-m", "pip", "install", *options, str(wheel)], folder)
    return commands


def printed(command: Sequence[str], folder: Path) -> str:
    """Return what a command prints that succeeds."""
    run = subprocess.run(
        command, cwd=folder, env={**os.environ, **NO_CHECKOUT}, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def _build(folder: Path, *arguments: str) -> None:
    for module in ("build", "hatchling"):
        require_module(module)
    command = [sys.executable, "-m", "build", "--no-isolation", *arguments, "--outdir", str(folder), str(REPOSITORY)]
    printed(command, REPOSITORY)
