"""`$limit`: so many requests in a stretch of time."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from fakebackend.answers.limit import Limit
from fakebackend.answers.limit import LimitQuota
from fakebackend.answers.outcome import Forward
from fakebackend.messages.canned_response import CannedResponse
from fakebackend.messages.header_fields import fields_of
from fakebackend.messages.path_params import NO_PARAMS
from fakebackend.state.request_context import context_of
from fakebackend.table.explanation import explain
from tests.answering import Core
from tests.answering import errors_of
from tests.answering import field_of
from tests.conftest import given

ONE = {"requests": 1, "per": "1m"}
TWO = {"requests": 2, "per": "1m"}
HEADERS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After")


class Clock:
    """Time that passes only when it is told to, in seconds."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Return the clock that limits look at."""
    clock = Clock()
    monkeypatch.setattr("fakebackend.answers.limit.time", clock)
    return clock


async def statuses(core: Core, *requests: str) -> list[int]:
    return [(await core.ask(request)).status for request in requests]


async def test_so_many_are_answered_in_a_window_that_begins_with_the_first(tmp_path: Path, clock: Clock) -> None:
    core = Core(tmp_path, {"GET /": {"$limit": TWO, "$body": 1}})
    clock.now += 1_000_000
    found = []
    for later in (0, 20.5, 10, 29, 0.5, 0):  # seconds
        clock.now += later
        answer = await core.ask()
        found.append((answer.status, *(field_of(answer, name) for name in HEADERS)))
    assert found == [
        (200, ["2"], ["1"], ["60"], []),
        (200, ["2"], ["0"], ["40"], []),
        (429, ["2"], ["0"], ["30"], ["30"]),
        (429, ["2"], ["0"], ["1"], ["1"]),
        (200, ["2"], ["1"], ["60"], []),
        (200, ["2"], ["0"], ["60"], []),
    ]


async def test_a_refusal_says_so_in_text(tmp_path: Path) -> None:
    core = Core(tmp_path, {"GET /": {"$limit": ONE, "$headers": {"A": "1"}, "$body": 1}})
    await core.ask()
    answer = await core.ask()
    assert (answer.body, field_of(answer, "Content-Type"), field_of(answer, "A")) == (
        b"Too many requests",
        ["text/plain; charset=utf-8"],
        [],
    )


@pytest.mark.parametrize(
    ("answer", "status", "body"),
    [
        pytest.param({"error": "slow down"}, 429, b'{"error": "slow down"}', id="plain"),
        pytest.param({"$status": 503, "$text": "no"}, 503, b"no", id="own-status"),
        pytest.param({"$body": "{{ query.a }}{{ mine }}"}, 429, b'"x7"', id="template"),
        pytest.param({"$template": False, "$body": "{{ 1 }}"}, 429, b'"{{ 1 }}"', id="no-template"),
        pytest.param({"$cases": [{"$when": {"query": {"b": 1}}, "$body": 1}, {"$status": 420}]}, 420, b"", id="cases"),
        pytest.param(
            {"$cases": [{"$when": {"query": {"b": 1}}, "$body": 1}]}, 429, b"Too many requests", id="declines"
        ),
        pytest.param({"$file": "{a}.txt"}, 429, b"Too many requests", id="passes"),
        pytest.param({"$sequence": [1, 2]}, 429, b"1", id="sequence"),
        pytest.param(None, 429, b"null", id="null"),
    ],
)
async def test_a_refusal_may_be_any_value(tmp_path: Path, answer: Any, status: int, body: bytes) -> None:
    value = {"$template": True, "$let": {"mine": 7}, "$limit": {**ONE, "answer": answer}, "$body": 1}
    core = Core(tmp_path, {"GET /{a}": value})
    await core.ask("GET /f?a=x")
    refused = await core.ask("GET /f?a=x")
    assert (refused.status, refused.body) == (status, body)
    assert [field_of(refused, name) for name in HEADERS] == [["1"], ["0"], ["60"], ["60"]]


async def test_what_the_file_says_of_the_headers_wins(tmp_path: Path) -> None:
    answer = {"$headers": {"Retry-After": "7", "ratelimit-reset": None}}
    core = Core(
        tmp_path, {"GET /": {"$limit": {**ONE, "answer": answer}, "$headers": {"RateLimit-Limit": "many"}, "$body": 1}}
    )
    assert field_of(await core.ask(), "RateLimit-Limit") == ["many"]
    refused = await core.ask()
    assert [field_of(refused, name) for name in HEADERS] == [["1"], ["0"], [], ["7"]]


async def test_our_own_refusal_has_the_headers_of_the_file(tmp_path: Path) -> None:
    defaults = {"$headers": {"X-Backend": "fake"}, "$delay": "1s"}
    core = Core(tmp_path, {"$defaults": defaults, "GET /": {"$limit": ONE, "$headers": {"X-Own": "1"}, "$body": 1}})
    await core.ask()
    refused = await core.found()
    assert refused is not None
    assert isinstance(refused.outcome, CannedResponse)
    assert (refused.seconds, refused.outcome.body) == (0.0, b"Too many requests")
    assert [field_of(refused.outcome, name) for name in ("X-Backend", "X-Own")] == [["fake"], []]


async def test_a_refused_request_leaves_state_delay_and_sequence_alone(tmp_path: Path) -> None:
    value = {
        "$limit": ONE,
        "$template": True,
        "$delay": "1s",
        "$set": {"n": "{{ state.n + 1 }}"},
        "$sequence": ["a", "b"],
    }
    core = Core(tmp_path, {"$state": {"n": 0}, "GET /": value})
    first, second = await core.found(), await core.found()
    assert first is not None
    assert second is not None
    assert (first.seconds, second.seconds, second.labels) == (1.0, 0.0, ("above its $limit",))
    assert core.state.variables == {"n": 1}


async def test_only_what_the_conditions_let_through_is_counted(tmp_path: Path) -> None:
    core = Core(tmp_path, {"GET": {"/": {"$when": {"query": {"a": 1}}, "$limit": ONE, "$body": 1}, "/{rest:path}": 2}})
    assert [await core.json(request) for request in ("GET /", "GET /", "GET /?a=1")] == [2, 2, 1]
    assert await statuses(core, "GET /", "GET /?a=1") == [200, 429]


async def test_what_passes_is_not_counted(tmp_path: Path) -> None:
    (tmp_path / "h.py").write_text("def f(r): return r.query.get('a')\ndef bad(r): raise ValueError\n")
    core = Core(tmp_path, {"GET": {"/": {"$limit": ONE, "$handler": "h.py:f"}, "/{rest:path}": "other"}})
    assert [await core.json(r) for r in ("GET /", "GET /", "GET /?a=1", "GET /?a=1")[:3]] == ["other", "other", "1"]
    assert await statuses(core, "GET /?a=1") == [429]


async def test_one_limit_holds_for_all_cases_and_inner_ones_beside_it(tmp_path: Path) -> None:
    cases = [{"$when": {"query": {"a": 1}}, "$limit": ONE, "$body": "a"}, "b"]
    core = Core(tmp_path, {"GET /": {"$limit": {"requests": 3, "per": "1h"}, "$cases": cases}})
    assert field_of(await core.ask("GET /?a=1"), "RateLimit-Remaining") == ["0"]  # of the tighter one
    assert await statuses(core, "GET /?a=1", "GET /", "GET /", "GET /") == [429, 200, 200, 429]


async def test_a_definition_with_nothing_to_answer_refuses_and_passes_the_rest_on(tmp_path: Path) -> None:
    guard = {
        "$limit": TWO,
        "$by": "{{ headers.A }}",
        "$name": "all",
        "$description": "d",
        "$when": {},
        "$template": True,
    }
    data = {"$before": {"*": {"/{rest:path}": guard}}, "GET": {"/a": 1, "/b": {"$limit": ONE, "$body": 2}}}
    core = Core(tmp_path, data)
    assert await statuses(core, "GET /a", "GET /b", "GET /a") == [200, 200, 429]
    assert (await core.ask("GET /a", headers={"A": "x"})).status == 200
    assert [
        await core.found("GET /none", headers={"A": "x"}),
        (await core.ask("GET /a", headers={"A": "x"})).status,
    ] == [None, 429]


@pytest.mark.parametrize(
    "beside", [{"$status": 204}, {"$headers": {"A": "1"}}, {"$delay": "1s"}, {"$set": {"n": 1}}], ids=str
)
async def test_with_anything_to_say_it_is_an_answer(tmp_path: Path, beside: dict[str, Any]) -> None:
    core = Core(tmp_path, {"GET": {"/": {"$limit": ONE, **beside}, "/{rest:path}": "other"}})
    assert (await core.ask()).body == b""


async def test_an_entry_and_one_of_before_with_the_same_limit_count_apart(tmp_path: Path) -> None:
    core = Core(tmp_path, {"$before": {"GET /": {"$limit": ONE}}, "GET /": {"$limit": ONE, "$body": 1}})
    assert (await core.ask()).status == 200


async def test_a_fault_has_no_header_and_the_real_answer_gets_them(tmp_path: Path) -> None:
    core = Core(
        tmp_path, {"GET": {"/fault": {"$limit": ONE, "$fault": "close"}, "/real": {"$limit": ONE, "$forward": True}}}
    )
    fault, real = await core.found("GET /fault"), await core.found("GET /real")
    assert fault is not None
    assert real is not None
    assert isinstance(real.outcome, Forward)
    fields = [(b"RateLimit-Limit", b"1"), (b"RateLimit-Remaining", b"0"), (b"RateLimit-Reset", b"60")]
    assert real.outcome.headers == fields_of(*fields)
    assert await statuses(core, "GET /fault", "GET /real") == [429, 429]


async def test_reload_and_reset(tmp_path: Path) -> None:
    def data(limit: Any, body: Any) -> dict[str, Any]:
        return {"GET /": {"$limit": limit, "$body": body}}

    core = Core(tmp_path, data(ONE, 1))
    assert await statuses(core, "GET /", "GET /") == [200, 429]
    for changed, status in ((data(ONE, 2), 429), (data(TWO, 2), 200)):
        again = Core(tmp_path, changed)
        core.state.rebase({}, again.table.remembered_keys())
        core.table = again.table
        assert await statuses(core, "GET /") == [status]
    assert await statuses(core, "GET /", "GET /") == [200, 429]
    core.state.reset()
    assert await statuses(core, "GET /") == [200]


async def test_an_explanation_says_how_many_are_left_and_uses_up_none(tmp_path: Path) -> None:
    core = Core(tmp_path, {"GET /": {"$limit": {**ONE, "answer": {"$sequence": [1]}}, "$body": 1}})
    request = given("GET /")
    for left in (1, 1):
        assert "    ✓ $limit: 1 of 1 left" in list(explain(core.table, request, core.state).lines()), left
    await core.ask()
    assert "    ✗ $limit: 0 of 1 left" in list(explain(core.table, request, core.state).lines())
    assert len(list(core.table.remembered_keys())) == 2


async def test_an_explanation_says_that_a_guard_passes_the_request_on(tmp_path: Path) -> None:
    core = Core(tmp_path, {"$before": {"GET /b": {"$limit": ONE}}, "GET /b": 1})
    first, *_, last = explain(core.table, given("GET /b"), core.state).lines()
    assert (first, last.partition(" (")[0], last.endswith("answers 200")) == ("GET /b", "✓ GET /b", True)
    await core.ask("GET /b")
    lines = list(explain(core.table, given("GET /b"), core.state).lines())
    assert [line.partition(") ")[2] for line in lines if " GET /b (" in line] == [
        "in $before answers 429, above its $limit",
        "would, but $before comes first",
    ]


async def test_an_explanation_says_why_nothing_can_be_counted(tmp_path: Path) -> None:
    core = Core(tmp_path, {"GET /": {"$by": "{{ 1 / 0 }}", "$sequence": [1]}})
    lines = list(explain(core.table, given("GET /"), core.state).lines())
    assert lines[-1].endswith('GET /: $by: in "{{ 1 / 0 }}": division by zero')


@pytest.mark.parametrize(
    ("limit", "errors"),
    [
        pytest.param(5, ['$limit must be like {"requests": 5, "per": "1m"}, got 5'], id="number"),
        pytest.param({}, ['$limit lacks requests, as in {"requests": 5, "per": "1m"}'], id="empty"),
        pytest.param({"requests": 5}, ['$limit lacks per, as in {"requests": 5, "per": "1m"}'], id="no-window"),
        pytest.param(
            {"request": 5, "per": 60},
            [
                'unknown key "request" in $limit, expected requests, per, answer, did you mean "requests"?',
                '$limit.per needs a unit, got 60: did you mean "60s" or "60ms"?',
            ],
            id="all-that-is-wrong",
        ),
        pytest.param({**ONE, "requests": 0}, ["$limit.requests must be a whole number from 1, got 0"], id="none"),
        pytest.param(
            {**ONE, "requests": 1.5}, ["$limit.requests must be a whole number from 1, got 1.5"], id="fraction"
        ),
        pytest.param({**ONE, "per": "0s"}, ['$limit.per must be longer than nothing, got "0s"'], id="no-time"),
        pytest.param(
            {**ONE, "per": "soon"}, ['$limit.per must be like "1s", "1m" or "1h", got "soon"'], id="no-duration"
        ),
        pytest.param(
            {**ONE, "answer": {"$status": 99}}, ["$status must be an integer from 200 to 599, got 99"], id="answer"
        ),
    ],
)
def test_what_is_no_limit_is_told(limit: Any, errors: list[str]) -> None:
    found = errors_of({"GET /": {"$limit": limit, "$body": 1}})
    assert [error.partition("GET /: ")[2] for error in found] == errors


async def test_a_limit_that_answers_late_counts_down_to_nothing(tmp_path: Path, clock: Clock) -> None:
    core = Core(tmp_path, {"GET /": {"$limit": ONE, "$delay": "0ms", "$body": 1}})
    quota = LimitQuota(Limit(1, 60.0, "key"), context_of(given("GET /"), NO_PARAMS, core.state))
    assert quota.fields(refused=False)[-1] == (b"RateLimit-Reset", b"60")
    assert quota.take()
    clock.now += 100
    assert quota.fields(refused=False)[-1] == (b"RateLimit-Reset", b"0")


async def test_while_a_handler_works_nobody_is_refused_for_what_it_may_decline(tmp_path: Path) -> None:
    (tmp_path / "h.py").write_text(
        "import asyncio\nasync def f(r):\n    await asyncio.sleep(0.01)\n    return r.query.get('a')\n"
    )
    value = {"$limit": TWO, "$set": {"n": "set"}, "$handler": "h.py:f"}
    core = Core(tmp_path, {"GET": {"/": value, "/{rest:path}": "other"}})
    answers = await asyncio.gather(*(core.json() for _ in range(6)))
    assert answers == ["other"] * 6
    found = await asyncio.gather(*(core.ask("GET /?a=1") for _ in range(6)))
    assert sorted(answer.status for answer in found) == [200, 200, 429, 429, 429, 429]
    assert core.state.variables == {"n": "set"}
