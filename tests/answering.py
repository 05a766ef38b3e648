"""Asking the addon, or a part of it, from tests: requests with headers and bodies, and a served file."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mitmproxy import http
from mitmproxy.test import taddons

from fakebackend.answers.answer import Answer
from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.diagnostics.diagnostics import Diagnostics
from fakebackend.format.compile import compile_file
from fakebackend.format.definition import parse_value
from fakebackend.matching.mismatch import Mismatch
from fakebackend.messages.canned_response import CannedResponse
from fakebackend.messages.path_params import NO_PARAMS
from fakebackend.messages.path_params import PathParams
from fakebackend.proxy.addon import DummyBackend
from fakebackend.proxy.flow_request import FlowRequest
from fakebackend.state.mock_state import MockState
from fakebackend.state.request_context import RequestContext
from fakebackend.state.request_context import context_of
from fakebackend.table.entry_table import EntryTable
from fakebackend.table.first_outcome import FirstOutcome
from fakebackend.table.first_outcome import outcome_of
from tests.conftest import ask
from tests.conftest import canned
from tests.conftest import http_flow
from tests.conftest import write

HeaderPairs = Mapping[str, str] | list[tuple[str, str]]


def flow_of(
    method: str = "GET",
    path: str = "/",
    *,
    headers: HeaderPairs | None = None,
    body: bytes | str = b"",
    live: bool = True,
    scheme: str = "http",
    port: int = 80,
) -> http.HTTPFlow:
    """Return a flow with exactly these header fields, `Host` excepted."""
    flow = http_flow(method, path, live=live, port=port)
    flow.request.scheme = scheme
    pairs = headers.items() if isinstance(headers, Mapping) else headers or []
    fields = [(b"Host", b"api.example.com")]
    fields += [(name.encode(), value.encode("utf-8", "surrogateescape")) for name, value in pairs]
    flow.request.headers = http.Headers(fields)
    flow.request.raw_content = body.encode("utf-8", "surrogateescape") if isinstance(body, str) else body
    return flow


def context_for(
    method: str = "GET",
    path: str = "/",
    *,
    state: MockState | Mapping[str, Any] | None = None,
    params: PathParams = NO_PARAMS,
    **of: Any,
) -> RequestContext:
    """Return the context of a request, by default with a state of its own; a mapping is its first variables."""
    own = state if isinstance(state, MockState) else MockState(state)
    return context_of(FlowRequest(flow_of(method, path, **of)), params, own)


def table_in(folder: Path, data: Mapping[str, Any]) -> EntryTable:
    """Return the table of a responses file in a folder."""
    return compile_file(json.dumps(data).encode(), str(folder / "responses.json")).table


def answered(table: EntryTable, context: RequestContext) -> Any:
    """Return what the first answer to a request comes to, if that needs no waiting."""
    found = table.find(context.request, context.state)
    assert found.answer is not None
    assert found.match is not None
    if not isinstance(found.answer, Answer):
        return found.answer
    return found.answer.source.resolve(context._replace(params=found.match.params))


def answer_to(folder: Path, value: Any, context: RequestContext, *, key: str = "GET /") -> CannedResponse:
    """Return the answer of a file whose one entry has this value."""
    return canned(answered(table_in(folder, {key: value}), context))


def mismatch_of(table: EntryTable, context: RequestContext) -> str:
    """Return why the only entry that matches does not answer."""
    [(_, said)] = table.candidates(context.request, context.state)
    assert isinstance(said, Mismatch)
    return said.difference


def errors_of(data: Mapping[str, Any] | str) -> list[str]:
    """Return the errors of a file, `responses.json` left out; none if it is good."""
    text = data if isinstance(data, str) else json.dumps(data)
    try:
        compile_file(text.encode(), "responses.json")
    except ResponsesFileError as e:
        return [str(error).removeprefix("responses.json:") for error in e.errors]
    return []


def findings_of(value: Any) -> tuple[list[tuple[str, tuple[str | int, ...]]], list[str]]:
    """Return the errors of a value with their places in it, and the warnings."""
    findings = Diagnostics()
    choice = parse_value(value, findings)
    assert (choice is None) is bool(findings.errors)
    return [(str(error), error.path) for error in findings.errors], [str(warning) for warning in findings.warnings]


def field_of(answer: CannedResponse, name: str) -> list[str]:
    """Return the values of a header field."""
    return [value.decode("latin-1") for key, value in answer.fields if key.lower() == name.lower().encode()]


class Served:
    """The addon on a file, asked one request after the other."""

    def __init__(self, tctx: taddons.context, folder: Path, data: Mapping[str, Any], **options: Any) -> None:
        self.path = folder / "responses.json"
        self.save(data)
        self.tctx = tctx
        self.backend = DummyBackend()
        tctx.master.addons.add(self.backend)
        tctx.configure(self.backend, responsesfile="responses.json", **options)
        self.backend.running()

    @property
    def state(self) -> MockState:
        """Return what is remembered now."""
        return self.backend._serving.answerer.states.shared

    @property
    def waiting(self) -> int:
        """Return how many requests wait."""
        return len(self.backend._serving.answerer.disconnects)

    def save(self, data: Mapping[str, Any]) -> None:
        """Save the file."""
        write(self.path, data)

    async def ask(self, method: str = "GET", path: str = "/", **of: Any) -> http.HTTPFlow:
        """Return the flow of a request, finished."""
        return await ask(self.backend, flow_of(method, path, **of))

    async def text(self, method: str = "GET", path: str = "/", **of: Any) -> str:
        """Return the body that a request is answered with."""
        response = (await self.ask(method, path, **of)).response
        assert response is not None
        return response.text or ""

    async def json(self, method: str = "GET", path: str = "/", **of: Any) -> Any:
        """Return the JSON body that a request is answered with."""
        return json.loads(await self.text(method, path, **of))

    async def status(self, method: str = "GET", path: str = "/", **of: Any) -> int:
        """Return the status that a request is answered with."""
        response = (await self.ask(method, path, **of)).response
        assert response is not None
        return response.status_code


class Core:
    """A file's table with its state, asked without a proxy around it."""

    def __init__(self, folder: Path, data: Mapping[str, Any]) -> None:
        self.table = table_in(folder, data)
        self.state = MockState(self.table.state)

    async def ask(self, request: str = "GET /", **of: Any) -> CannedResponse:
        """Return the response to a request that is written as `GET /user`."""
        found = await self.found(request, **of)
        assert found is not None
        assert isinstance(found.outcome, CannedResponse)
        return found.outcome

    async def json(self, request: str = "GET /", **of: Any) -> Any:
        """Return the JSON body of the response."""
        return json.loads((await self.ask(request, **of)).body)

    async def found(self, request: str = "GET /", **of: Any) -> FirstOutcome | None:
        """Return what is done for a request, if an entry answers."""
        method, _, path = request.partition(" ")
        return await outcome_of(self.table, FlowRequest(flow_of(method, path, **of)), self.state)
