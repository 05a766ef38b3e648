"""A real console session: mitmproxy in a terminal of its own, with keys to press and a screen to read."""

import os
import shlex
import subprocess
import sys
import uuid
from collections.abc import Sequence
from pathlib import Path

import httpx
from mitmdump import Responses
from mitmdump import arguments_of
from mitmdump import write_responses
from process import wait_until
from required import require
from unused_port import unused_port

MITMPROXY = [sys.executable, "-c", "from mitmproxy.tools.main import mitmproxy; mitmproxy()"]

_ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in ("TMUX", "TMUX_PANE")}


class Console:
    """mitmproxy in tmux; the folder it works in has a `responses.json`."""

    def __init__(
        self, folder: Path, responses: Responses, arguments: Sequence[str] = (), *, with_addon: bool = True
    ) -> None:
        self._tmux = [require("tmux"), "-L", f"fakebackend-{uuid.uuid4().hex}", "-f", os.devnull]
        self.folder = folder
        self.file = folder / "responses.json"
        write_responses(self.file, responses)
        self.url = f"http://127.0.0.1:{unused_port()}"
        port = self.url.rpartition(":")[2]
        all_arguments = arguments_of(folder)[0 if with_addon else 2 :]
        command = [*MITMPROXY, *all_arguments, "--listen-host", "127.0.0.1", "--listen-port", port, *arguments]
        inner = f"TERM=xterm-256color exec {shlex.join(command)}"
        self._run("new-session", "-d", "-x", "150", "-y", "50", "-c", str(folder), inner)
        self.wait_for(f"127.0.0.1:{port}]")

    def press(self, *keys: str) -> None:
        """Press keys, by tmux's names for them."""
        self._run("send-keys", *keys)

    def command(self, text: str, *, prompt: str = ":") -> None:
        """Open a prompt by its key, type, and press Enter once all of it has arrived."""
        self.press(prompt)
        self._run("send-keys", "-l", text)
        self.wait_for(text)
        self.press("Enter")

    def screen(self) -> str:
        """Return what is on the screen."""
        return self._run("capture-pane", "-p", "-J")

    def wait_for(self, *texts: str) -> None:
        """Return once every text is on the screen at the same time; fail with the screen if they never are."""
        try:
            wait_until(lambda: all(text in self.screen() for text in texts), f"{texts}")
        except AssertionError as e:
            raise AssertionError(f"{e} in the screen\n{self.screen()}") from None

    def ask(self, path: str) -> httpx.Response:
        """Send a request straight to the port."""
        return httpx.get(self.url + path, trust_env=False, timeout=60)

    def close(self) -> None:
        """End the session, and see that no traceback is left on the screen."""
        screen = self.screen()
        self._run("kill-server")
        assert "Traceback" not in screen, screen

    def _run(self, *arguments: str) -> str:
        run = subprocess.run(
            [*self._tmux, *arguments], check=True, capture_output=True, text=True, env=_ENVIRONMENT, timeout=30
        )
        return run.stdout
