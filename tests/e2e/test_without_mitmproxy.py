"""The core in a fresh interpreter in which mitmproxy cannot be imported."""

import subprocess
import sys
from pathlib import Path

import pytest
from mitmdump import REPOSITORY

from tests.markdown import blocks_of

UNIMPORTABLE = "import sys; sys.modules['mitmproxy'] = None\n"

EVERY_KEY = """
import asyncio, json

from fakebackend.format.compile import compile_file
from fakebackend.format.keys import RESERVED_KEYS
from fakebackend.messages.request import Request
from fakebackend.state.mock_state import MockState
from fakebackend.table.explanation import explain
from fakebackend.table.first_outcome import outcome_of

FILE = {
    "$schema": "s", "$base": "/api", "$state": {"n": 1}, "$defaults": {"$headers": {"A": "1"}},
    "$before": {"GET": {"/down": {"$fault": "close"}}}, "$unmatched": {"sorry": True},
    "GET": {
        "/body": {"$name": "b", "$description": "d", "$status": 201, "$headers": {"B": "2"}, "$body": [1]},
        "/text": {"$text": "t", "$delay": "1ms"},
        "/base64": {"$base64": "QQ=="},
        "/file": {"$file": "a.txt"},
        "/template/{id:int}": {
            "$template": True, "$set": {"n": "{{ state.n + 1 }}"}, "$body": "{{ path.id + state.n }}"
        },
        "/when": {"$when": {"query": {"a": {"$gt": 1}}}, "$probability": 1, "$body": "w"},
        "/cases": {"$cases": [{"$when": {"state": {"n": 9}}, "$body": 0}, "c"]},
        "/sequence": {"$sequence": [1, 2], "$repeat": "cycle"},
        "/forward": {"$forward": "https://a.b", "$merge": {"x": 1}},
        "/handler": {"$handler": "h.py:f"},
        "/login": {"$handler": "login", "$users": {"ann": "x"}},
        "/let/{id}": {
            "$template": True, "$let": {"twice": "{{ path.id ~ path.id }}"}, "$by": "{{ twice }}",
            "$limit": {"requests": 1, "per": "1h"}, "$body": {"$each": 2, "$value": "{{ twice }}{{ index }}"}
        },
    },
}
open("a.txt", "w").write("a")
open("h.py", "w").write("def f(request): return {'path': request.path}")
used = json.dumps(FILE)
coming = ("$events", "$lines", "$chunks", "$interval", "$end", "$throttle", "$websocket", "$resource")
known = [key for key, record in RESERVED_KEYS.items() if key not in coming]
assert all(f'"{key}"' in used for key in known), known
table = compile_file(used.encode(), "responses.json").table
state = MockState(table.state)

def ask(target):
    return asyncio.run(outcome_of(table, Request("GET", "/api" + target), state))

for target in ("/body", "/text", "/base64", "/file", "/template/7", "/when?a=2", "/cases", "/sequence", "/sequence"):
    found = ask(target)
    print(target, found.outcome.status, found.outcome.body.decode())
for target in ("/let/7", "/let/7", "/let/8"):
    found = ask(target)
    print(target, found.outcome.status, found.outcome.body.decode())
print(json.loads(ask("/handler").outcome.body), ask("/login").outcome.status)
print(ask("/forward").outcome.origin, ask("/down").outcome.name, ask("/wehn"))
print(*explain(table, Request("GET", "/api/wehn"), state).lines(), sep="\\n")
assert not [name for name in sys.modules if name.split(".")[0] == "mitmproxy" and sys.modules[name]]
"""


def run(code: str, folder: Path) -> str:
    """Return what code prints in an interpreter without mitmproxy."""
    command = [sys.executable, "-c", UNIMPORTABLE + f"sys.path.insert(0, {str(REPOSITORY)!r})\n" + code]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, encoding="utf-8").stdout


def test_each_key_that_needs_no_mitmproxy_is_answered_and_a_miss_explained(tmp_path: Path) -> None:
    assert run(EVERY_KEY, tmp_path).splitlines() == [
        "/body 201 [1]",
        "/text 200 t",
        "/base64 200 A",
        "/file 200 a",
        "/template/7 200 9",
        '/when?a=2 200 "w"',
        '/cases 200 "c"',
        "/sequence 200 1",
        "/sequence 200 2",
        '/let/7 200 ["770", "771"]',
        "/let/7 429 Too many requests",
        '/let/8 200 ["880", "881"]',
        "{'path': '/api/handler'} 401",
        "https://a.b CLOSE None",
        "GET /api/wehn",
        "no entry answers, so $unmatched is asked",
        "  nearest GET /api/when: path differs at segment 2: 'wehn', did you mean 'when'?",
        "  nearest GET /api/login: path differs at segment 2: 'wehn', expected 'login'",
        "  nearest GET /api/text: path differs at segment 2: 'wehn', expected 'text'",
    ]


def test_the_page_about_the_design_shows_how() -> None:
    [block] = [b for b in blocks_of(REPOSITORY / "docs" / "design.md") if b.language == "python"]
    assert run(block.text, REPOSITORY) == '200 {"firstName": "John", "lastName": "Doe"}\n'


@pytest.mark.parametrize("module", ["fakebackend", "fakebackend.table", "fakebackend.responses_file"])
def test_what_is_not_the_front_can_be_imported(module: str, tmp_path: Path) -> None:
    run(f"import {module}", tmp_path)


def test_importing_the_package_alone_imports_no_mitmproxy(tmp_path: Path) -> None:
    code = f"import sys; sys.path.insert(0, {str(REPOSITORY)!r}); import fakebackend; print('mitmproxy' in sys.modules)"
    command = [sys.executable, "-c", code]
    assert subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout == "False\n"
