import json
from pathlib import Path
from typing import Any

import pytest

from fakebackend.answers.answer import Source
from fakebackend.answers.builtin_handlers import BuiltinSource
from fakebackend.answers.handler import HandlerError
from fakebackend.answers.handler import HandlerSource
from fakebackend.diagnostics.diagnostics import Diagnostics
from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.format.definition import Definition
from fakebackend.format.handler_result import handler_source
from fakebackend.format.scope import Scope
from tests.answering import answer_to
from tests.answering import answered
from tests.answering import context_for
from tests.answering import field_of
from tests.answering import table_in

JSON = "application/json"


@pytest.fixture
def here(folder: Path) -> Path:
    """Return a folder with a handler that returns what the query says."""
    (folder / "h.py").write_text(
        "from fakebackend import definition\ndef f(request):\n    return eval(request.query['r'])\n"
    )
    return folder


@pytest.mark.parametrize(
    ("result", "status", "body", "content_type"),
    [
        pytest.param("{'a': 1}", 200, b'{"a": 1}', [JSON], id="dict"),
        pytest.param("[1]", 200, b"[1]", [JSON], id="list"),
        pytest.param("7", 200, b"7", [JSON], id="number"),
        pytest.param("1.5", 200, b"1.5", [JSON], id="float"),
        pytest.param("True", 200, b"true", [JSON], id="boolean"),
        pytest.param("'{{ 1 }}'", 200, b'"{{ 1 }}"', [JSON], id="text-is-data"),
        pytest.param("b'\\xff'", 200, b"\xff", ["application/octet-stream"], id="bytes"),
        pytest.param("bytearray(b'a')", 200, b"a", ["application/octet-stream"], id="bytearray"),
        pytest.param(
            "definition({'$status': 201, '$text': 'a'})", 201, b"a", ["text/plain; charset=utf-8"], id="definition"
        ),
        pytest.param("definition({'$status': 204})", 204, b"", [], id="definition-without-body"),
    ],
)
def test_a_handlers_result_is_answered(
    here: Path, result: str, status: int, body: bytes, content_type: list[str]
) -> None:
    answer = answer_to(here, {"$handler": "h.py:f"}, context_for(path=f"/?r={result.replace('+', '%2B')}"))
    assert (answer.status, answer.body, field_of(answer, "content-type")) == (status, body, content_type)


@pytest.mark.parametrize("result", ["None", "definition({'$when': {'query': {'no': '1'}}, '$body': 1})"])
def test_a_handler_that_returns_no_match_does_not_answer(here: Path, result: str) -> None:
    assert answered(table_in(here, {"GET /": {"$handler": "h.py:f"}}), context_for(path=f"/?r={result}")) is None


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        pytest.param("object", "returned a type, expected", id="type"),
        pytest.param("{1}", "returned a set, expected", id="set"),
        pytest.param("{'a': {1}}", "returned what is no JSON", id="no-json-inside"),
        pytest.param("float('nan')", "returned what is no JSON", id="nan"),
        pytest.param(
            "definition({'$status': 200, 1: 2})", "returned a definition with a key that is no text", id="mixed-keys"
        ),
        pytest.param("{1: ...}", "returned what is no JSON: a ellipsis cannot", id="no-json-under-a-number"),
        pytest.param("'\\ud800'", "returned what is no JSON", id="lone-surrogate"),
        pytest.param(
            "definition({'$status': 'abc'})",
            'returned $status must be an integer from 200 to 599, got "abc"',
            id="wrong",
        ),
    ],
)
def test_a_handlers_result_that_is_no_answer_is_an_error(here: Path, result: str, reason: str) -> None:
    with pytest.raises(HandlerError) as caught:
        answered(table_in(here, {"GET /": {"$handler": "h.py:f"}}), context_for(path=f"/?r={result}"))
    assert str(caught.value).startswith(reason)


def test_what_stands_beside_a_handler_are_its_defaults(here: Path) -> None:
    value = {"$handler": "h.py:f", "$status": 201, "$headers": {"A": "1"}}
    for result in ("'a'", "b'a'"):
        answer = answer_to(here, value, context_for(path=f"/?r={result}"))
        assert (answer.status, field_of(answer, "a")) == (201, ["1"])


def source_of(name: str, users: dict[str, str] | None = None) -> Source:
    return handler_source(name, users, Scope(), Definition({}, Diagnostics(), Scope()))


def test_a_handler_is_a_built_in_one_or_a_function_in_a_file(here: Path) -> None:
    assert isinstance(source_of("login", {"ann": "secret"}), BuiltinSource)
    assert isinstance(source_of("h.py:f"), HandlerSource)


@pytest.mark.parametrize("name", ["Login", "h.py", "h.py:g", "no.py:f", ":f", ""])
def test_a_name_that_stands_for_nothing_is_refused(here: Path, name: str) -> None:
    with pytest.raises(ValidationError, match=r"\$handler "):
        source_of(name)


def test_what_a_handler_returns_may_choose_by_the_request(here: Path) -> None:
    result = "definition({'$cases': [{'$when': {'query': {'x': '1'}}, '$body': 'one'}, 'other']})"
    bodies = [answer_to(here, {"$handler": "h.py:f"}, context_for(path=f"/?x={x}&r={result}")).body for x in ("1", "2")]
    assert bodies == [b'"one"', b'"other"']


def test_of_several_errors_in_what_a_handler_returns_the_first_is_told(here: Path) -> None:
    context = context_for(path="/?r=definition({'$status': 1, '$delay': 2})")
    with pytest.raises(HandlerError) as caught:
        answered(table_in(here, {"GET /": {"$handler": "h.py:f"}}), context)
    assert str(caught.value) == "returned $status must be an integer from 200 to 599, got 1"


ATTACKS = [
    pytest.param({"$file": "/etc/passwd"}, id="file"),
    pytest.param({"$handler": "h.py:f"}, id="handler"),
    pytest.param({"$forward": True}, id="forward"),
    pytest.param({"$template": True, "$body": "{{ 7 * 7 }}"}, id="template"),
    pytest.param({"$status": 500, "$headers": {"A": "b"}}, id="head"),
    pytest.param({"$set": {"admin": True}}, id="state"),
    pytest.param({"$cases": [{"$body": 1}]}, id="cases"),
    pytest.param([{"$body": 1}], id="in-a-list"),
    pytest.param({"a": {"$body": 1}}, id="deeper"),
]


@pytest.mark.parametrize("sent", ATTACKS)
@pytest.mark.parametrize("how", ["return request.json", "return dict(request.json or {})", "return {**request.json}"])
def test_what_a_client_sent_stays_data(folder: Path, sent: Any, how: str) -> None:
    if isinstance(sent, list):
        how = "return request.json"
    (folder / "store.py").write_text(f"def f(request):\n    {how}\n")
    context = context_for("POST", "/", body=json.dumps(sent), state={"admin": False})
    answer = answer_to(folder, {"$handler": "store.py:f"}, context, key="POST /")
    assert (answer.status, json.loads(answer.body)) == (200, sent)
    assert context.state.variables == {"admin": False}


def test_an_object_that_looks_like_a_definition_is_spoken_of_once_per_handler(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "once.py").write_text("def f(request):\n    return {'$status': 404}\n")
    for _ in range(3):
        answer_to(folder, {"$handler": "once.py:f"}, context_for())
    assert caplog.messages == [
        "$handler once.py:f returned an object with reserved keys, which is sent as data. "
        "To have it read: from fakebackend import definition, and return definition({…})"
    ]
