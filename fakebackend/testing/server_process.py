"""A mitmdump with the addon in a process of its own, from its start until it listens, and its end."""

import json
import os
import re
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import fakebackend

_LISTENING = re.compile(r"listening at \S*:(\d+)")
_ROOT = str(Path(fakebackend.__file__).resolve().parents[1])
_OURS = ("confdir", "listen_host", "listen_port", "termlog_verbosity")
"""Options that cannot be given: where it listens is ours to choose, and is read in its log."""

_MOST_LINES = 500
_PATIENCE = 60.0
"""Seconds until a start, or an end, counts as failed."""


class ServerProcess:
    """Starts at once on a free port of this machine; `folder` is what it has to itself.

    Raises `RuntimeError` with what it said if it does not start.
    """

    def __init__(self, folder: Path, options: Mapping[str, Any]) -> None:
        self._output: deque[str] = deque(maxlen=_MOST_LINES)
        self._port: int | None = None
        self._has_news = threading.Event()
        confdir = folder / "confdir"
        _write_options(confdir, options)
        self._process = subprocess.Popen(  # noqa: S603  # ourselves
            [
                *(sys.executable, "-m", "fakebackend.testing.child", "run"),
                *("--listen-host", "127.0.0.1", "--listen-port", "0", "--set", f"confdir={confdir}"),
            ],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": _with_root(os.environ.get("PYTHONPATH", "")), "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="backslashreplace",
        )
        self.ca_file = confdir / "mitmproxy-ca-cert.pem"
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._has_news.wait(_PATIENCE)
        if self._port is None:
            self.stop()
            raise self.start_error()
        self.port: int = self._port

    @property
    def output(self) -> str:
        """Return the last lines that it has printed."""
        return "".join(tuple(self._output))

    def start_error(self) -> RuntimeError:
        """Return that it did not start, with what it has said."""
        # Some Pythons print a traceback for each client that is connected as a server ends, as we are.
        said = self.output.partition("Exception in callback StreamReaderProtocol")[0]
        return RuntimeError(f"the fake backend did not start:\n{said}")

    def stop(self) -> int:
        """End it in order, and return its exit status."""
        self._process.terminate()
        try:
            status = self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait()
        self._reader.join(_PATIENCE)
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None  # both were asked for
            pipe.close()
        return status

    def _read(self) -> None:
        assert self._process.stdout is not None  # as it was asked for
        for line in self._process.stdout:
            self._output.append(line)
            if self._port is None and (found := _LISTENING.search(line)):
                self._port = int(found[1])
                self._has_news.set()
        self._has_news.set()


def _write_options(confdir: Path, options: Mapping[str, Any]) -> None:
    # In a file, as everybody may read the arguments of a process, and one of them is a token.
    confdir.mkdir()
    given = {name: value for name, value in options.items() if name not in _OURS}
    lines = [f"{json.dumps(name)}: {json.dumps(_as_option(name, value))}\n" for name, value in given.items()]
    (confdir / "config.yaml").write_text("".join(lines), "utf-8")


def _as_option(name: str, value: Any) -> Any:
    """Return a value as mitmproxy takes it: our options are text."""
    if not name.startswith("responses") or isinstance(value, str):
        return value
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _with_root(path: str) -> str:
    return os.pathsep.join([_ROOT, path]) if path else _ROOT
