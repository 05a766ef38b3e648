"""`$forward`: single entries ask the real server, all others stay closed."""

import gzip
import json
import time
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from mitmdump import Backend
from mitmdump import Launcher
from raw_http import connection
from raw_http import exchange
from raw_http import open_tunnel
from raw_http import read_response
from raw_http import read_to_end
from raw_http import request_of
from real_server import RealAnswer
from real_server import RealServer
from real_server import serving

JSON_TYPE = ("Content-Type", "application/json")
USER = {"name": "John", "age": 30, "address": {"city": "Rome", "zip": "1"}, "tags": [1, 2], "big": 10**20, "ü": "é"}
BODY = json.dumps(USER).encode()

REAL: dict[str, RealAnswer] = {
    "/user": RealAnswer(headers=(JSON_TYPE, ("X-Real", "1"), ("X-Real", "2"), ("ETag", '"1"')), body=BODY),
    "/gzip": RealAnswer(headers=(JSON_TYPE, ("Content-Encoding", "gzip")), body=gzip.compress(BODY)),
    "/bom": RealAnswer(headers=(JSON_TYPE,), body=b"\xef\xbb\xbf" + BODY),
    "/surrogate": RealAnswer(headers=(JSON_TYPE,), body=b'{"lone": "\\ud800"}'),
    "/text": RealAnswer(headers=(("Content-Type", "text/plain"),), body=b"no json"),
    "/not-gzip": RealAnswer(headers=(JSON_TYPE, ("Content-Encoding", "gzip")), body=b"no gzip"),
    "/deep": RealAnswer(headers=(JSON_TYPE,), body=b"[" * 100_000 + b"]" * 100_000),
    "/empty": RealAnswer(status=204),
    "/error": RealAnswer(status=500, headers=(JSON_TYPE,), body=BODY),
    "/large": RealAnswer(headers=(JSON_TYPE,), body=json.dumps(["x" * 1000] * 2000).encode()),
}

MERGE = {"name": "Ann", "age": None, "address": {"zip": None}, "tags": [3], "new": {"a": 1}}
MERGED = {"name": "Ann", "address": {"city": "Rome"}, "tags": [3], "big": 10**20, "ü": "é", "new": {"a": 1}}
MERGED_ALONE = {"name": "Ann", "address": {}, "tags": [3], "new": {"a": 1}}


def _entries(other: RealServer) -> dict[str, Any]:
    return {
        "*": {
            "/user": {"$forward": True},
            "/elsewhere": {"$forward": other.url},
            "/v1/{rest:path}": {
                "$template": True,
                "$forward": {
                    "to": f"{other.url}/v2/{{rest}}?from=v1",
                    "headers": {"Authorization": "Bearer {{ query.token }}", "X-Old": None, "X-New": ["a", "b"]},
                },
            },
            "/late": {"$delay": "300ms", "$forward": True},
            "/sometimes": {"$when": {"query": {"real": "1"}}, "$forward": True},
            "/first/{rest}": {"$sequence": [{"$status": 503}, {"$forward": True}]},
            "/set": {"$set": {"asked": True}, "$forward": True},
            "/{name}/status": {"$status": 418, "$forward": True},
            "/canned": "canned",
        },
        "GET": {
            "/user?status": {"$status": 418, "$forward": True},
            "/user?none": {"$status": 204, "$forward": True},
            "/user?headers": {"$headers": {"X-Real": None, "ETag": "W/2", "X-New": ["a", "b"]}, "$forward": True},
            "/user?all": {"$status": 201, "$headers": {"X-New": 1}, "$merge": MERGE, "$forward": True},
            "/empty?ok": {"$status": 200, "$forward": True},
            **{f"{path}?merge": {"$forward": True, "$merge": MERGE} for path in REAL},
            "/text?array": {"$forward": True, "$merge": [1]},
        },
        "GET /text?plain": {"$forward": True},
        "GET /gzip?plain": {"$forward": True},
        "GET /gzip?none": {"$forward": True, "$status": 304},
        "GET /error?plain": {"$forward": True},
    }


@dataclass
class World:
    """A mitmdump, the real server behind it, and another one."""

    backend: Backend
    real: RealServer
    other: RealServer

    @property
    def reverse(self) -> str:
        return f"reverse:{self.real.url}"

    @property
    def upstream(self) -> str:
        return f"upstream:{self.other.url}"


@pytest.fixture(scope="module")
def world(start_shared: Launcher, certificate: Path) -> Iterator[World]:
    """Start one mitmdump as a reverse proxy and as a proxy, with two servers; all but some entries is closed."""
    with serving() as real, serving(certificate) as other:
        real.answers.update(REAL)
        other.answers.update(REAL)
        modes = [f"reverse:{real.url}", "regular"]
        backend = start_shared(_entries(other), modes=modes, options={"ssl_insecure": "true"})
        yield World(backend, real, other)
        backend.stop()


WAYS: dict[str, Callable[[World], httpx.Client]] = {
    "reverse": lambda world: world.backend.client(),
    "reverse http2": lambda world: world.backend.client(scheme="https", http2=True),
    "proxy": lambda world: world.backend.proxied("regular", base_url=world.real.url),
    "proxy tls": lambda world: world.backend.proxied("regular", base_url=world.other.url),
    "proxy http2": lambda world: world.backend.proxied("regular", base_url=world.other.url, http2=True),
}


@pytest.fixture(scope="module", params=[pytest.param(way, id=name) for name, way in WAYS.items()])
def client(request: pytest.FixtureRequest, world: World) -> Iterator[httpx.Client]:
    """Make a client for each way of asking."""
    with request.param(world) as client:
        yield client


def test_the_real_answer_comes_back(client: httpx.Client) -> None:
    answer = client.get("/user")
    assert (answer.status_code, answer.content) == (200, BODY)
    assert answer.headers.get_list("X-Real") == ["1", "2"]
    assert "X-Fakebackend" not in answer.headers


def test_nothing_else_is_let_out(client: httpx.Client, world: World) -> None:
    """Neither on the connection that has just asked the real server, nor for an entry whose conditions fail."""
    assert client.get("/user").status_code == 200
    asked = len(world.real.requests), len(world.other.requests)
    for path in ("/other", "/sometimes", "/canned", "/usr"):
        assert client.get(path).status_code == (200 if path == "/canned" else 404)
    assert (len(world.real.requests), len(world.other.requests)) == asked
    assert client.get("/sometimes?real=1").text == "real"


def test_another_origin_is_asked(client: httpx.Client, world: World) -> None:
    """The path and query stay, the host is that of the origin, and the way back is the client's own."""
    assert client.post("/elsewhere?a=%20", content=b"x").text == "real"
    assert world.other.requests[-1] == f"POST /elsewhere?a=%20 for 127.0.0.1:{world.other.port}"
    assert client.get("/user").content == BODY


def test_another_path_is_asked_with_other_headers(client: httpx.Client, world: World) -> None:
    """Parameters are as they came, the query of the entry is first, and the host is that of where it goes."""
    assert client.get("/v1/a%2Fb/%C3%A9?token=t1&x=%20", headers={"X-Old": "1", "X-Kept": "2"}).text == "real"
    asked = f"GET /v2/a%2Fb/%C3%A9?from=v1&token=t1&x=%20 for 127.0.0.1:{world.other.port}"
    assert world.other.requests[-1] == asked
    fields = [(name.lower(), value) for name, value in world.other.headers]
    assert ("authorization", "Bearer t1") in fields
    assert ("x-kept", "2") in fields
    assert "x-old" not in dict(fields)
    assert [value for name, value in fields if name == "x-new"] == ["a", "b"]
    assert client.get("/user").content == BODY


def test_changed_on_its_way_back(client: httpx.Client) -> None:
    answer = client.get("/user?all")
    assert (answer.status_code, answer.json(), answer.headers["X-New"]) == (201, MERGED, "1")
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    assert client.get("/canned").json() == "canned"


def test_status(client: httpx.Client) -> None:
    answer = client.get("/user?status")
    assert (answer.status_code, answer.content) == (418, BODY)


@pytest.mark.parametrize("path", ["/user?none", "/gzip?none"])
def test_status_without_a_body(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.content) == (304 if "gzip" in path else 204, b"")
    assert not {"Content-Type", "Content-Length", "Content-Encoding"} & set(answer.headers)
    assert client.get("/user").content == BODY


def test_status_for_an_answer_without_a_body(client: httpx.Client) -> None:
    answer = client.get("/empty?ok")
    assert (answer.status_code, answer.content) == (200, b"")
    assert client.get("/user").content == BODY


def test_headers(client: httpx.Client) -> None:
    answer = client.get("/user?headers")
    assert "X-Real" not in answer.headers
    assert (answer.headers["ETag"], answer.headers.get_list("X-New")) == ("W/2", ["a", "b"])
    assert answer.content == BODY


@pytest.mark.parametrize("path", ["/user?merge", "/gzip?merge", "/bom?merge"])
def test_merge(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.json() == MERGED


def test_merge_keeps_a_content_coding(world: World) -> None:
    answer = exchange(world.backend.port, request_of(b"/gzip?merge"))
    assert answer.headers["content-encoding"] == "gzip"
    assert json.loads(gzip.decompress(answer.body)) == MERGED


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        pytest.param("/error?merge", 500, MERGED, id="of an error"),
        pytest.param("/large?merge", 200, MERGED_ALONE, id="of a list"),
        pytest.param("/text?array", 200, [1], id="replacing what is no JSON"),
        pytest.param("/surrogate?merge", 200, {**MERGED_ALONE, "lone": "\ud800"}, id="with a lone surrogate"),
    ],
)
def test_merge_of_odd_bodies(world: World, path: str, status: int, body: Any) -> None:
    answer = world.backend.client().get(path)
    assert answer.status_code == status, answer.text
    assert answer.json() == body


def test_merge_of_nothing(client: httpx.Client) -> None:
    answer = client.get("/empty?merge")
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize("path", ["/text?merge", "/not-gzip?merge", "/deep?merge"])
def test_what_cannot_be_merged_is_a_502(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 502
    assert answer.headers["X-Fakebackend"].startswith("$merge failed: ")
    assert client.get("/user").content == BODY


def test_what_is_not_changed_stays_as_it_is(world: World) -> None:
    """Bodies that are no JSON pass, and so do coded ones, byte for byte."""
    assert world.backend.client().get("/text?plain").text == "no json"
    assert exchange(world.backend.port, request_of(b"/gzip?plain")).body == REAL["/gzip"].body


def test_head(client: httpx.Client) -> None:
    answer = client.head("/user?all")
    assert (answer.status_code, answer.content) == (201, b"")
    assert client.get("/user").content == BODY


def test_delay_comes_before(client: httpx.Client) -> None:
    begun = time.monotonic()
    assert client.get("/late").text == "real"
    assert time.monotonic() - begun >= 0.3


def test_in_a_sequence(world: World) -> None:
    world.backend.execute("responses.reset")
    client = world.backend.client()
    assert [client.get("/first/a").status_code for _ in range(3)] == [503, 200, 200]
    assert client.get("/set").text == "real"
    assert json.loads(world.backend.execute("responses.state")) == {"asked": True}


def test_raw_tcp_to_the_same_address_stays_closed(world: World) -> None:
    """Also while an entry's request is on its way to that address."""
    connections = world.real.connections
    with connection(world.backend.port_of("regular")) as asking:
        target = f"{world.real.url}/late".encode()
        asking.sendall(request_of(target, host=f"127.0.0.1:{world.real.port}".encode()))
        for _ in range(5):
            with connection(world.backend.port_of("regular")) as raw, suppress(ConnectionError):
                open_tunnel(raw, f"127.0.0.1:{world.real.port}")
                raw.sendall(b"\x00no http\r\n\r\n")
                assert read_to_end(raw) == b""
        assert read_response(asking).body == b"real"
    assert world.real.connections == connections + 1


def test_a_request_without_destination(world: World) -> None:
    """Sent to the port of a regular proxy as if it were the backend."""
    answer = world.backend.client("regular").get("/user")
    assert (answer.status_code, "--mode reverse:URL" in answer.headers["X-Fakebackend"]) == (502, True)
    assert world.backend.client("regular").get("/elsewhere").text == "real"


def test_a_server_that_is_down_is_a_502(start: Launcher) -> None:
    with serving() as real:
        url = real.url
    backend = start({"GET": {"/a": {"$forward": url}, "/b": "canned"}})
    client = backend.client()
    assert client.get("/a").status_code == 502
    assert client.get("/b").json() == "canned"


def test_through_an_upstream_proxy(start: Launcher, real_server: RealServer) -> None:
    """In upstream mode the real server is asked through the upstream proxy, and nothing else goes there."""
    backend = start({"GET": {"/user": {"$forward": True}}}, modes=[f"upstream:{real_server.url}"])
    client = backend.proxied(base_url="http://api.example.invalid")
    assert client.get("/missing").status_code == 404
    assert real_server.connections == 0
    assert client.get("/user").text == "real"
    assert real_server.requests == ["GET http://api.example.invalid/user for api.example.invalid"]
    assert client.get("/missing").status_code == 404
    assert len(real_server.requests) == 1
