"""The same file in JSON, in JSON with comments, and in YAML gives the same answers."""

from typing import Any

import pytest

from fakebackend.format.compile import compile_file
from fakebackend.messages.canned_response import CannedResponse
from fakebackend.state.mock_state import MockState
from fakebackend.table.entry_table import EntryTable
from fakebackend.table.first_outcome import outcome_of
from tests.conftest import given

ENDINGS = (".json", ".jsonc", ".yaml")

# Each file three times, then what is asked of it in turn: method and URL, and maybe a JSON body.
FILES = [
    pytest.param(
        (
            '{"GET": {"/user": {"firstName": "John", "age": 42, "tags": ["a", null, true, 1.5]}}}',
            """{
              // who is it?
              "GET": {
                "/user": {"firstName": "John", "age": 42, "tags": ["a", null, true, 1.5,],}, /* him */
              },
            }""",
            "GET:\n  /user: {firstName: John, age: 42, tags: [a, null, true, 1.5]}  # him\n",
        ),
        ["GET /user", "HEAD /user", "PUT /user"],
        id="plain-bodies",
    ),
    pytest.param(
        (
            r"""{"GET": {"/texts": ["no", "2001-12-14", "0x10", "1e3", "// no comment", "/* nor this */,]", "é\"\\\n",
            "\ud83d\ude00", "", "~", "010"], "/numbers": [0, -1, 1.50, 1e3, -0.0, 9007199254740993, 0.1, 16]}}""",
            r"""{"GET": {
              "/texts": ["no", "2001-12-14", "0x10", "1e3", // no, a comment
                "// no comment", "/* nor this */,]", "é\"\\\n", "😀", "", "~", "010"],
              "/numbers": [0, -1, 1.50, 1e3, -0.0, 9007199254740993, 0.1, 16],
            }}""",
            r"""
GET:
  /texts:
    - no
    - 2001-12-14
    - "0x10"
    - '1e3'
    - // no comment
    - /* nor this */,]
    - "é\"\\\n"
    - 😀
    - ""
    - '~'
    - "010"
  /numbers: [0, -1, 1.50, 1e3, -0.0, 9007199254740993, 0.1, 0x10]
""",
        ),
        ["GET /texts", "GET /numbers"],
        id="texts-and-numbers",
    ),
    pytest.param(
        (
            """{"$base": "/api", "$defaults": {"$headers": {"X-A": "1"}},
            "GET": {"/a": {"$status": 201, "$headers": {"X-B": ["1", "2"], "X-A": null}, "$text": "one\\ntwo\\n"}},
            "DELETE /users/{id:int}": {"$status": 204}, "*": {"/any?x": {"$base64": "AAEC"}}}""",
            """// the base of all
            {"$base": "/api", "$defaults": {"$headers": {"X-A": "1"},},
            "GET": {"/a": {"$status": 201, "$headers": {"X-B": ["1", "2",], "X-A": null}, "$text": "one\\ntwo\\n"}},
            "DELETE /users/{id:int}": {"$status": 204,}, /**/ "*": {"/any?x": {"$base64": "AAEC"}}}""",
            """
$base: /api
$defaults: {$headers: {X-A: "1"}}
GET:
  /a:
    $status: 201
    $headers: {X-B: ["1", "2"], X-A: null}
    $text: |
      one
      two
DELETE /users/{id:int}: {$status: 204}
"*":
  /any?x: {$base64: AAEC}
""",
        ),
        ["GET /api/a", "GET /a", "DELETE /api/users/7", "DELETE /api/users/x", "POST /api/any?x=1", "POST /api/any"],
        id="definitions",
    ),
    pytest.param(
        (
            """{"$state": {"n": 1}, "POST": {"/login": {"$cases": [
              {"$when": {"json": {"user": "ann", "age": {"$gte": 18}}}, "$set": {"n": 2}, "$body": {"token": "t"}},
              {"$status": 401, "$body": {"error": "no"}}]}},
            "GET": {"/n": {"$template": true, "$body": {"n": "{{ state.n }}", "q": "{{ query.q | default('none') }}"}},
              "/turns": {"$sequence": [{"$status": 503}, {"$status": 200, "$body": null}], "$repeat": "cycle"}}}""",
            """{"$state": {"n": 1}, "POST": {"/login": {"$cases": [ // the first that holds
              {"$when": {"json": {"user": "ann", "age": {"$gte": 18}}}, "$set": {"n": 2}, "$body": {"token": "t"}},
              {"$status": 401, "$body": {"error": "no"}},]}},
            "GET": {"/n": {"$template": true, "$body": {"n": "{{ state.n }}", "q": "{{ query.q | default('none') }}"}},
              /* in turn */
              "/turns": {"$sequence": [{"$status": 503}, {"$status": 200, "$body": null}], "$repeat": "cycle",}}}""",
            """
$state: {n: 1}
POST:
  /login:
    $cases:
      - $when: {json: {user: ann, age: {$gte: 18}}}
        $set: {n: 2}
        $body: {token: t}
      - {$status: 401, $body: {error: "no"}}
GET:
  /n:
    $template: true
    $body: {n: "{{ state.n }}", q: "{{ query.q | default('none') }}"}
  /turns:
    $sequence:
      - $status: 503
      - {$status: 200, $body: null}
    $repeat: cycle
""",
        ),
        [
            "GET /n",
            'POST /login {"user": "ann", "age": 17}',
            "GET /n",
            'POST /login {"user": "ann", "age": 18}',
            "GET /n?q=1",
            *["GET /turns"] * 3,
        ],
        id="conditions-state-and-templates",
    ),
    pytest.param(
        (
            """{"GET": {"/a": {"x": 1, "y": {"z": [1]}}, "/b": {"x": 2, "y": {"z": [1]}}, "/c": [{"z": [1]}]},
            "$before": {"GET": {"/b": {"$when": {"query": {"down": 1}}, "$status": 503}}}}""",
            """{"GET": {"/a": {"x": 1, "y": {"z": [1]}}, "/b": {"x": 2, "y": {"z": [1]}}, "/c": [{"z": [1,]},]},
            "$before": {"GET": {"/b": {"$when": {"query": {"down": 1}}, "$status": 503}}}} // the end""",
            """
GET:
  /a: &a {x: 1, y: &y {z: [1]}}
  /b: {x: 2, <<: *a}
  /c: [*y]
$before:
  GET:
    /b: {$when: {query: {down: 1}}, $status: 503}
""",
        ),
        ["GET /a", "GET /b", "GET /c", "GET /b?down=1"],
        id="anchors",
    ),
    pytest.param(
        (
            """{"$defaults": {"$template": true, "$let": {"size": "{{ query.n | default(2) | int }}"}},
            "GET": {"/list": [{"$each": "{{ size }}", "{{ 'k' ~ index }}": "{{ item }}"}],
              "/maybe": {"a": {"$if": "{{ query.a }}", "$value": "{{ query.a }}"}, "b": null},
              "/jobs/{id}": {"$by": "{{ path.id }}", "$sequence": ["queued", "done"]},
              "/few": {"$limit": {"requests": 1, "per": "1h", "answer": {"$status": 420, "$body": 2}}, "$body": 1},
              "/same": {"$when": {"query": {"a": "{{ query.b }}"}}, "$name": "same", "$body": "yes"}}}""",
            """{"$defaults": {"$template": true, "$let": {"size": "{{ query.n | default(2) | int }}"},},
            "GET": {"/list": [{"$each": "{{ size }}", "{{ 'k' ~ index }}": "{{ item }}"}], // a list
              "/maybe": {"a": {"$if": "{{ query.a }}", "$value": "{{ query.a }}"}, "b": null},
              "/jobs/{id}": {"$by": "{{ path.id }}", "$sequence": ["queued", "done",]},
              "/few": {"$limit": {"requests": 1, "per": "1h", "answer": {"$status": 420, "$body": 2}}, "$body": 1},
              "/same": {"$when": {"query": {"a": "{{ query.b }}"}}, "$name": "same", "$body": "yes"}}}""",
            """
$defaults:
  $template: true
  $let:
    size: "{{ query.n | default(2) | int }}"
GET:
  /list:
    - $each: "{{ size }}"
      "{{ 'k' ~ index }}": "{{ item }}"
  /maybe:
    a: {$if: "{{ query.a }}", $value: "{{ query.a }}"}
    b: null
  /jobs/{id}:
    $by: "{{ path.id }}"
    $sequence: [queued, done]
  /few:
    $limit: {requests: 1, per: 1h, answer: {$status: 420, $body: 2}}
    $body: 1
  /same:
    $when: {query: {a: "{{ query.b }}"}}
    $name: same
    $body: "yes"
""",
        ),
        [
            *("GET /list", "GET /list?n=3", "GET /maybe", "GET /maybe?a=1"),
            *("GET /jobs/1", "GET /jobs/1", "GET /jobs/2", "GET /few", "GET /few?n=7"),
            *("GET /same?a=1&b=1", "GET /same?a=1&b=2"),
        ],
        id="language",
    ),
]


def asked(line: str) -> tuple[str, str]:
    """Return the request line and the body of what is asked."""
    method, url, *body = line.split(" ", 2)
    return f"{method} {url}", body[0] if body else ""


async def answers(table: EntryTable, lines: list[str]) -> list[Any]:
    """Return status, header fields and body of the answer to each request; of one without, None."""
    state = MockState(table.state)
    all_answers: list[Any] = []
    for line in lines:
        request_line, body = asked(line)
        found = await outcome_of(table, given(request_line, body=body), state)
        if found is None:
            all_answers.append(None)
        else:
            answer = found.outcome
            assert isinstance(answer, CannedResponse)
            all_answers.append((answer.status, answer.headers, answer.fields, answer.body))
    return all_answers


@pytest.mark.parametrize(("texts", "lines"), FILES)
async def test_all_three_give_the_same_answers(texts: tuple[str, str, str], lines: list[str]) -> None:
    compiled = [compile_file(text.encode(), f"r{end}") for end, text in zip(ENDINGS, texts, strict=True)]
    of_json, *others = [await answers(each.table, lines) for each in compiled]
    assert any(of_json)
    assert others == [of_json, of_json]
    assert [each.warnings for each in compiled] == [()] * 3
