"""Answers that functions of the user's make."""

import os
from typing import Any

import pytest
from mitmdump import Backend
from mitmdump import Launcher

HANDLERS = '''
"""A user's handlers."""

from __future__ import annotations

import asyncio
from fakebackend import definition as defined
from dataclasses import asdict
from dataclasses import dataclass
from typing import ClassVar

@dataclass
class User:
    name: str
    kinds: ClassVar[list] = []

def request(request):
    return {
        "method": request.method, "url": request.url, "host": request.host, "path": request.path,
        "path_params": request.path_params, "query": request.query.getlist("q"), "first": request.query["q"],
        "header": request.headers["x-a"], "cookie": request.cookies["c"], "form": request.form.getlist("f"),
        "json": request.json, "text": request.text, "content": request.content.decode(),
    }

def value(request):
    return request.json

def no_json(request):
    return [request.json, request.text, request.form.get("a"), len(request.content)]

def data(request):
    return b"\\x00\\xff"

def none(request):
    return None

def definition(request):
    return defined({"$status": 201, "$headers": {"Location": "/a", "X-A": "own"}, "$text": "made {{ 7 * 7 }}"})

def no_content(request):
    return defined({"$status": 204})

def late(request):
    return defined({"$delay": "50ms", "$body": "late"})

def cases(request):
    return defined({"$cases": [{"$when": {"query": {"a": "1"}}, "$body": 1}, 2]})

async def waits(request):
    await asyncio.sleep(0.01)
    return {"path": request.path}

def state(request):
    request.state["n"] = request.state.get("n", 0) + 1
    return request.state["n"]

COUNTED = []

def counts(request):
    COUNTED.append(request.path)
    return len(COUNTED)

def counted(request):
    return len(COUNTED)

def dataclass_of(request):
    return asdict(User("Ann"))

def fails(request):
    nothing = {}
    return nothing["missing"]

async def fails_late(request):
    await asyncio.sleep(0)
    raise RuntimeError("no luck")

def exits(request):
    raise SystemExit(3)

def interrupts(request):
    raise KeyboardInterrupt

async def cancels(request):
    raise asyncio.CancelledError

def wrong(request):
    return defined({"$status": "abc"})

def wrong_type(request):
    return object()

def wrong_deep(request):
    return {"a": {1, 2}}

def not_a_number(request):
    return float("nan")
'''

NAMES = [
    line.removeprefix("async ").split("(")[0].removeprefix("def ")
    for line in HANDLERS.splitlines()
    if "(request):" in line
]

RESPONSES: dict[str, Any] = {
    "$state": {"n": 0},
    "*": {
        f"/{name}/{{id:int}}": {"$handler": f"handlers/all.py:{name}", "$headers": {"X-A": "default"}} for name in NAMES
    },
    "GET": {"/{rest:path}": "the next entry"},
}


@pytest.fixture(scope="module")
def backend(start_shared: Launcher) -> Backend:
    """Start one mitmdump, with handlers in a folder beside the responses file."""
    backend = start_shared({})
    (backend.folder / "handlers").mkdir()
    (backend.folder / "handlers" / "all.py").write_text(HANDLERS)
    backend.write(RESPONSES)
    backend.execute("responses.reload")
    return backend


def test_a_handler_gets_the_request(backend: Backend) -> None:
    answer = backend.client().post(
        "/request/7?q=1&q=%C3%BC&q=%FF",
        headers={"X-A": "a", "Cookie": "c=d", "Content-Type": "application/x-www-form-urlencoded"},
        content=b"f=1&f=a+b",
    )
    assert answer.json() == {
        "method": "POST",
        "url": f"{backend.url}/request/7?q=1&q=%C3%BC&q=%FF",
        "host": "127.0.0.1",
        "path": "/request/7",
        "path_params": {"id": 7},
        "query": ["1", "ü", "\ufffd"],
        "first": "1",
        "header": "a",
        "cookie": "d",
        "form": ["1", "a b"],
        "json": None,
        "text": "f=1&f=a+b",
        "content": "f=1&f=a+b",
    }


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
@pytest.mark.parametrize(
    "value", ["{}", "[]", "[1, {}]", '{"a": null}', "0", "1.5", "true", "false", '""', '"{{ a }}"']
)
def test_a_json_value_is_the_body(backend: Backend, value: str, http2: bool) -> None:
    client = backend.client(scheme="https" if http2 else "http", http2=http2)
    answer = client.post("/value/1", content=value)
    assert (answer.status_code, answer.text, answer.headers["Content-Type"]) == (200, value, "application/json")
    assert (answer.headers["X-A"], answer.headers["Content-Length"]) == ("default", str(len(value)))


def test_a_request_without_a_body(backend: Backend) -> None:
    assert backend.client().get("/no_json/1").json() == [None, "", None, 0]


@pytest.mark.parametrize(
    ("path", "status", "content_type", "body"),
    [
        pytest.param("/data/1", 200, "application/octet-stream", b"\x00\xff", id="bytes"),
        pytest.param("/none/1", 200, "application/json", b'"the next entry"', id="none is no match"),
        pytest.param("/no_content/1", 204, None, b"", id="no content"),
        pytest.param("/late/1", 200, "application/json", b'"late"', id="definition with delay"),
        pytest.param("/cases/1?a=1", 200, "application/json", b"1", id="cases that hold"),
        pytest.param("/cases/1", 200, "application/json", b"2", id="cases that do not hold"),
        pytest.param("/waits/1", 200, "application/json", b'{"path": "/waits/1"}', id="async"),
        pytest.param("/dataclass_of/1", 200, "application/json", b'{"name": "Ann"}', id="dataclass"),
    ],
)
def test_answer(backend: Backend, path: str, status: int, content_type: str | None, body: bytes) -> None:
    answer = backend.client().get(path)
    assert (answer.status_code, answer.headers.get("Content-Type"), answer.content) == (status, content_type, body)


def test_a_definition_is_one(backend: Backend) -> None:
    """Its own headers win over those beside `$handler`, and what it says is no template."""
    answer = backend.client().get("/definition/1")
    assert (answer.status_code, answer.text, answer.headers["Location"]) == (201, "made {{ 7 * 7 }}", "/a")
    assert answer.headers.get_list("X-A") == ["own"]


def test_state_is_the_handlers_too(backend: Backend) -> None:
    client = backend.client()
    assert [client.get("/state/1").json() for _ in range(2)] == [1, 2]
    backend.execute("responses.reset")
    assert client.get("/state/1").json() == 1


def test_functions_of_a_file_share_its_variables(backend: Backend) -> None:
    """Also when the responses file is saved in between."""
    client = backend.client()
    assert [client.get("/counts/1").json() for _ in range(2)] == [1, 2]
    assert client.get("/counted/1").json() == 2
    backend.write({**RESPONSES, "POST": {"/new": 1}})
    assert client.post("/new").json() == 1
    assert client.get("/counted/1").json() == 2


def _at(text: str, error: str) -> str:
    return f"all.py:{HANDLERS.splitlines().index(f'    {text}') + 1}: {error}"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        pytest.param("fails", _at('return nothing["missing"]', "KeyError: 'missing'"), id="raises"),
        pytest.param("fails_late", _at('raise RuntimeError("no luck")', "RuntimeError: no luck"), id="async"),
        pytest.param("exits", _at("raise SystemExit(3)", "SystemExit: 3"), id="exits"),
        pytest.param("interrupts", _at("raise KeyboardInterrupt", "KeyboardInterrupt"), id="interrupts"),
        pytest.param("cancels", _at("raise asyncio.CancelledError", "CancelledError"), id="cancels"),
        pytest.param("wrong", '$status must be an integer from 200 to 599, got "abc"', id="wrong definition"),
        pytest.param("wrong_type", "returned a object, expected", id="wrong type"),
        pytest.param("wrong_deep", "returned what is no JSON", id="no JSON"),
        pytest.param("not_a_number", "returned what is no JSON", id="nan"),
    ],
)
def test_a_failure_is_a_500_that_names_the_place(backend: Backend, name: str, reason: str) -> None:
    with backend.expect_log(reason):
        answer = backend.client().get(f"/{name}/1")
    assert (answer.status_code, reason in answer.headers["X-Fakebackend"]) == (500, True), answer.headers
    assert "\n" not in answer.headers["X-Fakebackend"]
    assert backend.client().get("/waits/1").status_code == 200


def test_a_change_of_the_file_shows_at_once(start: Launcher) -> None:
    """While it cannot be run every request says so, and mending it needs no restart."""
    backend = start({})
    file = backend.folder / "h.py"
    file.write_text("def f(request):\n    return 1\n")
    backend.write({"GET": {"/": {"$handler": "h.py:f"}}})
    client = backend.client()
    assert client.get("/").json() == 1
    for number in range(5):
        file.write_text(f"def f(request):\n    return {number}\n")
        assert client.get("/").json() == number
    file.write_text("def f(request:\n")
    with backend.expect_log("h.py:1: "):
        assert client.get("/").status_code == 500
    file.write_text("def g(request): pass\n")
    assert 'h.py has no function "f"' in client.get("/").text
    os.unlink(file)
    assert "there is no such file" in client.get("/").text
    file.write_text("def f(request):\n    return 'mended'\n")
    assert client.get("/").json() == "mended"


@pytest.mark.parametrize(
    ("handler", "reason"),
    [
        pytest.param("missing.py:f", "there is no such file", id="no file"),
        pytest.param("h.py:missing", 'has no function "missing"', id="no function"),
        pytest.param("nothing", '"file.py:function" or a built-in handler', id="neither"),
        pytest.param("broken.py:f", "broken.py:2: ZeroDivisionError", id="file that fails"),
    ],
)
def test_a_wrong_handler_refuses_the_file(backend: Backend, handler: str, reason: str) -> None:
    (backend.folder / "h.py").write_text("def f(request): pass\n")
    (backend.folder / "broken.py").write_text("\n1 / 0\n")
    backend.write({"GET": {"/": {"$handler": handler}}})
    try:
        refusal = backend.refusal("responses.reload")
    finally:
        backend.write(RESPONSES)
    assert refusal.startswith("responses.json:")
    assert reason in refusal
