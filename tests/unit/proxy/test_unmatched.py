"""`$unmatched`: what answers requests that no entry does."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mitmproxy.test import taddons

from tests.answering import Served
from tests.answering import errors_of
from tests.answering import flow_of
from tests.conftest import ask
from tests.conftest import response_of
from tests.conftest import write

Serve = Callable[..., Served]

HANDLER = """
def nothing(request): return None
def fails(request): raise ValueError("no")
def found(request): return {"path": request.path}
"""


@pytest.fixture
def serve(tctx: taddons.context, folder: Path) -> Serve:
    """Return what serves a file of one entry and of what answers all else."""
    (folder / "h.py").write_text(HANDLER)
    return lambda value, **options: Served(tctx, folder, {"GET /a": 1, "$unmatched": value}, **options)


NEAREST = "no entry; nearest GET /a: path differs at segment 1: 'b', expected 'a'"


@pytest.mark.parametrize(
    ("value", "status", "body"),
    [
        pytest.param({"error": "none"}, 404, '{"error": "none"}', id="plain"),
        pytest.param(None, 404, "null", id="null"),
        pytest.param({"$status": 410}, 410, "", id="status"),
        pytest.param({"$template": True, "$body": "{{ request.path }}"}, 404, '"/b"', id="template"),
        pytest.param({"$template": True, "$let": {"p": "{{ request.path }}"}, "$text": "{{ p }}"}, 404, "/b", id="let"),
        pytest.param({"$handler": "h.py:found"}, 404, '{"path": "/b"}', id="handler"),
        pytest.param({"$handler": "h.py:nothing"}, 404, "Path not found", id="handler-that-declines"),
        pytest.param(
            {"$cases": [{"$when": {"query": {"x": 1}}, "$body": 1}]}, 404, "Path not found", id="cases-that-decline"
        ),
        pytest.param({"$cases": [{"$when": {"query": {"x": 1}}, "$body": 1}, {"$status": 200}]}, 200, "", id="cases"),
        pytest.param({"$sequence": ["one", "two"]}, 404, '"one"', id="sequence"),
        pytest.param({"$when": {"query": {"x": 1}}, "$body": 1}, 404, "Path not found", id="condition"),
        pytest.param({"$limit": {"requests": 1, "per": "1m"}, "$body": 1}, 404, "1", id="limit"),
    ],
)
async def test_a_request_without_an_entry_gets_its_answer(serve: Serve, value: Any, status: int, body: str) -> None:
    served = serve(value)
    flow = await served.ask(path="/b")
    response = response_of(flow)
    assert (response.status_code, response.text) == (status, body)
    assert response.headers["X-Fakebackend"] == "no entry; nearest GET /a"
    assert flow.comment.startswith(NEAREST)
    assert ("; answered by $unmatched" in flow.comment) is (body != "Path not found")
    assert await served.json(path="/a") == 1


async def test_names_stand_in_the_comment(serve: Serve) -> None:
    flow = await serve({"$name": "not\nfound", "$cases": [{"$name": "first", "$body": 1}]}).ask(path="/b")
    assert flow.comment == f'{NEAREST}; answered by $unmatched "not found", case 1 "first"'


async def test_it_is_still_unmatched_in_the_log(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    await serve({"error": "none"}).ask(path="/b")
    assert [r.getMessage().partition("; ")[0] for r in caplog.records if r.levelno == logging.WARNING] == [
        "GET http://api.example.com/b: no entry"
    ]


@pytest.mark.parametrize(("option", "status"), [("418", 418), ("200", 200), ("503", 503)])
async def test_its_status_is_what_the_option_says(serve: Serve, option: str, status: int) -> None:
    served = serve({"error": "none"}, responses_unmatched=option)
    assert await served.status(path="/b") == status
    assert response_of(await served.ask("HEAD", "/b")).headers["Content-Length"] == "17"


async def test_where_the_option_says_a_status_without_a_body_there_is_none(serve: Serve) -> None:
    response = response_of(await serve({"error": "none"}, responses_unmatched="204").ask(path="/b"))
    assert (response.status_code, response.content, "content-type" in response.headers) == (204, b"", False)


@pytest.mark.parametrize(
    ("option", "policy"), [("forward", "forwarded to the real server"), ("kill", "killed, nothing is forwarded")]
)
async def test_with_forward_or_kill_it_is_not_asked_and_a_warning_says_so_once(
    serve: Serve, caplog: pytest.LogCaptureFixture, option: str, policy: str
) -> None:
    served = serve({"$handler": "h.py:fails"}, responses_unmatched=option)
    for _ in range(2):
        assert (await served.ask(path="/b")).response is None
    said = f"$unmatched is not asked: requests without an entry are {policy}."
    assert [message for message in caplog.messages if "$unmatched" in message] == [said]
    served.save({"$unmatched": 2})
    await served.ask(path="/b")
    assert [message for message in caplog.messages if "$unmatched" in message] == [said, said]


async def test_what_fails_is_a_500_that_names_it(serve: Serve) -> None:
    response = response_of(await serve({"$handler": "h.py:fails"}).ask(path="/b"))
    assert (response.status_code, response.headers["X-Fakebackend"]) == (
        500,
        "responses.json:1: $unmatched: h.py:3: ValueError: no",
    )


async def test_a_delay_a_fault_and_the_real_server_are_what_they_are_elsewhere(serve: Serve) -> None:
    served = serve({"$fault": "close"})
    flow = await served.ask(path="/b")
    assert flow.error is not None
    assert flow.comment == f"{NEAREST}; answered by $unmatched $fault: close"
    served.save({"$unmatched": {"$delay": "1ms", "$body": 1}})
    assert await served.json(path="/b") == 1
    served.save({"$unmatched": {"$forward": True}})
    assert (await served.ask(path="/b")).response is None


async def test_who_leaves_while_it_waits_is_told_nothing(serve: Serve) -> None:
    served = serve({"$delay": "1h", "$body": 1})
    flow = flow_of(path="/b")
    task = asyncio.ensure_future(ask(served.backend, flow))
    while not served.waiting:
        await asyncio.sleep(0)
    served.backend.client_disconnected(flow.client_conn)
    await task
    assert flow.response is None


async def test_pages_of_other_origins_may_read_it_and_preflights_are_answered_first(serve: Serve) -> None:
    served = serve({"error": "none"})
    response = response_of(await served.ask(path="/b", headers={"Origin": "http://page"}))
    assert response.headers["Access-Control-Allow-Origin"] == "http://page"
    preflight = {"Origin": "http://page", "Access-Control-Request-Method": "PUT"}
    assert await served.status("OPTIONS", "/b", headers=preflight) == 204
    assert await served.status("OPTIONS", "/a") == 204
    assert await served.status("OPTIONS", "/b") == 404


async def test_defaults_hold_for_it(tctx: taddons.context, folder: Path) -> None:
    data = {"$defaults": {"$headers": {"A": "1"}, "$template": True, "$let": {"x": 7}}, "$unmatched": {"x": "{{ x }}"}}
    response = response_of(await Served(tctx, folder, data).ask(path="/b"))
    assert (response.status_code, response.text, response.headers["A"]) == (404, '{"x": 7}', "1")


async def test_that_of_an_included_file_is_not_asked(
    tctx: taddons.context, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(folder / "inner.json", {"$unmatched": "inner"})
    served = Served(tctx, folder, {"$include": ["inner.json"]})
    assert await served.text(path="/b") == "Path not found"
    warning = "inner.json:1:2: $unmatched: is not asked: that of the file that includes this one holds"
    assert warning in caplog.messages


async def test_its_sequence_goes_on_after_a_reload(serve: Serve) -> None:
    served = serve({"$sequence": ["one", "two"]})
    assert await served.json(path="/b") == "one"
    served.save({"GET /a": 2, "$unmatched": {"$sequence": ["one", "two"]}})
    assert await served.json(path="/b") == "two"


def test_what_is_wrong_in_it_is_told_with_its_place() -> None:
    assert errors_of({"$unmatched": {"$status": 99}}) == [
        "1:28: $unmatched: $status must be an integer from 200 to 599, got 99"
    ]
    assert errors_of({"$unmatched": {"$template": True, "$body": "{{ path.id }}"}}) == [
        "1:45: $unmatched: path.id is no parameter of the URL key; it has none"
    ]
