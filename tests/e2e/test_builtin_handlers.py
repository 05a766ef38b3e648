"""The built-in handlers, mounted as the example file has them."""

import base64
import uuid
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from mitmdump import REPOSITORY
from mitmdump import Backend
from mitmdump import Launcher
from raw_http import exchange
from raw_http import request_of
from unused_port import unused_port

EXAMPLE = REPOSITORY / "docs" / "examples" / "built-in-handlers.json"
MIB = 1024 * 1024

PLAIN_UPSTREAM = f"reverse:http://127.0.0.1:{unused_port()}"
TLS_UPSTREAM = f"reverse:https://127.0.0.1:{unused_port()}"


@pytest.fixture(scope="module")
def shared(start_shared: Launcher) -> Backend:
    """Start one mitmdump for all tests."""
    return start_shared(EXAMPLE.read_bytes(), modes=["regular", PLAIN_UPSTREAM, TLS_UPSTREAM])


@pytest.fixture
def backend(shared: Backend) -> Backend:
    """Begin each test with no pages and no sessions."""
    shared.execute("responses.reset")
    return shared


@pytest.fixture
def client(backend: Backend) -> Iterator[httpx.Client]:
    """Make a client without cookies."""
    with backend.client() as client:
        yield client


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


FIELDS: dict[str, dict[str, Any]] = {
    "form": {"data": {"data": "grüße+%41 &=", "type": "text/html"}},
    "multipart": {"files": {"data": (None, "grüße+%41 &="), "type": (None, "text/html")}},
    "json": {"json": {"data": _base64("grüße+%41 &=".encode()), "type": "text/html"}},
}


@pytest.mark.parametrize("fields", [pytest.param(fields, id=name) for name, fields in FIELDS.items()])
@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
def test_echo(backend: Backend, fields: dict[str, Any], http2: bool) -> None:
    """What is posted comes back, decoded once."""
    client = backend.client(scheme="https" if http2 else "http", http2=http2)
    answer = client.post("/echo", **fields)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html")
    assert answer.content == "grüße+%41 &=".encode()


@pytest.mark.parametrize(
    ("fields", "status", "body"),
    [
        pytest.param({"data": {"data": "a"}}, 200, b"a", id="form without type"),
        pytest.param({"json": {"data": _base64(b"\x00\xff")}}, 200, b"\x00\xff", id="bytes in json"),
        pytest.param({"data": {"data": ""}}, 200, b"", id="empty"),
        pytest.param({"json": {"data": ""}}, 200, b"", id="empty in json"),
        pytest.param({"data": {"data": "{{ 7 * 7 }}"}}, 200, b"{{ 7 * 7 }}", id="template"),
        pytest.param({}, 400, b"data is missing", id="nothing"),
        pytest.param({"data": {"type": "a/b"}}, 400, b"data is missing", id="no data"),
        pytest.param({"json": {"type": "a/b"}}, 400, b"data and type must be strings", id="no data in json"),
        pytest.param({"json": {"data": 1}}, 400, b"data and type must be strings", id="number"),
        pytest.param({"json": {"data": "%%%"}}, 400, b"data must be base64", id="no base64"),
        pytest.param({"json": {"data": "YQ"}}, 400, b"data must be base64", id="no padding"),
        pytest.param({"data": {"data": "a", "type": "a\r\nX-Evil: 1"}}, 400, b"type must be a content type", id="line"),
        pytest.param({"content": b"data=a"}, 400, b"data is missing", id="no form"),
    ],
)
def test_echo_of(client: httpx.Client, fields: dict[str, Any], status: int, body: bytes) -> None:
    answer = client.post("/echo", **fields)
    assert (answer.status_code, answer.content) == (status, body)
    assert "X-Evil" not in answer.headers
    if status == 200:
        assert answer.headers["Content-Type"] == "text/plain"


def test_pages(client: httpx.Client) -> None:
    """A page is there until it is cleared, and its name is used up for ever."""
    assert client.get("/cache/a").status_code == 500
    stored = client.post("/cache/a", data={"data": "<b>", "type": "text/html"})
    assert (stored.status_code, stored.content) == (204, b"")
    answer = client.get("/cache/a")
    assert (answer.status_code, answer.text, answer.headers["Content-Type"]) == (200, "<b>", "text/html")
    head = client.head("/cache/a")
    assert (head.status_code, head.headers["Content-Length"], head.content) == (200, "3", b"")
    assert client.post("/cache/a", data={"data": "again"}).status_code == 500
    assert client.get("/cache/clear/a").status_code == 204
    assert client.get("/cache/a").status_code == 500
    assert client.post("/cache/a", data={"data": "again"}).status_code == 500
    assert client.get("/cache/clear/unknown").status_code == 204


def test_clearing_all_pages(client: httpx.Client) -> None:
    for name in ("a", "%C3%BC%2F", "{{ 1 }}"):
        assert client.post(f"/cache/{name}", json={"data": _base64(b"x")}).status_code == 204
        answer = client.get(f"/cache/{name}")
        assert (answer.content, answer.headers["Content-Type"]) == (b"x", "text/plain")
    assert client.get("/cache/clear").status_code == 204
    assert client.get("/cache/a").status_code == 500
    assert client.post("/cache/b").status_code == 400


def test_pages_have_two_mebibytes_together(client: httpx.Client) -> None:
    assert client.post("/cache/a", data={"data": "x" * MIB}).status_code == 204
    assert client.post("/cache/b", data={"data": "x" * (MIB + 1)}).status_code == 500
    assert client.post("/cache/c", data={"data": "x" * MIB}).status_code == 204
    assert client.post("/cache/d", data={"data": "x"}).status_code == 500
    assert client.get("/cache/clear/a").status_code == 204
    assert client.post("/cache/d", data={"data": "x"}).status_code == 204
    assert client.get("/cache/c").text == "x" * MIB


@pytest.mark.parametrize("path", ["/uuid", "/cache/new"])
def test_random_uuid(client: httpx.Client, path: str) -> None:
    answers = [client.get(path) for _ in range(2)]
    assert {uuid.UUID(answer.text).version for answer in answers} == {4}
    assert answers[0].text != answers[1].text
    assert answers[0].headers["Content-Type"].startswith("text/plain")


def test_a_session_opens_the_members_pages_until_logout(client: httpx.Client) -> None:
    assert client.get("/members/a").status_code == 401
    answer = client.get("/login")
    assert (answer.status_code, answer.content) == (200, b"")
    cookie = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "Secure" not in cookie
    assert client.get("/members/a").json() == {"page": "a"}
    stolen = dict(client.cookies)
    answer = client.get("/logout")
    assert (answer.status_code, dict(client.cookies)) == (200, {})
    assert client.get("/members/a").status_code == 401
    assert client.get("/members/a", headers={"Cookie": f"SESSION={stolen['SESSION']}"}).status_code == 401


def test_a_reset_ends_sessions(backend: Backend, client: httpx.Client) -> None:
    client.get("/login")
    assert client.get("/members/a").status_code == 200
    backend.execute("responses.reset")
    assert client.get("/members/a").status_code == 401


def test_each_session_is_its_own(backend: Backend) -> None:
    one, other = backend.client(), backend.client()
    assert one.get("/login").headers["Set-Cookie"] != other.get("/login").headers["Set-Cookie"]
    one.get("/logout")
    assert (one.get("/members/a").status_code, other.get("/members/a").status_code) == (401, 200)


@pytest.mark.parametrize(
    ("make", "secure"),
    [
        pytest.param(lambda backend: backend.client(), False, id="plain"),
        pytest.param(lambda backend: backend.client(scheme="https"), True, id="tls"),
        pytest.param(lambda backend: backend.client(scheme="https", http2=True), True, id="http2"),
        pytest.param(lambda backend: backend.proxied(base_url="http://a.invalid"), False, id="proxy"),
        pytest.param(lambda backend: backend.proxied(base_url="https://a.invalid"), True, id="proxy tls"),
        pytest.param(lambda backend: backend.client(TLS_UPSTREAM), False, id="plain, for a tls upstream"),
        pytest.param(lambda backend: backend.client(PLAIN_UPSTREAM, scheme="https"), True, id="tls, for a plain one"),
    ],
)
def test_the_cookie_is_secure_over_tls(backend: Backend, make: Callable[[Backend], httpx.Client], secure: bool) -> None:
    """It is the client's connection that counts: a browser takes no secure cookie over plain HTTP."""
    with make(backend) as client:
        for path in ("/login", "/logout"):
            assert ("Secure" in client.get(path).headers["Set-Cookie"]) is secure


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        pytest.param({"data": {"username": "ann", "password": "secret"}}, 200, id="form"),
        pytest.param({"json": {"username": "ann", "password": "secret"}}, 200, id="json"),
        pytest.param({"data": {"username": "ann", "password": "wrong"}}, 401, id="wrong password"),
        pytest.param({"data": {"username": "bob", "password": "secret"}}, 401, id="unknown user"),
        pytest.param({"json": {"username": "ann", "password": None}}, 401, id="null"),
        pytest.param({"json": [1]}, 401, id="list"),
        pytest.param({}, 401, id="nothing"),
    ],
)
def test_users(client: httpx.Client, fields: dict[str, Any], status: int) -> None:
    answer = client.post("/login-as", **fields)
    assert answer.status_code == status
    assert ("Set-Cookie" in answer.headers) is (status == 200)
    assert client.get("/members/a").status_code == status


@pytest.mark.parametrize("path", ["/login", "/logout"])
def test_login_and_logout_go_on_to_an_address(client: httpx.Client, path: str) -> None:
    answer = client.get(path, params={"goto": "/next?a=1&b=ü"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/next?a=1&b=%C3%BC")
    answer = client.post(path, data={"goto": "/next\r\nX-Evil: 1"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/next%0D%0AX-Evil:%201")
    assert "X-Evil" not in answer.headers


@pytest.mark.parametrize(
    ("target", "headers", "location"),
    [
        ("https://Example.com:444/A/%7e/../b?x=%20&y=+#", "", "https://Example.com:444/A/%7e/../b?x=%20&y=+#"),
        ("//example.com/a", "", "//example.com/a"),
        ("a/b?c=d", "Referer: https://one.example:1/x/y?z", "https://one.example:1/a/b?c=d"),
        ("/a", "Origin: https://two.example", "https://two.example/a"),
        ("a", "X-Forwarded-Host: three.example", "http://three.example/a"),
        ("a", "X-Forwarded-Host: three.example:8, x\r\nX-Forwarded-Proto: https", "https://three.example:8/a"),
        ("a", 'Forwarded: for=1.2.3.4; host="four.example:9"; proto=https, for=5', "https://four.example:9/a"),
        ("a", "Origin: https://two.example\r\nReferer: https://one.example", "https://one.example/a"),
        ("a", "X-Forwarded-Host: three.example\r\nOrigin: https://two.example", "https://two.example/a"),
        ("a", "Forwarded: host=four.example\r\nX-Forwarded-Host: three.example", "http://three.example/a"),
        ("a", "Origin: null\r\nForwarded: host=four.example", "http://four.example/a"),
        ("a", "Referer: http://[bad/\r\nOrigin: https://two.example", "https://two.example/a"),
        ("a", "", None),
        ("a", "Origin: null", None),
        ("a", "Referer: http://[bad/", None),
    ],
)
def test_goto(backend: Backend, target: str, headers: str, location: str | None) -> None:
    """To the address as given; without a host, to that of the first header that names one."""
    fields = f"{headers}\r\n" if headers else ""
    request = request_of(f"/goto/{target}".encode()).replace(b"Connection:", fields.encode() + b"Connection:")
    answer = exchange(backend.port, request)
    assert (answer.status, answer.headers.get("location")) == (307 if location else 400, location)


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/echo", {"POST"}),
        ("/uuid", {"GET", "HEAD"}),
        ("/cache/a", {"GET", "HEAD", "POST"}),
        ("/cache/new", {"GET", "HEAD"}),
        ("/login", {"GET", "HEAD", "POST"}),
        ("/logout", {"GET", "HEAD", "POST"}),
    ],
)
def test_wrong_method(client: httpx.Client, path: str, methods: set[str]) -> None:
    for method in {"GET", "POST", "PUT", "DELETE"} - methods:
        answer = client.request(method, path)
        assert answer.status_code == 405
        assert set(answer.headers["Allow"].split(", ")) == methods
