import logging
from collections.abc import Iterator
from collections.abc import Sequence
from typing import Any

import pytest
from mitmproxy.test import taddons

from fakebackend.proxy import started_by_run
from fakebackend.proxy.addon import DummyBackend
from fakebackend.proxy.started_by_run import RunSettings
from tests.conftest import write

CONNECTIONS = logging.getLogger("mitmproxy.proxy.server")


@pytest.fixture(autouse=True)
def same_level() -> Iterator[None]:
    """See that the logger is afterwards as it was."""
    before = CONNECTIONS.level
    yield
    assert CONNECTIONS.level == before


@pytest.fixture
def dump(tctx: taddons.context) -> taddons.context:
    """Return a context with the options of mitmdump and mitmweb that matter."""
    tctx.options.add_option("flow_detail", int, 1, "As mitmdump has it.")
    tctx.options.add_option("web_columns", Sequence[str], ["path", "status"], "As mitmweb has it.")
    return tctx


def state_of(dump: taddons.context) -> tuple[int, list[str], int]:
    return dump.options.flow_detail, list(dump.options.web_columns), CONNECTIONS.level


@pytest.mark.parametrize(
    ("settings", "options", "meanwhile"),
    [
        pytest.param({}, {}, (0, ["path", "status", "comment"], logging.WARNING), id="both"),
        pytest.param({"keeps_flow_detail": True}, {}, (1, ["path", "status", "comment"], 0), id="flow-detail-given"),
        pytest.param({"keeps_columns": True}, {}, (0, ["path", "status"], logging.WARNING), id="columns-given"),
        pytest.param({}, {"flow_detail": 3}, (3, ["path", "status", "comment"], 0), id="flow-detail-configured"),
        pytest.param({}, {"web_columns": ["path"]}, (0, ["path"], logging.WARNING), id="columns-configured"),
    ],
)
def test_mitmdumps_own_lines_go_and_come_back(
    dump: taddons.context, settings: Any, options: dict[str, Any], meanwhile: Any
) -> None:
    dump.options.update(**options)
    before = state_of(dump)
    run = RunSettings(**settings)
    run.begin()
    assert state_of(dump) == meanwhile
    run.end()
    assert state_of(dump) == before
    run.end()
    assert state_of(dump) == before


def test_a_tool_without_these_options_is_left_as_it_is(tctx: taddons.context) -> None:
    run = RunSettings()
    before = CONNECTIONS.level
    run.begin()
    assert CONNECTIONS.level == before
    run.end()


def test_the_addon_does_so_while_it_runs(
    dump: taddons.context, folder: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(started_by_run, "settings", RunSettings())
    write(folder / "responses.json", {"GET /a": 1})
    addon = DummyBackend()
    dump.master.addons.add(addon)
    dump.configure(addon, responsesfile="responses.json")
    assert dump.options.responses_log == "true"
    addon.running()
    assert dump.options.flow_detail == 0
    addon.done()
    assert dump.options.flow_detail == 1


def test_what_is_set_meanwhile_stays(dump: taddons.context) -> None:
    run = RunSettings()
    run.begin()
    dump.options.update(flow_detail=2)
    run.end()
    assert dump.options.flow_detail == 2


def test_the_file_that_run_is_given_wins_over_the_configuration(
    dump: taddons.context, folder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = RunSettings(file="given.json")
    monkeypatch.setattr(started_by_run, "settings", settings)
    dump.options.deferred["responsesfile"] = "configured.json"
    dump.master.addons.add(DummyBackend())
    assert dump.options.responsesfile == "given.json"
    settings.set_options()  # as on a reload of the script
    assert "responsesfile" not in dump.options.deferred


def test_a_missing_file_is_told_how_run_is_given_another(
    dump: taddons.context, folder: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(started_by_run, "settings", RunSettings())
    addon = DummyBackend()
    dump.master.addons.add(addon)
    dump.configure(addon, responsesfile="responses.json")
    assert caplog.messages[-1].endswith("or name another with fakebackend run FILE")


def test_the_token_that_run_has_made_is_that_of_the_option(
    dump: taddons.context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(started_by_run, "settings", RunSettings(token="x" * 32))
    dump.options.deferred["responses_admin"] = "configured"
    dump.master.addons.add(DummyBackend())
    assert dump.options.responses_admin == "x" * 32


class ProxyServer:
    """Stands for mitmproxy's addon of that name, which listens on each port by IPv4 and IPv6."""

    name = "proxyserver"

    def __init__(self, *ports: int) -> None:
        self.ports = ports

    def listen_addrs(self) -> list[tuple[str, int]]:
        return [(host, port) for port in self.ports for host in ("0.0.0.0", "::")]


@pytest.mark.parametrize(
    ("token", "ports", "said"),
    [
        pytest.param(None, (8080,), [], id="no-control"),
        pytest.param("x" * 32, (), [], id="nowhere"),
        pytest.param("x" * 32, (8081, 8080), [8080, 8081], id="each-port-once"),
    ],
)
def test_how_to_ask_for_the_report_is_said(
    dump: taddons.context, caplog: pytest.LogCaptureFixture, token: str | None, ports: tuple[int, ...], said: list[int]
) -> None:
    dump.master.addons.add(ProxyServer(*ports))
    RunSettings(token=token).say_how_to_control()
    curl = f"Control: curl -H 'Authorization: Bearer {token}' http://localhost"
    assert caplog.messages == [f"{curl}:{port}/__fakebackend/report" for port in said]


@pytest.mark.parametrize(
    ("host", "named"),
    [
        pytest.param("127.0.0.2", "127.0.0.2", id="one-address"),
        pytest.param("fd00::1", "[fd00::1]", id="one-of-ipv6"),
        pytest.param("127.0.0.1", "localhost", id="this-machine"),
    ],
)
def test_in_mitmdump_the_token_is_printed_however_quiet_the_log_is(
    dump: taddons.context, capsys: pytest.CaptureFixture[str], host: str, named: str
) -> None:
    class Dumper:
        name = "dumper"

    server = ProxyServer(8080)
    server.listen_addrs = lambda: [(host, 8080)]  # type: ignore[method-assign]
    dump.master.addons.add(server, Dumper())
    RunSettings(token="x" * 32).say_how_to_control()
    curl = f"Control: curl -H 'Authorization: Bearer {'x' * 32}'"
    assert capsys.readouterr().out == f"{curl} http://{named}:8080/__fakebackend/report\n"
