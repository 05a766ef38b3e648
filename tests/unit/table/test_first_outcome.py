from pathlib import Path
from typing import Any

import pytest

from fakebackend.answers.answer import Answer
from fakebackend.answers.answer import SureSource
from fakebackend.answers.outcome import Fault
from fakebackend.format.compile import compile_file
from fakebackend.messages.canned_response import canned_response
from fakebackend.state.mock_state import MockState
from fakebackend.table.answer_error import AnswerError
from fakebackend.table.entry_table import EntryTable
from fakebackend.table.first_outcome import first_outcome
from fakebackend.table.first_outcome import outcome_of
from fakebackend.table.match import PassedOver
from tests.answering import table_in
from tests.conftest import given

HANDLER = """
def nothing(request):
    return None

def fails(request):
    raise ValueError("no")

async def fails_without_a_word(request):
    raise ValueError
"""

NOTHING = "the handler returned nothing"
NO_FILE = "there is no such file"


@pytest.fixture
def here(folder: Path) -> Path:
    (folder / "h.py").write_text(HANDLER)
    return folder


def said_of(passed_over: list[PassedOver]) -> list[str]:
    return list(map(str, passed_over))


async def test_the_first_that_does_not_pass_is_done_and_those_before_it_are_listed_in_order(here: Path) -> None:
    table = table_in(
        here,
        {
            "GET": {
                "/a": {"$when": {"query": {"x": 1}}},
                "/{name}": {"$handler": "h.py:nothing"},
                "/{name:path}": {
                    "$cases": [{"$file": "{name}.txt"}, {"$when": {"query": {"y": 1}}}, {"$file": "{name}.html"}]
                },
                "~^/": {"$delay": "2s", "$fault": "close"},
            },
            "*": {"~^/": "never asked"},
        },
    )
    state, passed_over = MockState(), list[PassedOver]()
    request = given("GET /a")
    found = await first_outcome(table.candidates(request, state), request, state, passed_over)
    assert found is not None
    assert (found.entry.label, found.outcome, found.seconds) == ("GET ~^/", Fault.CLOSE, 2.0)
    assert said_of(passed_over) == [
        "GET /a: $when.query.x is missing, expected '1'",
        f"GET /{{name}}: {NOTHING}",
        f"GET /{{name:path}}: {NO_FILE}",
        f"GET /{{name:path}}: {NO_FILE}",
        "GET /{name:path}: no case holds, in case 2 $when.query.y is missing, expected '1'",
    ]


async def test_where_all_pass_there_is_no_outcome_and_all_are_listed(here: Path) -> None:
    table = table_in(here, {"GET": {"/a": {"$handler": "h.py:nothing"}, "/{x}": {"$sequence": [{"$file": "{x}.txt"}]}}})
    state, passed_over = MockState(), list[PassedOver]()
    request = given("GET /a")
    assert await first_outcome(table.candidates(request, state), request, state, passed_over) is None
    assert said_of(passed_over) == [f"GET /a: {NOTHING}", f"GET /{{x}}: {NO_FILE}"]


async def test_what_was_passed_over_before_is_kept() -> None:
    [entry] = compile_file(b'{"GET /a": {"$probability": 0}}', "f").table
    earlier = PassedOver(entry, "earlier")
    passed_over = [earlier]
    table, request, state = EntryTable([entry]), given("GET /a"), MockState()
    assert await first_outcome(table.candidates(request, state), request, state, passed_over) is None
    assert said_of(passed_over) == ["GET /a: earlier", "GET /a: $probability 0 left this request out"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param({"$handler": "h.py:fails"}, "GET /{name}: h.py:6: ValueError: no", id="handler"),
        pytest.param({"$handler": "h.py:fails_without_a_word"}, "GET /{name}: h.py:9: ValueError: ", id="no-word"),
        pytest.param(
            {"$template": True, "$body": "{{ 1 / 0 }}"},
            'GET /{name}: in "{{ 1 / 0 }}": division by zero',
            id="template",
        ),
        pytest.param(
            {"$template": True, "$set": {"n": "{{ 1 / 0 }}"}},
            'GET /{name}: in "{{ 1 / 0 }}": division by zero',
            id="variable-to-set",
        ),
        pytest.param(
            {"$template": True, "$status": "{{ 99 }}"},
            "GET /{name}: $status must be an integer from 200 to 599, got 99",
            id="status",
        ),
    ],
)
async def test_a_failure_names_the_entry_and_the_reason_and_nobody_else_is_asked(
    here: Path, value: Any, text: str
) -> None:
    table = table_in(here, {"GET": {"/{name}": value, "/{all:path}": "less specific"}})
    with pytest.raises(AnswerError) as caught:
        await outcome_of(table, given("GET /a"), MockState())
    assert str(caught.value) == f"{here / 'responses.json'}:1: {text}"
    assert caught.value.__cause__ is not None


async def test_a_failure_without_a_text_is_known_by_its_type() -> None:
    class Failing(SureSource):
        def summary(self) -> str:
            return ""

        def resolve(self, _: object) -> None:
            raise KeyError

    [(match, _)] = compile_file(b'{"GET /a": 1}', "f").table.candidates(given("GET /a"), MockState())
    with pytest.raises(AnswerError) as caught:
        await first_outcome([(match, Answer(Failing()))], given("GET /a"), MockState(), [])
    assert str(caught.value) == "f:1: GET /a: KeyError"


async def test_a_table_answers_a_request_without_any_front() -> None:
    table = compile_file(b'{"$state": {"n": 1}, "GET /{x}": {"$template": true, "$text": "{{ path.x }}"}}', "f").table
    found = await outcome_of(table, given("GET /a"), MockState(table.state))
    assert found is not None
    assert (found.entry.label, found.seconds) == ("GET /{x}", 0.0)
    assert found.outcome == canned_response(200, b"a", b"text/plain; charset=utf-8")
    assert await outcome_of(table, given("POST /a"), MockState()) is None
