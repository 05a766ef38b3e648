"""What happens around an answer: delays, faults, state, sequences, chance, reloads, clients that leave."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mitmproxy import connection
from mitmproxy import flow as mitmproxy_flow
from mitmproxy import http
from mitmproxy.test import taddons

from fakebackend.proxy.addon import DummyBackend
from fakebackend.proxy.client_disconnects import ClientDisconnects
from tests.answering import Served
from tests.answering import flow_of
from tests.conftest import ask
from tests.conftest import body_of
from tests.conftest import errors_in
from tests.conftest import response_of

Serve = Callable[..., Served]

HANDLER = """
import asyncio

from fakebackend import definition

def nothing(request):
    return None

def fails(request):
    raise ValueError("no")

def defers(request):
    return definition({"$file": "{nope}.txt", "$template": False, "$set": {"inner": 1}})

def no_such_file(request):
    return definition({"$file": "missing-{name}.txt", "$set": {"inner": 1}})

def wrong(request):
    return definition({"$text": "{{ 1 / 0 }}", "$template": True})

async def late(request):
    await asyncio.sleep(0)
    return {"late": request.state.get("n")}

async def fails_late(request):
    await asyncio.sleep(0)
    raise ValueError("late no")

def sets(request):
    return definition({"$body": "set", "$set": {"inner": 1}, "$delay": "1s"})
"""


@pytest.fixture
def serve(tctx: taddons.context, folder: Path) -> Serve:
    (folder / "h.py").write_text(HANDLER)
    return lambda data, **options: Served(tctx, folder, data, **options)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float | None]:
    """Return for how long requests were to wait; none of them does."""
    seconds_asked: list[float | None] = []

    async def wait(_: ClientDisconnects, __: str, seconds: float | None) -> bool:
        seconds_asked.append(seconds)
        return seconds is not None

    monkeypatch.setattr(ClientDisconnects, "wait", wait)
    return seconds_asked


def killed(flow: http.HTTPFlow) -> bool:
    return bool(flow.error and flow.error.msg == mitmproxy_flow.Error.KILLED_MESSAGE)


async def started(served: Served, *flows: http.HTTPFlow) -> list[asyncio.Task[None]]:
    """Have requests asked that must wait, and return once all of them do."""

    async def finish(flow: http.HTTPFlow) -> None:
        waiting = served.backend.request(flow)
        assert waiting is not None
        await waiting

    tasks = [asyncio.create_task(finish(flow)) for flow in flows]
    async with asyncio.timeout(30):
        while served.waiting < len(flows):  # the next step of the loop is all that is waited for
            await asyncio.sleep(0)
    return tasks


# Delays and faults


@pytest.mark.parametrize(
    ("value", "option", "expected"),
    [
        pytest.param({"$delay": "200ms", "$body": 1}, "0s", [0.2], id="fixed"),
        pytest.param({"$delay": "0s", "$body": 1}, "0s", [], id="none"),
        pytest.param(1, "2s", [2.0], id="option-slows-a-plain-answer"),
        pytest.param({"$delay": "200ms", "$body": 1}, "2s", [2.2], id="option-comes-on-top"),
        pytest.param({"$delay": "1s", "$sequence": [{"$delay": "3s"}, 2]}, "0s", [3.0], id="an-items-own-wins"),
        pytest.param({"$delay": "1s", "$handler": "h.py:sets"}, "0s", [2.0], id="a-handlers-comes-on-top"),
    ],
)
async def test_an_answer_waits_as_long_as_it_is_to(
    serve: Serve, waits: list[float | None], value: Any, option: str, expected: list[float]
) -> None:
    served = serve({"GET": {"/": value}}, responses_delay=option)
    assert await served.status() == 200
    assert waits == expected


async def test_a_range_of_delays_is_drawn_from(serve: Serve, waits: list[float | None]) -> None:
    served = serve({"GET": {"/": {"$delay": ["1s", "2s"]}}}, responses_seed="1")
    for _ in range(5):
        await served.ask()
    assert all(wait is not None and 1 <= wait <= 2 for wait in waits)
    assert len(set(waits)) == 5


async def test_an_unmatched_request_is_not_delayed(serve: Serve, waits: list[float | None]) -> None:
    assert await serve({}, responses_delay="2s").status() == 404
    assert waits == []


async def test_close_ends_without_an_answer_and_says_so(serve: Serve, waits: list[float | None]) -> None:
    flow = await serve({"GET": {"/": {"$fault": "close"}}}).ask()
    assert (flow.response, killed(flow), waits) == (None, True, [])
    assert flow.comment == "GET / (responses.json:1) $fault: close"


async def test_a_delay_comes_before_a_fault(serve: Serve, waits: list[float | None]) -> None:
    flow = await serve({"GET": {"/": {"$delay": "1s", "$fault": "hang"}}}).ask()
    assert (waits, killed(flow)) == ([1.0, None], True)


async def test_a_replay_does_not_hang(serve: Serve, waits: list[float | None]) -> None:
    served = serve({"GET": {"/": {"$fault": "hang"}}})
    flow = flow_of()
    flow.is_replay = "request"
    if (waiting := served.backend.request(flow)) is not None:
        await waiting
    assert (waits, killed(flow)) == ([], True)


@pytest.mark.parametrize("value", [{"$fault": "hang"}, {"$delay": "1000s", "$body": 1}], ids=["hang", "delay"])
@pytest.mark.parametrize("end", ["client", "done"])
async def test_a_thousand_waiting_requests_end_with_their_client_and_leave_no_task(
    serve: Serve, value: Any, end: str
) -> None:
    served = serve({"GET": {"/": value}})
    flows = [flow_of() for _ in range(1000)]
    before = asyncio.all_tasks()
    tasks = await started(served, *flows)
    if end == "done":
        served.backend.done()
    else:
        for flow in flows:
            served.backend.client_disconnected(flow.client_conn)
    await asyncio.gather(*tasks)
    assert served.waiting == 0
    assert all(flow.response is None for flow in flows)
    assert asyncio.all_tasks() == before


async def test_a_waiting_request_does_not_hold_others_up(serve: Serve) -> None:
    served = serve({"GET": {"/slow": {"$delay": "1000s", "$body": 1}, "/": "fast"}})
    slow = flow_of(path="/slow")
    [task] = await started(served, slow)
    assert await served.json() == "fast"
    assert not task.done()
    served.backend.client_disconnected(slow.client_conn)
    await task


@pytest.mark.parametrize(
    "value", [{"$body": 1}, {"$forward": True}, {"$fault": "hang"}], ids=["body", "forward", "hang"]
)
async def test_a_request_killed_while_it_is_delayed_stays_so(serve: Serve, tctx: taddons.context, value: Any) -> None:
    served = serve({"GET": {"/": {**value, "$delay": "5ms"}}})
    flow = flow_of()
    [task] = await started(served, flow)
    flow.kill()
    await task
    assert (flow.response, killed(flow), served.waiting) == (None, True, 0)
    assert served.backend._serving.answerer.forwarding.forget(flow) is None


# State


async def test_set_comes_before_the_body_sees_it_and_in_order(serve: Serve) -> None:
    value = {
        "$template": True,
        "$set": {"n": "{{ state.n + 1 }}", "double": "{{ state.n * 2 }}"},
        "$body": ["{{ state.n }}", "{{ state.double }}"],
    }
    served = serve({"$state": {"n": 1}, "GET": {"/": value}})
    assert [await served.json(), await served.json()] == [[2, 4], [3, 6]]


async def test_what_is_posted_is_there_to_get(serve: Serve) -> None:
    post = {"$template": True, "$status": 201, "$set": {"todos": "{{ state.todos + [json] }}"}, "$body": "{{ json }}"}
    served = serve(
        {"$state": {"todos": []}, "POST /todos": post, "GET /todos": {"$template": True, "$body": "{{ state.todos }}"}}
    )
    assert await served.status("POST", "/todos", body='{"title": "{{ 1 }}"}') == 201
    assert await served.json("GET", "/todos") == [{"title": "{{ 1 }}"}]


async def test_a_list_that_requests_let_grow_has_a_bound_and_keeps_what_it_has(serve: Serve) -> None:
    post = {"$template": True, "$status": 201, "$set": {"todos": "{{ state.todos + [text] }}"}}
    served = serve({"$state": {"todos": []}, "POST /todos": post})
    statuses = [await served.status("POST", "/todos", body="x" * 4_000_000) for _ in range(4)]
    assert statuses == [201, 201, 500, 500]
    assert len(served.state.variables["todos"]) == 2
    said = await served.text("POST", "/todos", body="x" * 4_000_000)
    assert "the result is larger than 10,485,760 bytes" in said
    assert await served.status("POST", "/todos", body="x") == 201


async def test_state_is_tested_as_it_is_then(serve: Serve) -> None:
    served = serve(
        {
            "$state": {"on": False},
            "POST": {"/": {"$set": {"on": True}}},
            "GET": {"/": {"$cases": [{"$when": {"state": {"on": True}}, "$body": "on"}, "off"]}},
        }
    )
    assert await served.json() == "off"
    await served.ask("POST")
    assert await served.json() == "on"


@pytest.mark.parametrize(
    ("value", "status"),
    [
        pytest.param({"$handler": "h.py:nothing"}, 404, id="handler-returns-none"),
        pytest.param({"$handler": "h.py:fails"}, 500, id="handler-raises"),
        pytest.param({"$handler": "h.py:fails_late"}, 500, id="handler-raises-late"),
        pytest.param({"$handler": "h.py:no_such_file"}, 404, id="what-a-handler-returns-comes-to-nothing"),
        pytest.param({"$handler": "h.py:wrong"}, 500, id="what-a-handler-returns-fails"),
        pytest.param({"$file": "missing-{name}.txt"}, 404, id="no-such-file"),
        pytest.param({"$template": True, "$text": "{{ 1 / 0 }}"}, 500, id="template-fails"),
        pytest.param({"$template": True, "$set": {"n": 2, "new": "{{ 1 / 0 }}"}}, 500, id="set-fails"),
    ],
)
async def test_without_an_answer_state_is_as_before_and_a_sequence_stays(
    serve: Serve, value: dict[str, Any], status: int
) -> None:
    item = {**value, "$set": value.get("$set", {"n": 2, "new": 1})}
    served = serve({"$state": {"n": 1}, "GET": {"/{name}": {"$sequence": [item, "second"]}}})
    assert [await served.status(path="/a"), await served.status(path="/a")] == [status, status]
    assert served.state.variables == {"n": 1}


async def test_where_one_declines_the_next_entry_answers_and_only_its_state_is_set(serve: Serve) -> None:
    served = serve(
        {
            "GET": {
                "/a": {"$handler": "h.py:nothing", "$set": {"a": 1}},
                "/{x}": {"$when": {"query": {"no": "1"}}, "$body": "no"},
                "/{x:path}": {
                    "$cases": [{"$handler": "h.py:nothing", "$set": {"b": 1}}, {"$body": "x", "$set": {"c": 1}}]
                },
            }
        }
    )
    flow = await served.ask(path="/a")
    assert (body_of(flow), served.state.variables) == ("x", {"c": 1})
    assert "skipped GET /a: the handler returned nothing" in flow.comment


async def test_a_handlers_own_set_holds(serve: Serve, waits: list[float | None]) -> None:
    served = serve({"GET": {"/": {"$handler": "h.py:sets", "$set": {"outer": 1}}}})
    assert await served.json() == "set"
    assert served.state.variables == {"outer": 1, "inner": 1}


async def test_a_handler_that_waits_sees_the_new_state(serve: Serve) -> None:
    served = serve({"GET": {"/": {"$handler": "h.py:late", "$set": {"n": 5}}}})
    assert await served.json() == {"late": 5}


# Sequences


@pytest.mark.parametrize(
    ("repeat", "expected"),
    [
        pytest.param(None, [1, 2, 2, 2], id="default-is-last"),
        pytest.param("last", [1, 2, 2, 2], id="last"),
        pytest.param("cycle", [1, 2, 1, 2], id="cycle"),
        pytest.param("stop", [1, 2, None, None], id="stop"),
    ],
)
async def test_a_sequence_answers_one_after_the_other(serve: Serve, repeat: str | None, expected: list[Any]) -> None:
    value = {"$sequence": [1, 2], **({"$repeat": repeat} if repeat else {})}
    served = serve({"GET": {"/": value, "/{x:path}": None}})
    assert [await served.json() for _ in range(4)] == expected


async def test_sequences_may_nest(serve: Serve) -> None:
    inner = {"$sequence": ["a", "b"], "$repeat": "cycle"}
    served = serve({"GET": {"/": {"$sequence": [inner, inner, "end"]}}})
    assert [await served.json() for _ in range(4)] == ["a", "a", "end", "end"]


async def test_a_sequence_in_a_case_moves_on_only_when_that_case_answers(serve: Serve) -> None:
    cases = [{"$when": {"query": {"a": "1"}}, "$sequence": [1, 2]}, "other"]
    served = serve({"GET": {"/": {"$cases": cases}}})
    answers = [await served.json(path=path) for path in ("/?a=1", "/", "/", "/?a=1")]
    assert answers == [1, "other", "other", 2]


async def test_a_sequence_under_another_entry_does_not_move_on_when_passed_over(serve: Serve) -> None:
    served = serve({"GET": {"/a": "a", "/{x}": {"$sequence": [1, 2]}}})
    assert [await served.json(path=path) for path in ("/a", "/b", "/a", "/c")] == ["a", 1, "a", 2]


# Reloads and commands

COUNTING = {"$template": True, "$body": "{{ counter('c') }}"}


async def test_counters_and_an_unchanged_sequence_survive_a_reload_and_a_changed_one_starts_anew(serve: Serve) -> None:
    def file(changing: list[Any]) -> dict[str, Any]:
        return {"GET": {"/same": {"$sequence": [1, 2, 3]}, "/new": {"$sequence": changing}, "/count": COUNTING}}

    served = serve(file(["a", "b"]))
    paths = ("/same", "/new", "/count")
    assert [await served.json(path=path) for path in paths] == [1, "a", 1]
    served.save(file(["a", "c"]))
    assert [await served.json(path=path) for path in paths] == [2, "a", 2]


async def test_a_broken_save_forgets_nothing(serve: Serve) -> None:
    data = {"GET": {"/": {"$sequence": [1, 2, 3]}}}
    served = serve(data)
    assert await served.json() == 1
    served.path.write_text("{")
    assert await served.json() == 2
    served.save(data)
    assert await served.json() == 3


async def test_another_file_begins_with_nothing_remembered(serve: Serve, folder: Path, tctx: taddons.context) -> None:
    data = {"$state": {"n": 0}, "GET": {"/": COUNTING, "/s": {"$sequence": [1, 2]}}, "POST": {"/": {"$set": {"n": 1}}}}
    served = serve(data, responses_seed="1")
    await served.ask("POST")
    assert [await served.json(), await served.json(path="/s")] == [1, 1]
    (folder / "other.json").write_text(json.dumps(data))
    tctx.configure(served.backend, responsesfile="other.json")
    assert [await served.json(), await served.json(path="/s")] == [1, 1]
    assert (served.state.variables, served.state.seed) == ({"n": 0}, "1")


async def test_reset_goes_back_to_the_start(serve: Serve) -> None:
    served = serve({"$state": {"n": 0}, "GET": {"/": {"$sequence": [1, 2], "$set": {"n": 1}}, "/c": COUNTING}})
    assert [await served.json(), await served.json(path="/c")] == [1, 1]
    served.backend.reset()
    assert served.backend.show_state() == '{\n  "n": 0\n}'
    assert [await served.json(), await served.json(path="/c")] == [1, 1]


async def test_state_is_shown_as_json(serve: Serve) -> None:
    served = serve({"$state": {"name": "é"}})
    await served.ask()
    assert json.loads(served.backend.show_state()) == {"name": "é"}
    assert "é" in served.backend.show_state()


# Chance

RANDOM = {
    "$template": True,
    "$delay": ["1s", "9s"],
    "$body": ["{{ uuid() }}", "{{ random_int(1, 999999) }}", "{{ fake.name() }}", "{{ range(99999) | random }}"],
}


async def test_a_seed_repeats_everything_random(serve: Serve, waits: list[float | None]) -> None:
    served = serve(
        {"GET": {"/": RANDOM, "/chance": {"$cases": [{"$probability": 0.5, "$body": "rare"}, "usual"]}}},
        responses_seed="7",
    )

    async def run() -> list[Any]:
        waits.clear()
        return [*[await served.json(path=path) for _ in range(10) for path in ("/", "/chance")], *waits]

    first = await run()
    served.backend.reset()
    assert await run() == first
    assert {"rare", "usual"} < {answer for answer in first if isinstance(answer, str)} | {""}
    served.tctx.configure(served.backend, responses_seed="8")
    assert await run() != first
    served.tctx.configure(served.backend, responses_seed="7")
    assert await run() == first


@pytest.mark.parametrize(("share", "expected"), [(0, "other"), (1, "this")])
async def test_a_probability_of_none_or_all_is_certain(serve: Serve, share: float, expected: str) -> None:
    served = serve({"GET": {"/": {"$cases": [{"$probability": share, "$body": "this"}, "other"]}}})
    assert {await served.json() for _ in range(50)} == {expected}


async def test_a_tenth_of_everything_fails(serve: Serve) -> None:
    before = {"*": {"/{all:path}": {"$probability": 0.1, "$status": 503}}}
    served = serve({"$before": before, "GET": {"/": 1}}, responses_seed="1")
    statuses = [await served.status() for _ in range(500)]
    assert 25 < statuses.count(503) < 80
    assert statuses.count(503) + statuses.count(200) == 500


# Failures


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        pytest.param({"$handler": "h.py:fails"}, "responses.json:1: GET /: h.py:10: ValueError: no", id="handler"),
        pytest.param(
            {"$handler": "h.py:fails_late"}, "responses.json:1: GET /: h.py:27: ValueError: late no", id="async-handler"
        ),
        pytest.param(
            {"$template": True, "$text": "{{ query.a }}"},
            "responses.json:1: GET /: in \"{{ query.a }}\": 'a' is not in the query (which is empty); default(",
            id="undefined",
        ),
    ],
)
async def test_a_failure_is_a_500_with_the_place_and_reason(
    serve: Serve, caplog: pytest.LogCaptureFixture, value: Any, reason: str
) -> None:
    flow = await serve({"GET": {"/": value, "/{x:path}": "never"}}).ask()
    assert response_of(flow).status_code == 500
    assert response_of(flow).headers["X-Fakebackend"].startswith(reason)
    assert [record.getMessage().startswith(f"GET /: {reason}") for record in errors_in(caplog)] == [True]


async def test_a_file_that_vanished_is_a_500(serve: Serve, folder: Path) -> None:
    (folder / "a.txt").write_text("a")
    served = serve({"GET": {"/": {"$file": "a.txt"}}})
    assert await served.text() == "a"
    (folder / "a.txt").unlink()
    assert await served.status() == 500


async def test_what_fails_before_there_is_an_entry_is_a_500_too(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    served = serve({"GET": {"/": {"$handler": "h.py:nothing"}}})
    monkeypatch.setattr("fakebackend.proxy.unmatched_report.near_misses", lambda *_: 1 / 0)
    flow = await served.ask()
    assert response_of(flow).headers["X-Fakebackend"] == "division by zero"


WAITING = """
import asyncio

ended = []

async def waits(request):
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        ended.append(request.path)
        raise

def how_many(request):
    return len(ended)
"""


async def test_a_handler_that_waits_is_cancelled_when_its_client_leaves(serve: Serve, folder: Path) -> None:
    (folder / "w.py").write_text(WAITING)
    served = serve({"GET": {"/waits": {"$handler": "w.py:waits"}, "/ended": {"$handler": "w.py:how_many"}}})
    flows = [flow_of(path="/waits") for _ in range(3)]
    tasks = await started(served, *flows)
    for flow in flows[:2]:
        served.backend.client_disconnected(flow.client_conn)
    await asyncio.gather(*tasks[:2])
    assert ([killed(flow) for flow in flows], await served.json(path="/ended")) == ([True, True, False], 2)
    served.backend.client_disconnected(flows[2].client_conn)
    await tasks[2]
    assert (await served.json(path="/ended"), served.waiting) == (3, 0)


TASKS = """
import asyncio
from fakebackend import definition

async def late(request):
    asyncio.get_running_loop().call_later(0.001, asyncio.current_task().cancel)
    return definition({"$delay": "100s", "$body": 1})

async def stays(request):
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        return definition({"$fault": "hang"})
"""


async def test_a_task_that_its_handler_cancels_later_is_a_500(serve: Serve, folder: Path) -> None:
    (folder / "t.py").write_text(TASKS)
    served = serve({"GET": {"/": {"$handler": "t.py:late"}}})
    flow = await served.ask()
    assert response_of(flow).status_code == 500
    assert response_of(flow).headers["X-Fakebackend"] == "a handler has cancelled the task of the request"
    assert served.waiting == 0


async def test_a_handler_that_will_not_be_cancelled_does_not_wait_on_for_nobody(serve: Serve, folder: Path) -> None:
    (folder / "t.py").write_text(TASKS)
    served = serve({"GET": {"/": {"$handler": "t.py:stays"}}})
    flow = flow_of()
    [task] = await started(served, flow)
    served.backend.client_disconnected(flow.client_conn)
    await task
    assert (killed(flow), served.waiting) == (True, 0)


async def test_who_leaves_while_the_file_is_read_again_is_not_waited_for(serve: Serve) -> None:
    served = serve({"GET": {"/": {"$fault": "hang"}}})
    served.save({"GET": {"/": {"$fault": "hang"}, "/new": 1}})
    flow = flow_of()
    waiting = served.backend.request(flow)
    assert waiting is not None
    flow.client_conn.state, flow.client_conn.timestamp_end = connection.ConnectionState.CLOSED, 1.0
    served.backend.client_disconnected(flow.client_conn)
    await waiting
    assert (killed(flow), served.waiting) == (True, 0)


async def test_more_requests_than_may_wait_on_a_connection_are_refused(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fakebackend.proxy.client_disconnects.MOST_WAITING", 1)
    served = serve({"GET": {"/": {"$fault": "hang"}}})
    first, second = flow_of(), flow_of()
    second.client_conn.id = first.client_conn.id
    [task] = await started(served, first)
    await ask(served.backend, second)
    assert response_of(second).status_code == 503
    assert response_of(second).headers["X-Fakebackend"] == "1 requests of this connection wait already"
    served.backend.client_disconnected(first.client_conn)
    await task


# Saved flows


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param({"$template": True, "$text": "{{ request.path }}"}, "/", id="template"),
        pytest.param({"$handler": "h.py:late"}, '{"late": null}', id="waiting-handler"),
        pytest.param({"$delay": "1000s", "$text": "a"}, "a", id="a-delay-is-left-out"),
        pytest.param({"$handler": "h.py:nothing"}, "next", id="one-that-declines"),
        pytest.param({"$when": {"query": {"a": "1"}}, "$text": "a"}, "next", id="one-that-does-not-match"),
        pytest.param({"$fault": "hang"}, "message", id="a-fault-keeps-what-it-has"),
        pytest.param({"$forward": True}, "message", id="the-real-answer-stays"),
        pytest.param({"$handler": "h.py:fails"}, "message", id="a-failure-keeps-what-it-has"),
        pytest.param({"$handler": "h.py:fails_late"}, "message", id="a-late-failure-too"),
    ],
)
async def test_saved_flows_get_answers_that_are_made(serve: Serve, value: Any, expected: str) -> None:
    served = serve({"GET": {"/": value, "/{x:path}": {"$text": "next"}}}, responses_saved_flows="true")
    flow = flow_of(live=False)
    flow.response = http.Response.make(200, "message")
    if (waiting := served.backend.request(flow)) is not None:
        await waiting
    assert response_of(flow).text == expected


async def test_a_saved_flow_without_an_entry_keeps_what_it_has(serve: Serve) -> None:
    served = serve({"GET": {"/": {"$handler": "h.py:nothing"}}}, responses_saved_flows="true")
    flow = flow_of(live=False)
    await ask(served.backend, flow)
    assert flow.response is None


async def test_what_would_have_to_wait_cannot_be_applied_at_once(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    served = serve({"GET": {"/": {"$handler": "h.py:late"}}})
    flow = flow_of(live=False)
    served.backend.apply([flow])
    assert flow.response is None
    assert any("takes waiting" in record.getMessage() for record in errors_in(caplog))


async def test_an_addon_that_is_done_may_be_done_again(serve: Serve) -> None:
    backend: DummyBackend = serve({}).backend
    backend.done()
    backend.done()
    assert len(backend._serving.answerer.disconnects) == 0


async def test_a_replay_is_answered_although_its_client_has_left(serve: Serve) -> None:
    """Mitmproxy stands in for the client, whose connection the flow still has as closed."""
    served = serve({"GET": {"/": {"$template": True, "$delay": "1ms", "$body": "{{ request.path }}"}}})
    flow = flow_of()
    flow.is_replay = "request"
    flow.client_conn.state, flow.client_conn.timestamp_end = connection.ConnectionState.CLOSED, 1.0
    await ask(served.backend, flow)
    assert body_of(flow) == "/"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        pytest.param({"$delay": "1000s", "$body": 1}, "/ (responses.json:1), the client has left", id="delay"),
        pytest.param({"$handler": "h.py:slow"}, "/ (responses.json:1), the client has left", id="handler"),
    ],
)
async def test_the_access_log_says_that_a_client_has_left(
    serve: Serve, tctx: taddons.context, caplog: pytest.LogCaptureFixture, folder: Path, value: Any, said: str
) -> None:
    (folder / "h.py").write_text("import asyncio\nasync def slow(request): await asyncio.sleep(1000)\n")
    served = serve({"GET": {"/": value}})
    tctx.configure(served.backend, responses_log="true")
    flow = flow_of()
    [task] = await started(served, flow)
    served.backend.client_disconnected(flow.client_conn)
    await task
    served.backend.error(flow)
    assert caplog.messages[-1].rpartition(" ")[0].rpartition(" ")[0] == f"--- GET http://api.example.com/ ← {said}"
