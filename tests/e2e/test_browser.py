"""A page of another origin in a real browser that talks to the backend."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from typing import Any

import pytest
from front_end import API
from front_end import CALLS
from front_end import RESPONSES
from front_end import TONE_SECONDS
from front_end import start_backend
from mitmdump import Backend
from mitmdump import Launcher
from page_server import serving_page
from required import require
from required import require_module

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]

FETCH = """async ({url, init, read}) => {
  const response = await fetch(url, {credentials: "include", ...init});
  const fields = read.map(name => [name, response.headers.get(name)]);
  return {status: response.status, text: await response.text(), read: Object.fromEntries(fields)};
}"""

SEEK = """async ({url, time}) => {
  const audio = new Audio();
  const event = name => new Promise((resolve, reject) => {
    audio.addEventListener(name, resolve, {once: true});
    audio.addEventListener("error", () => reject(new Error(audio.error.message)), {once: true});
  });
  audio.muted = true;
  audio.crossOrigin = "use-credentials";
  const loaded = event("loadedmetadata");
  audio.src = url;
  document.body.append(audio);
  await loaded;
  const seeked = event("seeked");
  audio.currentTime = time;
  await seeked;
  const sought = audio.currentTime;
  const ended = event("ended");
  await audio.play();
  await ended;
  return {sought, duration: audio.duration, end: audio.currentTime};
}"""


@pytest.fixture(scope="module")
def chromium() -> str:
    """Return where the browser is, before anything else is started."""
    require_module("playwright")
    return require("chromium")


@pytest.fixture(scope="module")
def backend(chromium: str, start_shared: Launcher) -> Backend:
    return start_backend(start_shared)


@pytest.fixture(scope="module")
def browser(chromium: str, backend: Backend, tmp_path_factory: pytest.TempPathFactory) -> "Iterator[BrowserContext]":
    """Start a browser that has the backend as its proxy, but asks this machine directly, as browsers do.

    Its profile is empty but for what lets a page have the cookies of another site, which Debian's Chromium does not.
    """
    from playwright.sync_api import sync_playwright

    profile = tmp_path_factory.mktemp("profile")
    preferences = profile / "Default" / "Preferences"
    preferences.parent.mkdir()
    preferences.write_text(json.dumps({"profile": {"cookie_controls_mode": 0}}))
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=chromium,
            headless=True,
            args=ARGUMENTS,
            proxy={"server": backend.url, "bypass": "127.0.0.1"},
            ignore_https_errors=True,
        )
        yield context
        context.close()


@pytest.fixture(scope="module")
def front_end() -> Iterator[str]:
    """Serve the page; return its address."""
    with serving_page("<!doctype html><title>front-end</title><link rel=icon href=data:,>") as address:
        yield address


@pytest.fixture(params=["direct", "direct-tls", "proxy"])
def base(request: pytest.FixtureRequest, backend: Backend) -> str:
    """Return where the page finds the backend."""
    return {"direct": backend.url, "direct-tls": backend.url.replace("http:", "https:"), "proxy": API}[request.param]


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """Collect what the console says about CORS, which is nothing unless a test expects it."""
    texts: list[str] = []
    yield texts
    assert texts == []


@pytest.fixture
def page(browser: "BrowserContext", front_end: str, complaints: list[str]) -> "Iterator[Page]":
    """Open the page, without cookies."""
    browser.clear_cookies()
    page = browser.new_page()
    page.on("console", lambda message: complaints.append(message.text) if "CORS" in message.text else None)
    page.goto(front_end)
    assert page.title() == "front-end"  # and not the backend's 404, which a proxy for this machine would give
    yield page
    page.close()


@contextmanager
def answering(backend: Backend, entries: dict[str, Any]) -> Iterator[None]:
    """Have other entries for GET for the time of a block."""
    backend.write({**RESPONSES, "GET": {**RESPONSES["GET"], **entries}})
    try:
        yield
    finally:
        backend.write(RESPONSES)


def fetched(page: "Page", url: str, **init: Any) -> Any:
    return page.evaluate(FETCH, {"url": url, "init": init, "read": []})


def refusal(page: "Page", complaints: list[str], url: str, **init: Any) -> str:
    """Return why the browser keeps an answer from the page, which it must."""
    from playwright.sync_api import Error

    with (
        page.expect_console_message(lambda message: "CORS" in message.text),
        pytest.raises(Error, match="Failed to fetch"),
    ):
        fetched(page, url, **init)
    return complaints.pop()


def test_calls_of_a_front_end_are_answered(page: "Page", base: str) -> None:
    for call in CALLS:
        call.check(page.evaluate(FETCH, call.as_fetched(base)))


def test_a_cookie_needs_no_attributes_between_ports_of_one_host(page: "Page", backend: Backend) -> None:
    with answering(backend, {"/login": {"$headers": {"Set-Cookie": "session=s1"}, "$body": {"ok": True}}}):
        fetched(page, f"{backend.url}/login")
        assert fetched(page, f"{backend.url}/me")["status"] == 200
        assert fetched(page, f"{backend.url}/me", credentials="omit")["status"] == 401


def test_a_page_behind_the_proxy_reaches_hosts_that_do_not_exist(page: "Page") -> None:
    assert fetched(page, f"{API}/rates") == {"status": 200, "text": '{"EUR": 1}', "read": {}}


def test_a_changed_file_is_seen_at_once(page: "Page", backend: Backend, base: str) -> None:
    for number in range(3):
        new = {"/user": {"number": number}, f"/new{number}": "new"}
        with answering(backend, new):
            assert fetched(page, f"{base}/user")["text"] == f'{{"number": {number}}}'
            assert fetched(page, f"{base}/new{number}", headers={"X-Asked": "first"})["status"] == 200


def test_audio_is_played_by_ranges(page: "Page", base: str) -> None:
    answers: list[int] = []
    page.on("response", lambda response: answers.append(response.status) if "tone.wav" in response.url else None)
    played = page.evaluate(SEEK, {"url": f"{base}/tone.wav", "time": TONE_SECONDS - 0.5})
    assert played["sought"] == TONE_SECONDS - 0.5
    assert played["duration"] == pytest.approx(TONE_SECONDS, abs=0.1)
    assert played["end"] == played["duration"]
    assert set(answers) == {206}


def test_a_page_reads_a_part_and_asks_whether_a_file_has_changed(page: "Page", base: str) -> None:
    part = page.evaluate(
        FETCH, {"url": f"{base}/tone.wav", "init": {"headers": {"Range": "bytes=0-3"}}, "read": ["Content-Range"]}
    )
    assert (part["status"], part["text"]) == (206, "RIFF")
    assert part["read"]["Content-Range"].startswith("bytes 0-3/")
    whole = page.evaluate(FETCH, {"url": f"{base}/tone.wav", "init": {}, "read": ["ETag"]})
    again = fetched(page, f"{base}/tone.wav", headers={"If-None-Match": whole["read"]["ETag"]}, cache="no-store")
    assert again["status"] == 304


@pytest.mark.parametrize("allowed", ["false", "http://localhost:3000"])
def test_a_page_that_is_not_allowed_reads_nothing(
    page: "Page", backend: Backend, base: str, complaints: list[str], allowed: str
) -> None:
    backend.execute(f"set responses_cors {allowed}")
    try:
        assert "Access-Control-Allow-Origin" in refusal(page, complaints, f"{base}/user")
        assert "preflight" in refusal(page, complaints, f"{base}/cache", method="PURGE")
    finally:
        backend.execute("set responses_cors true")


def test_a_method_without_an_entry_is_a_404_that_the_page_can_read(page: "Page", base: str) -> None:
    answer = fetched(page, f"{base}/user", method="DELETE")
    assert (answer["status"], answer["text"]) == (404, "Path not found")
