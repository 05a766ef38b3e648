"""docs/control.openapi.yaml says what there is to call, and what is really answered."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from typing import NamedTuple

import pytest
from jsonschema import Draft202012Validator
from mitmproxy import http
from mitmproxy.test import taddons
from ruamel.yaml import YAML

from fakebackend.journal.admin import CALLS
from fakebackend.journal.admin import LARGEST_BODY
from fakebackend.journal.admin import PREFIX
from fakebackend.proxy.addon import DummyBackend
from tests.answering import flow_of
from tests.conftest import ask
from tests.conftest import response_of
from tests.conftest import write
from tests.markdown import REPOSITORY

DOCUMENT: dict[str, Any] = YAML(typ="safe").load((REPOSITORY / "docs" / "control.openapi.yaml").read_text("utf-8"))
TOKEN = "a-token-for-the-tests"
METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
RESPONSES = {
    "$state": {"plan": "free"},
    "GET": {
        "/user": {"name": "Ann"},
        "/users/{id}": 1,
        "/never": {"$when": {"query": {"a": "1"}}, "$body": 1},
        "/broken": {"$template": True, "$body": "{{ query.nope }}"},
    },
    "POST": {"/login": {"$when": {"json": {"user": "ann"}}, "$body": {}}},
}


class Call(NamedTuple):
    """A call, and the status that it is answered with."""

    method: str
    name: str
    status: int = 200
    body: bytes = b""
    token: str = TOKEN

    @property
    def operation(self) -> dict[str, Any]:
        """Return what the document says of it."""
        described: dict[str, Any] = DOCUMENT["paths"][f"/{self.name.partition('?')[0]}"][self.method.lower()]
        return described

    @property
    def label(self) -> str:
        """Return how the call is named in a test."""
        return f"{self.method} {self.name} {self.status}"


GOOD = [
    Call("GET", "report"),
    Call("GET", "report?entries=false"),
    Call("GET", "entries"),
    Call("GET", "requests"),
    Call("GET", "requests?bodies=true"),
    Call("GET", "unmatched"),
    Call("GET", "unmatched?bodies=true"),
    Call("GET", "state"),
    Call("PUT", "state", body=b'{"plan": "paid"}'),
    Call("PUT", "options/responsesfile", body=b'"other.json"'),
    Call("POST", "entries", body=b'{"GET /added": 1, "$before": {"GET /b": 2}}'),
    Call("POST", "reset"),
]

REFUSED = [
    *(call._replace(token="wrong", status=401) for call in GOOD),
    Call("PUT", "state", 400, b"[]"),
    Call("PUT", "state", 400, b"{"),
    Call("PUT", "options/responsesfile", 400, b'"none.json"'),
    Call("PUT", "options/responsesfile", 400, b"5"),
    Call("POST", "entries", 400, b'{"GET /added": {"$status": 5}}'),
    Call("POST", "entries", 400, b'{"$include": []}'),
    *(
        Call(method, name, 413, b" " * (LARGEST_BODY + 1))
        for method, name in [("PUT", "state"), ("PUT", "options/responsesfile"), ("POST", "entries")]
    ),
]

WITH_A_FILE_ONLY = ["entries", "state"]
"""What cannot be shown while the file has never been good."""


def _resolved(value: Any) -> Any:
    """Return a part of the document, or what it refers to."""
    while "$ref" in value:
        at = DOCUMENT
        for step in value["$ref"].removeprefix("#/").split("/"):
            at = at[step]
        value = at
    return value


def _validator(schema: Any) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": DOCUMENT["components"]})


def _check(answer: http.Response, call: Call) -> None:
    """Fail if an answer is none of those that the document names for a call, or is another one."""
    described = _resolved(call.operation["responses"][str(call.status)])
    assert answer.status_code == call.status, answer.text
    for name, field in described.get("headers", {}).items():
        _validator(field["schema"]).validate(answer.headers[name])
    media_type, said = next(iter(described["content"].items()))
    assert answer.headers["Content-Type"] == media_type
    _validator(said["schema"]).validate(json.loads(answer.content or b""))


def _schemas() -> Iterator[Any]:
    """Yield all schemas of the document."""
    yield from DOCUMENT["components"]["schemas"].values()
    contents = [_resolved(each) for each in DOCUMENT["components"]["responses"].values()]
    for item in DOCUMENT["paths"].values():
        for operation in item.values():
            contents += map(_resolved, operation["responses"].values())
            contents += [operation["requestBody"]] if "requestBody" in operation else []
            yield from (_resolved(each)["schema"] for each in operation.get("parameters", ()))
    for each in contents:
        yield from (media["schema"] for media in each["content"].values())


@pytest.fixture
async def controlled(tctx: taddons.context, backend: DummyBackend, folder: Path) -> DummyBackend:
    """Return a backend that has been asked for all kinds of things."""
    write(folder / "responses.json", RESPONSES)
    write(folder / "other.json", {"GET": {"/user": 2}})
    tctx.configure(backend, responses_admin=TOKEN, responses_fail_on="unmatched,unused,error")
    flows = [
        *(flow_of("GET", path) for path in ("/user", "/broken", "/nothing", "/favicon.ico")),
        *(flow_of("POST", "/login", body=body) for body in (b'{"user": "bob"}', b"\xff\xfe", b"x" * 100_000)),
    ]
    for flow in flows:
        await ask(backend, flow)
        backend.response(flow)
    return backend


async def _answer(backend: DummyBackend, call: Call) -> http.Response:
    headers = {"Authorization": f"Bearer {call.token}", "Content-Type": "application/json"}
    flow = flow_of(call.method, PREFIX + call.name, headers=headers, body=call.body, port=8080)
    flow.request.host = "localhost"  # whose port this is, as the flow came in by it
    return response_of(await ask(backend, flow))


def test_it_has_exactly_the_calls_that_there_are() -> None:
    described = {
        path.removeprefix("/"): {method.upper() for method in item if method in METHODS}
        for path, item in DOCUMENT["paths"].items()
    }
    assert described == {path: set(methods) for path, methods in CALLS.items()}
    assert DOCUMENT["servers"][0]["url"].endswith(PREFIX.removesuffix("/"))


def test_each_call_needs_the_token_and_says_so() -> None:
    [[scheme]] = DOCUMENT["security"]
    assert DOCUMENT["components"]["securitySchemes"][scheme]["scheme"] == "bearer"
    operations = [operation for item in DOCUMENT["paths"].values() for operation in item.values()]
    assert all("401" in operation["responses"] and "security" not in operation for operation in operations)
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)


def test_its_schemas_are_schemas() -> None:
    schemas = list(_schemas())
    assert len(schemas) > 20
    for schema in schemas:
        Draft202012Validator.check_schema(schema)


def test_each_call_is_tried_in_each_way_that_is_described() -> None:
    described = {
        (path.removeprefix("/"), method.upper(), int(status))
        for path, item in DOCUMENT["paths"].items()
        for method, operation in item.items()
        for status in operation["responses"]
    }
    tried = {(call.name.partition("?")[0], call.method, call.status) for call in [*GOOD, *REFUSED]}
    assert described - tried == {(name, "GET", 400) for name in WITH_A_FILE_ONLY}
    assert tried <= described


@pytest.mark.parametrize("call", [*GOOD, *REFUSED], ids=lambda call: call.label)
async def test_what_is_answered_is_what_it_describes(controlled: DummyBackend, call: Call) -> None:
    _check(await _answer(controlled, call), call)


@pytest.mark.parametrize("name", WITH_A_FILE_ONLY)
async def test_what_is_answered_while_the_file_was_never_good(tctx: taddons.context, folder: Path, name: str) -> None:
    (folder / "responses.json").write_text("{")
    addon = DummyBackend()
    tctx.master.addons.add(addon)
    tctx.configure(addon, responses_admin=TOKEN)
    call = Call("GET", name, 400)
    _check(await _answer(addon, call), call)


async def test_the_journal_has_each_kind_of_body_that_it_describes(controlled: DummyBackend) -> None:
    answer = await _answer(controlled, Call("GET", "requests?bodies=true"))
    bodies = [each["body"] for each in json.loads(answer.content or b"")]
    assert {tuple(body or ()) for body in bodies} == {(), ("text",), ("base64",), ("length", "sha256")}


async def test_calls_that_are_none_are_refused_in_the_same_form(controlled: DummyBackend) -> None:
    for call, status in [(Call("GET", "nothing"), 404), (Call("DELETE", "state"), 405)]:
        answer = await _answer(controlled, call)
        assert answer.status_code == status
        _validator(DOCUMENT["components"]["schemas"]["Error"]).validate(json.loads(answer.content or b""))
