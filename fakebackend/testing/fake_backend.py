"""`FakeBackend`: the real thing in a process of its own, for tests."""

import http.client
import json
import os
import secrets
import tempfile
import warnings
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any
from typing import Self

from fakebackend.diagnostics.wording import format_value
from fakebackend.journal.wording import times as counted
from fakebackend.testing.control_client import ControlClient
from fakebackend.testing.expected_call import ExpectedCall
from fakebackend.testing.recorded_request import RecordedRequest
from fakebackend.testing.server_process import ServerProcess

Responses = Mapping[str, Any] | str | os.PathLike[str]
"""What is answered: the data of a responses file, or its path."""


class FakeBackend:
    """A fake backend on a free port of this machine, from `with` until its end.

    `data_or_file` is what it answers at first, `options` are mitmproxy's and ours by name.
    """

    def __init__(self, data_or_file: Responses | None = None, *, options: Mapping[str, Any] | None = None) -> None:
        self._at_first: Responses = {} if data_or_file is None else data_or_file
        self._options = {name: value for name, value in (options or {}).items() if value is not None}
        if report := self._options.get("responses_report"):
            self._options["responses_report"] = os.path.abspath(report)  # not in the folder that is removed at the end
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._running: tuple[ServerProcess, ControlClient] | None = None
        self._files: dict[str, str] = {}
        self._served = ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<FakeBackend {self.url if self._running else 'that does not run'}>"

    def start(self) -> None:
        """Start it; returns once it answers.

        Raises `RuntimeError` with what it said if it does not start.
        """
        if self._running is not None:
            raise RuntimeError("the fake backend runs already")
        self._folder = tempfile.TemporaryDirectory(prefix="fakebackend-", ignore_cleanup_errors=True)
        self._files = {}
        token = secrets.token_urlsafe(24)
        try:
            self._served = self._path_of(self._at_first)
            options = {**self._options, "responses_admin": token, "responsesfile": self._served}
            process = ServerProcess(Path(self._folder.name), options)
            control = ControlClient(process.port, token)
            _wait_for_answer(process, control)
        except BaseException:
            self._folder.cleanup()
            raise
        self._running = process, control

    def stop(self) -> int:
        """End it, and return its exit status: not 0 if `responses_fail_on` holds."""
        process, control = self._process, self._control
        self._running = None
        control.close()
        status = process.stop()
        assert self._folder is not None  # as it ran
        self._folder.cleanup()
        return status

    @property
    def url(self) -> str:
        """Return where it is asked directly, without a slash at the end."""
        return f"http://{self._own_host}"

    @property
    def proxy_url(self) -> str:
        """Return what to name as HTTP and HTTPS proxy, so that it answers for other hosts."""
        return self.url

    @property
    def ca_file(self) -> str:
        """Return the file of the certificate to trust for HTTPS through the proxy, in PEM."""
        return str(self._process.ca_file)

    @property
    def output(self) -> str:
        """Return the last lines of its log."""
        return self._process.output

    @property
    def state(self) -> dict[str, Any]:
        """The state variables; assign an object to replace them."""
        state: dict[str, Any] = self._control.call("GET", "state")
        return state

    @state.setter
    def state(self, value: Mapping[str, Any]) -> None:
        if not isinstance(value, Mapping):
            raise TypeError(f"the state is an object of names and values, got {value!r}")
        self._control.call("PUT", "state", dict(value))

    def serve(self, data_or_file: Responses) -> None:
        """Answer from other data or another file, with nothing remembered.

        Raises `ValueError` with all that is wrong in it; then nothing is changed.
        """
        __tracebackhide__ = True
        path = self._path_of(data_or_file)
        if path != self._served:
            _warn(self._control.call("PUT", "options/responsesfile", path))
            self._served = path
        self.reset()

    def respond(self, key: str, value: Any) -> None:
        """Answer a key like `"GET /user"` with a value as a responses file has them, until the next reset.

        It wins over the file. Raises `ValueError` if key or value are wrong.
        """
        __tracebackhide__ = True
        _warn(self._control.call("POST", "entries", {key: value}))

    def reset(self) -> None:
        """Forget what was answered, remembered and added."""
        self._control.call("POST", "reset")

    def requests(self, key: str | None = None) -> list[RecordedRequest]:
        """Return the requests there were, the oldest first; with a key like `"GET /users/{id}"` those it matches."""
        __tracebackhide__ = True
        found = [RecordedRequest(each, self._own_host) for each in self._control.call("GET", "requests?bodies=true")]
        if key is None:
            return found
        expected = ExpectedCall(key, {})
        return [each for each in found if expected.matches(each)]

    def assert_called(self, key: str, times: int | None = None, **conditions: Any) -> None:
        """Fail unless there were requests that a key like `"POST /login"` matches, at least one or exactly `times`.

        Conditions are those of `$when`: `json={"user": "ann"}`, `query=`, `headers=`, `form=`, `text=`, …
        """
        __tracebackhide__ = True
        if times is not None and (isinstance(times, bool) or not isinstance(times, int)):
            raise TypeError(f"times is a whole number or None, got {times!r}")
        expected = ExpectedCall(key, conditions)
        requests = self.requests()
        found = [each for each in requests if expected.matches(each)]
        kept = int(self._options.get("responses_journal", _KEPT))
        if (times is None and found) or (len(found) == times and len(requests) < kept):
            return
        wanted = "at least 1 call" if times is None else counted(times, "call")
        lines = [f"{expected}: expected {wanted}, got {len(found)}", *_why(expected, requests)]
        if len(requests) >= kept:
            lines.append(f"  only the last {counted(kept, 'request')} are kept, as the option responses_journal says")
        raise AssertionError("\n".join(lines))

    def troubles(self) -> str:
        """Return which requests had no entry and which answers failed, in lines, or nothing."""
        report = self._control.call("GET", "report?entries=false")
        return "\n".join([*_unmatched_lines(report), *_error_lines(report)])

    def assert_no_unmatched(self) -> None:
        """Fail if there was a request without an entry; browsers' own and preflights are none."""
        __tracebackhide__ = True
        if lines := _unmatched_lines(self._control.call("GET", "report?entries=false")):
            raise AssertionError("\n".join(lines))

    @property
    def _process(self) -> ServerProcess:
        return self._started()[0]

    @property
    def _control(self) -> ControlClient:
        return self._started()[1]

    def _started(self) -> tuple[ServerProcess, ControlClient]:
        if self._running is None:
            raise RuntimeError("the fake backend does not run: with FakeBackend() as backend: …")
        return self._running

    @property
    def _own_host(self) -> str:
        return f"127.0.0.1:{self._process.port}"

    def _path_of(self, data_or_file: Responses) -> str:
        """Return the path of a file, or of one that is written with some data."""
        if not isinstance(data_or_file, Mapping):
            return os.path.abspath(data_or_file)
        assert self._folder is not None  # it has been started
        text = json.dumps(data_or_file, indent=2)
        if text not in self._files:
            path = Path(self._folder.name) / f"responses{len(self._files) + 1}.json"
            path.write_text(text, "utf-8")
            self._files[text] = str(path)
        return self._files[text]


def _warn(answer: Mapping[str, Any]) -> None:
    """Show what is odd about entries but no error where the test has named them."""
    for warning in answer["warnings"]:
        warnings.warn(warning, stacklevel=3)


_MOST_LINES = 20
_KEPT = 1_000
"""How many requests are kept where the options do not say."""


def _wait_for_answer(process: ServerProcess, control: ControlClient) -> None:
    """Return once it answers; it listens already while it may still find its file wrong, and end."""
    try:
        control.call("GET", "state")
    except BaseException as e:
        process.stop()
        if isinstance(e, http.client.HTTPException | OSError):
            raise process.start_error() from None
        raise


def _why(expected: ExpectedCall, requests: Sequence[RecordedRequest]) -> list[str]:
    """Return lines that say what came nearest to a call, or that there were too many."""
    if not requests:
        return ["  there was no request"]
    if found := [each for each in requests if expected.matches(each)]:
        return [f"  {each.method} {each.url} was answered {each.status}" for each in found[:_MOST_LINES]]
    nearest = expected.nearest(requests)
    assert nearest is not None  # as there are requests
    body = "" if nearest.json is None else f", json {format_value(nearest.json)}"
    lines = [f"  nearest request: {nearest.method} {nearest.url}{body}", f"  {expected.difference(nearest)}"]
    if (length := nearest.as_asked.length_only) is not None:
        lines.append(f"  its body of {length:,} bytes is too long to be kept")
    return lines


def _unmatched_lines(report: Mapping[str, Any]) -> list[str]:
    if not (count := report["requests"]["unmatched"]):
        return []
    listed = report["unmatched"][:_MOST_LINES]
    lines = [f"{counted(count, 'request')} without an entry", *map(_unmatched_line, listed)]
    if (more := count - sum(each["count"] for each in listed)) > 0:
        lines.append(f"  and {counted(more, 'more request')}")
    return lines


def _error_lines(report: Mapping[str, Any]) -> list[str]:
    errors = report["errors"][:_MOST_LINES]
    return [f"error: {each['message']} ({counted(each['count'], 'time')})" for each in errors]


def _unmatched_line(request: Mapping[str, Any]) -> str:
    often = "" if request["count"] == 1 else f" ({counted(request['count'], 'time')})"
    near = f"\n    nearest {request['nearest']}: {request['difference']}" if request["nearest"] else ""
    return f"  {request['method']} {request['url']}{often}{near}"
