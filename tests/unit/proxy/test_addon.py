"""Options and life cycle; answering and commands have files of their own."""

import logging
from pathlib import Path
from typing import Any

import pytest
from mitmproxy import exceptions
from mitmproxy.log import ALERT
from mitmproxy.proxy import server_hooks
from mitmproxy.test import taddons
from mitmproxy.test import tflow

from fakebackend.proxy.addon import DummyBackend
from fakebackend.proxy.closed_proxy import REFUSED
from tests.conftest import ask
from tests.conftest import errors_in
from tests.conftest import http_flow
from tests.conftest import response_of
from tests.conftest import write


def alerts(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == ALERT]


def started(tctx: taddons.context, **options: object) -> DummyBackend:
    """Return the addon as it is once mitmproxy has started with these options."""
    addon = DummyBackend()
    tctx.master.addons.add(addon)
    tctx.configure(addon, **({"responsesfile": "responses.json"} | options))
    addon.running()
    return addon


async def status_of(backend: DummyBackend, path: str) -> int:
    return response_of(await ask(backend, http_flow(path=path))).status_code


@pytest.mark.parametrize(
    ("unmatched", "said"),
    [
        pytest.param("404", "other requests are answered 404, nothing is forwarded.", id="status"),
        pytest.param("kill", "other requests are killed, nothing is forwarded.", id="kill"),
        pytest.param("forward", "other requests are forwarded to the real server.", id="forward"),
    ],
)
def test_at_start_one_line_says_what_is_served(
    tctx: taddons.context, folder: Path, caplog: pytest.LogCaptureFixture, unmatched: str, said: str
) -> None:
    write(folder / "responses.json", {"GET": {"/a": 1, "/b": 2}})
    started(tctx, responses_unmatched=unmatched)
    assert alerts(caplog) == [f"Answering from responses.json (2 entries); {said}"]


@pytest.mark.parametrize(
    ("option", "value", "error"),
    [
        pytest.param("responsesfile", "no.json", "no.json: there is no such file", id="missing"),
        pytest.param("responsesfile", " ", "responsesfile must name a file, got nothing", id="nothing"),
        pytest.param("responsesfile", "broken.json", "broken.json:1:2: ", id="broken"),
        pytest.param("responses_unmatched", "maybe", "responses_unmatched must be a status code", id="unmatched"),
    ],
)
async def test_a_wrong_option_at_start_is_one_error_without_traceback_and_nothing_gets_out(
    tctx: taddons.context, folder: Path, caplog: pytest.LogCaptureFixture, option: str, value: str, error: str
) -> None:
    write(folder / "responses.json", {})
    broken(folder)
    backend = started(tctx, **{option: value})
    [record] = errors_in(caplog)
    assert record.getMessage().startswith(error)
    assert not record.exc_info
    data = server_hooks.ServerConnectionHookData(tflow.tserver_conn(), tflow.tclient_conn())
    backend.server_connect(data)
    assert data.server.error == REFUSED


def broken(folder: Path) -> None:
    (folder / "broken.json").write_text("{")


@pytest.mark.parametrize("loaded", [True, False], ids=["loaded", "run-on-one-flow"])
def test_what_to_do_is_said_last_where_it_cannot_start(
    tctx: taddons.context, folder: Path, monkeypatch: pytest.MonkeyPatch, loaded: bool
) -> None:
    said: list[str] = []
    monkeypatch.setattr("fakebackend.proxy.addon.say_last", said.append)
    write(folder / "responses.json", {"GET": {"a": 1}})
    addon = DummyBackend()
    if loaded:
        tctx.master.addons.add(addon)
    addon.configure({"responsesfile"})
    assert said == ["fakebackend has not started: correct what is said above, and start again."] * loaded


def test_another_file_is_announced_and_a_wrong_one_refused(
    backend: DummyBackend, tctx: taddons.context, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(folder / "other.json", {"GET": {"/a": 1, "/b": 2}})
    (folder / "bad.json").write_text("{")
    (folder / "worse.json").write_text('{"GET": {"a": 1, "b": 2}}')
    tctx.configure(backend, responsesfile="other.json")
    assert (caplog.messages[-1], caplog.records[-1].levelno) == ("Answering from other.json (2 entries)", ALERT)
    tctx.configure(backend, responses_delay="1s")
    assert caplog.messages[-1] == "Answering from other.json (2 entries)"
    with pytest.raises(exceptions.OptionsError, match=r"; still answering from other.json \(2 entries\)$"):
        tctx.configure(backend, responsesfile="bad.json")
    with pytest.raises(exceptions.OptionsError, match=r"\nstill answering from other.json \(2 entries\)$"):
        tctx.configure(backend, responsesfile="worse.json")


def test_a_broken_file_at_start_is_not_said_to_be_served(
    tctx: taddons.context, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken(folder)
    started(tctx, responsesfile="broken.json")
    assert alerts(caplog) == []


async def test_a_file_that_was_broken_at_start_is_taken_when_it_is_mended(tctx: taddons.context, folder: Path) -> None:
    broken(folder)
    backend = started(tctx, responsesfile="broken.json")
    assert await status_of(backend, "/user") == 500
    write(folder / "broken.json", {"GET": {"/user": 1}})
    assert await status_of(backend, "/user") == 200


async def test_the_file_can_be_switched_while_running(
    backend: DummyBackend, tctx: taddons.context, folder: Path
) -> None:
    write(folder / "other.json", {"GET": {"/other": 1}})
    tctx.options.update(responsesfile="other.json")
    assert await status_of(backend, "/other") == 200
    assert await status_of(backend, "/user") == 404


async def test_a_home_folder_is_expanded(
    backend: DummyBackend, tctx: taddons.context, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "home").mkdir()
    write(folder / "home" / "r.json", {"GET": {"/home": 1}})
    monkeypatch.setenv("HOME", str(folder / "home"))
    monkeypatch.setenv("USERPROFILE", str(folder / "home"))
    tctx.options.update(responsesfile="~/r.json")
    assert await status_of(backend, "/home") == 200


@pytest.mark.parametrize(
    ("option", "value", "error"),
    [
        pytest.param("responsesfile", "no.json", "no.json: there is no such file", id="missing"),
        pytest.param("responsesfile", "", "responsesfile must name a file, got nothing", id="nothing"),
        pytest.param("responsesfile", "broken.json", "broken.json:1:2: ", id="broken"),
        pytest.param("responses_unmatched", "maybe", 'got "maybe"', id="unmatched"),
    ],
)
async def test_a_wrong_option_while_running_is_refused_and_the_old_one_stays(
    backend: DummyBackend,
    tctx: taddons.context,
    folder: Path,
    caplog: pytest.LogCaptureFixture,
    option: str,
    value: str,
    error: str,
) -> None:
    broken(folder)
    before = getattr(tctx.options, option)
    with pytest.raises(exceptions.OptionsError) as caught:
        tctx.configure(backend, **{option: value})
    assert error in str(caught.value)
    assert getattr(tctx.options, option) == before
    assert await status_of(backend, "/user") == 200
    assert await status_of(backend, "/nowhere") == 404
    assert not errors_in(caplog)


def test_rolling_back_to_a_file_that_is_broken_by_now_shows_only_the_error_of_the_new_one(
    backend: DummyBackend, tctx: taddons.context, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "responses.json").write_text("[")
    with pytest.raises(exceptions.OptionsError, match=r"\Ano\.json: there is no such file"):
        tctx.configure(backend, responsesfile="no.json")
    assert not errors_in(caplog)


async def test_both_options_wrong_at_once_change_neither(
    backend: DummyBackend, tctx: taddons.context, folder: Path
) -> None:
    write(folder / "other.json", {})
    with pytest.raises(exceptions.OptionsError, match="responses_unmatched"):
        tctx.configure(backend, responsesfile="other.json", responses_unmatched="x")
    assert await status_of(backend, "/user") == 200


def test_forwarding_opens_the_proxy_and_it_stays_lazy_all_the_same(
    backend: DummyBackend, tctx: taddons.context
) -> None:
    assert tctx.options.connection_strategy == "lazy"
    tctx.options.update(responses_unmatched="forward")
    assert tctx.options.connection_strategy == "lazy"
    data = server_hooks.ServerConnectionHookData(tflow.tserver_conn(), tflow.tclient_conn())
    backend.server_connect(data)
    assert data.server.error is None
    tctx.options.update(responses_unmatched="kill")
    assert tctx.options.connection_strategy == "lazy"


@pytest.mark.parametrize(("unmatched", "warned"), [("404", True), ("forward", False)])
def test_streaming_large_bodies_is_warned_of_where_nothing_is_forwarded(
    tctx: taddons.context, folder: Path, caplog: pytest.LogCaptureFixture, unmatched: str, warned: bool
) -> None:
    write(folder / "responses.json", {})
    tctx.options.add_option("stream_large_bodies", str, "1m", "As the addon Proxyserver adds it.")
    started(tctx, responses_unmatched=unmatched)
    warnings = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert [message.partition(" ")[0] for message in warnings] == ["stream_large_bodies"] * warned


def test_done_takes_the_second_addon_away_and_may_come_twice(backend: DummyBackend, tctx: taddons.context) -> None:
    late = tctx.master.addons.chain[-1]
    assert type(late).__name__ == "AfterIntercept"
    backend.done()
    backend.done()
    assert late not in tctx.master.addons.chain


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(None, "there is no such file", id="no-file"),
        pytest.param({"GET /": {"$handler": "h.py:late"}}, "the answer takes waiting", id="async-handler"),
    ],
)
def test_as_a_script_for_one_flow_what_cannot_be_answered_is_left_alone(
    tctx: taddons.context, folder: Path, caplog: pytest.LogCaptureFixture, data: Any, reason: str
) -> None:
    (folder / "h.py").write_text("import asyncio\nasync def late(_):\n    await asyncio.sleep(0)\n")
    if data is not None:
        write(folder / "responses.json", data)
    flow = http_flow(path="/", live=False)
    DummyBackend().request(flow)
    assert flow.response is None
    assert reason in caplog.text


async def test_a_request_before_anything_was_read_gets_a_500_not_the_real_server(
    tctx: taddons.context, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    addon = DummyBackend()
    tctx.master.addons.add(addon)
    monkeypatch.setattr(addon._serving.file, "is_fresh", lambda: True)
    flow = await ask(addon, http_flow())
    assert response_of(flow).headers["X-Fakebackend"] == "responses.json has not been read yet"
    assert (response_of(flow).text or "").endswith("has not been read yet")


async def test_a_connection_for_a_forwarding_entry_stays_open(
    backend: DummyBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backend._serving.answerer.forwarding, "allows", lambda data: True)
    monkeypatch.setattr(backend._closed_proxy, "check_connected", lambda data: pytest.fail("it is let out"))
    backend.server_connected(server_hooks.ServerConnectionHookData(tflow.tserver_conn(), tflow.tclient_conn()))


async def test_a_request_that_comes_back_by_a_connection_of_ours_is_refused(
    tctx: taddons.context, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(folder / "responses.json", {})
    backend = started(tctx, responses_unmatched="forward")
    flow, server = http_flow(), tflow.tserver_conn()
    server.sockname = flow.client_conn.peername
    data = server_hooks.ServerConnectionHookData(server, tflow.tclient_conn())
    backend.server_connected(data)
    await ask(backend, flow)
    assert response_of(flow).status_code == 502
    assert "has come back" in caplog.text
    raw = server_hooks.ServerConnectionHookData(tflow.tserver_conn(), flow.client_conn)
    backend.server_connect(raw)  # what is no HTTP goes in a circle, too
    assert "has come back" in str(raw.server.error)
    backend.server_disconnected(data)
    again = http_flow()
    again.client_conn.peername = flow.client_conn.peername
    await ask(backend, again)
    assert again.response is None
