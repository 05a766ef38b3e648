"""A real mitmdump with the addon, and what a test wants to do with it."""

import itertools
import json
import re
import ssl
import sys
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import ExitStack
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from mitmproxy.proxy import mode_specs
from process import Process
from unused_port import unused_port

REPOSITORY = Path(__file__).resolve().parents[2]
ADDON = REPOSITORY / "fakebackend" / "addon.py"
MITMDUMP = [sys.executable, "-c", "from mitmproxy.tools.main import mitmdump; mitmdump()"]

# What asyncio of Python 3.12.1 writes if it ends while a client is connected: it asks a cancelled task for its error.
_CANCELLED_AT_THE_END = re.compile(
    r"^Exception in callback StreamReaderProtocol\.connection_made\b.*?^asyncio\.exceptions\.CancelledError$",
    re.DOTALL | re.MULTILINE,
)

_REMOTE_CONTROL = Path(__file__).with_name("remote_control.py")

Responses = Mapping[str, Any] | str | bytes
"""A responses file: data to be written as JSON, or its very content."""


def write_responses(file: Path, responses: Responses) -> None:
    """Write a responses file in place, as an editor saves it."""
    if isinstance(responses, Mapping):
        responses = json.dumps(responses, indent=1)
    file.write_bytes(responses.encode() if isinstance(responses, str) else responses)


def arguments_of(folder: Path, options: Mapping[str, str] | None = None, addon: Path = ADDON) -> list[str]:
    """Return the arguments of a mitmdump with the addon that touches nothing outside the folder."""
    pairs = {"confdir": str(folder / "confdir"), **(options or {})}
    return ["-s", str(addon), *itertools.chain.from_iterable(("--set", f"{k}={v}") for k, v in pairs.items())]


class _Http2Context(ssl.SSLContext):
    """Offers HTTP/2 alone, as httpx names HTTP/1.1 first and mitmproxy takes what is first."""

    def __init__(self, protocol: int) -> None:
        self.check_hostname = False
        self.verify_mode = ssl.CERT_NONE

    def set_alpn_protocols(self, alpn_protocols: Iterable[str]) -> None:
        super().set_alpn_protocols(["h2"])


class Backend(Process):
    """A mitmdump that listens, and answers from `file`."""

    def __init__(
        self,
        folder: Path,
        responses: Responses | None = None,
        *,
        options: Mapping[str, str] | None = None,
        modes: Sequence[str] = ("regular",),
        arguments: Sequence[str] = (),
        filename: str = "responses.json",
        addon: Path = ADDON,
        command: Sequence[str] = MITMDUMP,
        environment: dict[str, str] | None = None,
        working_folder: Path | None = None,
    ) -> None:
        self.folder = folder
        self.file = folder / filename
        if responses is not None:
            self.write(responses)
        self._numbers = itertools.count(1)
        self._clients = ExitStack()
        all_options = {"responsesfile": str(self.file), **(options or {})}
        super().__init__(
            [
                *command,
                *arguments_of(folder, all_options, addon),
                *("-s", str(_REMOTE_CONTROL), "--listen-host", "127.0.0.1"),
                # mitmproxy takes two modes with port 0 for two servers on one port.
                *("--mode", f"{modes[0]}@0"),
                *itertools.chain.from_iterable(("--mode", f"{mode}@{unused_port()}") for mode in modes[1:]),
                *arguments,
            ],
            working_folder or folder,
            environment,
        )
        try:
            self._ports = {mode: self._port_of(mode) for mode in modes}
            self.wait_for_log("[remote control] ready")
        except AssertionError:
            super().stop()
            raise
        self.port = self._ports[modes[0]]
        self.url = f"http://127.0.0.1:{self.port}"

    def port_of(self, mode: str) -> int:
        """Return the port on which a mode listens."""
        return self._ports[mode]

    def write(self, responses: Responses) -> None:
        """Save the responses file."""
        write_responses(self.file, responses)

    def client(self, mode: str | None = None, **settings: Any) -> httpx.Client:
        """Return a client that asks the backend itself."""
        port = self._ports[mode] if mode else self.port
        scheme = settings.pop("scheme", "http")
        return self._client(base_url=f"{scheme}://127.0.0.1:{port}", **settings)

    def proxied(self, mode: str | None = None, **settings: Any) -> httpx.Client:
        """Return a client that has the backend as its proxy."""
        port = self._ports[mode] if mode else self.port
        return self._client(proxy=f"http://127.0.0.1:{port}", **settings)

    def execute(self, command: str) -> Any:
        """Execute a command of mitmproxy and return its result; fail if it is refused."""
        outcome, result = self._executed(command)
        assert outcome == "done", f"{command}: {result}"
        return result

    def refusal(self, command: str) -> str:
        """Execute a command of mitmproxy that must fail, and return why it did."""
        outcome, result = self._executed(command)
        assert outcome == "failed", f"{command} was not refused"
        return str(result)

    @contextmanager
    def unmatched(self, policy: str) -> Iterator[None]:
        """Set `responses_unmatched` for the time of a block."""
        self.execute(f"set responses_unmatched {policy}")
        try:
            yield
        finally:
            self.execute("set responses_unmatched 404")

    def stop(self, *, tracebacks: bool = False) -> None:
        """End mitmdump; fail if it ever printed a traceback."""
        self._clients.close()
        super().stop()
        if not tracebacks:
            assert "Traceback" not in _CANCELLED_AT_THE_END.sub("", self.output), self.output

    def _client(self, **settings: Any) -> httpx.Client:
        context = _Http2Context(ssl.PROTOCOL_TLS_CLIENT) if settings.get("http2") else False
        settings = {"verify": context, "trust_env": False, "timeout": 30, **settings}
        client = httpx.Client(**settings)
        self._clients.callback(client.close)
        return client

    def _executed(self, command: str) -> tuple[str, Any]:
        number, since = next(self._numbers), len(self.output)
        self.send_line(f"{number} {command}")
        log = self.wait_for_log(f"[{number}] ", since=since)
        match = re.search(rf"^\[{number}\] (done|failed): (.*)$", log, re.MULTILINE)
        assert match, log
        return match[1], json.loads(match[2])

    def _port_of(self, mode: str) -> int:
        start = f"{mode_specs.ProxyMode.parse(mode).description} listening at "
        log = self.wait_for_log(start).partition(start)[2]
        match = re.match(r"\S*?:(\d+)", log)
        assert match, log
        return int(match[1])


class Launcher:
    """Starts backends, each in a folder of its own, and stops them all at the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._started: list[Backend] = []

    def __call__(self, responses: Responses | None = None, **settings: Any) -> Backend:
        """Start a mitmdump; the settings are those of `Backend`."""
        folder = self._folder / f"backend{len(self._started)}"
        folder.mkdir()
        self._started.append(Backend(folder, responses, **settings))
        return self._started[-1]

    def stop(self) -> None:
        """Stop what still runs."""
        with ExitStack() as stack:
            for backend in self._started:
                stack.callback(backend.stop)
