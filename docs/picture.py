"""Makes `_static/console.svg`: mitmproxy's console as it is, with a request and what answered it.

`python docs/picture.py` needs tmux, and rich, which the extra `docs` brings.
"""

import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from rich.console import Console
from rich.text import Text

HERE = Path(__file__).parent
ROOT = HERE.parent
PORT = "8092"
COLUMNS, LINES = 104, 20
PATIENCE = 30.0  # seconds

TMUX = ["tmux", "-L", "fakebackend-picture", "-f", "/dev/null"]


def main() -> None:
    """Start the console on the sample, ask, open the flow in our view, and write what the terminal shows."""
    with tempfile.TemporaryDirectory() as conf:
        command = f"{sys.executable} -m fakebackend run responses.json --ui console --listen-host 127.0.0.1"
        options = f"-p {PORT} --set confdir={conf} --set console_default_contentview=fakebackend"
        start = f"TERM=xterm-256color exec {command} {options}"
        tmux("new-session", "-d", "-x", str(COLUMNS), "-y", str(LINES), "-c", str(ROOT), start)
        try:
            wait_for(f"127.0.0.1:{PORT}]")
            ask("POST", "/login", b'{"user": "ann", "password": "guess"}')
            wait_for("/login")
            tmux("send-keys", "Enter", "Tab")
            screen = wait_for('case 2 "wrong password" answers')
        finally:
            tmux("kill-server")
    console = Console(record=True, width=COLUMNS, file=open("/dev/null", "w"))  # noqa: SIM115  # until we end
    console.print(Text.from_ansi(screen), soft_wrap=True)
    console.save_svg(str(HERE / "_static" / "console.svg"), title="fakebackend run --ui console")


def tmux(*arguments: str) -> str:
    """Return what a command of tmux prints."""
    return subprocess.run([*TMUX, *arguments], check=True, capture_output=True, text=True).stdout


def wait_for(text: str) -> str:
    """Return the screen, with its colours, as soon as a text is on it."""
    until = time.monotonic() + PATIENCE
    while text not in tmux("capture-pane", "-p"):
        if time.monotonic() > until:
            raise SystemExit(f"never saw {text!r} in\n{tmux('capture-pane', '-p')}")
        time.sleep(0.1)
    time.sleep(0.5)  # what is drawn last: the status bar
    return tmux("capture-pane", "-p", "-e")


def ask(method: str, path: str, body: bytes) -> None:
    """Send a request, whatever is answered."""
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", body, method=method)
    try:
        urllib.request.urlopen(request)
    except urllib.error.HTTPError as e:
        e.close()


if __name__ == "__main__":
    main()
