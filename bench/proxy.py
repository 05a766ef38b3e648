"""A mitmdump process that is measured; what the kernel knows of it is read from `/proc`, so this needs Linux."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import click

_FOLDER = Path(__file__).resolve().parent
SCRIPTS = {
    "bare": None,
    "floor": _FOLDER / "floor.py",
    "simplest": _FOLDER / "simplest.py",
    "ours": _FOLDER.parent / "fakebackend" / "addon.py",
}
"""What is compared, and its script; a name may go on with "again". All read `responses.json` in their folder."""

_MITMDUMP = [sys.executable, "-c", "from mitmproxy.tools.main import mitmdump; mitmdump()"]
_PATIENCE = 60.0  # seconds
_ENVIRONMENT = {"PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": ""}  # all start from bytecode, as installed
_MEGABYTE = 1000  # kilobytes


class Proxy:
    """A mitmdump with one of the scripts, ended at the end of the block.

    `port` is where it listens, `seconds_to_start` what passed until it said so.
    """

    def __init__(self, name: str, folder: Path) -> None:
        script = SCRIPTS[name.removesuffix(" again")]
        command = [*_MITMDUMP, *(["-s", str(script)] if script else [])]
        command += ["--listen-host", "127.0.0.1", "--listen-port", "0"]
        command += ["--set", f"confdir={folder / 'confdir'}", "--set", "flow_detail=0"]
        self.name = name
        self.folder = folder
        self._log = folder / f"{name}.log"
        # Into a file: nobody has to read it for the process to go on, as with a pipe.
        with self._log.open("wb") as output:
            start = time.perf_counter()
            self._popen = subprocess.Popen(
                command,
                cwd=folder,
                env={**os.environ, **_ENVIRONMENT, "PYTHONPYCACHEPREFIX": str(folder / "bytecode")},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            self.port = self._port()
        except BaseException:
            self.stop()
            raise
        self.seconds_to_start = time.perf_counter() - start

    def __enter__(self) -> Self:
        """Return itself, running."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """End the process."""
        self.stop()

    def stop(self) -> None:
        """End the process and wait until it is gone."""
        self._popen.terminate()
        try:
            self._popen.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()

    def processor_seconds(self) -> float:
        """Return the processor time that the process has used."""
        # The name in brackets, the second field, may hold spaces.
        fields = self._proc("stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def megabytes(self) -> float:
        """Return the memory that the process holds now."""
        return self._status("VmRSS")

    def peak_megabytes(self) -> float:
        """Return the most memory that the process ever held."""
        return self._status("VmHWM")

    def _status(self, field: str) -> float:
        match = re.search(rf"^{field}:\s*(\d+) kB$", self._proc("status"), re.MULTILINE)
        if not match:
            raise click.ClickException(f"the kernel does not tell {field}")
        return int(match[1]) / _MEGABYTE

    def _proc(self, file: str) -> str:
        return Path(f"/proc/{self._popen.pid}/{file}").read_text(encoding="utf-8")

    def _port(self) -> int:
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline and self._popen.poll() is None:
            if match := re.search(r"listening at \S*?:(\d+)", self._log.read_text(encoding="utf-8")):
                return int(match[1])
            time.sleep(0.002)
        raise click.ClickException(f"{self.name} does not listen:\n{self._log.read_text(encoding='utf-8')}")
