"""Typical slips of the pen, and all that is said of each: place, what is wrong and the remedy."""

from pathlib import Path

import pytest

from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.format.compile import compile_file

SLIPS = [
    pytest.param(
        "responses.json",
        '{"get": {"/user": 1}}',
        ('responses.json:1:2: unknown key "get", expected a method, did you mean "GET"?'),
        id="lower-case-method",
    ),
    pytest.param(
        "responses.json",
        '{"GTE": {"/user": 1}}',
        ('responses.json:1:10: GTE: unknown method "GTE" is taken as it is, did you mean "GET"?'),
        id="misspelled-method",
    ),
    pytest.param(
        "responses.json",
        '{"/user": {"name": "John"}}',
        ('responses.json:1:2: unknown key "/user": a URL key stands under a method, as "GET": {"/user": …}'),
        id="path-without-a-method",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"user": 1}}',
        (
            'responses.json:1:10: GET user: a URL key starts with "/", "http://", "https://", "//" or "~", g'
            'ot "user", did you mean "/user"?'
        ),
        id="path-without-its-slash",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"api.example.com/x": 1}}',
        (
            'responses.json:1:10: GET api.example.com/x: a URL key starts with "/", "http://", "https://", "'
            '//" or "~", got "api.example.com/x", did you mean "//api.example.com/x"?'
        ),
        id="host-without-slashes",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/user": 1,}}',
        ('responses.json:1:20: a comma before "}" is one too many'),
        id="trailing-comma",
    ),
    pytest.param(
        "responses.json",
        '{\n  // users\n  "GET": {"/user": 1}\n}',
        (
            "responses.json:2:3: expected a key in double quotes, got '/': JSON has no comments, a .jsonc or"
            " .yaml file has"
        ),
        id="comment",
    ),
    pytest.param(
        "responses.json",
        "{'GET': {'/user': 1}}",
        ('responses.json:1:2: expected a key in double quotes, got "\'": strings stand in double quotes'),
        id="single-quotes",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/a": 1 "/b": 2}}',
        ('responses.json:1:18: expected "," or "}", got \'"\': a comma is missing before it'),
        id="missing-comma",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/a": [1, 2}}',
        ('responses.json:1:21: expected "," or "]", got \'}\''),
        id="missing-bracket",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/a": {"b": 1}',
        ('responses.json:1:24: expected "," or "}", the file ends here'),
        id="cut-off",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/a": 1, "/a": 2}}',
        ('responses.json:1:19: duplicate key "/a", one of the two must go'),
        id="key-twice",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/a": NaN}}',
        ("responses.json:1:16: NaN is no JSON number; null or a string may stand for it"),
        id="NaN",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/a": True}}',
        ("responses.json:1:16: expected a value, got 'T': JSON writes true"),
        id="python-words",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/a/{x}": 1, "/a/{y}": 2}}',
        (
            "responses.json:1:23: GET /a/{y}: answers the same requests as GET /a/{x} (responses.json:1); on"
            "e of them must go"
        ),
        id="same-requests",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/users/:id": 1}}',
        ('responses.json:1:10: GET /users/:id: "/users/:id" is taken literally: a parameter is written {id}'),
        id="express-parameter",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/users/*": 1}}',
        (
            'responses.json:1:10: GET /users/*: "/users/*" is taken literally:'
            " one segment is written {name}, the rest {rest:path}"
        ),
        id="star-in-a-path",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"https://*.example.com/a": 1}}',
        (
            'responses.json:1:10: GET https://*.example.com/a: "https://*.example.com/a" is taken literally:'
            ' a key without a host, as "/a", is for all of them'
        ),
        id="star-in-a-host",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"//users": 1}}',
        ('responses.json:1:10: GET //users: "//users" is the host "users" without a path; a path is written "/users"'),
        id="empty-segment",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/a//users": 1}}',
        (
            'responses.json:1:10: GET /a//users: "/a//users" is taken literally: with an empty segment; with'
            'out one it is "/a/users"'
        ),
        id="empty-segment-inside",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/users/{id:integer}": 1}}',
        (
            'responses.json:1:10: GET /users/{id:integer}: unknown parameter type "integer", expected int, u'
            'uid, path, did you mean "int"?'
        ),
        id="parameter-type",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/users/{id": 1}}',
        ('responses.json:1:10: GET /users/{id: a brace without its other half in "{id"; a literal one is %7B or %7D'),
        id="open-brace",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/users#top": 1}}',
        ('responses.json:1:10: GET /users#top: a URL key has no fragment, got "/users#top"; a literal # is %23'),
        id="fragment",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/a": {"status": 404, "body": {"error": "gone"}}}}',
        ('responses.json:1:10: GET /a: is sent as data; a definition is written {"$status": …, "$body": …}'),
        id="status-without-dollar",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/a": {"$staus": 404, "$body": 1}}}',
        (
            'responses.json:1:17: GET /a: unknown key "$staus" in a definition, did you mean "$status"? Plai'
            'n data is wrapped: {"$body": {"$staus": …}}'
        ),
        id="misspelled-key",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/a": {"$staus": 404}}}',
        ('responses.json:1:17: GET /a: "$staus" is sent as a part of the body, did you mean "$status"?'),
        id="misspelled-key-alone",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/a": {"$status": "404"}}}',
        ('responses.json:1:28: GET /a: $status must be an integer from 200 to 599, got "404", did you mean 404?'),
        id="status-as-text",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/a": {"$status": 404, "error": "gone"}}}',
        (
            'responses.json:1:33: GET /a: unknown key "error" in a definition. Plain data is wrapped: {"$bod'
            'y": {"error": …}}'
        ),
        id="data-beside-a-key",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/a": {"$body": 1, "$text": "a"}}}',
        ("responses.json:1:29: GET /a: $body and $text exclude each other: one of them must go"),
        id="two-bodies",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/a": {"$delay": 2, "$body": 1}}}',
        ('responses.json:1:27: GET /a: $delay needs a unit, got 2: did you mean "2s" or "2ms"?'),
        id="delay-without-unit",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/a": {"$headers": ["A: 1"], "$body": 1}}}',
        ('responses.json:1:29: GET /a: $headers must be an object of names and values, got ["A: 1"]'),
        id="header-list",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/a": {"$headers": {"Content-Length": 3}, "$body": 1}}}',
        ("responses.json:1:30: GET /a: Content-Length is computed from the answer and cannot be set"),
        id="content-length",
    ),
    pytest.param(
        "responses.json",
        '{"DELETE": {"/a": {"$status": 204, "$body": {}}}}',
        ("responses.json:1:36: DELETE /a: a 204 has no body, remove $body or change $status"),
        id="body-of-a-204",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/a": {"$file": "none.png"}}}',
        ('responses.json:1:26: GET /a: $file names "none.png", and there is no such file'),
        id="missing-file",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/users/{id}": {"id": "{{ path.id }}"}}}',
        (
            'responses.json:1:26: GET /users/{id}: {{ path.id }} is sent as it stands; a template needs {"$t'
            'emplate": true, "$body": …}'
        ),
        id="template-off",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/a": {"$template": true, "$body": "{{ params.id }}"}}}',
        ('responses.json:1:45: GET /a: unknown name "params" in a template, did you mean "path"?'),
        id="template-name",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/a": {"$template": true, "$body": "{{ query.a | uppper }}"}}}',
        ('responses.json:1:45: GET /a: no filter "uppper" is offered in templates, did you mean "upper"?'),
        id="template-filter",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/users/{id}": {"$template": true, "$body": "{{ path.ID }}"}}}',
        ('responses.json:1:54: GET /users/{id}: path.ID is no parameter of the URL key, did you mean "id"?'),
        id="template-parameter",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/a": {"$template": true, "$body": "{{ query.a }"}}}',
        ("responses.json:1:45: GET /a: the template \"{{ query.a }\" is wrong: unexpected '}'; {{ is closed by }}"),
        id="template-syntax",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/a": {"$template": true, "$body": "{{ query.a || 1 }}"}}}',
        (
            "responses.json:1:45: GET /a: the template \"{{ query.a || 1 }}\" is wrong: expected token 'name',"
            " got '|'; Jinja2 writes and, or, not, == and a if b else c"
        ),
        id="javascript-template",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/a": {"users": [{"$each": 3, "id": 1}]}}}',
        (
            'responses.json:1:28: GET /a: $each is sent as data; to mean something it needs {"$template": tr'
            'ue, "$body": …}'
        ),
        id="each-outside-of-template",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/a": {"$if": "{{ query.a }}", "$body": 1}}}',
        (
            "responses.json:1:17: GET /a: $if stands inside a body, not beside reserved keys; a condition fo"
            "r the whole answer is $when"
        ),
        id="if-beside-a-body",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/a": {"$template": true, "$let": {"a": "{{ b }}", "b": "{{ a }}"}, "$body": 1}}}',
        ("responses.json:1:50: GET /a: $let.a needs itself: a needs b needs a"),
        id="let-cycle",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/a": {"$when": {"header": {"A": "1"}}, "$body": 1}}}',
        (
            'responses.json:1:27: GET /a: unknown condition "header" in $when, expected query, headers, cook'
            'ies, path, form, files, json, text, state, session, filter, $or, $and, $not, did you mean "head'
            'ers"?'
        ),
        id="condition-part",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/a": {"$when": {"query": {"a": {"$equals": 1}}}, "$body": 1}}}',
        ('responses.json:1:43: GET /a: $when.query: unknown operator "$equals"; data with such a key: {"$eq": …}'),
        id="operator",
    ),
    pytest.param(
        "responses.json",
        '{"POST": {"/a": {"$when": {"json": {"a": 1, "$exists": true}}, "$body": 1}}}',
        ('responses.json:1:37: POST /a: $when.json: expected only operators, got "a"; both go into "$and": [{…}, {…}]'),
        id="operator-beside-data",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/a": {"$when": {"query": {"a": null}}, "$body": 1}}}',
        (
            "responses.json:1:42: GET /a: $when.query: expected a string, a number, a boolean or operators, "
            'got null; an absent name is {"$exists": false}'
        ),
        id="null-in-a-query",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/s?page": 1, "/s": {"$when": {"query": {"page": "2"}}, "$body": 2}}}',
        (
            "responses.json:1:24: GET /s: $when.query.page never holds, GET /s?page (responses.json:1) answe"
            "rs whatever has 'page' in its query: write both as $cases under one of the two keys"
        ),
        id="shadowed-condition",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/a": {"$cases": [{"$body": 1}, {"$when": {"query": {"b": 1}}, "$body": 2}]}}}',
        ("responses.json:1:42: GET /a: case 2 never answers, case 1 before it always does"),
        id="last-case-first",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/a": {"$limit": 5, "$body": 1}}}',
        ('responses.json:1:27: GET /a: $limit must be like {"requests": 5, "per": "1m"}, got 5'),
        id="limit",
    ),
    pytest.param(
        "responses.json",
        '{"POST": {"/login": {"$handler": "signin"}}}',
        (
            'responses.json:1:34: POST /login: $handler must be like "file.py:function" or a built-in handle'
            'r (echo, goto, login, logout, page, uuid), got "signin"'
        ),
        id="handler-name",
    ),
    pytest.param(
        "responses.json",
        '{"POST": {"/login": {"$handler": "h.py:login"}}}',
        ('responses.json:1:34: POST /login: $handler "h.py:login": h.py: there is no such file'),
        id="handler-missing",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/a": {"$forward": "api.example.com"}}}',
        (
            'responses.json:1:29: GET /a: $forward must be true, an origin or URL like "https://host/v2/{res'
            't}", or {"to": …, "headers": {…}}, got "api.example.com", did you mean "https://api.example.com'
            '"?'
        ),
        id="forward-without-scheme",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/a": {"$forward": true, "$merge": [{"op": "add", "path": "/a", "value": 1}]}}}',
        (
            "responses.json:1:35: GET /a: $merge looks like a JSON Patch (RFC 6902) and takes the place of t"
            'he real answer; a JSON Merge Patch (RFC 7396) is written {"name": "new", "gone": null}'
        ),
        id="json-patch",
    ),
    pytest.param(
        "responses.json",
        '{"$defaults": {"headers": {"A": "1"}}, "GET": {"/a": 1}}',
        (
            'responses.json:1:16: unknown key "headers" in $defaults, expected $headers, $delay, $template, '
            '$let, did you mean "$headers"?'
        ),
        id="defaults",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"/a": {"$events": []}}}',
        ("responses.json:1:17: GET /a: $events is not supported yet"),
        id="not-yet",
    ),
    pytest.param(
        "responses.yaml",
        "*:\n  /health: ok\n",
        ('responses.yaml:1:1: "*" needs quotes in YAML: "*":'),
        id="yaml-star",
    ),
    pytest.param(
        "responses.yaml",
        "GET:\n  /a:\n    $template: true\n    $body: {{ query.a }}\n",
        ('responses.yaml:4:12: "{{ query.a }}" needs quotes in YAML'),
        id="yaml-template",
    ),
    pytest.param(
        "responses.yaml",
        "GET:\n\t/a: 1\n",
        ("responses.yaml:2:1: tabs are no indentation in YAML, use spaces"),
        id="yaml-tab",
    ),
    pytest.param(
        "responses.yaml",
        'GET:\n  /a: "open\n  /b: 2\n',
        ('responses.yaml:2:7: a string has no closing "'),
        id="yaml-open-quote",
    ),
    pytest.param(
        "responses.yaml",
        "GET:\n  /a: note: this\n",
        ('responses.yaml:2:7: "note: this" needs quotes in YAML'),
        id="yaml-colon",
    ),
    pytest.param(
        "responses.yaml",
        "GET:\n  /a: 1\n   /b: 2\n",
        (
            'responses.yaml:3:4: no key can stand here: the line above has its value already or lacks a ":",'
            " check the indentation"
        ),
        id="yaml-indentation",
    ),
    pytest.param(
        "responses.yaml",
        "GET:\n  /a: 1\n  /a: 2\n",
        ('responses.yaml:3:3: duplicate key "/a", one of the two must go'),
        id="yaml-key-twice",
    ),
    pytest.param(
        "responses.yaml",
        "openapi: 3.1.0\npaths: {}\n",
        (
            "responses.yaml:1:1: this is an OpenAPI (Swagger) document, no responses file: write an example "
            'of each answer under its method and path, as "GET": {"/pets/{id}": {"name": "Rex"}}'
        ),
        id="openapi",
    ),
    pytest.param(
        "responses.json",
        '{"posts": [{"id": 1}]}',
        (
            "responses.json:1:2: this is a json-server database, no responses file: write each collection un"
            'der a method and its path, as "GET": {"/posts": [{"id": 1}]}'
        ),
        id="json-server",
    ),
    pytest.param(
        "responses.json",
        '{"log": {"version": "1.2", "entries": []}}',
        (
            "responses.json:1:2: this is an HTTP archive (HAR), no responses file: write the content of each"
            ' response under its method and path, as "GET": {"/user": {"name": "John"}}'
        ),
        id="har",
    ),
    pytest.param(
        "responses.json",
        "",
        ('responses.json:1:1: the file is empty, expected an object like {"GET": {"/user": {}}}'),
        id="empty",
    ),
    pytest.param(
        "responses.json",
        '[{"GET": 1}]',
        ("responses.json:1:1: expected \"{\": a responses file is an object of methods, got '['"),
        id="a-list",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"$status": 404}}',
        ('responses.json:1:10: GET $status: "$status" stands in the value of a URL key, not beside it'),
        id="key-one-level-too-high",
    ),
    pytest.param(
        "responses.json",
        '{"$template": true}',
        ('responses.json:1:2: $template stands in the value of a URL key, or in "$defaults": {"$template": …}'),
        id="key-at-the-top",
    ),
    pytest.param(
        "responses.json",
        '{"$status": 404}',
        ("responses.json:1:2: $status stands in the value of a URL key"),
        id="status-at-the-top",
    ),
    pytest.param(
        "responses.json",
        '{"GET/a": 1}',
        ('responses.json:1:2: unknown key "GET/a", did you mean "GET /a"?'),
        id="no-space-behind-the-method",
    ),
    pytest.param(
        "responses.json",
        '{"GET": {"^/users/.*$": 1}}',
        (
            'responses.json:1:10: GET ^/users/.*$: a URL key starts with "/", "http://", "https://", "//" or "~", '
            'got "^/users/.*$", did you mean "~^/users/.*$"?'
        ),
        id="regular-expression",
    ),
]


@pytest.mark.parametrize(("file", "text", "message"), SLIPS)
def test_a_slip_is_told_with_its_place_and_the_remedy(folder: Path, file: str, text: str, message: str) -> None:
    try:
        said = compile_file(text.encode(), file).warnings
    except ResponsesFileError as e:
        said = (*e.errors, *e.warnings)
    assert [str(each) for each in said] == [message]


def test_there_are_forty_and_more() -> None:
    assert len(SLIPS) >= 40
