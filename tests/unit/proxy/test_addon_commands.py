import logging
from pathlib import Path

import pytest
from mitmproxy import exceptions
from mitmproxy import http
from mitmproxy.log import ALERT
from mitmproxy.test import taddons
from mitmproxy.test import tflow

from fakebackend.proxy.addon import DummyBackend
from tests.conftest import body_of
from tests.conftest import errors_in
from tests.conftest import http_flow
from tests.conftest import response_of
from tests.conftest import write


class Updated:
    """Notes the flows that mitmproxy's user interfaces are told to draw again."""

    def __init__(self) -> None:
        self.flows: list[http.HTTPFlow] = []

    def update(self, flows: list[http.HTTPFlow]) -> None:
        self.flows += flows


@pytest.mark.parametrize("name", ["responses.list", "responses.reload", "responses.apply"])
def test_every_command_has_types_and_help(backend: DummyBackend, tctx: taddons.context, name: str) -> None:
    command = tctx.master.commands.commands[name]
    assert command.help
    assert command.signature_help().startswith(name)


def test_list_names_every_entry_with_its_line(backend: DummyBackend, tctx: taddons.context, folder: Path) -> None:
    (folder / "responses.json").write_text('{"GET": {"/b": 1,\n"/a": 2},\n"*": {"/\\u001b": 3}}')
    tctx.master.commands.execute("responses.reload")
    assert sorted(tctx.master.commands.execute("responses.list")) == [
        r"* /\x1b (responses.json:3)",
        "GET /a (responses.json:2)",
        "GET /b (responses.json:1)",
    ]


def test_list_is_empty_without_a_good_file(tctx: taddons.context) -> None:
    assert DummyBackend().list_entries() == []


def test_reload_reads_the_file_and_says_what_is_served(
    backend: DummyBackend, tctx: taddons.context, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(folder / "responses.json", {"GET": {"/a": 1, "/b": 2}})
    caplog.clear()
    tctx.master.commands.execute("responses.reload")
    assert [(record.levelno, record.getMessage()[:41]) for record in caplog.records] == [
        (ALERT, "Answering from responses.json (2 entries)")
    ]


def test_reload_of_a_broken_file_fails_with_its_errors_and_the_answers_stay(
    backend: DummyBackend, tctx: taddons.context, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "responses.json").write_text("{")
    with pytest.raises(exceptions.CommandError, match=r"\Aresponses\.json:1:2: "):
        tctx.master.commands.execute("responses.reload")
    assert backend.list_entries() == ["GET /user (responses.json:1)"]
    assert not errors_in(caplog)


def test_apply_answers_saved_flows_that_have_an_entry(
    backend: DummyBackend, tctx: taddons.context, caplog: pytest.LogCaptureFixture
) -> None:
    updated = Updated()
    tctx.master.addons.add(updated)
    matched, unmatched = (http_flow(path=path, live=False, answered=True) for path in ("/user", "/nowhere"))
    live, dns = http_flow(), tflow.tdnsflow()
    backend.apply([matched, unmatched, live, dns])
    assert body_of(matched) == {"name": "John"}
    assert response_of(unmatched).text == "message"
    assert live.response is None
    assert updated.flows == [matched]
    assert caplog.messages[-1] == "1 of 4 flows answered from responses.json (1 entry)."


def test_apply_sees_the_last_save(backend: DummyBackend, folder: Path) -> None:
    write(folder / "responses.json", {"GET": {"/user": "new"}})
    flow = http_flow(live=False)
    backend.apply([flow])
    assert body_of(flow) == "new"


def test_apply_with_a_file_broken_meanwhile_says_so_and_uses_the_last_good_answers(
    backend: DummyBackend, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "responses.json").write_text("{")
    flow = http_flow(live=False)
    backend.apply([flow])
    assert body_of(flow) == {"name": "John"}
    [record] = errors_in(caplog)
    assert record.levelno == logging.ERROR


def test_apply_without_any_good_file_is_a_command_error(
    tctx: taddons.context, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    addon = DummyBackend()
    tctx.master.addons.add(addon)
    tctx.configure(addon, responsesfile="no.json")
    with pytest.raises(exceptions.CommandError, match="no such file"):
        addon.apply([http_flow(live=False)])


def test_explain_lists_the_candidates_of_a_flow(backend: DummyBackend) -> None:
    assert list(backend.explain(http_flow())) == [
        "GET http://api.example.com/user",
        "✓ GET /user (responses.json:1) answers 200",
    ]
    assert list(backend.explain(http_flow(path="/usr")))[1] == "no entry answers"


def test_explain_refuses_what_is_no_http_flow(backend: DummyBackend) -> None:
    with pytest.raises(exceptions.CommandError, match=r"^responses\.explain takes an HTTP flow$"):
        backend.explain(tflow.ttcpflow())


def test_explain_without_a_file_says_why(folder: Path) -> None:
    with pytest.raises(exceptions.CommandError, match="there is no such file"):
        DummyBackend().explain(http_flow())
