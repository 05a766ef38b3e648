"""Control over HTTP through the addon: what is asked for, what it changes, and that it leaves no trace."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mitmproxy import http
from mitmproxy.test import taddons

from fakebackend.proxy.addon import DummyBackend
from tests.answering import Served
from tests.answering import flow_of
from tests.conftest import ask
from tests.conftest import body_of
from tests.conftest import errors_in
from tests.conftest import http_flow
from tests.conftest import response_of
from tests.conftest import write

Serve = Callable[..., Served]

TOKEN = "0123456789abcdef"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def serve(tctx: taddons.context, folder: Path) -> Serve:
    return lambda data, **options: Served(tctx, folder, data, **{"responses_admin": TOKEN, **options})


def control_flow(
    method: str, path: str, body: Any = b"", *, headers: Any = BEARER, to: str = "127.0.0.1"
) -> http.HTTPFlow:
    """Return a call that was sent to the proxy's own port, as tests outside do."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    flow = flow_of(method, f"/__fakebackend/{path}", headers=headers, body=content)
    flow.request.host, flow.request.port = to, 8080
    flow.server_conn.address = None
    return flow


async def call(served: Served, request: str, body: Any = b"", **of: Any) -> tuple[int, Any]:
    """Return status and JSON of a call that is written as `GET report`."""
    method, _, path = request.partition(" ")
    response = response_of(await ask(served.backend, control_flow(method, path, body, **of)))
    return response.status_code, json.loads(response.content or b"null")


async def done(served: Served, request: str, body: Any = b"", **of: Any) -> Any:
    status, data = await call(served, request, body, **of)
    assert status == 200, data
    return data


# Which requests are calls


async def test_without_a_token_the_path_is_one_like_any_other(serve: Serve) -> None:
    served = serve({}, responses_admin="")
    flow = await ask(served.backend, control_flow("GET", "report"))
    assert (response_of(flow).status_code, response_of(flow).text) == (404, "Path not found")


async def test_the_token_can_be_given_changed_and_taken_away(serve: Serve) -> None:
    served = serve({}, responses_admin="")
    statuses = []
    for token in (TOKEN, TOKEN[::-1], ""):
        served.tctx.configure(served.backend, responses_admin=token)
        flow = await ask(served.backend, control_flow("GET", "entries"))
        statuses.append(response_of(flow).status_code)
    assert statuses == [200, 401, 404]


async def test_for_another_host_behind_the_proxy_the_path_is_one_like_any_other(serve: Serve) -> None:
    served = serve({"GET /__fakebackend/report": "theirs"})
    flow = flow_of("GET", "/__fakebackend/report", headers=BEARER)
    flow.request.authority = "api.example.com"
    assert body_of(await ask(served.backend, flow)) == "theirs"
    assert (await done(served, "GET report"))["requests"]["total"] == 1


async def test_an_entry_never_hides_control(serve: Serve) -> None:
    served = serve({"$before": {"* /{rest:path}": 1}, "GET /__fakebackend/report": 2})
    assert (await done(served, "GET report"))["version"] == 1


@pytest.mark.parametrize("kind", ["saved", "answered", "failed"])
async def test_what_is_no_live_request_is_no_call(serve: Serve, kind: str) -> None:
    served = serve({}, responses_saved_flows="true")
    flow = control_flow("POST", "reset")
    if kind == "saved":
        flow.live = False
    elif kind == "answered":
        flow.response = http.Response.make(204)
    else:
        flow.kill()
    await ask(served.backend, flow)
    assert (flow.response.status_code if flow.response else None) == (204 if kind == "answered" else None)


async def test_calls_leave_no_trace(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    """In no report, no journal and no access log, be they right or wrong."""
    served = serve({"GET /a": 1}, responses_log="true")
    caplog.clear()
    for request, headers in (
        ("GET report", BEARER), ("GET report", {}), ("GET no", BEARER), ("DELETE state", BEARER),
        ("OPTIONS state", {"Origin": "http://a", "Access-Control-Request-Method": "PUT"}), ("PUT state", BEARER),
    ):  # fmt: skip
        method, _, path = request.partition(" ")
        flow = await ask(served.backend, control_flow(method, path, headers=headers))
        served.backend.response(flow)
        assert flow.comment == "control of fakebackend"
    report = await done(served, "GET report")
    assert report["requests"] == {"total": 0, "answered": 0, "unmatched": 0, "errors": 0}
    assert (await done(served, "GET requests"), caplog.messages) == ([], [])


@pytest.mark.parametrize("headers", [BEARER, {}], ids=["200", "401"])
async def test_no_page_of_another_origin_may_read_an_answer(serve: Serve, headers: dict[str, str]) -> None:
    served = serve({"GET /a": 1}, responses_cors="true")
    flow = control_flow("GET", "report", headers={**headers, "Origin": "http://page.example"})
    response = response_of(await ask(served.backend, flow))
    assert not [name for name in response.headers if name.lower().startswith("access-control")]


async def test_to_head_there_is_no_body(serve: Serve) -> None:
    flow = await ask(serve({}).backend, control_flow("HEAD", "report"))
    response = response_of(flow)
    assert (response.status_code, response.content, int(response.headers["content-length"]) > 0) == (200, b"", True)


async def test_a_call_waits_for_a_file_that_has_changed(serve: Serve) -> None:
    served = serve({"GET /a": 1})
    served.save({"GET /b": 1, "GET /c": 1})
    assert [each["entry"] for each in await done(served, "GET entries")] == ["GET /b", "GET /c"]


async def test_a_body_that_is_sent_compressed_is_undone(serve: Serve) -> None:
    served = serve({"$state": {"n": 1}})
    flow = control_flow("PUT", "state", gzip.compress(b'{"n": 2}'), headers={**BEARER, "Content-Encoding": "gzip"})
    assert body_of(await ask(served.backend, flow)) == {"n": 2}
    flow = control_flow("PUT", "state", gzip.compress(b" " * 2_000_000), headers={**BEARER, "Content-Encoding": "gzip"})
    assert response_of(await ask(served.backend, flow)).status_code == 413


# What can be seen


async def test_the_journal_says_what_came_in_and_what_became_of_it(serve: Serve) -> None:
    served = serve(
        {
            "GET /a": {"$name": "an a", "$body": 1},
            "GET /cut": {"$fault": "close"},
            "GET /bad": {"$template": True, "$text": "{{ 1 / 0 }}"},
        }
    )
    for method, path in (("GET", "/a"), ("HEAD", "/a?x=1"), ("GET", "/cut"), ("GET", "/bad"), ("POST", "/b")):
        flow = await served.ask(method, path, body="hello")
        (served.backend.response if flow.response else served.backend.error)(flow)
    host = "http://api.example.com"
    bad = 'responses.json:1: GET /bad: in "{{ 1 / 0 }}": division by zero'
    near = "path differs at segment 1: 'b', expected 'a'"
    requests = await done(served, "GET requests")
    assert [tuple(each.values()) for each in requests] == [
        ("GET", f"{host}/a", 200, "GET /a", None),
        ("HEAD", f"{host}/a?x=1", 200, "GET /a", None),
        ("GET", f"{host}/cut", None, "GET /cut", None),
        ("GET", f"{host}/bad", 500, "GET /bad", bad),
        ("POST", f"{host}/b", 404, None, f'no entry; nearest GET /a "an a": {near}'),
    ]
    assert [each["url"] for each in await done(served, "GET unmatched")] == [f"{host}/b"]
    [whole] = await done(served, "GET unmatched?bodies=true")
    assert (whole["headers"], whole["body"]) == ([["Host", "api.example.com"]], {"text": "hello"})
    assert len(await done(served, "GET requests?bodies=true")) == 5


async def test_a_failure_that_tells_all_it_was_sent_takes_no_room_in_the_journal(serve: Serve, folder: Path) -> None:
    (folder / "h.py").write_text("def fails(request): raise ValueError(request.text)")
    served = serve({"POST /a": {"$handler": "h.py:fails"}})
    flow = await served.ask("POST", "/a", body="x" * 100_000)
    served.backend.response(flow)
    [kept] = await done(served, "GET requests")
    assert len(kept["explanation"]) == 2_003


async def test_what_an_entry_changes_of_a_request_is_not_in_the_journal(serve: Serve) -> None:
    served = serve({"GET /a": {"$forward": "http://real.example/x", "$headers": {"X-A": "1"}}})
    flow = await served.ask("GET", "/a")
    flow.response = http.Response.make(201)
    served.backend.response(flow)
    [kept] = await done(served, "GET requests")
    assert (kept["url"], kept["status"], kept["entry"]) == ("http://api.example.com/a", 201, "GET /a")


async def test_as_many_requests_are_kept_as_are_asked_for(serve: Serve) -> None:
    served = serve({"GET /a": 1}, responses_journal="3")
    for size, kept in (("3", 3), ("2", 2), ("10", 2), ("0", 0)):
        if size == "3":
            for number in range(5):
                served.backend.response(await served.ask("GET", f"/a?{number}"))
        served.tctx.configure(served.backend, responses_journal=size)
        assert len(await done(served, "GET requests")) == kept


async def test_state_can_be_seen_and_set(serve: Serve) -> None:
    served = serve({"$state": {"n": 1, "m": [1]}, "GET /n": {"$template": True, "$body": "{{ state.n }}"}})
    assert await done(served, "GET state") == {"n": 1, "m": [1]}
    assert await done(served, "PUT state", {"n": {"a": None}, "\ud800": "new"}) == {"n": {"a": None}, "\ud800": "new"}
    assert await served.json("GET", "/n") == {"a": None}
    await done(served, "POST reset")
    assert await done(served, "GET state") == {"n": 1, "m": [1]}


async def test_state_that_was_set_outlives_a_reading_of_the_file(serve: Serve) -> None:
    """But what the file itself changes begins anew."""
    data = {"$state": {"n": 1, "m": 1}, "GET /n": {"$template": True, "$body": "{{ [state.n, state.m] }}"}}
    served = serve(data)
    await done(served, "PUT state", {"n": 5, "m": 5, "own": 5})
    served.save({**data, "$state": {"n": 1, "m": 2}})
    assert await served.json("GET", "/n") == [5, 2]
    assert await done(served, "GET state") == {"n": 5, "m": 2, "own": 5}


@pytest.mark.parametrize(
    ("request_line", "body"),
    [
        pytest.param("PUT state", [1], id="state"),
        pytest.param("PUT state", b"{", id="no-json"),
        pytest.param("PUT options/responsesfile", "none.json", id="no-such-file"),
        pytest.param("PUT options/responsesfile", "wrong.json", id="wrong-file"),
        pytest.param("PUT options/responsesfile", "", id="no-name"),
        pytest.param("PUT options/responsesfile", ".", id="folder"),
        pytest.param("PUT options/responsesfile", "a\0b.json", id="no-name-of-a-file"),
        pytest.param("PUT options/responsesfile", "x" * 5_000, id="a-very-long-name"),
        pytest.param("PUT options/responsesfile", "\ud800.json", id="lone-surrogate"),
        pytest.param("POST entries", {"GET a": 1}, id="entries"),
        pytest.param("POST entries", {"GET /ok": 1, "GET /bad": {"$handler": "echo"}}, id="one-of-the-entries"),
        pytest.param("POST entries", [], id="no-entries"),
    ],
)
async def test_what_is_refused_changes_nothing(
    serve: Serve, folder: Path, caplog: pytest.LogCaptureFixture, request_line: str, body: Any
) -> None:
    (folder / "wrong.json").write_text('{"GET a": 1}')
    served = serve({"$state": {"n": 1}, "GET /a": 1})
    await served.ask("GET", "/a")
    status, data = await call(served, request_line, body)
    assert (status, list(data)) == (400, ["error"])
    assert await done(served, "GET state") == {"n": 1}
    assert [(e["entry"], e["requests"]) for e in await done(served, "GET entries")] == [("GET /a", 1)]
    assert served.tctx.options.responsesfile == "responses.json"
    report = await done(served, "GET report")
    assert (report["file"], report["errors"], errors_in(caplog)) == ("responses.json", [], [])


async def test_another_file_is_served_at_once(serve: Serve, folder: Path) -> None:
    served = serve({"$state": {"n": 1}, "GET /a": 1})
    write(folder / "other.json", {"$state": {"m": 2}, "GET /b": 1, "GET /c": 1})
    said = await done(served, "PUT options/responsesfile", "other.json")
    assert said == {"responsesfile": "other.json", "entries": 2, "warnings": []}
    assert (await done(served, "GET state"), await served.status("GET", "/b")) == ({"m": 2}, 200)
    said = await done(served, "PUT options/responsesfile", "other.json")
    assert said == {"responsesfile": "other.json", "entries": 2, "warnings": []}
    await done(served, "PUT options/responsesfile", "responses.json")
    assert await served.status("GET", "/a") == 200


# Added entries


async def test_added_entries_win_until_a_reset_also_after_a_save_and_in_another_file(
    serve: Serve, folder: Path
) -> None:
    served = serve({"$before": {"GET /a": "before"}, "GET /{x}": "file"})
    assert await done(served, "POST entries", {"GET /{x}": "added"}) == {"added": ["GET /{x}"], "warnings": []}
    assert await served.json("GET", "/a") == "added"
    served.save({"GET /a": "saved"})
    assert await served.json("GET", "/a") == "added"
    write(folder / "other.json", {"GET /a": "other"})
    await done(served, "PUT options/responsesfile", "other.json")
    assert await served.json("GET", "/a") == "added"
    entries = await done(served, "GET entries")
    assert entries == [
        {"entry": "GET /{x}", "place": "POST entries:1:2", "requests": 3},
        {"entry": "GET /a", "place": "other.json:1:2", "requests": 0},
    ]
    assert (await done(served, "GET report"))["unused"] == ["GET /a"]
    assert await done(served, "POST reset") == {"reset": "everything"}
    assert await served.json("GET", "/a") == "other"


async def test_an_entry_that_is_added_again_takes_the_place_of_the_one_before(serve: Serve) -> None:
    """And its sequence begins anew, though it is the same."""
    served = serve({"GET /a": "file"})
    value = {"GET /a": {"$sequence": [1, 2, 3]}}
    await done(served, "POST entries", value)
    assert [await served.json("GET", "/a"), await served.json("GET", "/a")] == [1, 2]
    await done(served, "POST entries", {"GET /b": 1})
    assert await served.json("GET", "/a") == 3
    await done(served, "POST entries", value)
    assert [await served.json("GET", "/a"), await served.json("GET", "/a")] == [1, 2]
    assert [(e["entry"], e["requests"]) for e in await done(served, "GET entries")] == [
        ("GET /a", 5), ("GET /b", 0), ("GET /a", 0),
    ]  # fmt: skip


async def test_an_added_entry_sets_the_state_and_is_explained(serve: Serve) -> None:
    served = serve({"$state": {"n": 1}, "$before": {"GET /a": 1}})
    await done(served, "POST entries", {"GET /a": {"$set": {"n": 2}}})
    await served.ask("GET", "/a")
    assert served.state.variables == {"n": 2}
    assert list(served.backend.explain(flow_of("GET", "/a")))[1:] == [
        "✓ GET /a (POST entries:1) answers 200",
        "✓ GET /a (responses.json:1) in $before would, but added entries come first",
    ]


# Clients told apart


async def test_each_client_has_its_own_state_and_resets_it_alone(serve: Serve) -> None:
    served = serve(
        {
            "$state": {"n": 0},
            "GET /n": {"$template": True, "$set": {"n": "{{ state.n + 1 }}"}, "$body": "{{ state.n }}"},
        },
        responses_state_key="header:X-Test",
    )
    one, two = {"X-Test": "1"}, {"X-Test": "2"}
    assert [await served.json("GET", "/n", headers=h) for h in (one, one, two, {})] == [1, 2, 1, 1]
    assert await done(served, "PUT state", {"n": 7}, headers={**BEARER, **one}) == {"n": 7}
    assert [await served.json("GET", "/n", headers=h) for h in (one, two, {})] == [8, 2, 2]
    await done(served, "POST entries", {"GET /x": 1})
    assert await done(served, "POST reset", headers={**BEARER, **one}) == {"reset": "this client's state"}
    assert [await served.json("GET", "/n", headers=h) for h in (one, two, {})] == [1, 3, 3]
    report = await done(served, "GET report")
    assert (report["requests"]["total"], len(report["entries"])) == (10, 2)
    assert await done(served, "POST reset") == {"reset": "everything"}
    assert [await served.json("GET", "/n", headers=h) for h in (one, two, {})] == [1, 1, 1]


async def test_explanations_and_saved_flows_see_the_clients_own_state(serve: Serve) -> None:
    case = {"$when": {"state": {"n": 1}}, "$body": "set"}
    served = serve({"$state": {"n": 0}, "GET /n": case, "PUT /n": {"$set": {"n": 1}}}, responses_state_key="header:A")
    await served.ask("PUT", "/n", headers={"A": "1"})
    flow = flow_of("GET", "/n", headers={"A": "1"}, live=False)
    assert served.backend._serving.answer_saved_now(flow)
    assert any("answers 200" in line for line in served.backend.explain(flow))
    assert not served.backend._serving.answer_saved_now(flow_of("GET", "/n", live=False))


async def test_a_file_that_was_never_good_is_said_and_can_be_left(tctx: taddons.context, folder: Path) -> None:
    (folder / "responses.json").write_text("{")
    write(folder / "good.json", {"GET /user": 1})
    backend = DummyBackend()
    tctx.master.addons.add(backend)
    tctx.configure(backend, responsesfile="responses.json", responses_admin=TOKEN)
    backend.running()
    tctx.configure(backend, responses_log="false")  # the options of a start that failed hold from the next one on
    statuses = []
    for request, body in (
        ("GET entries", b""), ("GET state", b""), ("GET report", b""), ("GET requests", b""),
        ("POST entries", {"GET /given-away": {"$file": "responses.json"}}),
        ("PUT options/responsesfile", "good.json"), ("GET entries", b""),
    ):  # fmt: skip
        method, _, path = request.partition(" ")
        statuses.append(response_of(await ask(backend, control_flow(method, path, body))).status_code)
    assert statuses == [400, 400, 200, 200, 400, 200, 200]
    assert response_of(await ask(backend, http_flow())).status_code == 200
    assert response_of(await ask(backend, http_flow(path="/given-away"))).status_code == 404
