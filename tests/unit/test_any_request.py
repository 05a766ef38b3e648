"""Requests that nobody thought of, to a file with everything in it: each has its answer, and none gets at more."""

import asyncio
import gzip
import logging
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import example
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from mitmproxy.test import taddons

from tests.answering import Served
from tests.conftest import response_of

pytestmark = pytest.mark.slow

SECRET = "not for clients"  # what must not come out

STORE = f"""
items = {{}}

def put(request):
    items[request.path_params["id"]] = request.json
    return request.json

def get(request):
    return items.get(request.path_params["id"])

def parts(request):
    return {{"json": request.json, "form": str(request.form), "text": request.text}}

SECRET = "{SECRET}"
"""

FILE: dict[str, Any] = {
    "$state": {"safe": "yes", "sent": None},
    "$defaults": {"$template": True},
    "$before": {"GET": {"/locked/{x:path}": {"$when": {"headers": {"X-Key": False}}, "$status": 401}}},
    "GET": {
        "/files/{name}": {"$file": "files/{name}"},
        "/named": {"$file": "files/{{ query.name }}"},
        "/items/{id}": {"$handler": "store.py:get"},
        "/sent": {"$body": "{{ state.sent }}"},
        "/{a}-{b:int}-{c}-{d:int}": {"$body": ["{{ path.a }}", "{{ path.d }}"]},
        "~/(?P<word>[a-z]+)[0-9]": {"$body": "{{ path.word }}"},
        "/pages/{n:int}": {"$cases": [{"$when": {"query": {"q": {"$regex": "^[a-z]+$"}}}, "$body": 1}, {"$body": 2}]},
    },
    "POST": {
        "/items/{id}": {"$handler": "store.py:put"},
        "/parts": {"$handler": "store.py:parts"},
        "/sent": {"$set": {"sent": "{{ json }}"}, "$body": "{{ state.sent }}"},
        "/login": {"$handler": "login", "$users": {"ann": "secret"}},
        "/page": {"$handler": "page"},
        "/echo": {"$handler": "echo"},
        "/count": {"$body": "{{ counter(text) }}"},
        "/asked": {"$when": {"json": {"a": {"$gt": 1}, "b": [1, {"c": True}]}}, "$body": "{{ json.a }}"},
        "/form": {"$when": {"form": {"a": "1"}}, "$body": "{{ form.a }}"},
    },
}

PIECES = (
    *(
        "/",
        "files",
        "items",
        "a",
        "..",
        ".",
        "%2F",
        "%2e%2e",
        "%00",
        "%5C",
        "\\",
        "-1-b-2",
        "-",
        ";",
        "?",
        "&",
        "=",
        "#",
    ),
    *(
        "public.txt",
        "store.py",
        "responses.json",
        "link",
        ".hidden",
        "named?name=",
        "sent",
        "pages/1?q=",
        "a1",
        "a" * 999,
    ),
    *(
        "parts",
        "login",
        "page",
        "echo",
        "count",
        "asked",
        "form",
        "locked",
        "\udcff",
        "é",
        " ",
        "%",
        "%zz",
        "{{ 7*7 }}",
    ),
)
FIELDS = (
    *(("Content-Type", "application/json"), ("Content-Type", "application/json; charset=punycode")),
    *(("Content-Type", "application/x-www-form-urlencoded"), ("Content-Type", "multipart/form-data; boundary=b")),
    *(("Content-Type", "text/plain; charset=utf-16"), ("Content-Type", "multipart/form-data"), ("Content-Type", ";;=")),
    *(("Content-Encoding", "gzip"), ("Content-Encoding", "br, zstd, made-up"), ("Content-Encoding", "gzip, gzip")),
    *(
        ("Range", "bytes=0-3"),
        ("Range", "bytes=-1,5-"),
        ("Range", "bytes=9-1"),
        ("If-None-Match", "*"),
        ("If-Range", "x"),
    ),
    *(("Cookie", "a=%7B%7B; fakebackend=x"), ("Cookie", ";=;"), ("Prefer", "code=404"), ("Prefer", "example=\udcff")),
    *(("Origin", "null"), ("Origin", "https://a.example"), ("Access-Control-Request-Method", "POST")),
    *(
        ("Access-Control-Request-Headers", "x,\r\n y"),
        ("Host", "[::1"),
        ("Host", "b"),
        ("X-Key", ""),
        ("Upgrade", "h2c"),
    ),
)
BODIES = (
    *(
        b"",
        b"null",
        b"{}",
        b"[" * 20_000,
        b'{"a":' * 5_000,
        b"9" * 5_000,
        b'"\\ud800"',
        b"NaN",
        b"\xff\xfe{\x00",
        b"a=1&a=2",
    ),
    *(b'{"$file": "files/.hidden"}', b'{"$handler": "store.py:SECRET"}', b'{"$template": true, "$body": "{{ 7*7 }}"}'),
    *(
        b'{"$forward": true}',
        b'[{"$status": 500}]',
        b'"{{ state }}"',
        b'{"a": 2, "b": [1, {"c": true}]}',
        b'{"a": 1e999}',
    ),
    *(b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--b--", b"--b", b"user=ann&password=secret"),
    *(gzip.compress(b'{"a": 1}'), gzip.compress(b"0" * 100_000), gzip.compress(b"x")[:9]),
)

TARGETS = (
    *("/files/public.txt", "/files/link", "/files/.hidden", "/files/store.py", "/named?name=public.txt", "/named"),
    *("/items/a", "/items/b", "/sent", "/a-1-b-2", "/a1", "/pages/1?q=a", "/pages/1?q={{ 7*7 }}", "/locked/a"),
    *("/parts", "/login", "/page", "/echo", "/count", "/asked", "/form", "/named?name=../secret.txt", "/a-b-1-c-d-2-3"),
)
pieces = st.lists(st.sampled_from(PIECES), max_size=5).map("".join)
targets = st.sampled_from(TARGETS)

requests = st.tuples(
    st.sampled_from(["GET", "POST", "GET", "POST", "HEAD", "OPTIONS", "PUT", "get", "$GET"]),
    targets | pieces.map("/{}".format) | st.builds("{}{}".format, targets, pieces),
    st.lists(st.sampled_from(FIELDS), max_size=3),
    st.sampled_from(BODIES),
)


@pytest.fixture
def everything(folder: Path) -> Path:
    (folder / "store.py").write_text(STORE)
    (folder / "files").mkdir()
    (folder / "files" / "public.txt").write_text("public")
    (folder / "files" / ".hidden").write_text(SECRET)
    (folder / "secret.txt").write_text(SECRET)
    (folder / "files" / "link").symlink_to(folder / "secret.txt")
    return folder


Sent = tuple[str, str, list[tuple[str, str]], bytes]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=st.lists(requests, min_size=1, max_size=6))
@example([("POST", "/items/a", [], b'{"$file": "files/.hidden"}'), ("GET", "/items/a", [], b"")])
@example([("POST", "/sent", [], b'"{{ 7*7 }}"'), ("GET", "/sent", [], b"")])
@example([("GET", "/files/link", [], b""), ("GET", "/files/..%2Fstore.py", [], b"")])
@example([("POST", "/parts", [("Content-Type", "a/b; charset=punycode")], b"a" * 99)])
def test_every_request_is_answered_and_gets_at_nothing_else(everything: Path, sent: list[Sent]) -> None:
    loop = asyncio.new_event_loop()  # not `asyncio.run`, which forgets the loop of the tests around
    logging.disable()
    try:
        loop.run_until_complete(_ask_all(everything, sent))
    finally:
        logging.disable(logging.NOTSET)
        loop.close()


async def _ask_all(folder: Path, sent: list[Sent]) -> None:
    with taddons.context() as tctx:
        served = Served(tctx, folder, FILE, responses_seed="1")
        for method, path, headers, body in sent:
            response = response_of(await served.ask(method, path, headers=headers, body=body))
            content = response.raw_content or b""
            assert 200 <= response.status_code < 600
            assert SECRET.encode() not in content
            assert b"49" not in content
            assert all(not set(field) & set(b"\r\n\0") for pair in response.headers.fields for field in pair)
            assert "Traceback" not in response.headers.get("X-Fakebackend", "")
        assert served.state.variables["safe"] == "yes"
        assert served.waiting == 0
