"""What a page of another origin gets: how CORS, OPTIONS, caching and preferences come together."""

import logging
from pathlib import Path
from typing import Any

import pytest
from mitmproxy import exceptions
from mitmproxy import http
from mitmproxy.test import taddons

from fakebackend.answers.unmatched_policy import parse_unmatched
from fakebackend.format.compile import compile_file
from fakebackend.messages.cors import parse_cors
from fakebackend.proxy.addon import DummyBackend
from fakebackend.proxy.answerer import FlowAnswerer
from fakebackend.table.entry_table import EntryTable
from tests.conftest import ask
from tests.conftest import body_of
from tests.conftest import http_flow
from tests.conftest import response_of
from tests.conftest import table_of


def by_policy(policy: str) -> FlowAnswerer:
    return FlowAnswerer(unmatched=parse_unmatched(policy))


APP = "http://localhost:3000"
CASES = {
    "$cases": [
        {"$name": "all", "$body": ["ann", "bob"]},
        {"$name": "none", "$body": []},
        {"$name": "out of order", "$status": 503, "$body": {"error": "down"}},
        {"$name": "gone", "$when": {"query": {"gone": "1"}}, "$status": 404, "$headers": {"X-Why": "gone"}},
        {"$name": "closed", "$fault": "close"},
    ]
}


def flow_of(
    request: str,
    *,
    origin: str | None = APP,
    preflight: str | None = None,
    headers: dict[str, str] | None = None,
    mode: str = "regular",
) -> http.HTTPFlow:
    """Return the flow of a request that is written as `GET /user`."""
    method, _, path = request.partition(" ")
    flow = http_flow(method, path, mode=mode)
    flow.request.headers = http.Headers()
    fields = {"Origin": origin, "Access-Control-Request-Method": preflight, **(headers or {})}
    for name, value in fields.items():
        if value is not None:
            flow.request.headers[name] = value
    return flow


async def answer(flow: http.HTTPFlow, table: EntryTable, answerer: FlowAnswerer | None = None) -> http.Response:
    """Answer the flow, and return its response."""
    if (waiting := (answerer or FlowAnswerer()).answer(flow, table)) is not None:
        await waiting
    return response_of(flow)


def cors_of(response: http.Response) -> dict[str, str]:
    """Return what of the header fields is about CORS, with short names."""
    names = [name for name in response.headers if name.lower().startswith("access-control-")]
    return {name.lower().removeprefix("access-control-"): response.headers[name] for name in names}


READABLE = {"allow-origin": APP, "allow-credentials": "true"}


@pytest.fixture(autouse=True)
def every_record(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)


@pytest.mark.parametrize(
    ("value", "status", "exposed"),
    [
        pytest.param({"a": 1}, 200, None, id="plain"),
        pytest.param({"$status": 404, "$body": {}}, 404, None, id="4xx"),
        pytest.param({"$status": 500, "$text": "oh"}, 500, None, id="5xx"),
        pytest.param({"$status": 204}, 204, None, id="no-content"),
        pytest.param({"$headers": {"X-Total": 3, "X-Page": "1"}, "$body": []}, 200, "X-Total, X-Page", id="exposed"),
        pytest.param({"$template": True, "$body": "{{ path }}"}, 200, None, id="template"),
        pytest.param(
            {"$template": True, "$headers": {"X-T": "{{ 1 + 1 }}"}, "$body": 1}, 200, "X-T", id="template-header"
        ),
        pytest.param({"$delay": "1ms", "$body": 1}, 200, None, id="delayed"),
        pytest.param({"$sequence": [1]}, 200, None, id="sequence"),
        pytest.param({"$template": True, "$body": "{{ query.missing }}"}, 500, "X-Fakebackend", id="our-500"),
    ],
)
async def test_a_page_may_read_every_answer_of_ours(value: Any, status: int, exposed: str | None) -> None:
    response = await answer(flow_of("GET /a"), table_of({"GET": {"/a": value}}))
    assert response.status_code == status
    assert cors_of(response) == {**READABLE, **({"expose-headers": exposed} if exposed else {})}
    assert response.headers["Vary"] == "Origin"
    assert response.headers["Cache-Control"] == "no-store"


async def test_a_page_may_read_that_there_is_no_entry() -> None:
    response = await answer(flow_of("GET /a"), table_of({"GET": {"/b": 1}}))
    assert (response.status_code, response.text) == (404, "Path not found")
    assert cors_of(response) == {**READABLE, "expose-headers": "X-Fakebackend"}


async def test_a_page_may_read_that_there_is_no_destination() -> None:
    flow = flow_of("GET /a")
    flow.request.host, flow.request.port = "localhost", 8080
    response = await answer(flow, table_of({}), by_policy("forward"))
    assert response.status_code == 502
    assert cors_of(response) == {**READABLE, "expose-headers": "X-Fakebackend"}


async def test_without_an_origin_there_is_nothing_about_cors() -> None:
    response = await answer(flow_of("GET /a", origin=None), table_of({"GET": {"/a": 1}}))
    assert cors_of(response) == {}
    assert "Vary" not in response.headers


@pytest.mark.parametrize(
    ("headers", "origin", "vary"),
    [
        pytest.param({"Access-Control-Allow-Origin": "*"}, "*", "Origin", id="own"),
        pytest.param({"access-control-allow-origin": None}, None, "Origin", id="taken-away"),
        pytest.param({"Vary": "Accept"}, APP, "Accept", id="vary"),
    ],
)
async def test_what_the_entry_says_wins(headers: dict[str, Any], origin: str | None, vary: str) -> None:
    table = table_of({"GET": {"/a": {"$headers": headers, "$body": 1}}})
    response = await answer(flow_of("GET /a"), table)
    assert response.headers.get("Access-Control-Allow-Origin") == origin
    assert response.headers.get_all("Vary") == [vary]


@pytest.mark.parametrize(
    ("caching", "expected"),
    [pytest.param("max-age=60", ["max-age=60"], id="own"), pytest.param(None, [], id="taken-away")],
)
async def test_caching_is_what_the_entry_says(caching: str | None, expected: list[str]) -> None:
    table = table_of({"GET": {"/a": {"$headers": {"cache-control": caching}, "$body": 1}}})
    response = await answer(flow_of("GET /a"), table)
    assert response.headers.get_all("Cache-Control") == expected


@pytest.mark.parametrize("request_line", ["GET /a", "GET /missing", "OPTIONS /a"])
@pytest.mark.parametrize(
    ("option", "readable"),
    [
        pytest.param("true", True, id="true"),
        pytest.param("false", False, id="false"),
        pytest.param(f"https://a.example, {APP}", True, id="listed"),
        pytest.param("https://a.example", False, id="not-listed"),
    ],
)
async def test_who_may_read_is_an_option(request_line: str, option: str, readable: bool) -> None:
    response = await answer(flow_of(request_line), table_of({"GET": {"/a": 1}}), FlowAnswerer(cors=parse_cors(option)))
    assert ("allow-origin" in cors_of(response)) is readable
    assert cors_of(response).items() >= (READABLE.items() if readable else {}.items())


TABLE = table_of(
    {
        "$before": {"*": {"/{rest:path}": {"$when": {"headers": {"X-Down": "1"}}, "$status": 503}}},
        "GET": {"/user": {"name": "John"}, "/steps": {"$sequence": [1, 2, 3]}},
        "PUT": {"/user": {"ok": True}},
        "OPTIONS": {"/own": {"$status": 200, "$headers": {"Access-Control-Allow-Methods": "PUT"}, "$body": "mine"}},
        "*": {"/any": "any", "/own": "any"},
    }
)


async def test_a_preflight_of_an_entry_is_answered_in_full() -> None:
    flow = flow_of("OPTIONS /user", preflight="PUT", headers={"Access-Control-Request-Headers": "authorization,x-a"})
    response = await answer(flow, TABLE)
    assert (response.status_code, response.raw_content, "Content-Type" in response.headers) == (204, b"", False)
    assert cors_of(response) == {
        **READABLE,
        "allow-methods": "GET, HEAD, OPTIONS, PUT",
        "allow-headers": "authorization,x-a",
        "max-age": "0",
    }
    assert flow.comment == "automatic answer to a CORS preflight for PUT"


async def test_a_preflight_without_an_entry_is_answered_so_that_the_404_can_be_read() -> None:
    response = await answer(flow_of("OPTIONS /user", preflight="DELETE"), TABLE)
    assert response.status_code == 204
    assert cors_of(response) == {**READABLE, "allow-methods": "DELETE, GET, HEAD, OPTIONS, PUT", "max-age": "0"}
    response = await answer(flow_of("DELETE /user"), TABLE)
    assert (response.status_code, response.text) == (404, "Path not found")
    assert cors_of(response) == {**READABLE, "expose-headers": "X-Fakebackend"}


async def test_a_preflight_of_an_origin_that_is_not_allowed_is_explained(caplog: pytest.LogCaptureFixture) -> None:
    answerer = FlowAnswerer(cors=parse_cors("https://other.example"))
    response = await answer(flow_of("OPTIONS /user", preflight="DELETE"), TABLE, answerer)
    assert (response.status_code, cors_of(response)) == (404, {})
    [message] = caplog.messages
    assert message.startswith("OPTIONS http://api.example.com/user, a preflight for DELETE: no entry; nearest ")
    assert "but for DELETE: there is GET, PUT" in message


async def test_what_browsers_ask_for_by_themselves_is_no_warning(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    assert (await answer(flow_of("GET /favicon.ico"), TABLE)).status_code == 404
    assert (await answer(flow_of("GET /missing"), TABLE)).status_code == 404
    assert [record.levelname for record in caplog.records] == ["DEBUG", "WARNING"]


async def test_an_entry_for_options_wins_over_all_of_it() -> None:
    response = await answer(flow_of("OPTIONS /own", preflight="DELETE"), TABLE)
    assert (response.status_code, response.text) == (200, '"mine"')
    assert cors_of(response) == {**READABLE, "allow-methods": "PUT"}


@pytest.mark.parametrize("path", ["/user", "/any"])
async def test_neither_any_entries_nor_before_see_a_preflight(path: str) -> None:
    response = await answer(flow_of(f"OPTIONS {path}", preflight="GET", headers={"X-Down": "1"}), TABLE)
    assert response.status_code == 204


async def test_a_sequence_and_the_counters_do_not_see_a_preflight() -> None:
    table = table_of(
        {
            "$before": {"OPTIONS": {"/steps": {"$template": True, "$body": "{{ counter('a') }}"}}},
            "GET": {"/steps": {"$sequence": [1, 2, 3]}},
            "*": {"/steps": {"$template": True, "$set": {"seen": True}, "$body": "{{ counter('a') }}"}},
        }
    )
    answerer = FlowAnswerer()
    for expected in (1, 2, 3):
        assert (await answer(flow_of("OPTIONS /steps", preflight="GET"), table, answerer)).status_code == 204
        flow = flow_of("GET /steps")
        await answer(flow, table, answerer)
        assert body_of(flow) == expected
    assert "seen" not in answerer.states.shared.variables
    assert (await answer(flow_of("POST /steps"), table, answerer)).text == "1"


@pytest.mark.parametrize(
    ("request_line", "status", "text", "allow"),
    [
        pytest.param("OPTIONS /own", 200, '"mine"', None, id="options-entry"),
        pytest.param("OPTIONS /any", 200, '"any"', None, id="any-entry"),
        pytest.param("OPTIONS /user", 204, "", "GET, HEAD, OPTIONS, PUT", id="automatic"),
        pytest.param("OPTIONS /missing", 404, "Path not found", None, id="no-entry"),
    ],
)
@pytest.mark.parametrize("origin", [None, APP])
async def test_who_answers_a_plain_options(
    request_line: str, status: int, text: str, allow: str | None, origin: str | None
) -> None:
    response = await answer(flow_of(request_line, origin=origin), TABLE)
    assert (response.status_code, response.text, response.headers.get("Allow")) == (status, text, allow)


async def test_before_sees_a_plain_options() -> None:
    assert (await answer(flow_of("OPTIONS /user", headers={"X-Down": "1"}), TABLE)).status_code == 503


def test_a_preflight_without_an_entry_is_forwarded_untouched() -> None:
    flow = flow_of("OPTIONS /user", preflight="DELETE")
    before = flow.request.get_state()
    assert by_policy("forward").answer(flow, TABLE) is None
    assert (flow.response, flow.error) == (None, None)
    assert flow.request.get_state() == before


async def test_a_preflight_with_an_entry_is_answered_although_others_are_forwarded() -> None:
    response = await answer(flow_of("OPTIONS /user", preflight="PUT"), TABLE, by_policy("forward"))
    assert response.status_code == 204


async def test_a_preflight_without_an_entry_is_answered_although_others_are_killed() -> None:
    response = await answer(flow_of("OPTIONS /missing", preflight="GET"), TABLE, by_policy("kill"))
    assert response.status_code == 204


@pytest.mark.parametrize(
    ("prefer", "status", "text", "applied"),
    [
        pytest.param("code=503", 503, '{"error": "down"}', "code=503", id="code"),
        pytest.param("example=none", 200, "[]", "example=none", id="example"),
        pytest.param('example="out of order"', 503, '{"error": "down"}', 'example="out of order"', id="quoted"),
        pytest.param("code=404", 404, "", "code=404", id="whatever-its-conditions"),
        pytest.param("code=200, example=none", 200, "[]", "code=200, example=none", id="both"),
        pytest.param("code=200", 200, '["ann", "bob"]', "code=200", id="the-first-that-fits"),
        pytest.param("code=418", 200, '["ann", "bob"]', None, id="no-such-code"),
        pytest.param("code=503, example=none", 200, '["ann", "bob"]', None, id="no-case-is-both"),
        pytest.param("return=minimal", 200, '["ann", "bob"]', None, id="of-others"),
    ],
)
async def test_a_request_may_prefer_a_case(prefer: str, status: int, text: str, applied: str | None) -> None:
    response = await answer(flow_of("GET /users", headers={"Prefer": prefer}), table_of({"GET": {"/users": CASES}}))
    assert (response.status_code, response.text) == (status, text)
    assert response.headers.get("Preference-Applied") == applied
    exposed = cors_of(response).get("expose-headers", "").split(", ")
    assert ("Preference-Applied" in exposed) is (applied is not None)
    assert ("X-Why" in exposed) is (status == 404)


async def test_a_fault_can_be_preferred() -> None:
    flow = flow_of("GET /users", headers={"Prefer": "example=closed"})
    if (waiting := FlowAnswerer().answer(flow, table_of({"GET": {"/users": CASES}}))) is not None:
        await waiting
    assert flow.error is not None


async def test_an_entry_without_cases_has_nothing_to_prefer() -> None:
    response = await answer(flow_of("GET /user", headers={"Prefer": "code=500"}), TABLE)
    assert (response.status_code, "Preference-Applied" in response.headers) == (200, False)


@pytest.fixture
def files(tmp_path: Path) -> EntryTable:
    """Return a table with a file, and one whose name is filled."""
    (tmp_path / "a.wav").write_bytes(b"0123456789")
    data = (
        b'{"GET": {"/a.wav": {"$file": "a.wav", "$headers": {"X-A": "1"}}, "/f/{name}": {"$cases": ['
        b'{"$name": "file", "$file": "{name}"}, {"$name": "none", "$status": 404}]}}}'
    )
    return compile_file(data, str(tmp_path / "responses.json")).table


async def test_a_page_may_read_what_a_files_answer_says(files: EntryTable) -> None:
    response = await answer(flow_of("GET /a.wav", headers={"Range": "bytes=2-3"}), files)
    assert (response.status_code, response.raw_content) == (206, b"23")
    assert cors_of(response) == {**READABLE, "expose-headers": "X-A, ETag, Accept-Ranges, Content-Range"}
    assert response.headers["Cache-Control"] == "no-cache"


async def test_a_page_may_read_that_a_file_is_the_same(files: EntryTable) -> None:
    tag = (await answer(flow_of("GET /a.wav"), files)).headers["ETag"]
    response = await answer(flow_of("GET /a.wav", headers={"If-None-Match": tag}), files)
    assert (response.status_code, response.raw_content) == (304, b"")
    assert cors_of(response).items() >= READABLE.items()
    assert response.headers["Vary"] == "Origin"


async def test_a_preferred_file_that_is_not_there_is_no_preference_applied(files: EntryTable) -> None:
    response = await answer(flow_of("GET /f/none", headers={"Prefer": "example=file"}), files)
    assert (response.status_code, "Preference-Applied" in response.headers) == (404, False)


async def merged(body: bytes) -> http.HTTPFlow:
    """Return the flow of a page's request that is forwarded, when the real answer with this body has come back."""
    answerer = FlowAnswerer()
    flow = flow_of("GET /a")
    waiting = answerer.answer(flow, table_of({"GET": {"/a": {"$forward": True, "$merge": {"a": 1}}}}))
    if waiting is not None:
        await waiting
    flow.response = http.Response.make(200, body)
    answerer.finish_forwarded(flow)
    return flow


async def test_a_page_may_read_that_a_merge_failed() -> None:
    flow = await merged(b"no JSON")
    assert response_of(flow).status_code == 502
    assert cors_of(response_of(flow)) == {**READABLE, "expose-headers": "X-Fakebackend"}


async def test_a_forwarded_answer_is_what_the_real_server_says() -> None:
    flow = await merged(b"{}")
    assert body_of(flow) == {"a": 1}
    assert cors_of(response_of(flow)) == {}


async def test_a_wrong_option_is_refused_and_changes_nothing(tctx: taddons.context, backend: DummyBackend) -> None:
    tctx.configure(backend, responses_cors=APP)
    with pytest.raises(exceptions.OptionsError, match='got "maybe"'):
        tctx.configure(backend, responses_cors="maybe")
    for origin, readable in [(APP, True), ("https://evil.example", False)]:
        flow = await ask(backend, flow_of("GET /user", origin=origin))
        assert (cors_of(response_of(flow)) != {}) is readable
