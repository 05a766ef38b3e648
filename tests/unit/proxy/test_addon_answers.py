"""The request hook: live requests, interception, saved flows, a single run of the script."""

from pathlib import Path

import pytest
from mitmproxy import flow as mitmproxy_flow
from mitmproxy import http
from mitmproxy.addons import script
from mitmproxy.test import taddons

from fakebackend.cli.run import ADDON
from fakebackend.proxy.addon import DummyBackend
from fakebackend.proxy.after_intercept import AfterIntercept
from fakebackend.responses_file import ResponsesFile
from fakebackend.table.entry_table import EntryTable
from tests.conftest import ask
from tests.conftest import body_of
from tests.conftest import errors_in
from tests.conftest import http_flow
from tests.conftest import response_of
from tests.conftest import write

JOHN = {"name": "John"}


def late_answer(tctx: taddons.context) -> AfterIntercept:
    [late] = [each for each in tctx.master.addons.chain if isinstance(each, AfterIntercept)]
    return late


async def test_a_request_is_answered_at_once_while_the_file_is_unchanged(backend: DummyBackend) -> None:
    flow = http_flow()
    assert backend.request(flow) is None
    assert body_of(flow) == JOHN


async def test_the_first_request_after_a_save_sees_the_change(backend: DummyBackend, folder: Path) -> None:
    write(folder / "responses.json", {"GET": {"/user": "new"}})
    flow = http_flow()
    waiting = backend.request(flow)
    assert waiting is not None
    assert flow.response is None
    await waiting
    assert body_of(flow) == "new"


async def test_an_answer_of_another_addon_is_kept(backend: DummyBackend) -> None:
    flow = http_flow(answered=True)
    await ask(backend, flow)
    assert response_of(flow).text == "message"


async def test_a_request_that_has_failed_already_is_left_alone(backend: DummyBackend) -> None:
    flow = http_flow()
    flow.error = mitmproxy_flow.Error(mitmproxy_flow.Error.KILLED_MESSAGE)
    await ask(backend, flow)
    assert flow.response is None


@pytest.mark.parametrize("changed", [False, True], ids=["at-once", "after-reading"])
async def test_a_failure_is_a_500_and_never_lets_the_request_out(
    backend: DummyBackend,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    changed: bool,
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("table is broken")

    monkeypatch.setattr(EntryTable, "candidates", fail)
    if changed:
        write(folder / "responses.json", {"GET": {"/user": 1}})
    flow = await ask(backend, http_flow())
    assert (response_of(flow).status_code, response_of(flow).headers["X-Fakebackend"]) == (500, "table is broken")
    assert [record.getMessage() for record in errors_in(caplog)] == ["GET /user: table is broken"]


async def test_a_failure_while_looking_at_the_file_is_a_500(
    backend: DummyBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: ResponsesFile) -> bool:
        raise OSError("disk is gone")

    monkeypatch.setattr(ResponsesFile, "is_fresh", fail)
    assert response_of(await ask(backend, http_flow())).headers["X-Fakebackend"] == "disk is gone"


async def test_while_intercepting_a_request_is_answered_as_it_is_at_the_end_of_the_chain(
    backend: DummyBackend, tctx: taddons.context
) -> None:
    tctx.options.add_option("intercept_active", bool, False, "As the addon Intercept adds it.")
    tctx.options.update(intercept_active=True)
    flow = http_flow(path="/nowhere")
    await ask(backend, flow)
    assert flow.response is None
    flow.request.path = "/user"
    await late_answer(tctx).request(flow)
    assert body_of(flow) == JOHN


async def test_once_nothing_is_intercepted_a_request_is_answered_in_place(
    backend: DummyBackend, tctx: taddons.context
) -> None:
    tctx.options.add_option("intercept_active", bool, False, "As the addon Intercept adds it.")
    tctx.options.update(intercept_active=True)
    tctx.options.update(intercept_active=False)
    flow = await ask(backend, http_flow())
    assert body_of(flow) == JOHN
    await late_answer(tctx).request(flow)
    assert body_of(flow) == JOHN


async def test_saved_flows_are_left_alone_by_default(backend: DummyBackend) -> None:
    flow = await ask(backend, http_flow(live=False, answered=True))
    assert response_of(flow).text == "message"


@pytest.mark.parametrize(("path", "text"), [("/user", '{"name": "John"}'), ("/nowhere", "message")])
async def test_saved_flows_with_an_entry_are_answered_if_asked_for(
    backend: DummyBackend, tctx: taddons.context, path: str, text: str
) -> None:
    tctx.options.update(responses_saved_flows="true")
    flow = await ask(backend, http_flow(path=path, live=False, answered=True))
    assert response_of(flow).text == text


@pytest.fixture
def scripts(tctx: taddons.context, folder: Path, unchanged_path: None) -> script.ScriptLoader:
    """Return the addon that has the console's `|`, in a mitmproxy that runs without the fake backend."""
    write(folder / "responses.json", {"GET": {"/user": JOHN}})
    loader = script.ScriptLoader()
    tctx.master.addons.add(loader)
    return loader


def run_once(scripts: script.ScriptLoader, flow: http.HTTPFlow) -> http.HTTPFlow:
    scripts.script_run([flow], ADDON)
    return flow


async def test_running_the_script_once_answers_a_flow(
    scripts: script.ScriptLoader, tctx: taddons.context, caplog: pytest.LogCaptureFixture
) -> None:
    flow = run_once(scripts, http_flow(live=False, answered=True))
    assert body_of(flow) == JOHN
    assert not errors_in(caplog)
    assert tctx.options.connection_strategy == "eager"
    assert not [each for each in tctx.master.addons.chain if isinstance(each, AfterIntercept)]


async def test_running_the_script_once_leaves_a_flow_without_an_entry_alone(scripts: script.ScriptLoader) -> None:
    flow = run_once(scripts, http_flow(path="/nowhere", live=False, answered=True))
    assert response_of(flow).text == "message"


async def test_running_the_script_once_says_what_is_wrong_with_the_file(
    scripts: script.ScriptLoader, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(folder / "responses.json", [])
    flow = run_once(scripts, http_flow(live=False, answered=True))
    assert response_of(flow).text == "message"
    assert errors_in(caplog)[0].getMessage().startswith("responses.json:1:1: ")
    assert not any(record.exc_info for record in errors_in(caplog))
