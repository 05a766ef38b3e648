import dataclasses
import logging

import pytest
from mitmproxy import flow as mitmproxy_flow
from mitmproxy import http
from mitmproxy.proxy import server_hooks
from mitmproxy.test import tflow

from fakebackend.answers.outcome import UNSET
from fakebackend.answers.outcome import Forward
from fakebackend.answers.unmatched_policy import UnmatchedPolicy
from fakebackend.answers.unmatched_policy import parse_unmatched
from fakebackend.messages.header_fields import HeaderFields
from fakebackend.proxy.answerer import FlowAnswerer
from fakebackend.proxy.flow_edits import COMMENT
from fakebackend.table.answered_by import AnsweredBy
from fakebackend.table.entry_table import EntryTable
from tests.conftest import body_of
from tests.conftest import http_flow
from tests.conftest import response_of
from tests.conftest import table_of

TABLE = table_of({"GET": {"/user": {"name": "John"}, "/users": []}})
WHO = AnsweredBy(next(iter(TABLE)))
NOT_FOUND = parse_unmatched("404")
FORWARD = parse_unmatched("forward")


def answer(flow: http.HTTPFlow, table: EntryTable, unmatched: UnmatchedPolicy) -> None:
    """Answer a flow for which nothing has to be awaited."""
    assert FlowAnswerer(unmatched=unmatched).answer(flow, table) is None


@pytest.fixture(autouse=True)
def every_record(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)


def test_a_matched_request_gets_the_entry_and_says_which_in_its_comment() -> None:
    flow = http_flow(path="/user?x=1")
    answer(flow, TABLE, NOT_FOUND)
    assert (response_of(flow).status_code, body_of(flow)) == (200, {"name": "John"})
    assert flow.comment == flow.metadata[COMMENT] == "GET /user (responses.json:1)"


def test_head_gets_the_status_and_headers_of_get() -> None:
    flow = http_flow("HEAD")
    answer(flow, TABLE, NOT_FOUND)
    assert (response_of(flow).status_code, response_of(flow).raw_content) == (200, b"")
    assert response_of(flow).headers["Content-Length"] == str(len('{"name": "John"}'))


def test_our_comment_follows_the_request_and_the_users_stays() -> None:
    flow = http_flow()
    answer(flow, TABLE, NOT_FOUND)
    flow.request.path = "/users"
    answer(flow, TABLE, NOT_FOUND)
    assert flow.comment == "GET /users (responses.json:1)"
    flow.comment = "mine"
    flow.request.path = "/user"
    answer(flow, TABLE, NOT_FOUND)
    assert flow.comment == "mine"


def test_an_unmatched_request_gets_the_status_and_the_nearest_entry(caplog: pytest.LogCaptureFixture) -> None:
    flow = http_flow(path="/usr")
    answer(flow, TABLE, NOT_FOUND)
    response = response_of(flow)
    assert (response.status_code, response.text, response.headers["Content-Type"]) == (
        404,
        "Path not found",
        "text/plain",
    )
    assert response.headers["X-Fakebackend"] == "no entry; nearest GET /user"
    assert flow.comment == "no entry; nearest GET /user: path differs at segment 1: 'usr', did you mean 'user'?"
    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert record.getMessage().startswith("GET http://api.example.com/usr: no entry; nearest GET /user: ")


def test_where_there_are_no_entries_none_is_near(caplog: pytest.LogCaptureFixture) -> None:
    flow = http_flow(path="/usr")
    answer(flow, table_of({}), NOT_FOUND)
    assert response_of(flow).headers["X-Fakebackend"] == "no entry"
    assert caplog.messages == ["GET http://api.example.com/usr: no entry"]


def test_control_bytes_of_a_request_are_escaped_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    answer(http_flow(path="/\x1b[31m\udcff"), TABLE, NOT_FOUND)
    assert caplog.messages[0].startswith(r"GET http://api.example.com/\x1b[31m\udcff: no entry")
    assert caplog.messages[0].isprintable()


@pytest.mark.parametrize(
    ("path", "headers", "body"),
    [
        pytest.param("/" + "x" * 1_000_000, (), b"", id="path"),
        pytest.param("/" * 100_000, (), b"", id="segments"),
        pytest.param("/a?b=" + "x" * 1_000_000, (), b"", id="query"),
        pytest.param("/a?" + "&".join(f"b={n}" for n in range(2, 100_000)), (), b"", id="many-values"),
        pytest.param("/a", [(b"X", b"x" * 1_000_000)], b"", id="header"),
        pytest.param("/a", [(b"Cookie", b"c=" + b"x" * 1_000_000)], b"", id="cookie"),
        pytest.param("/a", (), b'{"k": "' + b"x" * 1_000_000 + b'"}', id="json-text"),
        pytest.param("/a", (), b'{"k": [' + b"0, " * 100_000 + b"0]}", id="json-list"),
        pytest.param("/a", (), b"{" + b"x" * 1_000_000, id="no-json"),
    ],
)
def test_what_is_logged_and_said_stays_short_however_much_was_sent(
    path: str, headers: list[tuple[bytes, bytes]], body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    whens = {"query": {"b": "1"}, "headers": {"X": "1"}, "cookies": {"c": "1"}, "json": {"k": 1}, "text": "t"}
    table = table_of({"*": {"/a": {"$cases": [{"$when": {place: when}, "$body": 1} for place, when in whens.items()]}}})
    flow = http_flow("POST", path)
    flow.request.headers.fields += tuple(headers)
    flow.request.raw_content = body
    answer(flow, table, NOT_FOUND)
    assert response_of(flow).status_code == 404
    assert sum(map(len, caplog.messages)) < 2_000
    assert max(len(flow.comment), len(response_of(flow).headers["X-Fakebackend"])) < 300


def test_kill_ends_the_request_and_says_why(caplog: pytest.LogCaptureFixture) -> None:
    flow = http_flow(path="/usr")
    answer(flow, TABLE, parse_unmatched("kill"))
    assert flow.response is None
    assert flow.comment.startswith("no entry; nearest GET /user: path differs at segment 1")
    assert flow.error is not None
    assert flow.error.msg == mitmproxy_flow.Error.KILLED_MESSAGE
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


def test_kill_leaves_a_flow_alone_that_cannot_be_killed() -> None:
    flow = http_flow(path="/usr", live=False)
    answer(flow, TABLE, parse_unmatched("kill"))
    assert (flow.response, flow.error) == (None, None)


def test_forward_lets_an_unmatched_request_through(caplog: pytest.LogCaptureFixture) -> None:
    flow = http_flow(path="/usr")
    answer(flow, TABLE, FORWARD)
    assert (flow.response, flow.error, flow.comment) == (None, None, "")
    [record] = caplog.records
    assert record.levelno == logging.INFO
    assert record.getMessage().endswith("; forwarded")


def test_forward_answers_a_matched_request() -> None:
    flow = http_flow()
    answer(flow, TABLE, FORWARD)
    assert body_of(flow) == {"name": "John"}


def test_forward_without_a_destination_gets_a_502_that_says_what_to_do(caplog: pytest.LogCaptureFixture) -> None:
    flow = http_flow(path="/usr", host="localhost", port=8080)
    answer(flow, TABLE, FORWARD)
    response = response_of(flow)
    assert response.status_code == 502
    assert (response.text or "").startswith("This request has no destination")
    assert "--mode reverse:URL" in (response.text or "")
    assert response.headers["X-Fakebackend"] == flow.comment
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


async def test_a_saved_flow_with_an_entry_is_answered_and_its_error_is_gone() -> None:
    flow = http_flow(live=False)
    flow.error = mitmproxy_flow.Error("timeout")
    await FlowAnswerer().answer_saved(flow, TABLE)
    assert body_of(flow) == {"name": "John"}
    assert flow.error is None


async def test_a_saved_flow_without_an_entry_keeps_what_it_has(caplog: pytest.LogCaptureFixture) -> None:
    flow = http_flow(path="/usr", live=False, answered=True)
    await FlowAnswerer().answer_saved(flow, TABLE)
    assert (response_of(flow).text, flow.comment, caplog.messages) == ("message", "", [])


def test_a_failure_is_answered_500_with_the_reason_and_logged_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    flow = http_flow()
    FlowAnswerer().fail(flow, ValueError("bad\x1b thing\nand more"))
    response = response_of(flow)
    assert (response.status_code, response.text) == (500, "fakebackend could not answer: bad\x1b thing")
    assert response.headers["X-Fakebackend"] == flow.comment == r"bad\x1b thing"
    error, detail = caplog.records
    assert (error.levelno, error.getMessage(), error.exc_info) == (logging.ERROR, r"GET /user: bad\x1b thing", None)
    assert detail.levelno == logging.DEBUG
    assert detail.exc_info


def test_a_failure_without_a_text_is_known_by_its_type() -> None:
    flow = http_flow()
    FlowAnswerer().fail(flow, KeyError())
    assert response_of(flow).headers["X-Fakebackend"] == "KeyError"


def test_a_failure_leaves_a_saved_flow_as_it_was(caplog: pytest.LogCaptureFixture) -> None:
    flow = http_flow(live=False, answered=True)
    FlowAnswerer().fail(flow, ValueError("bad"))
    assert response_of(flow).text == "message"
    assert "GET /user: bad" in caplog.messages


def test_an_entry_that_was_passed_over_is_named_in_the_comment() -> None:
    table = table_of({"GET": {"/user": {"$when": {"query": {"x": 1}}, "$body": 1}, "/{name}": 2}})
    flow = http_flow()
    answer(flow, table, NOT_FOUND)
    assert flow.comment == ("GET /{name} (responses.json:1); skipped GET /user: $when.query.x is missing, expected '1'")


HERE = Forward(None, UNSET, HeaderFields(), UNSET)


@pytest.mark.parametrize(
    ("forward", "port", "own", "answered"),
    [
        pytest.param(dataclasses.replace(HERE, origin="https://real:8443"), 8080, False, None, id="let-out"),
        pytest.param(HERE, 8080, False, "no destination", id="sent-to-the-proxy-itself"),
        pytest.param(HERE, 80, True, "has come back", id="came-back"),
        pytest.param(dataclasses.replace(HERE, origin="http://me"), 80, True, "has come back", id="came-back-by-name"),
    ],
)
def test_a_request_is_let_out_once(forward: Forward, port: int, own: bool, answered: str | None) -> None:
    flow = http_flow(host="localhost", port=port)
    answerer = FlowAnswerer()
    if own:
        server = tflow.tserver_conn()
        server.sockname = flow.client_conn.peername
        answerer.own_connections.add(server_hooks.ServerConnectionHookData(server, tflow.tclient_conn()))
    answerer.forward(flow, forward, WHO)
    if answered is None:
        pending = answerer.forwarding.forget(flow)
        assert pending is not None
        assert (flow.response, flow.request.host, pending.forward, pending.entry) == (None, "real", forward, WHO.entry)
        assert answerer.tally.failed_requests == 0
    else:
        assert response_of(flow).status_code == 502
        assert (answerer.tally.answered_count, answerer.tally.failed_requests) == (0, 1)
        assert answered in (response_of(flow).text or "")
        assert answerer.forwarding.forget(flow) is None
