from pathlib import Path
from typing import Any

import pytest

from fakebackend.answers.answer import Answer
from fakebackend.answers.answer import FixedSource
from fakebackend.answers.around import Labelled
from fakebackend.answers.delay import Delay
from fakebackend.answers.outcome import UNSET
from fakebackend.answers.outcome import Fault
from fakebackend.answers.outcome import Forward
from fakebackend.answers.selection import Alternative
from fakebackend.answers.selection import Cases
from fakebackend.answers.selection import Sequence
from fakebackend.diagnostics.diagnostics import Diagnostics
from fakebackend.format.definition import parse_value
from fakebackend.messages.canned_response import CannedResponse
from fakebackend.messages.header_fields import HeaderFields
from tests.answering import context_for
from tests.answering import findings_of
from tests.answering import table_in
from tests.conftest import given
from tests.conftest import look_up


def made(value: Any) -> Alternative | None:
    """Return what a definition without errors answers with."""
    findings = Diagnostics()
    alternative = parse_value(value, findings)
    assert findings.errors == []
    return alternative


@pytest.mark.parametrize(
    ("value", "product"),
    [
        pytest.param({"$fault": "close"}, Fault.CLOSE, id="close"),
        pytest.param({"$fault": "hang", "$status": 200}, Fault.HANG, id="hang"),
        pytest.param({"$forward": True}, Forward(None, UNSET, HeaderFields(), UNSET), id="forward"),
        pytest.param(
            {"$forward": "https://a.b/", "$status": 500, "$merge": None},
            Forward("https://a.b", 500, HeaderFields(), None),
            id="forward-to-an-origin-and-change",
        ),
        pytest.param(
            {"$forward": True, "$headers": {"A": None}},
            Forward(None, UNSET, HeaderFields((), frozenset({b"a"})), UNSET),
            id="forward-and-remove-a-header",
        ),
    ],
)
def test_a_value_is_no_answer_of_ours(folder: Path, value: Any, product: Any) -> None:
    answer = look_up(table_in(folder, {"GET /": value}), given("GET /")).answer
    assert isinstance(answer, Answer)
    assert answer.source.resolve(context_for()) == product


@pytest.mark.parametrize("key", ["$body", "$text", "$base64", "$file"])
@pytest.mark.parametrize("status", [204, 205, 304])
def test_a_body_key_beside_a_status_without_body_is_refused(folder: Path, key: str, status: int) -> None:
    (folder / "YQ==").write_text("a file, too")
    errors, _ = findings_of({"$status": status, key: "YQ=="})
    assert [text for text, _ in errors] == [f"a {status} has no body, remove {key} or change $status"]


def test_a_case_after_one_that_always_answers_is_a_warning() -> None:
    findings = Diagnostics()
    value = {"$cases": [{"$name": "all", "$body": 1}, {"$body": 2}, {"$name": "gone", "$status": 404}]}
    assert parse_value(value, findings) is not None
    [warning] = findings.warnings
    assert str(warning) == 'case 2 never answers, case 1 "all" before it always does'
    assert warning.path == ("$cases", 1)


def test_a_case_of_another_status_can_be_preferred() -> None:
    assert findings_of({"$cases": [1, {"$status": 404}]}) == (
        [],
        ["case 2 never answers unless Prefer asks for its status, case 1 before it always does"],
    )


def test_a_whole_status_is_one_however_it_is_written() -> None:
    cases = made({"$cases": [{"$status": 404.0}]})
    assert isinstance(cases, Cases)
    assert [case.status for case in cases.cases] == [404]


def test_a_case_behind_one_that_always_answers_is_a_warning() -> None:
    assert findings_of({"$cases": [{"$when": {"query": {"x": 1}}}, 1, 2]}) == (
        [],
        ["case 3 never answers, case 2 before it always does"],
    )


def test_a_fault_has_what_stands_beside_it() -> None:
    value = {"$fault": "close", "$delay": "1s", "$set": {"n": 1}}
    assert made(value) == Answer(FixedSource(Fault.CLOSE), Delay(1.0, 1.0), {"n": 1})


def test_a_case_knows_its_place_its_name_and_a_status_that_is_constant() -> None:
    cases = made(
        {
            "$status": 404,
            "$cases": [
                {"$when": {"query": {"x": 1}}, "$name": "first"},
                {"$when": {"query": {"x": 2}}, "$status": 410},
                {"$when": {"query": {"x": 3}}, "$template": True, "$status": "{{ 200 + 1 }}"},
                {"a": 1},
            ],
        }
    )
    assert isinstance(cases, Cases)
    assert [(case.number, case.name, case.status) for case in cases.cases] == [
        (1, "first", 404),
        (2, None, 410),
        (3, None, None),
        (4, None, 404),
    ]


def test_a_status_that_a_case_before_has_already_is_nothing_to_prefer() -> None:
    value = {"$cases": [{"$when": {"query": {"x": 1}}, "$status": 404}, 1, {"$status": 404}]}
    assert findings_of(value) == ([], ["case 3 never answers, case 2 before it always does"])


@pytest.mark.parametrize(("beside", "repeat"), [({}, "last"), ({"$repeat": "cycle"}, "cycle")], ids=["unsaid", "said"])
def test_a_sequence_repeats_its_last_item_unless_it_says_otherwise(beside: dict[str, Any], repeat: str) -> None:
    sequence = made({"$sequence": [1, 2], **beside})
    assert isinstance(sequence, Sequence)
    assert (len(sequence.items), sequence.repeat) == (2, repeat)


def test_an_item_moves_every_sequence_around_it_on() -> None:
    outer = made({"$sequence": [{"$sequence": [1]}]})
    assert isinstance(outer, Sequence)
    [labelled] = outer.items
    assert isinstance(labelled, Labelled)
    inner = labelled.alternative
    assert isinstance(inner, Sequence)
    context = context_for()
    [item] = outer.candidates(context)
    assert isinstance(item, Answer)
    assert [turn.sequence for turn in item.turns] == [outer.key, inner.key]
    assert outer.key != inner.key


def test_what_is_wrong_in_an_item_has_its_place_whatever_is_wrong_beside_it() -> None:
    value = {"$sequence": [{"$when": {}, "$status": 1}, {"$file": "none.txt"}]}
    errors, _ = findings_of(value)
    assert [path for _, path in errors] == [
        ("$sequence", 0, "$when"),
        ("$sequence", 0, "$status"),
        ("$sequence", 1, "$file"),
    ]


def test_what_stands_beside_a_handler_happens_once(folder: Path) -> None:
    (folder / "h.py").write_text("def f(request):\n    return '{{ 1 }}'\n")
    answer = made({"$handler": "h.py:f", "$template": True, "$delay": "1s", "$set": {"n": 1}, "$status": 201})
    assert isinstance(answer, Answer)
    assert (answer.delay, answer.assignments) == (Delay(1.0, 1.0), {"n": 1})
    result = answer.source.resolve(context_for())
    assert isinstance(result, CannedResponse)
    assert (result.status, result.body) == (201, b'"{{ 1 }}"')


@pytest.mark.parametrize(
    ("value", "error"),
    [
        pytest.param(
            {"$handler": "h.py:f"}, '$handler "h.py:f": h.py: there is no such file', id="handler-without-its-file"
        ),
        pytest.param({"$file": "a.txt"}, '$file names "a.txt", and there is no such file', id="file"),
        pytest.param(
            {"$file": "{nme}.txt"}, "$file names {nme}, which the URL key does not have", id="unknown-parameter"
        ),
    ],
)
def test_what_is_named_and_is_not_there_is_an_error_at_its_key(folder: Path, value: Any, error: str) -> None:
    [(text, path)] = findings_of(value)[0]
    assert (text.startswith(error), path) == (True, tuple(value))
