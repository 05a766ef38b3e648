"""Every key of a definition: what it makes of an answer, what it excludes, and how its errors read."""

import json
from pathlib import Path
from typing import Any

import pytest

from fakebackend.answers.answer import Answer
from fakebackend.diagnostics.diagnostics import Diagnostics
from fakebackend.format.definition import parse_value
from fakebackend.format.keys import EXCLUSIVE_KEYS
from fakebackend.format.keys import RESERVED_KEYS
from fakebackend.messages.canned_response import CannedResponse
from tests.answering import answer_to
from tests.answering import answered
from tests.answering import context_for
from tests.answering import errors_of
from tests.answering import field_of
from tests.answering import mismatch_of
from tests.answering import table_in

JSON = "application/json"
EXAMPLES: dict[str, Any] = {
    "$body": 1,
    "$text": "a",
    "$base64": "YQ==",
    "$file": "a.txt",
    "$cases": [1],
    "$sequence": [1],
    "$handler": "echo",
    "$forward": True,
    "$fault": "close",
}


@pytest.fixture
def here(folder: Path) -> Path:
    (folder / "a.txt").write_text("content")
    (folder / "h.py").write_text("def f(request):\n    return eval(request.query['r'])\n")
    return folder


FORWARD_MUST_BE = '$forward must be true, an origin or URL like "https://host/v2/{rest}", or {"to": …, "headers": {…}}'


def test_the_reserved_keys_are_those_of_the_contract() -> None:
    contract = (
        "$status $headers $body $text $base64 $file $template $delay $fault $when $probability $cases $sequence "
        "$repeat $set $forward $merge $handler $users $name $description $let $by $limit $events $lines $chunks "
        "$interval $end $throttle $websocket $resource"
    )
    assert set(RESERVED_KEYS) == set(contract.split())
    assert set(EXAMPLES) == set(EXCLUSIVE_KEYS)


@pytest.mark.parametrize(
    ("value", "status", "body", "content_type"),
    [
        pytest.param({"a": 1}, 200, b'{"a": 1}', [JSON], id="plain"),
        pytest.param(None, 200, b"null", [JSON], id="plain-null"),
        pytest.param({"$ref": "#/a", "$id": 1}, 200, b'{"$ref": "#/a", "$id": 1}', [JSON], id="unknown-dollar-keys"),
        pytest.param({"a": {"$status": 404}}, 200, b'{"a": {"$status": 404}}', [JSON], id="only-own-keys-count"),
        pytest.param(
            {"$exists": True, "$state": 1}, 200, b'{"$exists": true, "$state": 1}', [JSON], id="not-reserved-here"
        ),
        pytest.param({"$body": {"$status": 404}}, 200, b'{"$status": 404}', [JSON], id="wrapped"),
        pytest.param({"$body": "é"}, 200, '"é"'.encode(), [JSON], id="body"),
        pytest.param({"$text": "é"}, 200, "é".encode(), ["text/plain; charset=utf-8"], id="text"),
        pytest.param({"$base64": "AP8="}, 200, b"\x00\xff", ["application/octet-stream"], id="base64"),
        pytest.param({"$file": "a.txt"}, 200, b"content", ["text/plain; charset=utf-8"], id="file"),
        pytest.param({"$status": 404}, 404, b"", [], id="no-body-key"),
        pytest.param({"$status": 404.0}, 404, b"", [], id="status-whole-float"),
        pytest.param({"$name": "x", "$description": "y"}, 200, b"", [], id="for-people"),
        pytest.param({"$status": 204}, 204, b"", [], id="204"),
        pytest.param({"$status": 304, "$headers": {"ETag": "1"}}, 304, b"", [], id="304"),
        pytest.param({"$body": 1, "$headers": {"content-type": "a/b"}}, 200, b"1", ["a/b"], id="named-type-wins"),
        pytest.param({"$body": 1, "$headers": {"Content-Type": None}}, 200, b"1", [], id="removed-type"),
        pytest.param({"$body": "{{ 1 }}"}, 200, b'"{{ 1 }}"', [JSON], id="no-template-unless-asked"),
        pytest.param(
            {"$template": False, "$text": "{{ 1 }}"}, 200, b"{{ 1 }}", ["text/plain; charset=utf-8"], id="off"
        ),
        pytest.param({"$template": True, "$body": {"a": "{{ 1 + 1 }}"}}, 200, b'{"a": 2}', [JSON], id="template"),
        pytest.param({"$template": True, "$status": "{{ 400 + 4 }}"}, 404, b"", [], id="template-status"),
        pytest.param(
            {"$template": True, "$base64": "{{ 'YQ' }}=="},
            200,
            b"a",
            ["application/octet-stream"],
            id="template-base64",
        ),
        pytest.param(
            {"$template": True, "$file": "{{ 'a' }}.txt"},
            200,
            b"content",
            ["text/plain; charset=utf-8"],
            id="template-file",
        ),
        pytest.param(
            {"$template": True, "$status": "{{ 204 }}", "$body": 1}, 204, b"", [], id="rendered-204-has-no-body"
        ),
        pytest.param({"$template": True, "$body": "plain"}, 200, b'"plain"', [JSON], id="template-without-one"),
        pytest.param({"$cases": [{"$when": {"query": {"no": "1"}}}, "b"]}, 200, b'"b"', [JSON], id="cases"),
        pytest.param({"$status": 404, "$cases": ["a"]}, 404, b'"a"', [JSON], id="default-beside-cases"),
        pytest.param({"$status": 404, "$cases": [{"$status": 410}]}, 410, b"", [], id="an-items-own-wins"),
        pytest.param({"$status": 404, "$cases": [{"$cases": [{"$sequence": [1]}]}]}, 404, b"1", [JSON], id="nested"),
        pytest.param({"$template": True, "$sequence": ["{{ 1 }}"]}, 200, b"1", [JSON], id="template-beside-sequence"),
        pytest.param({"$handler": "h.py:f"}, 200, b'"r"', [JSON], id="handler"),
    ],
)
def test_a_value_answers(here: Path, value: Any, status: int, body: bytes, content_type: list[str]) -> None:
    view = context_for(path="/?r='r'")
    answer = answered(table_in(here, {"GET /": value}), view)
    if isinstance(answer, Answer):
        answer = answer.source.resolve(view)
    assert isinstance(answer, CannedResponse)
    assert (answer.status, answer.body, field_of(answer, "content-type")) == (status, body, content_type)
    assert field_of(answer, "content-length") == ([] if status in (204, 304) else [str(len(body))])


DEFAULTS = {"$headers": {"A": "1", "B": ["2", "3"]}}


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        pytest.param({}, {"a": ["1"], "b": ["2", "3"]}, id="none"),
        pytest.param({"a": "own"}, {"a": ["own"], "b": ["2", "3"]}, id="own-wins"),
        pytest.param({"B": None}, {"a": ["1"], "b": []}, id="null-removes"),
        pytest.param({"C": 1.5}, {"a": ["1"], "b": ["2", "3"], "c": ["1.5"]}, id="merged"),
    ],
)
@pytest.mark.parametrize("template", [False, True])
def test_default_headers_are_merged_by_name(
    folder: Path, own: dict[str, Any], expected: dict[str, list[str]], template: bool
) -> None:
    value = {"$headers": {**own, **({"X": "{{ 1 }}"} if template else {})}, "$template": template, "$body": 1}
    table = table_in(folder, {"$defaults": DEFAULTS, "GET /": value})
    answer = answered(table, context_for())
    assert {name: field_of(answer, name) for name in expected} == expected
    assert field_of(answer, "x") == (["1"] if template else [])


def test_a_definition_switches_a_default_template_off(folder: Path) -> None:
    table = table_in(folder, {"$defaults": {"$template": True}, "GET /": {"$template": False, "$text": "{{ 1 }}"}})
    assert answered(table, context_for()).body == b"{{ 1 }}"


@pytest.mark.parametrize(
    ("one", "other"),
    [(one, other) for number, one in enumerate(EXAMPLES) for other in list(EXAMPLES)[number + 1 :]],
    ids=lambda key: key[1:],
)
def test_two_keys_that_say_what_is_answered_exclude_each_other(here: Path, one: str, other: str) -> None:
    findings = Diagnostics()
    assert parse_value({one: EXAMPLES[one], other: EXAMPLES[other]}, findings) is None
    [error] = findings.errors
    assert (str(error), error.path, error.at_key) == (
        f"{one} and {other} exclude each other: one of them must go",
        (other,),
        True,
    )


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        pytest.param({"$status": "abc"}, '$status must be an integer from 200 to 599, got "abc"', id="status-text"),
        pytest.param({"$status": 199}, "$status must be an integer from 200 to 599, got 199", id="status-low"),
        pytest.param({"$status": 600}, "$status must be an integer from 200 to 599, got 600", id="status-high"),
        pytest.param({"$status": True}, "$status must be an integer from 200 to 599, got true", id="status-boolean"),
        pytest.param({"$status": 200.5}, "$status must be an integer from 200 to 599, got 200.5", id="status-float"),
        pytest.param({"$headers": []}, "$headers must be an object of names and values, got []", id="headers-list"),
        pytest.param(
            {"$headers": {"Content-Length": 1}},
            "Content-Length is computed from the answer and cannot be set",
            id="length",
        ),
        pytest.param(
            {"$headers": {"transfer-encoding": "x"}},
            "transfer-encoding is computed from the answer and cannot be set",
            id="transfer-encoding",
        ),
        pytest.param(
            {"$headers": {"Connection": "x"}},
            "Connection is computed from the answer and cannot be set",
            id="connection",
        ),
        pytest.param(
            {"$headers": {"A": "b\r\nC: d"}},
            'header A must be one line without control characters, got "b\\r\\nC: d"',
            id="header-injection",
        ),
        pytest.param({"$headers": {"A": "€"}}, 'header A must be Latin-1, got "€"; percent-encode it', id="latin-1"),
        pytest.param({"$text": 1}, "$text must be a string, got a number; JSON goes into $body", id="text"),
        pytest.param({"$base64": "a"}, '$base64 must be base64 (RFC 4648) with its padding, got "a"', id="base64"),
        pytest.param({"$file": 1}, "$file must be a file name, got a number", id="file"),
        pytest.param({"$file": "none.txt"}, '$file names "none.txt", and there is no such file', id="file-missing"),
        pytest.param({"$template": "yes"}, '$template must be true or false, got "yes"', id="template"),
        pytest.param({"$delay": 2}, '$delay needs a unit, got 2: did you mean "2s" or "2ms"?', id="delay"),
        pytest.param(
            {"$fault": "cloes"},
            '$fault must be "close" or "reset" or "hang", got "cloes", did you mean "close"?',
            id="fault",
        ),
        pytest.param({"$fault": 1}, '$fault must be "close" or "reset" or "hang", got 1', id="fault-number"),
        pytest.param({"$when": []}, "$when must be an object of conditions, got a list", id="when"),
        pytest.param({"$probability": 1.1}, "$probability must be a number from 0 to 1, got 1.1", id="probability"),
        pytest.param({"$probability": -0.1}, "$probability must be a number from 0 to 1, got -0.1", id="below-0"),
        pytest.param({"$probability": True}, "$probability must be a number from 0 to 1, got true", id="share-boolean"),
        pytest.param({"$probability": "1"}, '$probability must be a number from 0 to 1, got "1"', id="share-text"),
        pytest.param({"$cases": {}}, "$cases must be a list of at least one value, got {}", id="cases"),
        pytest.param({"$cases": []}, "$cases must be a list of at least one value, got []", id="no-cases"),
        pytest.param({"$sequence": 1}, "$sequence must be a list of at least one value, got 1", id="sequence"),
        pytest.param(
            {"$sequence": [1], "$repeat": "cycel"},
            '$repeat must be "last" or "cycle" or "stop", got "cycel", did you mean "cycle"?',
            id="repeat",
        ),
        pytest.param({"$set": []}, "$set must be an object of names and values, got a list", id="set"),
        pytest.param(
            {"$set": {"a": "{{ nmae }}"}, "$template": True},
            '$set.a: unknown name "nmae" in a template; the docs list those that are known, under $template',
            id="set-template",
        ),
        pytest.param(
            {"$forward": False},
            f"{FORWARD_MUST_BE}, got false",
            id="forward",
        ),
        pytest.param(
            {"$forward": "a.b/path"},
            f'{FORWARD_MUST_BE}, got "a.b/path", did you mean "https://a.b/path"?',
            id="forward-path",
        ),
        pytest.param({"$handler": 1}, "$handler must be a string, got a number", id="handler"),
        pytest.param(
            {"$handler": "ehco"},
            '$handler must be like "file.py:function" or a built-in handler (echo, goto, login, logout, page, uuid), '
            'got "ehco", did you mean "echo"?',
            id="handler-unknown",
        ),
        pytest.param({"$handler": "h.py:g"}, '$handler "h.py:g": h.py has no function "g"', id="handler-function"),
        pytest.param(
            {"$handler": "login", "$users": {"a": 1}},
            'the password of "a" must be text in quotes, got 1',
            id="users",
        ),
        pytest.param(
            {"$handler": "echo", "$users": {}}, '$users stands beside "$handler": "login" only', id="users-echo"
        ),
        pytest.param({"$name": 1}, "$name must be a string, got a number", id="name"),
        pytest.param({"$description": None}, "$description must be a string, got null", id="description"),
        pytest.param({"$events": []}, "$events is not supported yet", id="stream"),
        pytest.param({"$websocket": {}}, "$websocket is not supported yet", id="websocket"),
        pytest.param({"$resource": {}}, "$resource is not supported yet", id="resource"),
        pytest.param({"$body": 1, "$repeat": "last"}, "$repeat stands beside $sequence only", id="repeat-alone"),
        pytest.param({"$body": 1, "$merge": {}}, "$merge stands beside $forward only", id="merge-alone"),
        pytest.param(
            {"$status": 200, "$boddy": 1},
            'unknown key "$boddy" in a definition, did you mean "$body"? '
            'Plain data is wrapped: {"$body": {"$boddy": …}}',
            id="unknown-key",
        ),
        pytest.param(
            {"$status": 200, "x": 1},
            'unknown key "x" in a definition. Plain data is wrapped: {"$body": {"x": …}}',
            id="plain-key",
        ),
        pytest.param(
            {"$sequence": [{"$when": {}, "$body": 1}]},
            "an item of $sequence has no $when; put it beside $sequence, or $cases into the item",
            id="when-in-sequence",
        ),
        pytest.param(
            {"$sequence": [1, {"$probability": 1}]},
            "an item of $sequence has no $probability; put it beside $sequence, or $cases into the item",
            id="probability-in-sequence",
        ),
        pytest.param(
            {"$cases": [{"$status": 99}]}, "$status must be an integer from 200 to 599, got 99", id="in-a-case"
        ),
        pytest.param({"$status": 204, "$cases": ["a"]}, 'a 204 has no body, got "a"', id="plain-item-under-204"),
        pytest.param(
            {"$template": True, "$sequence": ["{{ nmae }}"]},
            'unknown name "nmae" in a template; the docs list those that are known, under $template',
            id="item-template",
        ),
    ],
)
def test_a_wrong_value_is_refused_and_the_error_says_why(here: Path, value: Any, problem: str) -> None:
    assert [each.partition(": GET /: ")[2] for each in errors_of({"GET /": value})[:1]] == [problem]


@pytest.mark.parametrize(
    ("value", "column"),
    [
        pytest.param('{"$status": 99}', 22, id="at-the-value"),
        pytest.param('{"$events": 9}', 11, id="at-the-key"),
        pytest.param('{"$body": 1, "$text": "a"}', 23, id="at-the-second-key"),
        pytest.param('{"$headers": {"A": true}}', 29, id="inside"),
        pytest.param('{"$cases": [1, {"$status": 9}]}', 37, id="inside-a-case"),
        pytest.param('{"$sequence": [{"$when": {}}]}', 26, id="inside-a-sequence"),
    ],
)
def test_an_error_has_the_place_of_what_is_wrong(value: str, column: int) -> None:
    [problem] = errors_of('{"GET /":' + value + "}")[:1]
    assert problem.startswith(f"1:{column}: GET /: ")


def test_all_errors_of_a_definition_are_reported() -> None:
    value = {"$status": 1, "$delay": 2, "$cases": [{"$status": 3}, {"$fault": 4}]}
    assert [problem.partition(" ")[0] for problem in errors_of({"GET /": value})] == [
        "1:23:",
        "1:36:",
        "1:62:",
        "1:77:",
    ]


@pytest.mark.parametrize(
    ("value", "columns"),
    [
        pytest.param({"$when": {"query": {"a": None, "b": [1]}, "quer": 1}}, [37, 48, 54], id="when"),
        pytest.param({"$when": {"json": {"x": {"$gte": True, "y": 1}, "z": [{"$siz": 1}]}}}, [45, 51, 67], id="json"),
        pytest.param({"$headers": {"Connection": "x", "a b": 1, "B": {}}}, [25, 44, 59], id="headers"),
        pytest.param({"$template": True, "$set": {"a": "{{ x }}", "b": "{{"}}, [45, 61], id="set"),
        pytest.param({"$template": True, "$body": ["{{ y }}", 1, "{{ z }}"]}, [41, 55], id="body"),
    ],
)
def test_all_errors_of_a_part_are_reported(value: Any, columns: list[int]) -> None:
    assert [int(problem.split(":")[1]) for problem in errors_of({"GET /": value})] == columns


def test_a_near_miss_in_a_plain_body_is_a_warning() -> None:
    findings = Diagnostics()
    assert isinstance(parse_value({"$statsu": 1, "$ref": 2}, findings), CannedResponse)
    assert [str(w) for w in findings.warnings] == ['"$statsu" is sent as a part of the body, did you mean "$status"?']
    assert not findings.errors


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        pytest.param({"$when": {"query": {"a": "1"}}}, "$when.query.a is missing, expected 1", id="when"),
        pytest.param({"$probability": 0}, "$probability 0 left this request out", id="probability"),
        pytest.param(
            {"$cases": [{"$name": "x", "$when": {"query": {"a": "1"}}}]},
            'no case holds, in case 1 "x" $when.query.a is missing, expected 1',
            id="cases",
        ),
    ],
)
def test_where_the_conditions_do_not_hold_the_entry_does_not_answer(folder: Path, value: Any, reason: str) -> None:
    assert mismatch_of(table_in(folder, {"GET /": value}), context_for()).replace("'1'", "1") == reason


def test_the_example_of_the_contract_is_right(folder: Path) -> None:
    login = {
        "$cases": [
            {"$when": {"json": {"user": "ann", "password": "secret"}}, "$body": {"token": "t1"}},
            {"$status": 401, "$body": {"error": "bad credentials"}},
        ]
    }
    good, bad = ('{"user": "ann", "password": "secret"}', "{}")
    assert json.loads(answer_to(folder, login, context_for("POST", body=good), key="POST /").body) == {"token": "t1"}
    assert answer_to(folder, login, context_for("POST", body=bad), key="POST /").status == 401
