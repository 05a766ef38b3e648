from typing import Any

import pytest

from fakebackend.answers.bodies import BODY_KINDS
from fakebackend.answers.selection import first_answer
from fakebackend.diagnostics.diagnostics import Diagnostics
from fakebackend.format.definition import parse_value
from fakebackend.messages.canned_response import CannedResponse
from tests.answering import findings_of
from tests.conftest import given_context


def answer_of(value: Any) -> CannedResponse:
    findings = Diagnostics()
    choice = parse_value(value, findings)
    assert choice is not None
    assert findings.errors == []
    chosen = first_answer(choice, given_context("GET /"))
    assert isinstance(chosen, CannedResponse)
    return chosen


@pytest.mark.parametrize(
    ("value", "body"),
    [
        pytest.param(None, b"null", id="null"),
        pytest.param([], b"[]", id="list"),
        pytest.param({}, b"{}", id="empty-object"),
        pytest.param({"a": {"$status": 201}}, b'{"a": {"$status": 201}}', id="only-its-own-keys-are-looked-at"),
        pytest.param({"$ref": "x"}, b'{"$ref": "x"}', id="unknown-words-are-data"),
        pytest.param({"$body": {"$status": 201}}, b'{"$status": 201}', id="wrapped"),
        pytest.param({"$name": "x", "$description": "y"}, b"", id="names-alone"),
        pytest.param({"$when": {}, "$text": "t"}, b"t", id="when-beside-a-body"),
    ],
)
def test_a_value_is_a_body_unless_it_has_a_reserved_key(value: Any, body: bytes) -> None:
    assert answer_of(value).body == body


@pytest.mark.parametrize(
    ("value", "errors"),
    [
        pytest.param({"$when": []}, [("$when must be an object of conditions, got a list", ("$when",))], id="when"),
        pytest.param(
            {"$cases": {}}, [("$cases must be a list of at least one value, got {}", ("$cases",))], id="cases"
        ),
        pytest.param(
            {"$cases": []}, [("$cases must be a list of at least one value, got []", ("$cases",))], id="no-cases"
        ),
        pytest.param(
            {"$cases": [1], "$body": 1},
            [("$cases and $body exclude each other: one of them must go", ("$body",))],
            id="cases-beside-a-body",
        ),
        pytest.param(
            {"$cases": [{"$status": 1}, {"$cases": [{"$when": {"text": []}}]}]},
            [
                ("$status must be an integer from 200 to 599, got 1", ("$cases", 0, "$status")),
                (
                    "$when.text: expected a string, a number, a boolean or operators, got a list; "
                    'one of several is {"$in": […]}',
                    ("$cases", 1, "$cases", 0, "$when", "text"),
                ),
            ],
            id="in-nested-cases",
        ),
        pytest.param({"$name": 1}, [("$name must be a string, got a number", ("$name",))], id="name"),
        pytest.param(
            {"$status": 204, "$cases": [1]}, [("a 204 has no body, got 1", ("$cases", 0))], id="case-of-a-204"
        ),
        pytest.param(
            {"$status": 204, "$body": 1},
            [("a 204 has no body, remove $body or change $status", ("$body",))],
            id="body-of-a-204",
        ),
    ],
)
def test_errors_have_their_places_in_the_value(value: Any, errors: list[tuple[str, tuple[str | int, ...]]]) -> None:
    assert findings_of(value)[0] == errors


def test_items_of_what_is_wrong_are_looked_at_with_its_templates() -> None:
    errors, _ = findings_of({"$template": True, "$stauts": 1, "$cases": [{"$status": "{{ 404 }}"}, {"$status": 1}]})
    assert [path for _, path in errors] == [("$stauts",), ("$cases", 1, "$status")]


def test_a_plain_key_in_a_definition_is_refused_with_the_way_out() -> None:
    [(text, path)] = findings_of({"$when": {}, "a": 1})[0]
    assert path == ("a",)
    assert text.startswith('unknown key "a" in a definition')
    assert '{"$body": {"a": …}}' in text


def test_there_are_bodies_to_name() -> None:
    assert {"$body", "$text", "$base64"} <= set(BODY_KINDS)


@pytest.mark.parametrize("word", ["$each", "$if", "$value"])
def test_a_word_of_bodies_beside_reserved_keys_is_an_error_that_names_the_key_to_use(word: str) -> None:
    text = f"{word} stands inside a body, not beside reserved keys; a condition for the whole answer is $when"
    assert findings_of({"$status": 200, word: 1}) == ([(text, (word,))], [])
