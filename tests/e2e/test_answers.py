"""Answers as clients receive them, over every protocol and by every way of using the proxy."""

from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from mitmdump import Backend
from mitmdump import Launcher
from raw_http import exchange
from raw_http import request_of
from unused_port import unused_port

RESPONSES: dict[str, Any] = {
    "GET": {
        "/user": {"firstName": "Jöhn", "lastName": None},
        "/text": {"$text": "grüße\n"},
        "/bytes": {"$base64": "AP8Q"},
        "/cookies": {"$headers": {"Set-Cookie": ["a=1", "b=2"], "X-Number": 7}, "$body": []},
        "/typed": {"$headers": {"content-type": "application/problem+json"}, "$body": {}},
        "/untyped": {"$headers": {"Content-Type": None}, "$body": 1},
        "/empty": {"$status": 200},
        "/a b": "decoded",
        "/only-get": 1,
    },
    "POST": {"/user": {"$status": 201, "$headers": {"Location": "/users/7"}, "$body": {"success": True}}},
    "DELETE /users/1": {"$status": 204},
    "GET /teapot": {"$status": 418, "$text": "short and stout"},
    "HEAD": {"/own-head": {"$status": 202}},
    "*": {"/health": "ok", "/only-get": "any"},
}

UPSTREAM = f"reverse:http://127.0.0.1:{unused_port()}"
TLS_UPSTREAM = f"reverse:https://127.0.0.1:{unused_port()}"


@pytest.fixture(scope="module")
def backend(start_shared: Launcher) -> Backend:
    """Start one mitmdump that is proxy and reverse proxy at once."""
    return start_shared(RESPONSES, modes=["regular", UPSTREAM, TLS_UPSTREAM])


WAYS: dict[str, Callable[[Backend], httpx.Client]] = {
    "direct": lambda backend: backend.client(),
    "direct tls": lambda backend: backend.client(scheme="https"),
    "direct http2": lambda backend: backend.client(scheme="https", http2=True),
    "reverse": lambda backend: backend.client(UPSTREAM),
    "reverse https": lambda backend: backend.client(TLS_UPSTREAM),
    "reverse https by tls": lambda backend: backend.client(TLS_UPSTREAM, scheme="https"),
    "reverse https by http2": lambda backend: backend.client(TLS_UPSTREAM, scheme="https", http2=True),
    "proxy": lambda backend: backend.proxied(base_url="http://api.example.invalid"),
    "proxy tls": lambda backend: backend.proxied(base_url="https://api.example.invalid"),
    "proxy http2": lambda backend: backend.proxied(base_url="https://api.example.invalid", http2=True),
}


@pytest.fixture(scope="module", params=[pytest.param(way, id=name) for name, way in WAYS.items()])
def client(request: pytest.FixtureRequest, backend: Backend) -> Iterator[httpx.Client]:
    """Make a client for each way of asking."""
    with request.param(backend) as client:
        yield client


def test_json_body(client: httpx.Client) -> None:
    answer = client.get("/user?page=2")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.json() == {"firstName": "Jöhn", "lastName": None}


def test_status_and_headers(client: httpx.Client) -> None:
    answer = client.post("/user", json={"name": "Ann"})
    assert (answer.status_code, answer.headers["Location"]) == (201, "/users/7")
    assert answer.json() == {"success": True}


def test_head_has_the_headers_of_get(client: httpx.Client) -> None:
    get, head = client.get("/user"), client.head("/user")
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers == get.headers


def test_no_content(client: httpx.Client) -> None:
    """A 204 has no body on any protocol, and the connection can be used after it."""
    answer = client.delete("/users/1")
    assert (answer.status_code, answer.content) == (204, b"")
    assert "Content-Type" not in answer.headers
    assert client.get("/text").text == "grüße\n"


def test_unmatched(client: httpx.Client) -> None:
    answer = client.get("/usr")
    assert (answer.status_code, answer.headers["Content-Type"], answer.text) == (404, "text/plain", "Path not found")
    assert answer.headers["X-Fakebackend"] == "no entry; nearest GET /user"


def test_http2_is_spoken(backend: Backend) -> None:
    """The table above means nothing if its clients fall back to HTTP/1.1."""
    for name, way in WAYS.items():
        with way(backend) as client:
            assert client.get("/user").http_version == ("HTTP/2" if "http2" in name else "HTTP/1.1"), name


@pytest.mark.parametrize(
    ("method", "path", "status", "content_type", "body"),
    [
        pytest.param("GET", "/text", 200, "text/plain; charset=utf-8", "grüße\n".encode(), id="text"),
        pytest.param("GET", "/bytes", 200, "application/octet-stream", b"\x00\xff\x10", id="base64"),
        pytest.param("GET", "/typed", 200, "application/problem+json", b"{}", id="own content type"),
        pytest.param("GET", "/untyped", 200, None, b"1", id="no content type"),
        pytest.param("GET", "/empty", 200, None, b"", id="no body key"),
        pytest.param("GET", "/a%20b", 200, "application/json", b'"decoded"', id="percent-encoded"),
        pytest.param("GET", "/x/../user/../text", 200, "text/plain; charset=utf-8", "grüße\n".encode(), id="dots"),
        pytest.param("GET", "/teapot", 418, "text/plain; charset=utf-8", b"short and stout", id="flat"),
        pytest.param("PATCH", "/health", 200, "application/json", b'"ok"', id="any method"),
        pytest.param("BREW", "/health", 200, "application/json", b'"ok"', id="any method, unheard of"),
        pytest.param("GET", "/only-get", 200, "application/json", b"1", id="method before any"),
        pytest.param("PUT", "/only-get", 200, "application/json", b'"any"', id="any for the rest"),
        pytest.param("HEAD", "/own-head", 202, None, b"", id="own HEAD"),
        pytest.param("GET", "/own-head", 404, "text/plain", b"Path not found", id="no GET from HEAD"),
        pytest.param("GET", "/user/", 404, "text/plain", b"Path not found", id="trailing slash"),
        pytest.param("GET", "/User", 404, "text/plain", b"Path not found", id="case"),
        pytest.param("PUT", "/user", 404, "text/plain", b"Path not found", id="wrong method"),
    ],
)
def test_answer(  # the columns of the table
    backend: Backend, method: str, path: str, status: int, content_type: str | None, body: bytes
) -> None:
    answer = exchange(backend.port, request_of(path.encode(), method=method.encode()), body=method != "HEAD")
    assert (answer.status, answer.headers.get("content-type"), answer.body) == (status, content_type, body)
    assert answer.rest == b""


def test_repeated_headers(backend: Backend) -> None:
    answer = backend.client().get("/cookies")
    assert answer.headers.get_list("Set-Cookie") == ["a=1", "b=2"]
    assert answer.headers["X-Number"] == "7"


def test_head_sends_no_body_over_the_wire(backend: Backend) -> None:
    """A client library would hide a body that follows the answer to HEAD."""
    get = exchange(backend.port, request_of(b"/user"))
    head = exchange(backend.port, request_of(b"/user", method=b"HEAD"), body=False)
    assert head.rest == b""
    assert head.headers["content-length"] == get.headers["content-length"] == str(len(get.body))


def test_no_content_has_no_length(backend: Backend) -> None:
    answer = exchange(backend.port, request_of(b"/users/1", method=b"DELETE"))
    assert "content-length" not in answer.headers
    assert answer.rest == b""


def test_unmatched_is_explained_in_the_log(backend: Backend) -> None:
    with backend.expect_log("PUT /user: no entry; nearest", "the method differs: there is GET, POST"):
        backend.client().put("/user")


def test_unmatched_status(backend: Backend) -> None:
    with backend.unmatched("418"):
        answer = backend.client().get("/missing")
    assert (answer.status_code, answer.text) == (418, "Path not found")
    assert "X-Fakebackend" in answer.headers


@pytest.mark.parametrize("http2", [pytest.param(False, id="http1"), pytest.param(True, id="http2")])
def test_unmatched_kill(backend: Backend, http2: bool) -> None:
    """Killing ends the request without an answer; on HTTP/2 the connection's other requests live on."""
    client = backend.proxied(base_url="https://api.example.invalid", http2=http2)
    assert client.get("/user").status_code == 200
    with backend.unmatched("kill"), pytest.raises(httpx.RemoteProtocolError):
        client.get("/missing")
    assert client.get("/user").status_code == 200


@pytest.mark.parametrize("value", ["nonsense", "199", "600", "20", "Forward"])
def test_bad_policy_is_refused_and_changes_nothing(backend: Backend, value: str) -> None:
    refusal = backend.refusal(f"set responses_unmatched {value}")
    expected = 'a status code from 200 to 599, "forward" or "kill"'
    assert refusal == f'responses_unmatched must be {expected}, got "{value}"'
    assert backend.client().get("/missing").status_code == 404


def test_yaml(start: Launcher) -> None:
    """A YAML file says the same as a JSON file."""
    backend = start(
        "GET:\n  /user: {name: John, on: no, born: 2001-02-03}\nPOST /user: {$status: 201}\n", filename="answers.yaml"
    )
    client = backend.client()
    assert client.get("/user").json() == {"name": "John", "on": "no", "born": "2001-02-03"}
    assert client.post("/user").status_code == 201


def test_start_is_announced(backend: Backend) -> None:
    """The log says once what is served and what becomes of the rest, and why the strategy changed."""
    count = sum(len(value) if "/" not in key else 1 for key, value in RESPONSES.items())
    assert backend.output.count(f"responses.json ({count} entries); other requests are answered 404") == 1
    assert "connection_strategy is now lazy" in backend.output
