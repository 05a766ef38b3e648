"""The console sessions of the docs, typed as printed."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from mitmdump import REPOSITORY
from mitmdump import Backend
from mitmdump import Launcher
from required import require

from tests.markdown import PAGES
from tests.markdown import blocks_of
from tests.markdown import page_id

README = REPOSITORY / "README.md"
TOKEN = "docs-example-token-1234"
OPTIONS = {REPOSITORY / "docs" / "control.md": {"responses_state_key": "header:X-Test"}}
"""What is set for a page beside the token that all have."""


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_console_sessions_print_what_the_page_says(page: Path, start: Launcher) -> None:
    """A block named responses.json, or like a file that it needs, is saved first; then the backend is asked."""
    require("curl")
    blocks = blocks_of(page)
    if not any(block.language == "console" for block in blocks):
        return
    responses = (REPOSITORY / "responses.json").read_bytes() if page == README else b"{}"
    backend = start(responses, options={"responses_admin": TOKEN, **OPTIONS.get(page, {})})
    for block in blocks:
        if block.file == "responses.json":
            backend.write(block.text)
        elif block.file:
            block.save(backend.folder)
        if block.language == "console":
            for command, output in block.commands:
                assert _timeless(_typed(command, backend)) == _timeless(output.strip()), command


def _timeless(output: str) -> str:
    """Leave out how many seconds of a `$limit` are left, of which one may have passed."""
    return re.sub(r"^(Retry-After|RateLimit-Reset): \d+", r"\1: …", output, flags=re.MULTILINE)


def _typed(command: str, backend: Backend) -> str:
    """Return what a command prints; the port is the running backend's, the command line tool this checkout's."""
    (backend.folder / ".curlrc").write_text("silent\n")
    tool = f"{shlex.quote(sys.executable)} -m fakebackend "
    command = command.replace("localhost:6000", f"127.0.0.1:{backend.port}")
    command = command.replace("--port 6000", f"--port {backend.port}")
    for installed in ("fakebackend ", ".venv/bin/fakebackend "):
        if command.startswith(installed):
            command = tool + command.removeprefix(installed)
    environment = {**os.environ, "CURL_HOME": str(backend.folder), "PYTHONPATH": str(REPOSITORY)}
    environment |= {"PYTHONIOENCODING": "utf-8", "TOKEN": TOKEN}
    run = subprocess.run(
        ["bash", "-c", command], cwd=backend.folder, env=environment, capture_output=True, check=False, timeout=60
    )
    printed = re.sub(rf"(localhost|127\.0\.0\.1):{backend.port}\b", "localhost:6000", run.stdout.decode())
    return printed.replace("\r\n", "\n").strip()
