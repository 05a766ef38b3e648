import base64
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from mitmproxy.proxy.mode_specs import ProxyMode
from mitmproxy.test import taddons

from fakebackend.answers.builtin_handlers import BUILTIN_HANDLERS
from fakebackend.answers.builtin_handlers import builtin_handler
from fakebackend.state.pages import LABELS_SIZE
from fakebackend.state.pages import PAGES_SIZE
from tests.answering import Served
from tests.answering import flow_of
from tests.conftest import ask
from tests.conftest import response_of

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
FILE: dict[str, Any] = {
    "*": {
        "/echo": {"$handler": "echo"},
        "/cache/{name}": {"$handler": "page"},
        "/cache/clear": {"$handler": "page"},
        "/cache/clear/{name}": {"$handler": "page"},
        "/cache/new": {"$handler": "page"},
        "/uuid": {"$handler": "uuid"},
        "/login": {"$handler": "login"},
        "/door": {"$handler": "login", "$users": {"ann": "secret"}},
        "/logout": {"$handler": "logout"},
        "/goto/{address:path}": {"$handler": "goto"},
    },
    "GET": {"/session": {"$cases": [{"$when": {"session": True}, "$body": True}, False]}},
}


@pytest.fixture
def served(tctx: taddons.context, folder: Path) -> Served:
    return Served(tctx, folder, FILE)


def json_of(data: bytes, **more: str) -> str:
    more["data"] = base64.b64encode(data).decode()
    return str(more).replace("'", '"')


def test_these_are_the_built_in_handlers() -> None:
    assert set(BUILTIN_HANDLERS) == {"echo", "page", "uuid", "login", "logout", "goto"}
    assert builtin_handler("other", None, lambda value, _: value) is None


@pytest.mark.parametrize(
    ("headers", "body", "expected", "content_type"),
    [
        pytest.param(FORM, "data=a%2Bb+%253C", b"a+b %3C", "text/plain", id="form-decoded-once"),
        pytest.param(FORM, "data=%3Cp%3E&type=text/html", b"<p>", "text/html", id="form-type"),
        pytest.param(FORM, "data=", b"", "text/plain", id="empty"),
        pytest.param({}, json_of(b"\x00\xff"), b"\x00\xff", "text/plain", id="json"),
        pytest.param({}, json_of(b"a", type="a/b; c=d"), b"a", "a/b; c=d", id="json-type"),
    ],
)
async def test_echo_sends_back_what_was_posted(
    served: Served, headers: dict[str, str], body: str, expected: bytes, content_type: str
) -> None:
    response = response_of(await served.ask("POST", "/echo", headers=headers, body=body))
    assert (response.status_code, response.raw_content, response.headers["Content-Type"]) == (
        200,
        expected,
        content_type,
    )


@pytest.mark.parametrize("path", ["/echo", "/cache/a"])
@pytest.mark.parametrize(
    ("headers", "body", "reason"),
    [
        pytest.param({}, "", "data is missing", id="nothing"),
        pytest.param(FORM, "type=a/b", "data is missing", id="form"),
        pytest.param({}, '{"type": "a/b"}', "data and type must be strings", id="json"),
        pytest.param({}, '{"data": "YQ==", "type": 1}', "data and type must be strings", id="json-type"),
        pytest.param({}, '{"data": "no base64"}', "data must be base64", id="no-base64"),
        pytest.param({}, '{"data": "é"}', "data must be base64", id="no-ascii"),
        pytest.param({}, "[1]", "data is missing", id="no-object"),
        pytest.param(FORM, "data=a&type=a%0d%0aSet-Cookie:x", "type must be a content type", id="injection"),
        pytest.param(FORM, "data=a&type=%E2%82%AC", "type must be a content type", id="no-latin-1"),
    ],
)
async def test_data_that_is_missing_or_cannot_be_decoded_is_a_400(
    served: Served, path: str, headers: dict[str, str], body: str, reason: str
) -> None:
    response = response_of(await served.ask("POST", path, headers=headers, body=body))
    assert (response.status_code, response.text) == (400, reason)


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        pytest.param("GET", "/echo", "POST", id="echo"),
        pytest.param("PUT", "/cache/a", "GET, HEAD, POST", id="page"),
        pytest.param("PUT", "/cache/clear", "DELETE, GET, POST", id="clear"),
        pytest.param("PUT", "/cache/clear/a", "DELETE, GET, POST", id="clear-one"),
        pytest.param("POST", "/cache/new", "GET, HEAD", id="new"),
        pytest.param("POST", "/uuid", "GET, HEAD", id="uuid"),
        pytest.param("DELETE", "/login", "GET, HEAD, POST", id="login"),
        pytest.param("DELETE", "/logout", "GET, HEAD, POST", id="logout"),
    ],
)
async def test_a_wrong_method_is_a_405_with_allow(served: Served, method: str, path: str, allow: str) -> None:
    response = response_of(await served.ask(method, path))
    assert (response.status_code, response.headers["Allow"]) == (405, allow)


async def store(served: Served, name: str, size: int = 1) -> int:
    return await served.status("POST", f"/cache/{name}", headers=FORM, body="data=" + "x" * size)


async def test_a_page_is_kept_under_its_name_and_no_name_is_used_twice(served: Served) -> None:
    assert await served.status("GET", "/cache/a") == 500
    assert await served.status("POST", "/cache/a", headers=FORM, body="data=hi&type=text/css") == 204
    response = response_of(await served.ask("GET", "/cache/a"))
    assert (response.status_code, response.text, response.headers["Content-Type"]) == (200, "hi", "text/css")
    assert [await store(served, "a"), await served.text("GET", "/cache/a")] == [500, "hi"]


@pytest.mark.parametrize("path", ["/cache/clear", "/cache/clear/a"])
async def test_a_cleared_page_is_gone_and_its_name_stays_used(served: Served, path: str) -> None:
    await store(served, "a")
    await store(served, "b")
    assert await served.status("POST", path) == 204
    assert await served.status("GET", "/cache/a") == 500
    assert await served.status("GET", "/cache/b") == (500 if path == "/cache/clear" else 200)
    assert await store(served, "a") == 500


async def test_clearing_what_is_unknown_is_no_error(served: Served) -> None:
    assert [await served.status("GET", "/cache/clear/nope"), await served.status("GET", "/cache/clear")] == [204, 204]


async def test_all_pages_share_their_size_and_clearing_makes_room(served: Served) -> None:
    assert await store(served, "a", PAGES_SIZE - 1) == 204
    assert await store(served, "b", 2) == 500
    assert await store(served, "b", 1) == 204
    await served.ask("POST", "/cache/clear")
    assert await store(served, "c", PAGES_SIZE) == 204


async def test_names_alone_do_not_fill_the_memory(served: Served) -> None:
    long = "n" * (LABELS_SIZE // 4)
    assert [await store(served, f"{i}{long}", 0) for i in range(4)] == [204, 204, 204, 500]
    assert await served.text("POST", "/cache/" + long, headers=FORM, body="data=") == "the pages are full"


async def test_sessions_have_a_bound_that_is_said(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fakebackend.answers.builtin_handlers.MOST_SESSIONS", 2)
    first, _, full = [response_of(await served.ask("POST", "/login")) for _ in range(3)]
    assert (full.status_code, full.text) == (503, "2 sessions are open; responses.reset forgets them")
    assert "Set-Cookie" not in full.headers
    await served.ask("POST", "/logout", headers={"Cookie": first.headers["Set-Cookie"].partition(";")[0]})
    assert await served.status("POST", "/login") == 200


@pytest.mark.parametrize("path", ["/uuid", "/cache/new"])
async def test_a_new_uuid_is_text(served: Served, path: str) -> None:
    first, second = [await served.text("GET", path) for _ in range(2)]
    assert UUID(first).version == 4
    assert first != second


@pytest.mark.parametrize(("scheme", "secure"), [("http", ""), ("https", "; Secure")])
async def test_a_session_begins_with_login_and_ends_with_logout(served: Served, scheme: str, secure: str) -> None:
    response = response_of(await served.ask("POST", "/login", scheme=scheme))
    cookie, _, attributes = response.headers["Set-Cookie"].partition("; ")
    assert (response.status_code, response.raw_content, attributes) == (
        200,
        b"",
        f"Path=/; HttpOnly; SameSite=Lax{secure}",
    )
    me = {"Cookie": cookie}
    assert await served.json(path="/session", headers=me) is True
    assert await served.json(path="/session") is False
    assert await served.json(path="/session", headers={"Cookie": cookie + "0"}) is False
    response = response_of(await served.ask("POST", "/logout", headers=me, scheme=scheme))
    assert response.headers["Set-Cookie"] == f"SESSION=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{secure}"
    assert await served.json(path="/session", headers=me) is False


@pytest.mark.parametrize(("encrypted", "secure"), [(False, False), (True, True)])
async def test_behind_a_reverse_proxy_the_clients_own_connection_decides(
    served: Served, *, encrypted: bool, secure: bool
) -> None:
    flow = flow_of("POST", "/login", scheme="https")
    flow.client_conn.proxy_mode = ProxyMode.parse("reverse:https://api.example.com")
    flow.client_conn.timestamp_tls_setup = 1.0 if encrypted else None
    response = response_of(await ask(served.backend, flow))
    assert response.headers["Set-Cookie"].endswith("; Secure") is secure


@pytest.mark.parametrize("path", ["/login", "/logout"])
@pytest.mark.parametrize(
    ("query", "headers", "body", "location"),
    [
        pytest.param("?goto=/home%3Fa%3Db", {}, "", "/home?a=b", id="query"),
        pytest.param("", FORM, "goto=/home", "/home", id="form"),
        pytest.param("?goto=/%C3%A9%0d%0aX:y", {}, "", "/%C3%A9%0D%0AX:y", id="no-injection"),
    ],
)
async def test_goto_leads_on(
    served: Served, path: str, query: str, headers: dict[str, str], body: str, location: str
) -> None:
    response = response_of(await served.ask("POST", path + query, headers=headers, body=body))
    assert (response.status_code, response.headers["Location"]) == (302, location)
    assert "SESSION=" in response.headers["Set-Cookie"]


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        pytest.param(FORM, "username=ann&password=secret", 200, id="form"),
        pytest.param({}, '{"username": "ann", "password": "secret"}', 200, id="json"),
        pytest.param(FORM, "username=ann&password=wrong", 401, id="wrong-password"),
        pytest.param(FORM, "username=bob&password=secret", 401, id="unknown-user"),
        pytest.param({}, '{"username": "ann", "password": 1}', 401, id="no-text"),
        pytest.param({}, '{"username": ["ann"], "password": "secret"}', 401, id="no-name"),
        pytest.param({}, '{"username": "ann", "password": "\\ud800"}', 401, id="lone-surrogate"),
        pytest.param({}, "", 401, id="nothing"),
    ],
)
async def test_users_are_asked_for_their_password(
    served: Served, headers: dict[str, str], body: str, status: int
) -> None:
    response = response_of(await served.ask("POST", "/door", headers=headers, body=body))
    assert (response.status_code, "Set-Cookie" in response.headers) == (status, status == 200)


async def test_before_can_deny_a_whole_subtree_without_a_session(tctx: taddons.context, folder: Path) -> None:
    deny = {"$when": {"session": False}, "$status": 401}
    served = Served(tctx, folder, {"$before": {"*": {"/in/{x:path}": deny}}, "GET": {"/in/a": 1}, "*": FILE["*"]})
    assert await served.status(path="/in/a") == 401
    cookie = response_of(await served.ask(path="/login")).headers["Set-Cookie"].partition(";")[0]
    assert await served.status(path="/in/a", headers={"Cookie": cookie}) == 200


@pytest.mark.parametrize(
    ("path", "headers", "location"),
    [
        pytest.param("http://a.b/c?d=e%20f", {}, "http://a.b/c?d=e%20f", id="whole-with-query"),
        pytest.param("HTTP://A.b/../%7e/./x", {}, "HTTP://A.b/../%7e/./x", id="not-canonicalised"),
        pytest.param("//a.b/c", {}, "//a.b/c", id="without-scheme"),
        pytest.param("c/d?e", {"Referer": "https://r.x/page?q"}, "https://r.x/c/d?e", id="referer"),
        pytest.param("c", {"Referer": "https://r.x/", "Origin": "http://o.x"}, "https://r.x/c", id="referer-first"),
        pytest.param("c", {"Origin": "http://o.x:8", "X-Forwarded-Host": "f"}, "http://o.x:8/c", id="then-origin"),
        pytest.param("c", {"Origin": "null", "X-Forwarded-Host": "f.x, g"}, "http://f.x/c", id="then-forwarded-host"),
        pytest.param("c", {"X-Forwarded-Host": "f.x", "X-Forwarded-Proto": "https"}, "https://f.x/c", id="proto"),
        pytest.param("c", {"Forwarded": 'for=1;Host="h.x";proto=https, host=i'}, "https://h.x/c", id="forwarded"),
        pytest.param("/c", {"Origin": "http://o.x"}, "http://o.x/c", id="one-slash"),
        pytest.param("é", {"Origin": "http://o.x"}, "http://o.x/%C3%A9", id="no-ascii"),
    ],
)
async def test_goto_redirects_to_the_address_as_given(
    served: Served, path: str, headers: dict[str, str], location: str
) -> None:
    response = response_of(await served.ask(path=f"/goto/{path}", headers=headers))
    assert (response.status_code, response.headers["Location"]) == (307, location)


@pytest.mark.parametrize("headers", [{}, {"Referer": "no address"}, {"Forwarded": "for=1"}, {"Referer": "http://[a"}])
async def test_an_address_without_a_host_that_nothing_names_is_a_400(served: Served, headers: dict[str, str]) -> None:
    assert await served.status(path="/goto/c", headers=headers) == 400


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
async def test_goto_takes_any_method_as_307_keeps_it(served: Served, method: str) -> None:
    assert await served.status(method, "/goto/http://a.b/") == 307
