"""CORS, OPTIONS, ranges and caching over the wire, by every way of using the proxy."""

from collections.abc import Callable

import httpx
import pytest
from mitmdump import Backend
from mitmdump import Launcher
from raw_http import exchange
from raw_http import request_of
from real_server import RealServer
from unused_port import unused_port

APP = "http://localhost:3000"
UPSTREAM = f"reverse:http://127.0.0.1:{unused_port()}"
TLS_UPSTREAM = f"reverse:https://127.0.0.1:{unused_port()}"

RESPONSES = {
    "$before": {"*": {"/{rest:path}": {"$when": {"headers": {"X-Down": "1"}}, "$status": 503}}},
    "GET": {
        "/user": {"$headers": {"X-Total": 3}, "$body": {"name": "John"}},
        "/file": {"$file": "a.txt"},
        "/steps": {"$sequence": [1, 2, 3]},
        "/own": {"$headers": {"Access-Control-Allow-Origin": "*"}, "$body": 1},
    },
    "PUT": {"/user": 1},
    "OPTIONS": {"/own": {"$status": 200, "$text": "mine"}},
    "*": {"/any": "any"},
}

WAYS: dict[str, Callable[[Backend], httpx.Client]] = {
    "direct": lambda backend: backend.client(),
    "direct http2": lambda backend: backend.client(scheme="https", http2=True),
    "reverse": lambda backend: backend.client(UPSTREAM),
    "reverse https": lambda backend: backend.client(TLS_UPSTREAM, scheme="https"),
    "proxy": lambda backend: backend.proxied(base_url="http://api.example.invalid"),
    "proxy tls": lambda backend: backend.proxied(base_url="https://api.example.invalid"),
    "proxy http2": lambda backend: backend.proxied(base_url="https://api.example.invalid", http2=True),
}


@pytest.fixture(scope="module")
def backend(start_shared: Launcher) -> Backend:
    """Start one mitmdump that is proxy and reverse proxy at once."""
    backend = start_shared({"GET": {}}, modes=["regular", UPSTREAM, TLS_UPSTREAM])
    (backend.folder / "a.txt").write_text("0123456789")
    backend.write(RESPONSES)
    return backend


@pytest.fixture(params=[pytest.param(way, id=name) for name, way in WAYS.items()])
def client(request: pytest.FixtureRequest, backend: Backend) -> httpx.Client:
    """Make a client for each way of asking."""
    way: Callable[[Backend], httpx.Client] = request.param
    return way(backend)


def _preflight(client: httpx.Client, path: str, method: str, **headers: str) -> httpx.Response:
    asked = {"Origin": APP, "Access-Control-Request-Method": method, **headers}
    return client.options(path, headers=asked)


def test_an_answer_can_be_read(client: httpx.Client) -> None:
    headers = client.get("/user", headers={"Origin": APP}).headers
    assert headers["Access-Control-Allow-Origin"] == APP
    assert headers["Access-Control-Allow-Credentials"] == "true"
    assert headers["Access-Control-Expose-Headers"] == "X-Total"
    assert (headers["Vary"], headers["Cache-Control"]) == ("Origin", "no-store")
    assert not [name for name in client.get("/user").headers if name.startswith("access-control-")]


def test_a_preflight(client: httpx.Client) -> None:
    answer = _preflight(client, "/user", "PUT", **{"Access-Control-Request-Headers": "authorization,content-type"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert "Content-Length" not in answer.headers
    assert answer.headers["Access-Control-Allow-Origin"] == APP
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS, PUT"
    assert answer.headers["Access-Control-Allow-Headers"] == "authorization,content-type"
    assert answer.headers["Access-Control-Max-Age"] == "0"


def test_a_preflight_without_an_entry(client: httpx.Client, backend: Backend) -> None:
    answer = _preflight(client, "/user", "DELETE")
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (204, APP)
    assert "DELETE" in answer.headers["Access-Control-Allow-Methods"]
    with backend.expect_log("DELETE ", "/user: no entry; nearest", "but for DELETE: there is GET, PUT"):
        answer = client.delete("/user", headers={"Origin": APP})
    assert (answer.status_code, answer.text) == (404, "Path not found")
    assert answer.headers["Access-Control-Allow-Origin"] == APP


@pytest.mark.parametrize(
    ("path", "status", "text", "allow"),
    [
        pytest.param("/user", 204, "", "GET, HEAD, OPTIONS, PUT", id="automatic"),
        pytest.param("/own", 200, "mine", None, id="entry"),
        pytest.param("/any", 200, '"any"', None, id="any-entry"),
        pytest.param("/missing", 404, "Path not found", None, id="no-entry"),
    ],
)
def test_a_plain_options(client: httpx.Client, path: str, status: int, text: str, allow: str | None) -> None:
    answer = client.options(path)
    assert (answer.status_code, answer.text, answer.headers.get("Allow")) == (status, text, allow)


def test_what_the_entry_says_wins(client: httpx.Client) -> None:
    assert client.get("/own", headers={"Origin": APP}).headers["Access-Control-Allow-Origin"] == "*"
    assert _preflight(client, "/own", "DELETE").text == "mine"


def test_before_and_any_do_not_see_a_preflight(client: httpx.Client) -> None:
    assert _preflight(client, "/user", "GET", **{"X-Down": "1"}).status_code == 204
    assert _preflight(client, "/any", "PURGE").status_code == 204
    assert client.options("/user", headers={"X-Down": "1"}).status_code == 503


def test_a_sequence_does_not_see_a_preflight(client: httpx.Client, backend: Backend) -> None:
    backend.execute("responses.reset")
    for expected in (1, 2, 3):
        assert _preflight(client, "/steps", "GET").status_code == 204
        assert client.get("/steps", headers={"Origin": APP}).json() == expected


@pytest.mark.parametrize(
    ("asked", "status", "body"),
    [
        pytest.param("bytes=2-4", 206, b"234", id="part"),
        pytest.param("bytes=-2", 206, b"89", id="end"),
        pytest.param("bytes=10-", 416, b"", id="behind-the-end"),
        pytest.param("bytes=0-1,4-5", 200, b"0123456789", id="several"),
    ],
)
def test_ranges_of_a_file(client: httpx.Client, asked: str, status: int, body: bytes) -> None:
    answer = client.get("/file", headers={"Range": asked, "Origin": APP})
    assert (answer.status_code, answer.content) == (status, body)
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Access-Control-Allow-Origin"] == APP


def test_a_file_is_sent_once(client: httpx.Client) -> None:
    """A second request with the tag of the first gets 304 and no body, over every protocol."""
    first = client.get("/file")
    for name, value in (
        ("If-None-Match", first.headers["ETag"]),
        ("If-Modified-Since", first.headers["Last-Modified"]),
    ):
        again = client.get("/file", headers={name: value, "Origin": APP})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["Access-Control-Allow-Origin"] == APP
    assert client.get("/user").status_code == 200  # the connection is still good


def test_nothing_follows_an_answer_without_a_body(backend: Backend) -> None:
    """A client library would hide it."""
    for extra in (b"Range: bytes=99-\r\n", b"If-None-Match: *\r\n"):
        request = request_of(b"/file").replace(b"Connection:", extra + b"Connection:")
        assert exchange(backend.port, request, body=False).rest == b""


def test_a_preflight_without_an_entry_is_forwarded(start: Launcher, real_server: RealServer) -> None:
    """The real server of this test refuses OPTIONS, and that is what comes back."""
    mode = f"reverse:{real_server.url}"
    backend = start({"GET": {"/user": 1}}, modes=[mode], options={"responses_unmatched": "forward"})
    client = backend.client()
    assert _preflight(client, "/user", "GET").status_code == 204
    answer = _preflight(client, "/user", "DELETE")
    assert (answer.status_code, "X-Fakebackend" in answer.headers) == (501, False)
    assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_the_option_can_be_set_while_running(start: Launcher) -> None:
    backend = start({"GET": {"/user": 1}})
    client = backend.client()

    def readers() -> list[str]:
        answers = {origin: client.get("/user", headers={"Origin": origin}) for origin in (APP, "https://a.example")}
        return [origin for origin, answer in answers.items() if "Access-Control-Allow-Origin" in answer.headers]

    assert readers() == [APP, "https://a.example"]
    backend.execute("set responses_cors https://a.example")
    assert readers() == ["https://a.example"]
    assert 'got "maybe"' in backend.refusal("set responses_cors maybe")
    assert readers() == ["https://a.example"]
    backend.execute("set responses_cors false")
    assert readers() == []
