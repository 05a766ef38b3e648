"""Answers rendered from the request, as clients receive them."""

import json
import re
import uuid
from collections.abc import Callable
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from mitmdump import Backend
from mitmdump import Launcher

ECHO = {
    "path": "{{ path.name }}",
    "query": "{{ query.q }}",
    "header": "{{ headers['X-Value'] }}",
    "body": "{{ text }}",
    "inside": "<{{ query.q }}>",
}


def _template(body: Any, **more: Any) -> dict[str, Any]:
    return {"$template": True, "$body": body, **{f"${key}": value for key, value in more.items()}}


RESPONSES: dict[str, Any] = {
    "$state": {"greeting": "hello", "list": [1, {"a": None}]},
    "*": {
        "/echo/{name}": _template(ECHO),
        "/expression": _template("{{ json }}"),
        "/request": _template(
            {
                "method": "{{ request.method }}",
                "url": "{{ request.url }}",
                "host": "{{ request.host }}",
                "path": "{{ request.path }}",
            }
        ),
        "/names": _template(
            {
                "cookie": "{{ cookies.a }}",
                "cookies": "{{ cookies.getlist('a') }}",
                "query": "{{ query.getlist('q') }}",
                "headers": "{{ headers.getlist('x-value') }}",
                "form": "{{ form.getlist('f') }}",
                "first": "{{ form.f }}",
                "state": "{{ state.greeting }}, {{ state.list[0] }}",
            }
        ),
        "/has-json": _template("{{ json is defined }}"),
        "/random": _template({"now": "{{ now() }}", "uuid": "{{ uuid() }}", "int": "{{ random_int(3, 4) }}"}),
        "/counter/{name}": _template("{{ counter(path.name) }}"),
        "/head/{status:int}": {
            "$template": True,
            "$status": "{{ path.status }}",
            "$headers": {"X-Number": "{{ path.status }}", "X-Text": "<{{ path.status }}>", "X-None": "{{ none }}"},
            "$text": "of {{ path.status }}",
        },
        "/header/{value}": {"$template": True, "$headers": {"X-Value": "{{ path.value }}"}},
        "/status": {"$template": True, "$status": "{{ json }}"},
        "/types/{id:int}": _template({"number": "{{ path.id }}", "text": " {{ path.id }}", "sum": "{{ path.id + 1 }}"}),
        "/data": {"$body": "{{ not.a.template }}"},
        "/undefined": _template("{{ query.missing }}"),
        "/defaulted": _template("{{ query.missing | default('none') }}"),
        "/endless": {
            "$template": True,
            "$text": "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        },
        "/huge": {"$template": True, "$text": "{% for a in range(99999) %}{{ 'x' * 1000 }}{% endfor %}"},
        "/class": _template("{{ ''.__class__.__mro__ }}"),
        "/globals": _template("{{ counter.__globals__ }}"),
    },
}


@pytest.fixture(scope="module")
def backend(start_shared: Launcher) -> Backend:
    """Start one mitmdump for all tests but those of the seed."""
    return start_shared(RESPONSES)


WAYS: dict[str, Callable[[Backend], httpx.Client]] = {
    "http1": lambda backend: backend.client(),
    "http2": lambda backend: backend.client(scheme="https", http2=True),
}


@pytest.fixture(scope="module", params=[pytest.param(way, id=name) for name, way in WAYS.items()])
def client(request: pytest.FixtureRequest, backend: Backend) -> Iterator[httpx.Client]:
    """Make a client for each protocol."""
    with request.param(backend) as client:
        yield client


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("{{ 7 * 7 }}", id="expression"),
        pytest.param("{% for a in range(9) %}x{% endfor %}", id="statement"),
        pytest.param("{# gone #}", id="comment"),
        pytest.param('"}], "x": "', id="quotes"),
        pytest.param("\\u0041\\", id="backslashes"),
        pytest.param("ünï \U0001f600", id="beyond ascii"),
        pytest.param("<script>&amp;", id="markup"),
        pytest.param("${7*7} #{7*7} %s", id="other template languages"),
    ],
)
def test_values_of_a_request_are_data(client: httpx.Client, value: str) -> None:
    """What a client sends is never evaluated, and is valid JSON wherever it ends up."""
    answer = client.post(
        f"/echo/{quote(value, safe='')}?q={quote(value)}",
        headers={b"X-Value": value.encode()},
        content=value.encode(),
    )
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"path": value, "query": value, "header": value, "body": value, "inside": f"<{value}>"}


@pytest.mark.parametrize(
    "value",
    [0, -1, 2**63, 10**40, 1.5, True, False, None, "", "1", [], {}, [1, [None]], {"a": {"b": [True]}, "items": 1}],
    ids=json.dumps,
)
def test_an_expression_keeps_its_type(client: httpx.Client, value: Any) -> None:
    answer = client.post("/expression", content=json.dumps(value))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.content == json.dumps(value).encode()


def test_request(client: httpx.Client) -> None:
    url = client.base_url.join("/request?a=%20")
    assert client.put(url).json() == {"method": "PUT", "url": str(url), "host": "127.0.0.1", "path": "/request"}


def test_repeated_names(backend: Backend) -> None:
    answer = backend.client().post(
        "/names?q=1&q=2",
        headers=[("X-Value", "1"), ("X-Value", "2"), ("Cookie", "a=1; b=2"), ("Cookie", "a=3")],
        data={"f": ["1", "2"]},
    )
    assert answer.json() == {
        "cookie": "1",
        "cookies": ["1", "3"],
        "query": ["1", "2"],
        "headers": ["1", "2"],
        "form": ["1", "2"],
        "first": "1",
        "state": "hello, 1",
    }


@pytest.mark.parametrize(("body", "defined"), [("1", True), ("null", True), ("{", False), ("", False), ("NaN", False)])
def test_json_is_defined_only_for_json(client: httpx.Client, body: str, defined: bool) -> None:
    assert client.post("/has-json", content=body).json() is defined


def test_random_names(client: httpx.Client) -> None:
    answer = client.get("/random").json()
    now = datetime.fromisoformat(answer["now"])
    assert now.utcoffset() == UTC.utcoffset(None)
    assert abs((datetime.now(UTC) - now).total_seconds()) < 60
    assert uuid.UUID(answer["uuid"]).version == 4
    assert {client.get("/random").json()["int"] for _ in range(40)} == {3, 4}


def test_counters_start_at_one_each_for_itself(backend: Backend) -> None:
    client = backend.client()
    assert [client.get(f"/counter/{name}").json() for name in "aabab"] == [1, 2, 1, 3, 2]


def test_status_headers_and_length_are_those_of_the_rendering(client: httpx.Client) -> None:
    answer = client.get("/head/418")
    assert (answer.status_code, answer.text, answer.headers["Content-Length"]) == (418, "of 418", "6")
    assert (answer.headers["X-Number"], answer.headers["X-Text"]) == ("418", "<418>")
    assert "X-None" not in answer.headers


@pytest.mark.parametrize("status", [204, 205, 304])
def test_bodiless_status(client: httpx.Client, status: int) -> None:
    """A rendered status without a body drops the one that is there, and the connection can be used after it."""
    for method in ("GET", "HEAD"):
        answer = client.request(method, f"/head/{status}")
        assert (answer.status_code, answer.content) == (status, b"")
        assert "Content-Type" not in answer.headers
    assert client.get("/head/200").text == "of 200"


def test_head_has_the_headers_of_get(client: httpx.Client) -> None:
    get, head = client.get("/head/201"), client.head("/head/201")
    assert (head.status_code, head.content, head.headers) == (201, b"", get.headers)
    assert client.get("/head/200").text == "of 200"


def test_path_parameters_have_their_type(client: httpx.Client) -> None:
    big = 10**30
    assert client.get(f"/types/{big}").json() == {"number": big, "text": f" {big}", "sum": big + 1}


def test_without_template_nothing_is_evaluated(client: httpx.Client) -> None:
    assert client.get("/data").json() == "{{ not.a.template }}"


def test_undefined_with_a_default(client: httpx.Client) -> None:
    assert client.get("/defaulted").json() == "none"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        pytest.param("/undefined", "'missing' is not in the query (which is empty)", id="undefined name"),
        pytest.param("/endless", "longer than 1 s", id="loop without end"),
        pytest.param("/huge", "longer than 10,485,760 characters", id="text without end"),
        pytest.param("/class", "unsafe", id="attribute of a class"),
        pytest.param("/globals", "unsafe", id="attribute of a function"),
        pytest.param("/head/199", "$status must be an integer from 200 to 599, got 199", id="status"),
        pytest.param("/header/a%0d%0aX-Evil:%201", "one line without control characters", id="line break in a header"),
        pytest.param("/header/%E2%82%AC", "must be Latin-1, got", id="header beyond Latin-1"),
        pytest.param("/status", "the request's body is no JSON", id="undefined json"),
    ],
)
def test_a_failure_is_a_500_with_the_reason(backend: Backend, path: str, reason: str) -> None:
    with backend.expect_log(reason):
        answer = backend.client().get(path)
    assert answer.status_code == 500
    assert reason in answer.headers["X-Fakebackend"]
    assert reason in answer.text
    assert "X-Evil" not in answer.headers


SEEDED: dict[str, Any] = {
    "GET": {
        "/all": _template(
            {"uuid": "{{ uuid() }}", "int": "{{ random_int(0, 999999) }}", "one": "{{ [1, 2, 3]|random }}"}
        ),
        "/chance": {"$cases": [{"$probability": 0.5, "$body": "yes"}, "no"]},
        "/fake": _template(["{{ fake.name() }}", "{{ fake.pyint() }}"]),
        "/session": {"$handler": "uuid"},
    },
}


def _asked(backend: Backend) -> list[str]:
    client = backend.client()
    paths = ["/all", "/chance", "/fake", "/chance", "/session", *["/chance"] * 10]
    return [client.get(path).text for path in paths]


def test_a_seed_fixes_everything_random(start: Launcher) -> None:
    """Two mitmdumps with one seed say the same; another seed does not, and a reset begins anew."""
    pytest.importorskip("faker")
    one = start(SEEDED, options={"responses_seed": "a"})
    other = start(SEEDED, options={"responses_seed": "a"})
    first = _asked(one)
    assert _asked(other) == first
    assert _asked(one) != first
    assert {'"yes"', '"no"'} <= set(first)
    one.execute("responses.reset")
    assert _asked(one) == first
    other.execute("set responses_seed b")
    assert _asked(other) != first
    other.execute("set responses_seed a")
    assert _asked(other) == first


def test_faker_names_somebody(start: Launcher) -> None:
    pytest.importorskip("faker")
    name = start(SEEDED).client().get("/fake").json()[0]
    assert re.fullmatch(r"\w.* .*", name)
