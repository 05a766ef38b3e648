"""What several tests share: mitmproxy's own test helpers, which are no stable API, wrapped in one place."""

import json
import logging
import os
import sys
from collections.abc import AsyncIterator
from collections.abc import Iterator
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from click.testing import Result
from hypothesis import settings
from mitmproxy import http
from mitmproxy.proxy import mode_specs
from mitmproxy.test import taddons
from mitmproxy.test import tflow
from mitmproxy.test import tutils

from fakebackend.answers.answer import Answer
from fakebackend.answers.answer import as_answer
from fakebackend.cli.main import main
from fakebackend.format.compile import compile_file
from fakebackend.messages.canned_response import CannedResponse
from fakebackend.messages.path_params import NO_PARAMS
from fakebackend.messages.request import Request
from fakebackend.proxy import last_word
from fakebackend.proxy.addon import DummyBackend
from fakebackend.proxy.synthetic_flow import SyntheticFlow
from fakebackend.state.mock_state import MockState
from fakebackend.state.request_context import RequestContext
from fakebackend.state.request_context import context_of
from fakebackend.table.entry_table import EntryTable
from fakebackend.table.entry_table import LookUp

settings.register_profile("fakebackend", deadline=None)  # the machine's speed is not what is tested
settings.load_profile("fakebackend")


def http_flow(
    method: str = "GET",
    path: str = "/user",
    *,
    live: bool = True,
    answered: bool = False,
    mode: str = "regular",
    host: str = "api.example.com",
    port: int = 80,
) -> http.HTTPFlow:
    """Return a flow with the request; an answered one has mitmproxy's sample response, 200 `message`."""
    request = tutils.treq(
        method=method.encode(), path=path.encode("utf-8", "surrogateescape"), host=host, port=port, content=b""
    )
    flow = tflow.tflow(req=request, resp=answered, live=live)
    flow.client_conn.proxy_mode = mode_specs.ProxyMode.parse(mode)
    flow.client_conn.sockname = ("127.0.0.1", 8080)
    return flow


def response_of(flow: http.HTTPFlow) -> http.Response:
    """Return the response that the flow must have by now."""
    assert flow.response is not None
    return flow.response


def body_of(flow: http.HTTPFlow) -> Any:
    """Return the JSON body of the response that the flow must have by now."""
    return json.loads(response_of(flow).content or b"")


def table_of(data: dict[str, Any]) -> EntryTable:
    """Return the table that a responses file with this data has."""
    return compile_file(json.dumps(data).encode(), "responses.json").table


def given(request: str, headers: Sequence[tuple[str, str]] = (), body: bytes | str = b"") -> SyntheticFlow:
    """Return the view of a request that is written as `GET /user`."""
    method, _, url = request.partition(" ")
    return SyntheticFlow(method, url, headers, body.encode() if isinstance(body, str) else body)


def given_context(
    request: str, headers: Sequence[tuple[str, str]] = (), body: bytes | str = b"", state: MockState | None = None
) -> RequestContext:
    """Return the context of a request that is written as `GET /user`."""
    return context_of(given(request, headers, body), NO_PARAMS, state or MockState())


def look_up(table: EntryTable, request: Request, state: MockState | None = None) -> LookUp:
    """Return what a table finds for a request, by default with the state as it is at first."""
    return table.find(request, state or MockState(table.state))


def canned(offer: object) -> CannedResponse:
    """Return the response of an offer that only has to be sent."""
    assert isinstance(offer, CannedResponse | Answer)
    response = as_answer(offer).ready
    assert response is not None
    return response


def winner_of(table: EntryTable, request: Request, state: MockState | None = None) -> str | None:
    """Return the label of the entry that answers, or None."""
    entry = look_up(table, request, state).entry
    return entry.label if entry else None


def write(path: Path, data: Any) -> Path:
    """Save the data as JSON, all at once as editors do."""
    new = path.with_name(path.name + ".new")
    new.write_text(json.dumps(data), encoding="utf-8")
    return new.replace(path)


def age(path: Path, *, seconds: int = 10) -> None:
    """Make the file old enough for its time to prove that it is unchanged."""
    then = path.stat().st_mtime_ns - seconds * 1_000_000_000
    os.utime(path, ns=(then, then))


def errors_in(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """Return the error records so far."""
    return [record for record in caplog.records if record.levelno >= logging.ERROR]


def invoke(*arguments: str) -> Result:
    """Return what the command `fakebackend` comes to with these arguments."""
    return CliRunner().invoke(main, arguments)


async def ask(backend: DummyBackend, flow: http.HTTPFlow) -> http.HTTPFlow:
    """Send the flow through the addon's request hook as mitmproxy does."""
    if (waiting := backend.request(flow)) is not None:
        await waiting
    return flow


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder, which is the working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def unchanged_path() -> Iterator[None]:
    """Put `sys.path` back as it was; loading a script prepends to it."""
    before = list(sys.path)
    yield
    sys.path[:] = before


@pytest.fixture
async def tctx(
    folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[taddons.context]:
    """Return mitmproxy's context for tests, with the option that its proxy server adds."""
    caplog.set_level(logging.DEBUG, logger="fakebackend")
    monkeypatch.setattr(last_word, "register", lambda _: None)  # the tests' own end is no place for it
    with taddons.context() as context:
        context.options.add_option("connection_strategy", str, "eager", "As the addon Proxyserver adds it.")
        yield context


@pytest.fixture
def backend(tctx: taddons.context, folder: Path) -> DummyBackend:
    """Return the addon, configured and running, on a file that answers GET /user."""
    write(folder / "responses.json", {"GET": {"/user": {"name": "John"}}})
    addon = DummyBackend()
    tctx.master.addons.add(addon)
    tctx.configure(addon, responsesfile="responses.json")
    addon.running()
    return addon
