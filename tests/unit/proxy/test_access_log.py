import logging
from typing import Any

import pytest
from mitmproxy import flow as mitmproxy_flow
from mitmproxy.addons import eventstore
from mitmproxy.addons import termlog
from mitmproxy.test import taddons

from fakebackend.proxy.addon import DummyBackend
from fakebackend.proxy.exchanges import Exchanges
from fakebackend.table.answered_by import AnsweredBy
from fakebackend.table.answered_by import noted
from tests.conftest import ask
from tests.conftest import http_flow
from tests.conftest import table_of
from tests.conftest import write

[ENTRY] = table_of({"GET /user": {"$name": "ok", "$body": 1}})


@pytest.fixture
def log(tctx: taddons.context) -> Exchanges:
    exchanges = Exchanges()
    exchanges.access_log.is_on = True
    return exchanges


def lines_in(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the lines of the access log, without how long it took."""
    lines = [record for record in caplog.records if record.name.endswith("access_log")]
    assert {record.levelno for record in lines} <= {logging.INFO}
    return [record.getMessage().rpartition(" ")[0].rpartition(" ")[0] for record in lines]


@pytest.mark.parametrize(
    ("flow", "who", "line"),
    [
        pytest.param(
            http_flow(answered=True),
            AnsweredBy(ENTRY),
            '200 GET http://api.example.com/user ← /user (responses.json:1, "ok")',
            id="entry",
        ),
        pytest.param(
            http_flow("HEAD", "/a\x1b", answered=True),
            AnsweredBy(ENTRY, ("case 2",)),
            r'200 HEAD http://api.example.com/a\x1b ← GET /user (responses.json:1, "ok", case 2)',
            id="another-method",
        ),
        pytest.param(
            http_flow(answered=True),
            noted("no entry; nearest GET /b", "no entry"),
            "200 GET http://api.example.com/user ← no entry",
            id="no-entry",
        ),
        pytest.param(
            http_flow(),
            noted("no entry"),
            "--- GET http://api.example.com/user ← no entry",
            id="no-answer",
        ),
        pytest.param(
            http_flow(answered=True), None, "200 GET http://api.example.com/user ← not by fakebackend", id="not-by-us"
        ),
    ],
)
def test_a_line_says_what_was_answered_by_whom(
    log: Exchanges, caplog: pytest.LogCaptureFixture, flow: Any, who: AnsweredBy | None, line: str
) -> None:
    log.begin(flow)
    if who is not None:
        log.tell(flow, who)
    log.end(flow)
    log.end(flow)
    assert lines_in(caplog) == [line]
    assert caplog.messages[-1].endswith(" ms")


def test_the_request_is_named_as_the_client_sent_it(log: Exchanges, caplog: pytest.LogCaptureFixture) -> None:
    flow = http_flow(answered=True)
    log.begin(flow)
    flow.request.path = "/elsewhere"
    log.end(flow)
    assert lines_in(caplog) == ["200 GET http://api.example.com/user ← not by fakebackend"]


@pytest.mark.parametrize(
    ("message", "line"),
    [
        pytest.param("no such\nhost", r"--- GET http://api.example.com/user ← no entry, no such\nhost", id="error"),
        pytest.param(
            mitmproxy_flow.Error.KILLED_MESSAGE, "--- GET http://api.example.com/user ← no entry", id="killed-by-us"
        ),
    ],
)
def test_why_there_is_no_answer_is_said(
    log: Exchanges, caplog: pytest.LogCaptureFixture, message: str, line: str
) -> None:
    flow = http_flow()
    log.begin(flow)
    log.tell(flow, noted("no entry"))
    flow.error = mitmproxy_flow.Error(message)
    log.end(flow)
    assert lines_in(caplog) == [line]


def test_what_has_not_begun_or_is_switched_off_meanwhile_is_no_line(
    log: Exchanges, caplog: pytest.LogCaptureFixture
) -> None:
    flow = http_flow(answered=True)
    log.tell(flow, noted("x"))
    log.end(flow)
    log.begin(flow)
    log.access_log.is_on = False
    log.end(flow)
    assert lines_in(caplog) == []


@pytest.mark.parametrize(
    ("status", "colour"),
    [(200, "32"), (301, "36"), (404, "33"), (500, "31"), (None, "35"), (101, "35")],
    ids=str,
)
async def test_the_status_is_coloured_on_a_terminal(
    log: Exchanges,
    caplog: pytest.LogCaptureFixture,
    tctx: taddons.context,
    monkeypatch: pytest.MonkeyPatch,
    status: int | None,
    colour: str,
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    terminal = termlog.TermLog()
    terminal.logger.has_vt_codes = True
    terminal.uninstall()
    tctx.master.addons.add(terminal)
    flow = http_flow(answered=status is not None)
    if flow.response:
        flow.response.status_code = status or 0
    log.begin(flow)
    log.end(flow)
    assert caplog.messages[-1].startswith(f"\x1b[{colour}m{status or '---'}\x1b[0m GET ")
    monkeypatch.setenv("NO_COLOR", "1")
    log.begin(flow)
    log.end(flow)
    assert "\x1b" not in caplog.messages[-1]


async def test_where_the_log_is_shown_elsewhere_too_there_is_no_colour(
    log: Exchanges, caplog: pytest.LogCaptureFixture, tctx: taddons.context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    terminal, events = termlog.TermLog(), eventstore.EventStore()
    terminal.logger.has_vt_codes = True
    for addon in (terminal, events):
        addon.logger.uninstall()
        tctx.master.addons.add(addon)
    flow = http_flow(answered=True)
    log.begin(flow)
    log.end(flow)
    assert caplog.messages[-1].startswith("200 GET ")


async def test_the_addon_logs_each_live_request_once(
    backend: DummyBackend, tctx: taddons.context, caplog: pytest.LogCaptureFixture, folder: Any
) -> None:
    write(folder / "responses.json", {"GET": {"/user": 1, "/cut": {"$fault": "close"}, "/bad": {"$handler": "echo"}}})
    flow = await ask(backend, http_flow())
    backend.response(flow)
    assert lines_in(caplog) == []
    tctx.configure(backend, responses_log="yes")
    for path, live in (("/user", True), ("/user", False), ("/usr", True), ("/cut", True)):
        flow = await ask(backend, http_flow(path=path, live=live))
        (backend.response if flow.response else backend.error)(flow)
        backend.error(flow)
    assert lines_in(caplog) == [
        "200 GET http://api.example.com/user ← /user (responses.json:1)",
        "404 GET http://api.example.com/usr ← no entry",
        "--- GET http://api.example.com/cut ← /cut (responses.json:1) $fault: close",
    ]
