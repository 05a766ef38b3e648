"""A page of another origin, and one on a name that leads here, that try every call of control in a real browser."""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from typing import Any

import httpx
import pytest
from control import OPTIONS
from control import TOKEN
from control import control
from mitmdump import Backend
from mitmdump import Launcher
from page_server import serving_page
from required import require
from required import require_module
from test_browser import ARGUMENTS
from test_control import CALLS
from unused_port import unused_port

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

PAGE = "<!doctype html><title>evil</title><link rel=icon href=data:,><form method=post enctype=text/plain></form>"
RESPONSES = {"GET /page": {"$headers": {"Content-Type": "text/html"}, "$text": PAGE}, "GET /user": 1}

TRY = """async ({base, method, name, token}) => {
  const url = base + "/__fakebackend/" + name, body = '{"GET /evil": 1}', got = [];
  const sent = method === "GET" ? {} : {body};
  const tries = [
    () => fetch(url, {method, ...sent}),
    () => fetch(url, {method, ...sent, credentials: "include"}),
    () => fetch(url, {method, ...sent, mode: "no-cors"}),
    () => fetch(url, {method, ...sent, headers: {Authorization: token, "Content-Type": "application/json"}}),
    () => fetch(url, {method, ...sent, headers: {"Content-Type": "text/plain"}}),
    () => fetch(url, {method: "POST", body, headers: {"X-HTTP-Method-Override": method}}),
    async () => { navigator.sendBeacon(url, body); return {status: 0, text: async () => ""}; },
    () => new Promise(done => {
      const frame = document.createElement("iframe");
      frame.name = "frame" + Math.random();
      frame.onload = () => {
        let text = "";
        try { text = frame.contentDocument.body.textContent } catch (e) {}
        done({status: 0, text: async () => text});
      };
      document.body.append(frame);
      const form = document.querySelector("form");
      form.action = url; form.target = frame.name; form.method = method === "GET" ? "get" : "post";
      form.submit();
    }),
  ];
  for (const attempt of tries) {
    try { const answer = await attempt(); got.push([answer.status, await answer.text()]); }
    catch (e) { got.push([0, ""]); }
  }
  return got;
}"""


@pytest.fixture(scope="module")
def backend(start_shared: Launcher) -> Backend:
    require_module("playwright")
    require("chromium")
    modes = ("regular", f"reverse:http://127.0.0.1:{unused_port()}")
    return start_shared(RESPONSES, options=OPTIONS, modes=modes)


@pytest.fixture(scope="module")
def page(backend: Backend) -> "Iterator[Page]":
    """Open a browser for which a name of somebody else's leads to this machine."""
    from playwright.sync_api import sync_playwright

    resolved = "--host-resolver-rules=MAP evil.example 127.0.0.1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=require("chromium"), headless=True, args=[*ARGUMENTS, resolved]
        )
        yield browser.new_page()
        browser.close()


def mode_of(backend: Backend, kind: str) -> str:
    return next(mode for mode in backend._ports if mode.startswith(kind))


def tried(page: "Page", base: str, method: str, name: str) -> list[list[Any]]:
    """Have a page try a call in every way it could, and return status and text of each."""
    said: list[list[Any]] = page.evaluate(
        TRY, {"base": base, "method": method, "name": name, "token": "Bearer nonsense-nonsense"}
    )
    return said


def prepare(client: httpx.Client) -> None:
    control(client, "POST", "reset")
    control(client, "PUT", "state", {"kept": 1})
    client.get("/user")


def assert_nothing_done(client: httpx.Client, got: list[list[Any]], file: str) -> None:
    """Fail if a try was answered with anything but a refusal, or has changed or counted anything."""
    assert {status for status, _ in got} <= {0, 401}
    assert not [text for _, text in got if TOKEN in text or "kept" in text or "GET /user" in text]
    assert control(client, "GET", "state") == {"kept": 1}
    report = control(client, "GET", "report")
    assert report["file"].endswith(file)
    # Of what it did, only the page itself may have been asked of the backend.
    assert {each["entry"] for each in report["entries"]} == {"GET /page", "GET /user"}
    assert report["requests"]["unmatched"] == 0
    assert [each["entry"] for each in control(client, "GET", "requests") if "/user" in each["url"]] == ["GET /user"]


@pytest.mark.parametrize("kind", ["regular", "reverse"])
@pytest.mark.parametrize(("method", "name"), CALLS)
def test_a_page_of_another_origin_gets_nothing_done(
    backend: Backend, page: "Page", kind: str, method: str, name: str
) -> None:
    mode = mode_of(backend, kind)
    client = backend.client(mode)
    prepare(client)
    base = f"http://127.0.0.1:{backend.port_of(mode)}"
    with serving_page(PAGE) as origin:
        page.goto(origin)
        got = tried(page, base, method, name)
    assert not [status for status, _ in got if status]  # it may not even read that it was refused
    assert_nothing_done(client, got, "responses.json")


@pytest.mark.parametrize("kind", ["regular", "reverse"])
@pytest.mark.parametrize(("method", "name"), CALLS)
def test_a_page_on_a_name_that_leads_here_gets_nothing_done(
    backend: Backend, page: "Page", kind: str, method: str, name: str
) -> None:
    """To the browser it is of the same origin as control."""
    mode = mode_of(backend, kind)
    client = backend.client(mode)
    prepare(client)
    base = f"http://evil.example:{backend.port_of(mode)}"
    page.goto(f"{base}/page")
    got = tried(page, base, method, name)
    assert 401 in [status for status, _ in got]
    assert_nothing_done(client, got, "responses.json")
