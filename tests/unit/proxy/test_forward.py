import dataclasses
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from mitmproxy import http
from mitmproxy.proxy import server_hooks
from mitmproxy.test import taddons
from mitmproxy.test import tflow

from fakebackend.answers.outcome import UNSET
from fakebackend.answers.outcome import Forward
from fakebackend.messages.header_fields import HeaderFields
from fakebackend.proxy.forward import Forwarding
from fakebackend.proxy.forward import merge_patch
from tests.answering import Served
from tests.answering import flow_of
from tests.conftest import ask
from tests.conftest import response_of

PLAIN = Forward(None, UNSET, HeaderFields(), UNSET)


def forward_of(**changes: Any) -> Forward:
    return dataclasses.replace(PLAIN, **changes)


def connection_of(flow: http.HTTPFlow, address: tuple[str, int] | None) -> server_hooks.ServerConnectionHookData:
    server = tflow.tserver_conn()
    server.address = address
    return server_hooks.ServerConnectionHookData(server, flow.client_conn)


def changed(forward: Forward, response: http.Response, method: str = "GET") -> http.Response:
    forwarding, flow = Forwarding(), flow_of(method)
    assert forwarding.release(flow, forward)
    flow.response = response
    forwarding.begin_response(flow)
    forwarding.finish(flow)
    return response_of(flow)


@pytest.mark.parametrize(
    ("target", "patch", "expected"),
    [
        pytest.param({"a": "b"}, {"a": "c"}, {"a": "c"}, id="1"),
        pytest.param({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}, id="2"),
        pytest.param({"a": "b"}, {"a": None}, {}, id="3"),
        pytest.param({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}, id="4"),
        pytest.param({"a": ["b"]}, {"a": "c"}, {"a": "c"}, id="5"),
        pytest.param({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}, id="6"),
        pytest.param({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}, id="7"),
        pytest.param({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}, id="8"),
        pytest.param(["a", "b"], ["c", "d"], ["c", "d"], id="9"),
        pytest.param({"a": "b"}, ["c"], ["c"], id="10"),
        pytest.param({"a": "foo"}, None, None, id="11"),
        pytest.param({"a": "foo"}, "bar", "bar", id="12"),
        pytest.param({"e": None}, {"a": 1}, {"e": None, "a": 1}, id="13"),
        pytest.param([1, 2], {"a": "b", "c": None}, {"a": "b"}, id="14"),
        pytest.param({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}, id="15"),
    ],
)
def test_merge_patches_work_as_in_the_table_of_rfc_7396(target: Any, patch: Any, expected: Any) -> None:
    before = json.dumps(target)
    assert merge_patch(target, patch) == expected
    assert json.dumps(target) == before


def test_only_the_connection_of_a_request_on_its_way_is_let_out() -> None:
    forwarding, flow, other = Forwarding(), flow_of(), flow_of()
    other.client_conn.id = "other"
    there = ("api.example.com", 80)
    assert not forwarding.allows(connection_of(flow, there))
    assert forwarding.release(flow, PLAIN)
    assert forwarding.allows(connection_of(flow, there))
    assert not forwarding.allows(connection_of(other, there))
    assert not forwarding.allows(connection_of(flow, ("api.example.com", 81)))
    assert not forwarding.allows(connection_of(flow, None))
    forwarding.forget(flow)
    assert not forwarding.allows(connection_of(flow, there))


def test_the_request_is_changed_as_the_entry_says() -> None:
    flow = flow_of(path="/v1/a?q=1", headers={"X-Old": "1", "X-Kept": "2"})
    headers = HeaderFields(((b"X-New", b"3"),), frozenset({b"x-new", b"x-old"}))
    forward = Forward("https://real:8443", UNSET, HeaderFields(), UNSET, "/v2/a?q=1", headers)
    assert Forwarding().release(flow, forward)
    assert flow.request.url == "https://real:8443/v2/a?q=1"
    assert flow.request.host_header == "real:8443"
    assert [*flow.request.headers.items()] == [("Host", "real:8443"), ("X-Kept", "2"), ("X-New", "3")]


def test_the_way_stays_open_until_the_last_request_on_it_is_done() -> None:
    forwarding, flows = Forwarding(), [flow_of(), flow_of()]
    for flow in flows:
        flow.client_conn.id = "same"
        forwarding.release(flow, PLAIN)
    connection = connection_of(flows[0], ("api.example.com", 80))
    pending = forwarding.forget(flows[0])
    assert pending is not None
    assert pending.forward == PLAIN
    assert forwarding.allows(connection)
    forwarding.finish(flows[1])
    assert not forwarding.allows(connection)
    assert forwarding.forget(flows[1]) is None


def test_a_replay_is_let_out_although_its_connection_has_another_client() -> None:
    forwarding, flow = Forwarding(), flow_of()
    flow.is_replay = "request"
    forwarding.release(flow, PLAIN)
    assert forwarding.allows(connection_of(flow_of(), ("api.example.com", 80)))


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        pytest.param("https://other.example", ("https", "other.example", 443), id="default-port"),
        pytest.param("http://localhost:3000", ("http", "localhost", 3000), id="port"),
    ],
)
def test_a_request_goes_to_the_origin_that_is_named(origin: str, expected: tuple[str, str, int]) -> None:
    flow = flow_of(path="/a?b=1")
    assert Forwarding().release(flow, forward_of(origin=origin))
    assert (flow.request.scheme, flow.request.host, flow.request.port, flow.request.path) == (*expected, "/a?b=1")


def test_a_request_to_the_proxy_itself_has_no_destination_unless_one_is_named() -> None:
    flow = flow_of(port=8080)
    flow.request.host = "localhost"
    assert not Forwarding().release(flow, PLAIN)
    assert Forwarding().release(flow, forward_of(origin="http://a.b"))


def test_a_real_answer_is_changed() -> None:
    headers = HeaderFields(((b"X-New", b"1"), (b"X-New", b"2")), frozenset({b"x-new", b"x-old"}))
    response = http.Response.make(200, b'{"a": 1, "b": "\xc3\xa9"}', {"X-Old": "o", "X-Kept": "k"})
    result = changed(forward_of(status=503, headers=headers, merge={"a": None, "c": 2}), response)
    assert (result.status_code, result.reason, result.json()) == (
        503,
        "Service Unavailable",
        {"b": "é", "c": 2},
    )
    assert (result.headers.get_all("x-new"), "X-Old" in result.headers, result.headers["X-Kept"]) == (
        ["1", "2"],
        False,
        "k",
    )
    assert result.headers["Content-Length"] == str(len(result.raw_content or b""))


def test_a_compressed_answer_is_merged_too() -> None:
    response = http.Response.make(200, b"", {"Content-Encoding": "gzip"})
    response.content = b'{"a": 1}'
    assert changed(forward_of(merge={"b": 2}), response).json() == {"a": 1, "b": 2}


def test_a_compressed_answer_that_would_be_too_large_is_not_merged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fakebackend.messages.content_codings.LARGEST_BODY", 1 << 10)
    response = http.Response.make(200, gzip.compress(bytes(2 << 10)), {"Content-Encoding": "gzip"})
    response.raw_content = gzip.compress(bytes(2 << 10))
    assert changed(forward_of(merge={"b": 2}), response).status_code == 502


def test_half_a_surrogate_pair_of_the_real_server_is_passed_on() -> None:
    response = changed(forward_of(merge={"b": "ü"}), http.Response.make(200, b'{"a": "\\ud83d"}'))
    assert response.content == rb'{"a": "\ud83d", "b": "\u00fc"}'


@pytest.mark.parametrize("status", [204, 205, 304])
def test_an_answer_changed_to_one_without_body_has_none(status: int) -> None:
    result = changed(forward_of(status=status), http.Response.make(200, b"body", {"Content-Type": "a/b"}))
    assert (result.status_code, result.raw_content, "Content-Type" in result.headers) == (status, b"", False)


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 204), ("GET", 304)])
def test_where_there_is_no_body_nothing_is_merged(method: str, status: int) -> None:
    assert changed(forward_of(merge={"a": 1}), http.Response.make(status, b""), method).raw_content == b""


@pytest.mark.parametrize("body", [b"no json", b"", b"\xff"])
def test_an_answer_that_is_no_json_cannot_be_merged_and_says_so(body: bytes) -> None:
    result = changed(forward_of(merge={"a": 1}), http.Response.make(200, body))
    assert result.status_code == 502
    assert (result.text or "").startswith("The real answer cannot be changed: ")
    assert result.headers["X-Fakebackend"].startswith("$merge failed: ")


def test_an_answer_to_be_changed_is_held_back_and_others_are_not() -> None:
    forwarding, flow, other = Forwarding(), flow_of(), flow_of()
    forwarding.release(flow, PLAIN)
    for each in (flow, other):
        forwarding.begin_response(each)
        each.response = http.Response.make(200)
        each.response.stream = True
        forwarding.begin_response(each)
    assert (response_of(flow).stream, response_of(other).stream) == (False, True)


def test_other_answers_and_requests_without_one_are_left_alone() -> None:
    forwarding, flow = Forwarding(), flow_of()
    flow.response = http.Response.make(200, b"real")
    forwarding.finish(flow)
    assert response_of(flow).text == "real"
    flow = flow_of()
    forwarding.release(flow, PLAIN)
    forwarding.finish(flow)
    assert flow.response is None


async def test_the_addon_forwards_changes_and_closes_the_way_again(tctx: taddons.context, folder: Path) -> None:
    served = Served(tctx, folder, {"GET": {"/": {"$forward": True, "$headers": {"X-Changed": "1"}}}})
    flow = await served.ask()
    assert (flow.response, flow.error, flow.comment) == (None, None, "GET / (responses.json:1) forwarded")
    out = connection_of(flow, ("api.example.com", 80))
    served.backend.server_connect(out)
    assert out.server.error is None
    flow.response = http.Response.make(200, b"real")
    served.backend.responseheaders(flow)
    served.backend.response(flow)
    assert (flow.response.text, flow.response.headers["X-Changed"]) == ("real", "1")
    served.backend.server_connect(out)
    assert out.server.error


async def test_a_request_that_fails_closes_its_way(tctx: taddons.context, folder: Path) -> None:
    served = Served(tctx, folder, {"GET": {"/": {"$forward": True}}})
    flow = await served.ask()
    served.backend.error(flow)
    out = connection_of(flow, ("api.example.com", 80))
    served.backend.server_connect(out)
    assert out.server.error


async def test_without_a_destination_the_answer_is_a_502_that_says_what_to_do(
    tctx: taddons.context, folder: Path
) -> None:
    served = Served(tctx, folder, {"GET": {"/": {"$forward": True}}})
    flow = flow_of(port=8080)
    flow.request.host = "localhost"
    await ask(served.backend, flow)
    assert response_of(flow).status_code == 502
    assert "--mode reverse:URL" in (response_of(flow).text or "")
