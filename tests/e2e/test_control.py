"""Control over HTTP by every way in, and what it changes for the requests that follow."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from control import AUTHORIZED
from control import OPTIONS
from control import TOKEN
from control import control
from mitmdump import Backend
from mitmdump import Launcher
from process import wait_until
from raw_http import exchange
from real_server import RealServer
from unused_port import unused_port

RESPONSES = {"GET": {"/user": {"name": "John"}, "/__fakebackend/report": "of the file"}}

CALLS = [
    ("GET", "entries"),
    ("POST", "entries"),
    ("GET", "requests"),
    ("GET", "unmatched"),
    ("GET", "report"),
    ("GET", "state"),
    ("PUT", "state"),
    ("PUT", "options/responsesfile"),
    ("POST", "reset"),
]


@pytest.fixture(scope="module")
def backend(start_shared: Launcher) -> Backend:
    dead = f"http://127.0.0.1:{unused_port()}"
    modes = ("regular", f"reverse:{dead}", f"upstream:{dead}", "socks5")
    return start_shared(RESPONSES, options={**OPTIONS, "responses_journal": "100"}, modes=modes)


def modes_of(backend: Backend) -> dict[str, str]:
    return {mode.partition(":")[0]: mode for mode in backend._ports}


@pytest.mark.parametrize(
    ("mode", "settings"),
    [
        pytest.param("regular", {}, id="direct"),
        pytest.param("regular", {"scheme": "https"}, id="direct-tls"),
        pytest.param("regular", {"scheme": "https", "http2": True}, id="direct-http2"),
        pytest.param("regular", {"headers": {"Host": "fakebackend:PORT"}}, id="from-another-container"),
        pytest.param("regular", {"headers": {"Host": "localhost:1"}}, id="by-a-mapped-port"),
        pytest.param("reverse", {}, id="reverse"),
        pytest.param("reverse", {"scheme": "https", "http2": True}, id="reverse-http2"),
        pytest.param("reverse", {"headers": {"Host": "api.example.com"}}, id="reverse-another-name"),
        pytest.param("upstream", {}, id="upstream"),
    ],
)
def test_it_works_on_the_proxys_own_port(backend: Backend, mode: str, settings: dict[str, Any]) -> None:
    headers = {name: value.replace("PORT", str(backend.port)) for name, value in settings.get("headers", {}).items()}
    client = backend.client(modes_of(backend)[mode], **{**settings, "headers": headers})
    control(client, "PUT", "state", {"seen": mode})
    assert control(client, "GET", "state") == {"seen": mode}
    refused = client.get("/__fakebackend/state")
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize("mode", ["regular", "upstream"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_for_another_host_behind_the_proxy_the_path_is_one_like_any_other(
    backend: Backend, mode: str, scheme: str
) -> None:
    client = backend.proxied(modes_of(backend)[mode])
    url = f"{scheme}://api.example.com/__fakebackend/"
    assert client.get(f"{url}report").json() == "of the file"
    assert client.get(f"{url}state", headers=AUTHORIZED).text == "Path not found"


def test_through_the_proxy_its_own_port_is_meant(backend: Backend) -> None:
    assert control(backend.proxied(base_url=backend.url), "GET", "state") is not None


@pytest.mark.parametrize(("method", "name"), CALLS)
@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"Authorization": "Bearer wrong-wrong-wrong-wrong"}, id="another-token"),
        pytest.param({"Authorization": f"Basic {TOKEN}"}, id="another-scheme"),
        pytest.param({"Authorization": TOKEN}, id="no-scheme"),
        pytest.param({"Authorization": f"Bearer {TOKEN[:-1]}"}, id="shorter"),
        pytest.param({"Authorization": f"Bearer {TOKEN}", "X-HTTP-Method-Override": "GET"}, id="right"),
    ],
)
def test_without_the_token_nothing_is_told_and_nothing_is_done(
    backend: Backend, method: str, name: str, headers: dict[str, str]
) -> None:
    client = backend.client()
    control(client, "PUT", "state", {"kept": 1})
    headers = {**headers, "Origin": "https://evil.example"}
    response = client.request(method, f"/__fakebackend/{name}", headers=headers, content=b"")
    assert not [field for field in response.headers if field.lower().startswith("access-control-")]
    if "X-HTTP-Method-Override" in headers:
        assert response.status_code in (200, 400)
        return
    assert (response.status_code, list(response.json())) == (401, ["error"])
    assert TOKEN not in response.text
    assert control(client, "GET", "state") == {"kept": 1}


@pytest.mark.parametrize("name", ["state", "entries", "nothing"])
def test_a_preflight_is_refused(backend: Backend, name: str) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "PUT"}
    response = backend.client().options(f"/__fakebackend/{name}", headers=asked)
    assert response.status_code == 401
    assert not [field for field in response.headers if field.lower().startswith("access-control-")]


def bad_entries(content: bytes, said: str, name: str) -> Any:
    return pytest.param("POST", "entries", content, 400, said, id=name)


@pytest.mark.parametrize(
    ("method", "name", "content", "status", "said"),
    [
        pytest.param("GET", "nothing", b"", 404, "there is no /__fakebackend/nothing", id="unknown"),
        pytest.param("GET", "options/responses_cors", b"", 404, "there is no", id="another-option"),
        pytest.param("PUT", "options/responses_delay", b'"1s"', 404, "there is no", id="set-another-option"),
        pytest.param("DELETE", "state", b"", 405, "takes GET, PUT, HEAD", id="method"),
        pytest.param("GET", "reset", b"", 405, "takes POST", id="get-reset"),
        pytest.param("PUT", "state", b"{", 400, "expected JSON, ", id="no-json"),
        pytest.param("PUT", "state", b"", 400, "expected JSON, ", id="empty"),
        pytest.param("PUT", "state", b"[]", 400, "expected an object of names and values, got a list", id="no-object"),
        pytest.param("PUT", "state", b'{"a": 1e999}', 400, "expected JSON, ", id="infinite"),
        pytest.param("PUT", "state", b"[" * 100_000, 400, "expected JSON, ", id="deep"),
        pytest.param("PUT", "state", b'"%b"' % (b"x" * 1024 * 1024), 413, "1 MiB", id="large"),
        pytest.param("PUT", "options/responsesfile", b"{}", 400, "expected a name as a JSON string", id="no-name"),
        pytest.param("PUT", "options/responsesfile", b'"gone.json"', 400, "there is no such file", id="no-file"),
        pytest.param("PUT", "options/responsesfile", b'""', 400, "must name a file", id="empty-name"),
        bad_entries(b"nonsense", "POST entries: expected JSON", "entries-no-json"),
        bad_entries(b"[1]", "expected an object of entries", "entries-no-object"),
        bad_entries(b'{"GET /a": {"$stauts": 1, "$body": 1}}', "entries:1:13: GET /a: ", "wrong"),
        bad_entries(b'{"GET /a": {"$handler": "h.py:f"}}', "$handler is not taken", "handler"),
        bad_entries(b'{"GET /a": {"$handler": "echo"}}', "$handler is not taken", "built-in"),
        bad_entries(b'{"GET /a": {"$cases": [{"$handler": "echo"}]}}', "$handler is not taken", "inside"),
        bad_entries(b'{"GET /a": {"$file": "../x"}}', "lies outside", "file-above"),
        bad_entries(b'{"GET /a": {"$file": "/etc/passwd"}}', "lies outside", "file-absolute"),
        bad_entries(b'{"GET /{x}": {"$file": "../{x}"}}', "lies outside", "filled-above"),
        bad_entries(b'{"GET /a": {"$file": "link"}}', "lies outside", "link"),
        bad_entries(b'{"GET /a": {"$file": "responses.json"}}', "not given away", "itself"),
        bad_entries(b'{"GET /a": {"$file": ".secret"}}', "not given away", "hidden"),
        bad_entries(b'{"$include": ["more.json"]}', "$include is not taken", "include"),
        bad_entries(b'{"GET": {"/a": {"$template": true, "$body": "{{ load(\'../x\') }}"}}}', "", "load"),
    ],
)
def test_what_is_wrong_is_one_error_and_changes_nothing(
    backend: Backend, method: str, name: str, content: bytes, status: int, said: str
) -> None:
    client = backend.client()
    secret, link = backend.folder / ".secret", backend.folder / "link"
    secret.write_text("x")
    if not link.is_symlink():
        link.symlink_to("/etc/passwd")
    control(client, "POST", "reset")
    control(client, "PUT", "state", {"kept": 1})
    before = control(client, "GET", "entries")
    response = client.request(method, f"/__fakebackend/{name}", content=content, headers=AUTHORIZED)
    assert (response.status_code, list(response.json())) == (status, ["error"])
    assert said in response.json()["error"]
    assert ("Allow" in response.headers) is (status == 405)
    assert (control(client, "GET", "state"), control(client, "GET", "entries")) == ({"kept": 1}, before)


def test_what_was_asked_is_told_with_who_answered(backend: Backend) -> None:
    client = backend.client()
    control(client, "POST", "reset")
    client.get("/user")
    client.post("/usr?a=1", json={"name": "Ann"}, headers={"X-Test": "1"})
    client.get("/favicon.ico")
    url = backend.url
    explanation = "no entry; nearest GET /user: path differs at segment 1: 'usr', did you mean 'user'?"
    unmatched = {
        "method": "POST", "url": f"{url}/usr?a=1", "status": 404, "entry": None, "explanation": explanation
    }  # fmt: skip
    assert control(client, "GET", "requests")[:2] == [
        {"method": "GET", "url": f"{url}/user", "status": 200, "entry": "GET /user", "explanation": None},
        unmatched,
    ]
    assert control(client, "GET", "unmatched") == [unmatched]
    [with_body] = control(client, "GET", "unmatched?bodies=true")
    assert json.loads(with_body["body"]["text"]) == {"name": "Ann"}
    assert ["x-test", "1"] in [[name.lower(), value] for name, value in with_body["headers"]]
    report = control(client, "GET", "report")
    assert report["requests"] == {"total": 2, "answered": 1, "unmatched": 1, "errors": 0}
    assert control(client, "GET", "entries") == report["entries"]
    head = client.head("/__fakebackend/report", headers=AUTHORIZED)
    assert (head.status_code, head.content) == (200, b"")


def test_added_entries_win_until_the_reset_also_after_a_save(start: Launcher) -> None:
    backend = start({"$before": {"GET /wall": {"$status": 401}}, **RESPONSES}, options=OPTIONS)
    client = backend.client()
    added = {"GET": {"/user": {"name": "Ann"}, "/wall": "open"}, "POST /new": {"$status": 201}}
    told = control(client, "POST", "entries", added)
    assert told == {"added": ["GET /user", "GET /wall", "POST /new"], "warnings": []}
    assert client.get("/user").json() == {"name": "Ann"}
    assert client.get("/wall").json() == "open"
    assert client.post("/new").status_code == 201
    assert client.options("/new").headers["Allow"] == "OPTIONS, POST"
    assert "nearest POST /new" in client.post("/nw").headers["X-Fakebackend"]
    backend.write({"GET": {"/user": {"name": "Bob"}, "/more": 1}})
    assert client.get("/more").json() == 1
    assert client.get("/user").json() == {"name": "Ann"}
    control(client, "POST", "entries", {"GET /user": {"$sequence": [{"n": 1}, {"n": 2}]}})
    assert [client.get("/user").json()["n"] for _ in range(3)] == [1, 2, 2]
    control(client, "POST", "entries", {"GET /user": {"$sequence": [{"n": 1}, {"n": 2}]}})
    assert client.get("/user").json() == {"n": 1}
    control(client, "POST", "reset")
    assert client.get("/user").json() == {"name": "Bob"}
    assert client.post("/new").status_code == 404


def test_another_file_answers_at_once_and_state_set_then_stays(start: Launcher) -> None:
    backend = start({"$state": {"n": 1}, "GET /n": {"$template": True, "$body": "{{ state.n }}"}}, options=OPTIONS)
    client = backend.client()
    other = {"$state": {"n": 5}, "GET /n": {"$template": True, "$body": {"other": "{{ state.n }}"}}}
    (backend.folder / "other.json").write_text(json.dumps(other))
    told = control(client, "PUT", "options/responsesfile", str(backend.folder / "other.json"))
    assert told["entries"] == 1
    assert client.get("/n").json() == {"other": 5}
    control(client, "PUT", "options/responsesfile", str(backend.file))
    control(client, "PUT", "state", {"n": 7})
    assert client.get("/n").json() == 7
    control(client, "POST", "reset")
    assert client.get("/n").json() == 1


@pytest.mark.parametrize(
    ("key", "send"),
    [
        pytest.param("header:X-Test", lambda name: {"X-Test": name}, id="header"),
        pytest.param("cookie:test", lambda name: {"Cookie": f"a=b; test={name}"}, id="cookie"),
    ],
)
def test_clients_have_a_state_each(start: Launcher, key: str, send: Callable[[str], dict[str, str]]) -> None:
    responses = {
        "GET /count": {"$template": True, "$body": "{{ counter('c') }}"},
        "GET /next": {"$sequence": ["a", "b"]},
    }
    backend = start(responses, options={**OPTIONS, "responses_state_key": key})
    one, two, none = (backend.client(headers=headers) for headers in (send("1"), send("2"), {}))
    assert [each.get("/count").json() for each in (one, one, two, none, none, one)] == [1, 2, 1, 1, 2, 3]
    assert [each.get("/next").json() for each in (one, two, one)] == ["a", "a", "b"]
    control(one, "PUT", "state", {"mine": 1})
    assert (control(one, "GET", "state"), control(two, "GET", "state")) == ({"mine": 1}, {})
    control(one, "POST", "reset")
    assert [each.get("/count").json() for each in (one, two)] == [1, 2]
    control(none, "POST", "reset")
    assert [each.get("/count").json() for each in (one, two, none)] == [1, 1, 1]


def test_control_is_off_unless_there_is_a_token(start: Launcher) -> None:
    backend = start(RESPONSES)
    response = backend.client().get("/__fakebackend/state", headers=AUTHORIZED)
    assert (response.status_code, response.text) == (404, "Path not found")


def test_a_path_that_comes_to_it_by_a_detour_is_it(backend: Backend) -> None:
    request = b"GET /x/../__fakebackend/state HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    assert exchange(backend.port, request).status == 401


def test_the_upstream_is_not_asked_in_reverse_mode(start: Launcher, real_server: RealServer) -> None:
    mode = f"reverse:http://127.0.0.1:{real_server.server_port}"
    backend = start(RESPONSES, options={**OPTIONS, "responses_unmatched": "forward"}, modes=(mode,))
    client = backend.client()
    control(client, "GET", "report")
    assert client.get("/__fakebackend/report").status_code == 401
    assert client.get("/elsewhere").text == "real"
    assert [line.partition(" for ")[0] for line in real_server.requests] == ["GET /elsewhere"]
    [request] = control(client, "GET", "requests")
    assert (request["status"], request["entry"], request["explanation"]) == (200, None, "no entry; forwarded")
    assert control(client, "GET", "report")["requests"]["unmatched"] == 0


def test_more_requests_than_are_kept_leave_the_last(backend: Backend) -> None:
    client = backend.client()
    control(client, "POST", "reset")
    for n in range(1_200):
        client.post(f"/nothing/{n}", content=b"x" * 10)
    requests = control(client, "GET", "requests")
    assert [requests[0]["url"], requests[-1]["url"], len(requests)] == [
        f"{backend.url}/nothing/1100", f"{backend.url}/nothing/1199", 100
    ]  # fmt: skip
    report = control(client, "GET", "report")
    assert (len(report["unmatched"]), report["unmatched_not_listed"]) == (1_000, 200)


def test_a_client_that_leaves_is_told_without_a_status(backend: Backend) -> None:
    client = backend.client()
    control(client, "POST", "reset")
    control(client, "POST", "entries", {"GET /slow": {"$delay": "60s", "$body": 1}, "GET /cut": {"$fault": "close"}})
    with pytest.raises(httpx.ReadTimeout):
        backend.client(timeout=0.5).get("/slow")
    with pytest.raises(httpx.RemoteProtocolError):
        client.get("/cut")
    wait_until(lambda: len(control(client, "GET", "requests")) == 2, "both requests")
    told = {(each["entry"], each["status"]) for each in control(client, "GET", "requests")}
    assert told == {("GET /slow", None), ("GET /cut", None)}
