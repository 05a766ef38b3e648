"""What stands in for the addon where it cannot be loaded."""

import asyncio
import logging
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
from mitmproxy import exceptions
from mitmproxy.addons.proxyserver import Proxyserver
from mitmproxy.proxy import server_hooks
from mitmproxy.test import taddons
from mitmproxy.test import tflow

from fakebackend.proxy.addon import DummyBackend
from fakebackend.proxy.guard import GONE
from fakebackend.proxy.guard import NOT_LOADED
from fakebackend.proxy.guard import NOT_LOADED_AGAIN
from fakebackend.proxy.guard import Guard
from fakebackend.proxy.guard import dismiss_guard
from fakebackend.proxy.guard import guard_reload
from fakebackend.proxy.guard import stand_guard
from fakebackend.proxy.options import OPTIONS
from tests.conftest import errors_in
from tests.conftest import http_flow
from tests.conftest import response_of
from tests.conftest import write


def guard_in(tctx: taddons.context) -> Guard | None:
    found = tctx.master.addons.get(Guard.name)
    assert found is None or isinstance(found, Guard)
    return found


def test_a_request_gets_a_503_with_the_reason() -> None:
    flow = http_flow()
    Guard("why").request(flow)
    assert (response_of(flow).status_code, response_of(flow).text) == (503, "why")
    assert response_of(flow).headers["X-Fakebackend"] == "why"


@pytest.mark.parametrize("of", [{"live": False}, {"answered": True}], ids=["saved", "answered"])
def test_what_needs_no_answer_is_left_alone(of: dict[str, bool]) -> None:
    flow = http_flow(**of)  # type: ignore[arg-type]  # the names are right
    before = flow.response
    Guard("why").request(flow)
    assert flow.response is before


def test_no_connection_is_let_out() -> None:
    data = server_hooks.ServerConnectionHookData(tflow.tserver_conn(), tflow.tclient_conn())
    Guard("why").server_connect(data)
    assert data.server.error == "why"


def test_the_reason_is_an_error_when_mitmproxy_runs(caplog: pytest.LogCaptureFixture) -> None:
    Guard("why").running()
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_there_is_one_guard_until_it_is_dismissed(tctx: taddons.context) -> None:
    stand_guard("first")
    stand_guard("second")
    found = guard_in(tctx)
    assert found is not None
    assert found.reason == "first"
    dismiss_guard()
    dismiss_guard()
    assert guard_in(tctx) is None


def test_an_addon_that_is_loaded_and_configured_needs_no_guard(tctx: taddons.context, folder: Path) -> None:
    write(folder / "responses.json", {})
    addon = DummyBackend()
    tctx.master.addons.add(addon)
    found = guard_in(tctx)
    assert found is not None
    assert found.reason == NOT_LOADED
    tctx.configure(addon)
    assert guard_in(tctx) is None


def test_an_option_that_is_wrong_from_the_start_leaves_the_guard(tctx: taddons.context) -> None:
    tctx.options.set("responsesfile", defer=True)
    with pytest.raises(exceptions.OptionsError):
        tctx.master.addons.add(DummyBackend())
    assert guard_in(tctx) is not None


def script_in(tctx: taddons.context, path: Path | str, *, at_work: bool) -> None:
    """Have a script loader with a script that its task watches; `at_work` says that this is it."""
    task = asyncio.current_task() if at_work else None
    script = SimpleNamespace(fullpath=str(path), reloadtask=task)
    others = [SimpleNamespace(fullpath="/nowhere", reloadtask=None)]
    loader = SimpleNamespace(name="scriptloader", addons=[])
    tctx.master.addons.add(loader)
    loader.addons = [*others, script]  # now, as mitmproxy would have to know each as an addon


async def test_a_script_that_is_loaded_again_is_guarded_meanwhile(tctx: taddons.context, tmp_path: Path) -> None:
    script_in(tctx, tmp_path, at_work=True)
    assert guard_reload() is guard_in(tctx)
    found = guard_in(tctx)
    assert found is not None
    assert found.reason == NOT_LOADED_AGAIN


async def test_a_script_that_is_taken_away_by_somebody_needs_no_guard(tctx: taddons.context, tmp_path: Path) -> None:
    assert guard_reload() is None
    script_in(tctx, tmp_path, at_work=False)
    assert guard_reload() is None
    assert guard_in(tctx) is None


async def test_a_file_that_is_missing_is_an_error_that_says_what_to_do(
    tctx: taddons.context, caplog: pytest.LogCaptureFixture
) -> None:
    script_in(tctx, "nowhere/addon.py", at_work=True)
    assert guard_reload() is not None
    assert [record.getMessage() for record in errors_in(caplog)] == [GONE]
    assert "start it again" in GONE


async def test_without_an_event_loop_nothing_watches(tctx: taddons.context, tmp_path: Path) -> None:
    script_in(tctx, tmp_path, at_work=True)
    assert await asyncio.to_thread(guard_reload) is None


async def test_the_next_addon_knows_what_the_connection_strategy_was(tctx: taddons.context, folder: Path) -> None:
    write(folder / "responses.json", {})
    tctx.master.addons.add(Proxyserver())
    before = tctx.options.connection_strategy
    for _ in range(2):  # loaded, and loaded again
        addon = DummyBackend()
        tctx.master.addons.add(addon)
        tctx.configure(addon)
        assert (before, tctx.options.connection_strategy) == ("eager", "lazy")
        if tctx.master.addons.get("scriptloader") is None:
            script_in(tctx, folder, at_work=True)
            tctx.master.addons.remove(addon)
    tctx.master.addons.get("scriptloader").addons.clear()
    tctx.master.addons.remove(addon)
    assert tctx.options.connection_strategy == "eager"


ODD_VALUES = ["", " ", "maybe", "True", "404,405", "forwards", "-1s", "1 2", "\x1b[31m", "/nowhere/at/all.json"]


@pytest.mark.parametrize("value", ODD_VALUES)
@pytest.mark.parametrize("name", OPTIONS)
def test_whatever_an_option_is_set_to_no_connection_is_let_out(
    tctx: taddons.context, folder: Path, name: str, value: str
) -> None:
    """It is refused at the start, or it is none that opens the proxy."""
    write(folder / "responses.json", {})
    tctx.options.set(f"{name}={value}", defer=True)
    addon = DummyBackend()
    with suppress(exceptions.OptionsError):
        tctx.master.addons.add(addon)
        tctx.configure(addon)
    data = server_hooks.ServerConnectionHookData(tflow.tserver_conn(), tflow.tclient_conn())
    for each in (guard_in(tctx), addon):
        if each is not None:
            each.server_connect(data)
    assert data.server.error
