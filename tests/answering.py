"""Asking the addon, or a part of it, from tests: requests with headers and bodies, and a served file."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mitmproxy import http
from mitmproxy.test import taddons

from fakebackend.answer import Answer
from fakebackend.compile_file import compile_file
from fakebackend.dummy_backend import DummyBackend
from fakebackend.entry_table import EntryTable
from fakebackend.flow_view import FlowView
from fakebackend.memory import Memory
from fakebackend.problems import ResponsesFileError
from fakebackend.refusal import Refusal
from fakebackend.static_answer import StaticAnswer
from tests.conftest import ask
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


def view_of(
    method: str = "GET",
    path: str = "/",
    *,
    memory: Memory | None = None,
    state: Mapping[str, Any] | None = None,
    **of: Any,
) -> FlowView:
    """Return a request as the core sees it, with a memory of its own."""
    view = FlowView(flow_of(method, path, **of))
    view.memory = memory or Memory(state)
    view.state = view.memory.state
    return view


def table_in(folder: Path, data: Mapping[str, Any]) -> EntryTable:
    """Return the table of a responses file in a folder."""
    return compile_file(json.dumps(data).encode(), str(folder / "responses.json")).table


def answered(table: EntryTable, view: FlowView) -> Any:
    """Return what the first answer to a request comes to, if that needs no waiting."""
    answer = table.find(view).answer
    assert answer is not None
    return answer.source.produce(view) if isinstance(answer, Answer) else answer


def answer_to(folder: Path, value: Any, view: FlowView, *, key: str = "GET /") -> StaticAnswer:
    """Return the answer of a file whose one entry has this value."""
    product = answered(table_in(folder, {key: value}), view)
    assert isinstance(product, StaticAnswer)
    return product


def refusal_of(table: EntryTable, view: FlowView) -> str:
    """Return why the only entry that matches does not answer."""
    [(_, offer)] = table.offers(view)
    assert isinstance(offer, Refusal)
    return offer.difference


def problems_of(data: Mapping[str, Any] | str) -> list[str]:
    """Return the problems of a file, `responses.json` left out; none if it is good."""
    text = data if isinstance(data, str) else json.dumps(data)
    try:
        compile_file(text.encode(), "responses.json")
    except ResponsesFileError as e:
        return [str(problem).removeprefix("responses.json:") for problem in e.problems]
    return []


def field_of(answer: StaticAnswer, name: str) -> list[str]:
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
    def memory(self) -> Memory:
        """Return what is remembered now."""
        return self.backend._serving.answerer.memory

    @property
    def waiting(self) -> int:
        """Return how many requests wait."""
        return len(self.backend._serving.answerer.waiting)

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
