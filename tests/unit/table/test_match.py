import asyncio
import json
import sys
import threading
from collections.abc import Callable
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from fakebackend.messages.canned_response import CannedResponse
from fakebackend.messages.path_params import NO_PARAMS
from fakebackend.messages.request import Request
from fakebackend.state.mock_state import MockState
from fakebackend.table.entry_table import Candidate
from fakebackend.table.explanation import explain
from fakebackend.table.first_outcome import first_outcome
from fakebackend.table.first_outcome import outcome_of
from fakebackend.table.match import Match
from fakebackend.table.match import PassedOver
from tests.conftest import given
from tests.conftest import table_of
from tests.unit.table.test_entry import entry_of

ECHO = {"$template": True, "$body": {"path": "{{ path }}"}}

SEVERAL = table_of(
    {
        "GET": {
            "/a/7/x y": ECHO,
            "/a/{id:int}/{what}": ECHO,
            "/a/{what}/{id}": ECHO,
            "/{id}/{n:int}/{rest:path}": ECHO,
            "/a/{id}/x{what}": ECHO,
            "/{all:path}": ECHO,
            r"~^/a/(?P<id>\d+)/(?P<what>.)": ECHO,
        }
    }
)
"""Entries that all match `/a/7/x%20y`, each with parameters that another one means differently."""

EXPECTED: dict[str, dict[str, Any]] = {
    "/a/7/x y": {},
    "/a/{id:int}/{what}": {"id": 7, "what": "x y"},
    "/a/{id}/x{what}": {"id": "7", "what": " y"},
    "/a/{what}/{id}": {"what": "7", "id": "x y"},
    "/{id}/{n:int}/{rest:path}": {"id": "a", "n": 7, "rest": "x y"},
    "/{all:path}": {"all": "a/7/x y"},
    r"~^/a/(?P<id>\d+)/(?P<what>.)": {"id": "7", "what": "x"},
}


async def path_given(candidate: Candidate, request: Request, state: MockState) -> dict[str, Any]:
    """Return the parameters with which a candidate answers."""
    found = await first_outcome([candidate], request, state, [])
    assert found is not None
    assert isinstance(found.outcome, CannedResponse)
    path: dict[str, Any] = json.loads(found.outcome.body)["path"]
    return path


@pytest.mark.parametrize("backwards", [False, True], ids=["forwards", "backwards"])
async def test_matches_may_all_be_found_before_the_first_is_answered_with_its_own_parameters(backwards: bool) -> None:
    request, state = given("GET /a/7/x%20y"), MockState()
    candidates = list(SEVERAL.candidates(request, state))
    if backwards:
        candidates.reverse()
    answered = {match.entry.url: await path_given((match, said), request, state) for match, said in candidates}
    assert answered == EXPECTED


def test_matches_keep_their_parameters_whatever_is_matched_after_them() -> None:
    first, second = (list(SEVERAL.matches(given(f"GET {path}"))) for path in ("/a/7/x%20y", "/a/8/z"))
    assert {match.entry.url: match.params.typed for match in first} == EXPECTED
    assert {match.entry.url: match.params.typed for match in second} == {
        "/a/{id:int}/{what}": {"id": 8, "what": "z"},
        "/a/{what}/{id}": {"what": "8", "id": "z"},
        "/{id}/{n:int}/{rest:path}": {"id": "a", "n": 8, "rest": "z"},
        "/{all:path}": {"all": "a/8/z"},
        r"~^/a/(?P<id>\d+)/(?P<what>.)": {"id": "8", "what": "z"},
    }


@pytest.fixture
def restless() -> Iterator[None]:
    """Have threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


ROUNDS = 100

CHOOSING = table_of(
    {
        "POST": {
            "/{id:int}/{name}": {"$when": {"path": {"name": "no"}}, "$body": "never"},
            "/{name}/{id}": {
                "$when": {"json": {"a": 1}, "path": {"id": "x y"}, "query": {"q": "1"}, "cookies": {"c": "2"}},
                "$template": True,
                "$body": ["{{ path }}", "{{ query.q }}", "{{ json.a }}", "{{ cookies.c }}", "{{ headers['x-h'] }}"],
            },
            "/{all:path}": "less specific",
        }
    }
)


def test_two_threads_may_answer_and_explain_the_same_request_at_once(restless: None) -> None:
    requests = [given("POST /7/x%20y?q=1", [("Cookie", "c=2"), ("X-H", "3")], '{"a": 1}') for _ in range(ROUNDS)]
    together = threading.Barrier(2)

    def answers(request: Request) -> Any:
        found = asyncio.run(outcome_of(CHOOSING, request, MockState()))
        assert found is not None
        assert isinstance(found.outcome, CannedResponse)
        return json.loads(found.outcome.body)

    def explanation(request: Request) -> Any:
        return list(explain(CHOOSING, request, MockState()).lines())

    def every_round(ask: Callable[[Request], Any]) -> list[Any]:
        results = []
        try:
            for request in requests:
                together.wait(timeout=60)
                results.append(ask(request))
        except BaseException:
            together.abort()  # so that the other does not wait
            raise
        return results

    with ThreadPoolExecutor(2) as pool:
        for one, other in ((answers, explanation), (answers, answers), (explanation, explanation)):
            done = [pool.submit(every_round, ask) for ask in (one, other)]
            for ask, results in zip((one, other), done, strict=True):
                expected = ANSWER if ask is answers else EXPLANATION
                assert results.result() == [expected] * ROUNDS


ANSWER = [{"name": "7", "id": "x y"}, "1", 1, "2", "3"]
EXPLANATION = [
    "POST /7/x%20y?q=1",
    "✗ POST /{id:int}/{name} (responses.json:1)",
    "    ✗ $when.path.name is 'x y', expected 'no'",
    "✓ POST /{name}/{id} (responses.json:1) answers 200",
    "    ✓ $when.json",
    "    ✓ $when.path.id",
    "    ✓ $when.query.q",
    "    ✓ $when.cookies.c",
    "✓ POST /{all:path} (responses.json:1) would, but is less specific",
]


def test_a_match_of_a_literal_path_has_no_parameters() -> None:
    assert Match(entry_of("GET /a")).params is NO_PARAMS


def test_one_that_was_passed_over_says_who_it_is_and_why() -> None:
    assert str(PassedOver(entry_of("GET /{a}?x=1"), "the reason")) == "GET /{a}?x=1: the reason"
