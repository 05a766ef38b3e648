"""What a user of mitmweb sees in a browser, and what a test may ask of its HTTP interface."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import httpx
import pytest
from mitmdump import REPOSITORY
from mitmdump import write_responses
from process import Process
from required import require
from required import require_module
from unused_port import unused_port

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

RESPONSES = {
    "GET": {
        "/users/{id}": {
            "$cases": [{"$when": {"query": {"x": 1}}, "$body": 1}, {"$name": "plain", "$body": {"name": "Ann"}}]
        }
    }
}

PASSWORD = "secret"
AS_DOCUMENTED = {
    "Authorization": f"Bearer {PASSWORD}",
    "Cookie": "_mitmproxy_xsrf=x; _xsrf=x",
    "X-XSRFToken": "x",
}


class Web:
    """A `fakebackend run --ui web`, and its own web page."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        write_responses(folder / "responses.json", RESPONSES)
        port, web_port = unused_port(), unused_port()
        self.url, self.web_url = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{web_port}"
        self.process = Process(
            [
                *(sys.executable, "-m", "fakebackend", "run", "--ui", "web", "responses.json"),
                *("--listen-host", "127.0.0.1", "-p", str(port), "--web-port", str(web_port)),
                *("--no-web-open-browser", "--set", f"web_password={PASSWORD}", "--set", f"confdir={folder / 'conf'}"),
            ],
            folder,
            {"PYTHONPATH": str(REPOSITORY)},
        )
        self.process.wait_for_log("Answering from responses.json (1 entry)")

    def ask(self, path: str) -> httpx.Response:
        """Send a request to the backend."""
        return httpx.get(self.url + path, trust_env=False)

    def call(self, method: str, path: str, data: Any = None) -> httpx.Response:
        """Call mitmweb's own HTTP interface as the docs say."""
        return httpx.request(method, self.web_url + path, headers=AS_DOCUMENTED, json=data, trust_env=False)


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    started = Web(tmp_path)
    yield started
    started.process.stop()
    assert "Traceback" not in started.process.output


@pytest.fixture
def page(web: Web) -> "Iterator[Page]":
    """Open mitmweb's page in a browser."""
    require_module("playwright")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=require("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1600, "height": 900})
        page.goto(f"{web.web_url}/?token={PASSWORD}")
        yield page
        browser.close()


def test_the_list_has_the_comments_and_the_view_explains_a_flow(web: Web, page: "Page") -> None:
    assert web.ask("/users/7").json() == {"name": "Ann"}
    assert web.ask("/usrs/7").status_code == 404
    rows = page.locator(".flow-table tbody tr")
    rows.filter(has_text='GET /users/{id} (responses.json:3), case 2 "plain"').wait_for()
    rows.filter(has_text="no entry; nearest GET /users/{id}: path differs at segment 1: 'usrs'").wait_for()
    page.get_by_text("Comment", exact=True).first.wait_for()
    rows.filter(has_text="/users/7").click()
    page.get_by_text("Response", exact=True).click()
    page.get_by_text("View:").click()
    page.get_by_text("fakebackend", exact=True).click()
    page.get_by_text("asked now:").wait_for()
    shown = page.locator(".flow-detail").inner_text()
    assert 'at the time: GET /users/{id} (responses.json:3), case 2 "plain"' in shown
    assert "✗ $when.query.x is missing, expected '1'" in shown


def test_the_event_log_says_which_file_answers(web: Web, page: "Page") -> None:
    write_responses(web.folder / "other.json", {"GET": {"/a": 1, "/b": 2, "/c": 3}})
    (web.folder / "bad.json").write_text("{")
    page.get_by_text("Options", exact=True).click()
    page.get_by_text("Display Event Log").click()
    assert web.call("PUT", "/options", {"responsesfile": "other.json"}).status_code == 200
    page.get_by_text("Answering from other.json (3 entries)").wait_for()
    refused = web.call("PUT", "/options", {"responsesfile": "bad.json"})
    assert refused.status_code == 400
    assert "bad.json:1:2: " in refused.text
    assert "still answering from other.json (3 entries)" in refused.text
    assert web.ask("/a").json() == 1


def test_a_command_is_executed_by_http_as_documented(web: Web) -> None:
    write_responses(web.folder / "responses.json", {"$state": {"n": 1}, "POST /n": {"$set": {"n": 2}}})
    httpx.post(f"{web.url}/n", trust_env=False)
    shown = web.call("POST", "/commands/responses.state").json()
    assert json.loads(shown["value"]) == {"n": 2}
    assert web.call("POST", "/commands/responses.reset").json() == {"value": None}
    assert json.loads(web.call("POST", "/commands/responses.state").json()["value"]) == {"n": 1}
