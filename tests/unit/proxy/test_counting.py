"""What is counted, as what, and what is not: the addon asked, and its report looked at."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mitmproxy import exceptions
from mitmproxy import flow as mitmproxy_flow
from mitmproxy import http
from mitmproxy.test import taddons

from fakebackend.proxy.addon import DummyBackend
from fakebackend.proxy.client_disconnects import ClientDisconnects
from fakebackend.proxy.client_disconnects import TooManyWaitingError
from tests.answering import Served
from tests.answering import flow_of
from tests.conftest import ask
from tests.conftest import http_flow
from tests.conftest import response_of
from tests.conftest import write

Serve = Callable[..., Served]

HANDLER = """
import asyncio

def fails(request):
    raise ValueError("no\\nmore")

def nothing(request):
    return None

async def waits(request):
    await asyncio.Event().wait()

def cancels_later(request):
    asyncio.current_task().cancel()

async def cancels(request):
    asyncio.current_task().cancel()
    await asyncio.sleep(0)
"""


@pytest.fixture
def serve(tctx: taddons.context, folder: Path) -> Serve:
    (folder / "h.py").write_text(HANDLER)
    return lambda data, **options: Served(tctx, folder, data, **options)


@pytest.fixture
def leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have each client leave as soon as it is to wait."""

    async def wait(_: ClientDisconnects, __: str, ___: float | None) -> bool:
        return False

    monkeypatch.setattr(ClientDisconnects, "wait", wait)


@pytest.fixture
def stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no request wait, however long it is to."""

    async def wait(_: ClientDisconnects, __: str, ___: float | None) -> bool:
        return True

    monkeypatch.setattr(ClientDisconnects, "wait", wait)


def report_of(served: Served | DummyBackend) -> dict[str, Any]:
    backend = served.backend if isinstance(served, Served) else served
    return backend._serving.report().as_data()


def requests_of(served: Served | DummyBackend) -> tuple[int, int, int, int]:
    """Return the numbers of all requests, those answered, those without an entry, and those that failed."""
    counts = report_of(served)["requests"]
    assert list(counts) == ["total", "answered", "unmatched", "errors"]
    return counts["total"], counts["answered"], counts["unmatched"], counts["errors"]


def entries_of(served: Served | DummyBackend) -> dict[str, int]:
    return {each["entry"]: each["requests"] for each in report_of(served)["entries"]}


async def started(served: Served, flow: http.HTTPFlow) -> asyncio.Task[None]:
    """Have a request asked that must wait, and return once it does."""
    waiting = served.backend.request(flow)
    assert waiting is not None

    async def finish() -> None:
        await waiting

    task = asyncio.create_task(finish())
    async with asyncio.timeout(30):
        while not served.waiting:
            await asyncio.sleep(0)
    return task


# Entries


@pytest.mark.parametrize(
    ("value", "method"),
    [
        pytest.param(1, "GET", id="plain"),
        pytest.param({"$name": "one", "$body": 1}, "GET", id="with-a-name"),
        pytest.param({"$template": True, "$body": "{{ 1 }}"}, "GET", id="template"),
        pytest.param({"$delay": "1s"}, "GET", id="delay"),
        pytest.param({"$fault": "close"}, "GET", id="close"),
        pytest.param({"$fault": "reset"}, "GET", id="reset"),
        pytest.param({"$fault": "hang"}, "GET", id="hang"),
        pytest.param({"$delay": "1s", "$fault": "close"}, "GET", id="delayed-fault"),
        pytest.param({"$forward": True}, "GET", id="forward"),
        pytest.param({"$status": 500}, "GET", id="a-500-that-is-meant"),
        pytest.param({"$limit": {"requests": 1, "per": "1h"}, "$body": 1}, "GET", id="limit-and-429"),
        pytest.param({"$sequence": [1, {"$fault": "close"}]}, "GET", id="sequence"),
        pytest.param(1, "HEAD", id="head"),
    ],
)
async def test_what_an_entry_answers_is_counted_once(serve: Serve, stays: None, value: Any, method: str) -> None:
    served = serve({"GET /a": value, "GET /b": 1})
    for _ in range(2):
        await served.ask(method, "/a")
    assert entries_of(served) == {"GET /a": 2, "GET /b": 0}
    assert requests_of(served) == (2, 2, 0, 0)
    assert report_of(served)["unused"] == ["GET /b"]


@pytest.mark.parametrize(
    "value", [{"$delay": "1s", "$body": 1}, {"$delay": "1s", "$fault": "close"}, {"$fault": "hang"}], ids=str
)
async def test_a_client_that_leaves_was_a_request_all_the_same(serve: Serve, leaves: None, value: Any) -> None:
    served = serve({"GET /a": value})
    await served.ask("GET", "/a")
    assert (entries_of(served), requests_of(served)) == ({"GET /a": 1}, (1, 1, 0, 0))


@pytest.mark.parametrize("path", ["/a", "/declines"])
async def test_an_entry_at_work_as_its_client_leaves_is_used(serve: Serve, path: str) -> None:
    """As by a test of a front-end's timeout: it would be said to be unused."""
    waits = {"$handler": "h.py:waits"}
    served = serve({"GET /a": waits, "GET /declines": {"$handler": "h.py:nothing"}, "GET /{x}": waits})
    flow = flow_of("GET", path)
    task = await started(served, flow)
    served.backend.client_disconnected(flow.client_conn)
    await task
    at_work = "GET /a" if path == "/a" else "GET /{x}"
    assert {label: count for label, count in entries_of(served).items() if count} == {at_work: 1}
    assert requests_of(served) == (1, 1, 0, 0)


async def test_a_fallback_at_work_as_its_client_leaves_is_a_request_without_an_entry(serve: Serve) -> None:
    served = serve({"GET /{x}": {"$handler": "h.py:nothing"}, "$unmatched": {"$handler": "h.py:waits"}})
    flow = flow_of("GET", "/a")
    task = await started(served, flow)
    while not report_of(served)["unmatched"]:
        await asyncio.sleep(0)
    served.backend.client_disconnected(flow.client_conn)
    await task
    assert (requests_of(served), entries_of(served)) == ((1, 0, 1, 0), {"GET /{x}": 0})


async def test_an_entry_that_declines_is_not_asked(serve: Serve) -> None:
    served = serve({"GET /a": {"$handler": "h.py:nothing"}, "GET /{x}": {"$when": {"query": {"a": 1}}, "$body": 1}})
    await served.ask("GET", "/a")
    assert (entries_of(served), requests_of(served)) == ({"GET /a": 0, "GET /{x}": 0}, (1, 0, 1, 0))
    await served.ask("GET", "/a?a=1")
    assert (entries_of(served), requests_of(served)) == ({"GET /a": 0, "GET /{x}": 1}, (2, 1, 1, 0))


async def test_what_lets_pass_in_before_is_neither_counted_nor_unused(serve: Serve) -> None:
    guard = {"$before": {"GET /a": {"$limit": {"requests": 1, "per": "1h"}}}, "GET /a": 1}
    served = serve(guard)
    await served.ask("GET", "/a")
    assert (entries_of(served), report_of(served)["unused"]) == ({"$before GET /a": 0, "GET /a": 1}, [])
    await served.ask("GET", "/a")
    assert (entries_of(served), requests_of(served)) == ({"$before GET /a": 1, "GET /a": 1}, (2, 2, 0, 0))


async def test_of_twenty_thousand_urls_all_are_counted(serve: Serve) -> None:
    served = serve({"GET /a": 1})
    for number in range(2_000):
        await served.ask("GET", f"/b/{number}")
    report = report_of(served)
    assert (len(report["unmatched"]), report["unmatched_not_listed"]) == (1_000, 1_000)
    assert requests_of(served) == (2_000, 0, 2_000, 0)


# Failures


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({"$handler": "h.py:fails"}, id="handler"),
        pytest.param({"$template": True, "$text": "{{ 1 / 0 }}"}, id="template"),
        pytest.param({"$template": True, "$delay": "1s", "$set": {"n": "{{ 1 / 0 }}"}}, id="set"),
        pytest.param({"$by": "{{ 1 / 0 }}", "$sequence": [1]}, id="by"),
        pytest.param({"$file": "gone.txt"}, id="file"),
        pytest.param({"$handler": "h.py:cancels"}, id="handler-that-cancels"),
    ],
)
async def test_an_entry_that_fails_is_used_and_an_error(serve: Serve, folder: Path, stays: None, value: Any) -> None:
    (folder / "gone.txt").write_text("x")
    served = serve({"GET /a": {"$name": "one", **value}})
    (folder / "gone.txt").unlink()
    for _ in range(2):
        assert await served.status("GET", "/a") == 500
    assert (entries_of(served), requests_of(served)) == ({"GET /a": 2}, (2, 0, 0, 2))
    [error] = report_of(served)["errors"]
    assert (error["entry"], error["count"]) == ("GET /a", 2)
    assert error["message"].startswith('responses.json:1: GET /a "one": ')
    assert "\n" not in error["message"]


async def test_a_file_that_was_never_good_makes_each_request_an_error(tctx: taddons.context, folder: Path) -> None:
    (folder / "responses.json").write_text("{")
    backend = DummyBackend()
    tctx.master.addons.add(backend)
    tctx.configure(backend, responsesfile="responses.json")
    backend.running()
    for _ in range(2):
        await ask(backend, http_flow())
    assert (requests_of(backend), report_of(backend)["entries"]) == ((2, 0, 0, 2), [])


@pytest.mark.parametrize(
    ("data", "path", "option", "expected"),
    [
        pytest.param({"GET /a": {"$forward": True}}, "/a", "404", (1, 0, 0, 1), id="entry"),
        pytest.param({"GET /b": 1}, "/a", "forward", (1, 0, 0, 1), id="option"),
        pytest.param({"$unmatched": {"$forward": True}}, "/a", "404", (1, 0, 1, 1), id="fallback"),
        pytest.param({"$unmatched": {"$forward": True}}, "/favicon.ico", "404", (1, 0, 0, 1), id="a-browsers-own"),
    ],
)
async def test_a_forward_without_destination_is_an_error_once(
    serve: Serve, data: Any, path: str, option: str, expected: Any
) -> None:
    served = serve(data, responses_unmatched=option)
    flow = await ask(served.backend, http_flow(path=path, host="127.0.0.1", port=8080))
    assert response_of(flow).status_code == 502
    assert requests_of(served) == expected
    [error] = report_of(served)["errors"]
    assert (error["entry"], error["count"]) == ("GET /a" if "GET /a" in data else None, 1)


@pytest.mark.parametrize("body", [b'{"a": 1}', b"no json"], ids=["changed", "failed"])
async def test_a_real_answer_that_cannot_be_changed_is_an_error_of_its_entry(serve: Serve, body: bytes) -> None:
    served = serve({"GET /a": {"$forward": True, "$merge": {"b": 2}}})
    flow = await served.ask("GET", "/a")
    flow.response = http.Response.make(200, body)
    served.backend.response(flow)
    served.backend.response(flow)
    failed = body == b"no json"
    assert (entries_of(served), requests_of(served)) == ({"GET /a": 1}, (1, not failed, 0, failed))
    assert [error["entry"] for error in report_of(served)["errors"]] == ["GET /a"] * failed


# Requests without an entry


@pytest.mark.parametrize(
    ("fallback", "expected"),
    [
        pytest.param(None, (1, 0, 1, 0), id="none"),
        pytest.param({"$body": "x"}, (1, 0, 1, 0), id="body"),
        pytest.param({"$delay": "1s", "$body": "x"}, (1, 0, 1, 0), id="delay"),
        pytest.param({"$fault": "close"}, (1, 0, 1, 0), id="close"),
        pytest.param({"$fault": "hang"}, (1, 0, 1, 0), id="hang"),
        pytest.param({"$when": {"query": {"a": 1}}, "$body": 1}, (1, 0, 1, 0), id="declines"),
        pytest.param({"$forward": True}, (1, 0, 1, 0), id="forward"),
        pytest.param({"$template": True, "$text": "{{ 1 / 0 }}"}, (1, 0, 1, 1), id="fails"),
        pytest.param({"$handler": "h.py:cancels"}, (1, 0, 1, 1), id="cancels"),
    ],
)
async def test_a_fallback_changes_nothing_about_a_request_without_an_entry(
    serve: Serve, stays: None, fallback: Any, expected: Any
) -> None:
    served = serve({"GET /a": 1, **({} if fallback is None else {"$unmatched": fallback})})
    await served.ask("GET", "/b")
    report = report_of(served)
    assert requests_of(served) == expected
    [unmatched] = report["unmatched"]
    assert unmatched == {
        "method": "GET",
        "url": "http://api.example.com/b",
        "count": 1,
        "nearest": "GET /a",
        "difference": "path differs at segment 1: 'b', expected 'a'",
    }


async def test_a_fallback_whose_client_leaves_is_a_request_without_an_entry(serve: Serve, leaves: None) -> None:
    served = serve({"$unmatched": {"$delay": "1s", "$body": 1}})
    await served.ask("GET", "/b")
    assert requests_of(served) == (1, 0, 1, 0)


@pytest.mark.parametrize("option", ["404", "418", "kill"])
async def test_whatever_is_done_with_it_a_request_without_an_entry_counts(serve: Serve, option: str) -> None:
    served = serve({"GET /a": 1}, responses_unmatched=option)
    await served.ask("GET", "/b")
    assert (requests_of(served), report_of(served)["unmatched_not_listed"]) == ((1, 0, 1, 0), 0)


async def test_what_is_nowhere_near_has_no_nearest(serve: Serve) -> None:
    served = serve({})
    await served.ask("GET", "/b\udcff|`<")
    [unmatched] = report_of(served)["unmatched"]
    assert (unmatched["url"], unmatched["nearest"], unmatched["difference"]) == (
        r"http://api.example.com/b\udcff|`<", None, None,
    )  # fmt: skip


PREFLIGHT = {"Origin": "http://a.example", "Access-Control-Request-Method": "PUT"}


@pytest.mark.parametrize(
    ("method", "path", "headers", "options"),
    [
        pytest.param("GET", "/favicon.ico", {}, {}, id="favicon"),
        pytest.param("GET", "/.well-known/x", {}, {"responses_unmatched": "kill"}, id="well-known"),
        pytest.param("OPTIONS", "/a", PREFLIGHT, {}, id="preflight"),
        pytest.param("OPTIONS", "/none", PREFLIGHT, {"responses_cors": "false"}, id="preflight-of-nothing"),
        pytest.param("OPTIONS", "/a", {}, {}, id="options"),
        pytest.param("GET", "/none", {}, {"responses_unmatched": "forward"}, id="forwarded"),
    ],
)
@pytest.mark.parametrize("fallback", [False, True], ids=["", "with-fallback"])
async def test_what_nobody_wrote_is_not_counted(
    serve: Serve, method: str, path: str, headers: Any, options: Any, fallback: bool
) -> None:
    served = serve({"GET /a": 1, **({"$unmatched": {"$body": 1}} if fallback else {})}, **options)
    await served.ask(method, path, headers=headers)
    assert (requests_of(served), report_of(served)["unmatched"]) == ((0, 0, 0, 0), [])


async def test_what_an_entry_of_ours_answers_counts_whoever_asks(serve: Serve) -> None:
    served = serve({"GET /favicon.ico": 1, "OPTIONS /a": 2})
    await served.ask("GET", "/favicon.ico")
    await served.ask("OPTIONS", "/a", headers=PREFLIGHT)
    assert (entries_of(served), requests_of(served)) == ({"GET /favicon.ico": 1, "OPTIONS /a": 1}, (2, 2, 0, 0))


# Saved flows


async def test_saved_flows_are_not_counted(serve: Serve) -> None:
    """Neither answered, nor without an entry, nor failed, nor by the command."""
    data = {"GET /a": 1, "GET /fails": {"$handler": "h.py:fails"}, "GET /cut": {"$fault": "close"}}
    served = serve({**data, "GET /on": {"$forward": True}}, responses_saved_flows="true", responses_journal="10")
    flows = [flow_of("GET", path, live=False) for path in ("/a", "/fails", "/cut", "/on", "/none")]
    for flow in flows:
        await ask(served.backend, flow)
    served.backend.apply(flows)
    assert response_of(flows[0]).status_code == 200
    assert (requests_of(served), set(entries_of(served).values()), report_of(served)["errors"]) == (
        (0, 0, 0, 0), {0}, [],
    )  # fmt: skip
    assert served.backend._serving.answerer.exchanges.journal.requests == ()


def test_one_flow_of_the_console_is_not_counted(tctx: taddons.context, folder: Path) -> None:
    """`|` runs the script on a saved flow without `load`."""
    write(folder / "responses.json", {"GET": {"/user": 1}})
    backend = DummyBackend()
    backend.configure({"responsesfile"})
    backend.request(http_flow(live=False))
    assert requests_of(backend) == (0, 0, 0, 0)


async def test_what_others_have_answered_is_not_counted(serve: Serve) -> None:
    served = serve({"GET /user": 1}, responses_journal="10")
    await ask(served.backend, http_flow(answered=True))
    failed = http_flow()
    failed.error = mitmproxy_flow.Error("gone")
    await ask(served.backend, failed)
    assert requests_of(served) == (0, 0, 0, 0)


# Readings of the file, other files, resets


async def test_a_reading_of_the_file_keeps_the_counts(serve: Serve) -> None:
    """Also a second one, and one without the entry in between."""
    data = {"$before": {"GET /a": {"$when": {"query": {"x": 1}}, "$body": 1}}, "GET /a": 1, "GET /b": 1}
    served = serve(data)
    for saved in ({**data, "$name": None}, {"GET /b": 2}, data, {**data, "GET /c": 3}):
        for path in ("/a", "/a?x=1", "/b"):
            await served.ask("GET", path)
        served.save({key: value for key, value in saved.items() if key != "$name"})
    await served.ask("GET", "/a")
    assert entries_of(served) == {"$before GET /a": 3, "GET /a": 4, "GET /b": 4, "GET /c": 0}
    assert requests_of(served) == (13, 11, 2, 0)


async def test_a_reading_that_fails_is_an_error_each_time_and_no_request(serve: Serve) -> None:
    served = serve({"GET /a": 1})
    for wrong in ("{", '{"GET a": 1}'):
        served.path.write_text(wrong)
        for _ in range(2):
            assert await served.status("GET", "/a") == 200
    report = report_of(served)
    assert (requests_of(served), [(e["entry"], e["count"]) for e in report["errors"]]) == (
        (4, 4, 0, 0), [(None, 1), (None, 1)],
    )  # fmt: skip
    assert report["errors"][0]["message"].startswith("responses.json:1:2: ")
    served.tctx.configure(served.backend, responses_fail_on="error")
    assert report_of(served)["failed"] == ["error"]


async def test_counts_belong_to_the_file_they_were_made_in(serve: Serve, folder: Path) -> None:
    """Switched away and back, with a wrong one tried in between."""
    served = serve({"GET /a": 1})
    write(folder / "other.json", {"GET /a": 2, "GET /c": 2})
    (folder / "wrong.json").write_text("{")
    await served.ask("GET", "/a")
    served.tctx.configure(served.backend, responsesfile="other.json")
    with pytest.raises(exceptions.OptionsError):
        served.tctx.configure(served.backend, responsesfile="wrong.json")
    assert (entries_of(served), report_of(served)["file"]) == ({"GET /a": 0, "GET /c": 0}, "other.json")
    for _ in range(2):
        await served.ask("GET", "/a")
    assert entries_of(served) == {"GET /a": 2, "GET /c": 0}
    served.tctx.configure(served.backend, responsesfile="responses.json")
    await served.ask("GET", "/a")
    assert (entries_of(served), report_of(served)["file"]) == ({"GET /a": 2}, "responses.json")
    assert (requests_of(served), report_of(served)["errors"]) == ((4, 4, 0, 0), [])


async def test_an_included_entry_with_the_label_of_another_file_keeps_its_own_count(serve: Serve, folder: Path) -> None:
    write(folder / "shared.json", {"GET /a": 1, "GET /b": 1})
    served = serve({"$include": ["shared.json"]})
    await served.ask("GET", "/a")
    assert (entries_of(served), report_of(served)["unused"]) == ({"GET /a": 1, "GET /b": 0}, [])
    served.save({"$include": ["shared.json"], "GET /a": 2})
    await served.ask("GET", "/none")
    assert (entries_of(served), report_of(served)["unused"]) == ({"GET /b": 0, "GET /a": 0}, ["GET /a"])


async def test_a_request_under_way_while_the_file_is_read_counts_for_its_entry(serve: Serve) -> None:
    served = serve({"GET /slow": {"$delay": "1000s", "$body": 1}, "GET /a": 1})
    slow = flow_of(path="/slow")
    task = await started(served, slow)
    served.save({"GET /slow": {"$delay": "2000s", "$body": 1}, "GET /a": 1})
    await served.ask("GET", "/a")
    served.backend.client_disconnected(slow.client_conn)
    await task
    assert entries_of(served) == {"GET /slow": 1, "GET /a": 1}


@pytest.mark.parametrize("way", ["command", "serving"])
async def test_after_a_reset_nothing_was_counted(serve: Serve, way: str) -> None:
    served = serve({"GET /a": 1, "GET /fails": {"$handler": "h.py:fails"}}, responses_journal="10")
    for path in ("/a", "/fails", "/none"):
        served.backend.error(await served.ask("GET", path))
    assert len(served.backend._serving.answerer.exchanges.journal.requests) == 3
    served.backend.reset() if way == "command" else served.backend._serving.reset()
    report = report_of(served)
    assert (requests_of(served), report["unmatched"], report["errors"]) == ((0, 0, 0, 0), [], [])
    assert report["unused"] == ["GET /a", "GET /fails"]
    assert served.backend._serving.answerer.exchanges.journal.requests == ()
    await served.ask("GET", "/a")
    assert requests_of(served) == (1, 1, 0, 0)


async def test_a_request_under_way_at_a_reset_belongs_to_what_was_before(serve: Serve) -> None:
    served = serve({"$state": {"n": 1}, "GET /slow": {"$delay": "1000s", "$set": {"n": 2}}})
    slow = flow_of(path="/slow")
    task = await started(served, slow)
    served.backend.reset()
    served.backend.client_disconnected(slow.client_conn)
    await task
    assert (entries_of(served), requests_of(served)) == ({"GET /slow": 0}, (0, 0, 0, 0))


async def test_a_request_that_waits_is_counted_already(serve: Serve) -> None:
    """The run may end before it has its answer."""
    served = serve({"GET /slow": {"$delay": "1000s", "$body": 1}})
    slow = flow_of(path="/slow")
    task = await started(served, slow)
    assert (entries_of(served), requests_of(served)) == ({"GET /slow": 1}, (1, 1, 0, 0))
    served.backend.client_disconnected(slow.client_conn)
    await task
    assert requests_of(served) == (1, 1, 0, 0)


async def test_what_never_answers_is_told(serve: Serve) -> None:
    served = serve({"$before": {"GET /a": 1}, "GET /a": 2})
    assert report_of(served)["shadowed"] == ["GET /a"]


async def test_the_command_shows_the_report(serve: Serve) -> None:
    served = serve({"GET /a": 1})
    await served.ask("GET", "/a")
    assert served.backend.show_report() == [
        "responses.json: 1 request, 1 answered, 0 unmatched, 0 errors",
        "      1 GET /a (responses.json:1:2)",
    ]


@pytest.mark.parametrize(
    ("data", "works", "expected", "entry"),
    [
        pytest.param({"GET /a": {"$template": True, "$body": "{{ 1 }}"}}, False, (1, 0, 0, 1), None, id="work"),
        pytest.param({"GET /a": {"$fault": "hang"}}, True, (1, 0, 0, 1), "GET /a", id="hang"),
        pytest.param({"GET /a": {"$delay": "1s", "$body": 1}}, True, (1, 0, 0, 1), "GET /a", id="delay"),
        pytest.param({"$unmatched": {"$delay": "1s", "$body": 1}}, True, (1, 0, 1, 1), None, id="delayed-fallback"),
        pytest.param({"$unmatched": {"$fault": "hang"}}, True, (1, 0, 1, 1), None, id="fallback-that-hangs"),
    ],
)
async def test_a_request_too_many_to_wait_is_one_request_and_an_error(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, data: Any, works: bool, expected: Any, entry: str | None
) -> None:
    """Wherever that is found out: where it begins to work, or only where it is to wait."""
    served = serve(data)

    async def full(_: ClientDisconnects, __: str, ___: float | None) -> bool:
        raise TooManyWaitingError

    if works:
        monkeypatch.setattr(ClientDisconnects, "wait", full)
    else:
        monkeypatch.setattr("fakebackend.proxy.client_disconnects.MOST_WAITING", 0)
    assert await served.status("GET", "/a") == 503
    assert requests_of(served) == expected
    [error] = report_of(served)["errors"]
    assert error["entry"] == entry


async def test_a_fallback_whose_handler_cancels_the_request_is_one_request(serve: Serve) -> None:
    served = serve({"$unmatched": {"$handler": "h.py:cancels_later"}})
    assert await served.status("GET", "/a") == 500
    assert requests_of(served) == (1, 0, 1, 1)


async def test_a_real_answer_that_fails_after_a_reset_belongs_to_what_was_before(serve: Serve) -> None:
    served = serve({"GET /a": {"$forward": True, "$merge": {"b": 2}}})
    flow = await served.ask("GET", "/a")
    served.backend.reset()
    flow.response = http.Response.make(200, b"no json")
    served.backend.response(flow)
    assert (entries_of(served), requests_of(served)) == ({"GET /a": 0}, (0, 0, 0, 0))


@pytest.mark.parametrize("value", [{"$body": 1}, {"$forward": True}, {"$fault": "hang"}], ids=str)
async def test_a_request_killed_while_it_is_delayed_was_one_all_the_same(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, value: Any
) -> None:
    served = serve({"GET /a": {**value, "$delay": "1s"}})
    flow = flow_of("GET", "/a")

    async def wait(_: ClientDisconnects, __: str, ___: float | None) -> bool:
        flow.kill()
        return True

    monkeypatch.setattr(ClientDisconnects, "wait", wait)
    await ask(served.backend, flow)
    assert (entries_of(served), requests_of(served), flow.response) == ({"GET /a": 1}, (1, 1, 0, 0), None)
