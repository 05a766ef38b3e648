import json
from typing import Any

import pytest

from fakebackend.format.compile import compile_file


def warnings_of(data: dict[str, Any]) -> list[str]:
    found = compile_file(json.dumps(data).encode(), "f").warnings
    return [str(warning).removeprefix("f:") for warning in found]


NEEDS = 'a template needs {"$template": true, "$body": …}'
NEEDS_KEY = 'a template needs "$template": true; "$template": false silences this'


@pytest.mark.parametrize(
    ("data", "warnings"),
    [
        pytest.param(
            {"GET": {"/a": {"id": "{{ path.id }}"}}},
            [f"1:17: GET /a: {{{{ path.id }}}} is sent as it stands; {NEEDS}"],
            id="template-in-a-body",
        ),
        pytest.param(
            {"GET": {"/a": [1, {"b": ["x {{ 1 }}", "{{ 2 }}"]}]}},
            [f"1:27: GET /a: {{{{ 1 }}}} is sent as it stands; {NEEDS}"],
            id="the-first-of-several",
        ),
        pytest.param(
            {"GET": {"/a": {"$text": "{{ 1 }}"}}},
            [f"1:17: GET /a: {{{{ 1 }}}} is sent as it stands; {NEEDS_KEY}"],
            id="template-in-a-definition",
        ),
        pytest.param(
            {"GET": {"/a": {"$cases": [{"$headers": {"A": "{{ 1 }}"}}]}}},
            [f"1:42: GET /a: {{{{ 1 }}}} is sent as it stands; {NEEDS_KEY}"],
            id="inside",
        ),
        pytest.param({"GET": {"/a": {"$template": False, "$text": "{{ 1 }}"}}}, [], id="silenced"),
        pytest.param({"GET": {"/a": {"$template": True, "$text": "{{ 1 }}"}}}, [], id="a-template"),
        pytest.param({"$defaults": {"$template": True}, "GET": {"/a": {"b": "{{ 1 }}"}}}, [], id="by-default"),
        pytest.param({"GET": {"/a": "{{ 1"}}, [], id="not-closed"),
        pytest.param(
            {"GET": {"/a": [{"{{ 1 }}": 1}]}}, [f"1:17: GET /a: {{{{ 1 }}}} is sent as it stands; {NEEDS}"], id="key"
        ),
        pytest.param(
            {"GET": {"/a": {"$let": {"a": "{{ 1 }}"}, "$when": {"query": {"a": "{{ 1 }}"}}, "$body": 1}}},
            [
                f"1:26: GET /a: {{{{ 1 }}}} is sent as it stands; {NEEDS_KEY}",
                f"1:63: GET /a: {{{{ 1 }}}} is sent as it stands; {NEEDS_KEY}",
            ],
            id="names-and-conditions",
        ),
        pytest.param(
            {"GET": {"/a": {"b": [{"$each": 2, "c": 1}]}}},
            [f"1:24: GET /a: $each is sent as data; to mean something it needs {NEEDS.partition('needs ')[2]}"],
            id="loop",
        ),
        pytest.param(
            {"GET": {"/a": {"$body": {"b": {"$if": True, "$value": 1}}}}},
            [f"1:33: GET /a: $if is sent as data; to mean something it needs {NEEDS_KEY.partition('needs ')[2]}"],
            id="condition-in-a-definition",
        ),
        pytest.param(
            {"GET": {"/a": {"$value": 1}}},
            [f"1:17: GET /a: $value is sent as data; to mean something it needs {NEEDS.partition('needs ')[2]}"],
            id="value-alone",
        ),
        pytest.param({"GET": {"/a": {"$template": False, "$body": {"$each": 1}}}}, [], id="words-silenced"),
        pytest.param(
            {"$defaults": {"$template": True}, "GET": {"/a": {"b": {"$value": 1}}}}, [], id="words-by-default"
        ),
        pytest.param(
            {"GET": {"/a": {"$forward": True, "$merge": [{"op": "remove", "path": "/a"}]}}},
            [
                "1:35: GET /a: $merge looks like a JSON Patch (RFC 6902) and takes the place of the real answer; "
                'a JSON Merge Patch (RFC 7396) is written {"name": "new", "gone": null}'
            ],
            id="another-patch",
        ),
        pytest.param({"GET": {"/a": {"$forward": True, "$merge": [{"a": 1}]}}}, [], id="a-list-of-others"),
        pytest.param(
            {"$before": {"GET": {"/a": {"$limit": {"requests": 1, "per": "1s"}, "$headers": {}, "$delay": "1s"}}}},
            [
                "1:29: GET /a: $limit answers all requests below the limit, with nothing; "
                "without $headers and $delay they are left to other entries"
            ],
            id="a-guard-that-answers",
        ),
        pytest.param({"$before": {"GET": {"/a": {"$limit": {"requests": 1, "per": "1s"}}}}}, [], id="a-guard"),
        pytest.param(
            {"GET": {"/a": {"$limit": {"requests": 1, "per": "1s"}, "$status": 204}}}, [], id="an-empty-answer"
        ),
        pytest.param({"GET": {"/a": {"$description": "{{ 1 }}", "$text": "a"}}}, [], id="in-a-description"),
        pytest.param(
            {"GET": {"/a": {"status": 404, "body": {"error": "gone"}}}},
            ['1:10: GET /a: is sent as data; a definition is written {"$status": …, "$body": …}'],
            id="status-and-body",
        ),
        pytest.param(
            {"GET": {"/a": {"headers": {"A": "b"}, "body": 1}}},
            ['1:10: GET /a: is sent as data; a definition is written {"$headers": …, "$body": …}'],
            id="headers-and-body",
        ),
        pytest.param({"GET": {"/a": {"status": "open", "body": "x"}}}, [], id="status-is-a-word"),
        pytest.param({"GET": {"/a": {"status": True, "body": "x"}}}, [], id="status-is-a-flag"),
        pytest.param({"GET": {"/a": {"status": 1, "body": "x", "id": 7}}}, [], id="other-fields"),
        pytest.param({"GET": {"/a": {"status": 404, "text": "x"}}}, [], id="no-body"),
        pytest.param(
            {"GET": {"/users/:id": 1}},
            ['1:10: GET /users/:id: "/users/:id" is taken literally: a parameter is written {id}'],
            id="a-key-as-elsewhere",
        ),
        pytest.param(
            {"GET|POST /a": 1},
            ['1:2: GET|POST: "GET|POST" is taken as one method; several are keys of their own, "GET" and "POST"'],
            id="several-methods",
        ),
        pytest.param(
            {"ANY": {"/a": 1}},
            ['1:10: ANY: unknown method "ANY" is taken as it is, did you mean "*"?'],
            id="any-method",
        ),
        pytest.param(
            {"GET": {"/a": {"$when": {"json": {"b": []}, "state": {"c": [], "d": {"$eq": []}}}}}},
            [
                '1:36: GET /a: [] holds for every list; an empty one is {"$size": 0}',
                '1:56: GET /a: [] holds for every list; an empty one is {"$size": 0}',
            ],
            id="empty-lists",
        ),
        pytest.param({"GET": {"/a": {"$when": {"json": {"b": "[]"}, "query": {"a": {"$in": []}}}}}}, [], id="no-list"),
        pytest.param(
            {"GET": {"/{a}": {"$file": "nowhere/{a}"}}},
            ['1:19: GET /{a}: $file never finds anything: there is no folder "nowhere" beside this file'],
            id="no-folder",
        ),
        pytest.param({"GET": {"/{a}": {"$file": "{a}.txt"}}}, [], id="a-folder"),
    ],
)
def test_what_is_hardly_meant_so_is_warned_of(data: dict[str, Any], warnings: list[str]) -> None:
    assert warnings_of(data) == warnings
