"""Whatever a request holds is data: echoed through templates into JSON exactly, and never evaluated."""

import json
import random
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from mitmproxy.test import taddons

from tests.answering import Served
from tests.conftest import response_of

pytestmark = pytest.mark.slow

COUNT = 515

SEEDS = [
    *(chr(code) for code in range(32)),
    "\x7f",
    "\x85",
    "\x9b31m",
    '"',
    "'",
    "\\",
    '\\"',
    "`",
    "{",
    "}",
    "{}",
    "[]",
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    "{{ 7 * 7 }}",
    "{{ state }}",
    "{{ ''.__class__.__mro__ }}",
    "{% for i in range(10) %}x{% endfor %}",
    "{% raw %}",
    "{% endraw %}",
    "{% set a = 1 %}",
    "{{ counter('nasty') }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    "{0}",
    "{a.__class__}",
    "%s%n%x",
    "%(a)s",
    "%",
    "%%",
    "%2",
    "%zz",
    "%00",
    "%2F..%2F",
    "%25",
    "+",
    "a+b&c=d;e",
    "null",
    "true",
    "NaN",
    "1e999",
    "-0",
    "00",
    "123456789012345678901234567890",
    '{"a": 1}',
    '", "admin": true, "x": "',
    '"}',
    "]]>",
    "<script>alert(1)</script>",
    "<!--",
    "&amp;&lt;&#0;",
    "javascript:alert(1)",
    "' OR '1'='1",
    "1; DROP TABLE users; --",
    "../../etc/passwd",
    "..\\..\\windows",
    "C:\\",
    "$(id)",
    "`id`",
    "| id",
    "\r\nSet-Cookie: a=b",
    "\n\n",
    "\u2028\u2029",
    "\u202e\u05d0\u0627",
    "\u200b\ufeff",
    "\ufffd\ufffe\uffff",
    "\U0001f468\u200d\U0001f469",
    "e\u0301\u0301\u0301",
    "Ｕｎｉ",
    "ſ",
    "İ",
    "\U0010ffff",
    "$body",
    "$where",
    "__proto__",
    "constructor",
    "x" * 20_000,
    "{{" * 2_000,
    "é" * 5_000,
    "(" * 3_000,
]


def nasty_strings() -> list[str]:
    """Return the fragments, and mixtures of them that are the same in every run."""
    chance = random.Random("nasty")
    short = [seed for seed in SEEDS if len(seed) < 100]
    found = dict.fromkeys(SEEDS)
    while len(found) < COUNT:
        found["".join(chance.choices(short, k=chance.randint(2, 6)))] = None
    return list(found)


NASTY = nasty_strings()
IN_A_HEADER = [text for text in NASTY if not set(text) & set("\r\n\0")]

ECHO = {
    "path": "{{ path.value }}",
    "query": "{{ query.q }}",
    "text": "-{{ query.q }}-",
    "header": "{{ headers['X-Nasty'] }}",
    "json": "{{ json }}",
    "body": "{{ text }}",
    "nested": ["{{ [query.q, {'a': query.q}] }}"],
}
FILE = {"$state": {"safe": True}, "POST": {"/{value:path}": {"$template": True, "$body": ECHO}}}


@pytest.fixture
def served(tctx: taddons.context, folder: Path) -> Served:
    return Served(tctx, folder, FILE)


def test_there_are_515_of_them() -> None:
    assert len(NASTY) == len(set(NASTY)) == COUNT


async def test_a_nasty_value_is_echoed_exactly_and_never_evaluated(served: Served) -> None:
    """One request for each string, which stands in all its parts at once."""
    for text in NASTY:
        header = text if text in IN_A_HEADER else "plain"
        body = json.dumps(text, ensure_ascii=False)
        encoded = quote(text, safe="")
        path = f"/p{encoded}?q={encoded}"
        flow = await served.ask("POST", path, headers={"X-Nasty": header}, body=body)
        assert response_of(flow).status_code == 200, repr(text[:100])
        assert json.loads(response_of(flow).content or b"") == {
            "path": f"p{text}",
            "query": text,
            "text": f"-{text}-",
            "header": header,
            "json": text,
            "body": body,
            "nested": [[text, {"a": text}]],
        }, repr(text[:100])
    assert served.state.variables == {"safe": True}
    assert served.state.count("nasty") == 1


async def test_a_nasty_value_in_a_header_never_makes_another_one(tctx: taddons.context, folder: Path) -> None:
    """It is sent as it is, or the answer is a 500 that says why."""
    value = {"$template": True, "$headers": {"X-Echo": "{{ query.q }}"}}
    served = Served(tctx, folder, {"GET": {"/": value}})
    for text in NASTY:
        response = response_of(await served.ask(path=f"/?q={quote(text, safe='')}"))
        if response.status_code == 200:
            names = [name.lower() for name, _ in response.headers.fields]
            assert names == [b"content-length", b"cache-control", b"x-echo"]
            assert response.headers.fields[2][1] == text.strip(" \t").encode("latin-1")
        else:
            assert response.status_code == 500
            assert response.headers["X-Fakebackend"].isprintable()
            assert "header X-Echo must be" in response.headers["X-Fakebackend"]


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        pytest.param("%FF", "\ufffd", id="no-utf-8"),
        pytest.param("%ED%A0%80", "\ufffd\ufffd\ufffd", id="encoded-surrogate"),
        pytest.param("%C0%AF", "\ufffd\ufffd", id="overlong"),
        pytest.param("\udcff", "\ufffd", id="raw-byte"),
    ],
)
async def test_bytes_that_are_no_utf8_become_replacement_characters(served: Served, sent: str, expected: str) -> None:
    answer = await served.json("POST", f"/{sent}?q={sent}", headers={"X-Nasty": "\udcff"}, body='"a"')
    assert (answer["path"], answer["query"], answer["header"]) == (expected, expected, "\ufffd")


async def test_an_escaped_surrogate_in_json_still_gives_valid_json(served: Served) -> None:
    flow = await served.ask("POST", "/?q=", headers={"X-Nasty": "a"}, body=b'"\\ud800"')
    assert json.loads(response_of(flow).content or b"")["json"] == "?"


async def test_json_too_deep_to_read_is_undefined_and_never_let_out(served: Served) -> None:
    flow = await served.ask("POST", "/?q=", headers={"X-Nasty": "a"}, body="[" * 200_000)
    assert response_of(flow).status_code == 500


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__ }}",
        "{{ request.url.__init__.__globals__ }}",
        "{{ now.__globals__ }}",
        "{{ counter.__self__._counters }}",
        "{{ counter.__func__ }}",
        "{{ random_int.__self__ }}",
        "{{ self._TemplateReference__context }}",
        "{{ headers.__class__ }}",
        "{% set f = state.__setitem__ %}{{ f('safe', false) }}",
        "{% set f = state.clear %}{{ f() }}",
        "{{ joiner.__init__.__globals__ }}",
        "{{ [''] | map(attribute='__class__') | list }}",
        "{{ '{0.__class__}'.format('') }}",
        "{{ 'x' * 10 ** 9 }}",
        "{{ 9 ** (9 ** 9) }}",
        "{{ range(10 ** 9) | list }}",
        "{{ [[0] * 9999] * 9999 }}",
        "{{ '%999999999d' % 1 }}",
        "{{ 'x' | center(10 ** 9) }}",
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% for i in range(99999) %}{{ 'x' * 9999 }}{% endfor %}",
    ],
)
@pytest.mark.parametrize("key", ["$text", "$body"])
async def test_a_template_that_would_break_out_or_never_end_is_a_500_with_the_reason(
    tctx: taddons.context, folder: Path, monkeypatch: pytest.MonkeyPatch, key: str, template: str
) -> None:
    monkeypatch.setattr("fakebackend.templating.sandbox.LONGEST_RENDERING", 0.1)
    monkeypatch.setattr("fakebackend.templating.limits.LARGEST_TEXT", 100_000)
    value: dict[str, Any] = {"$template": True, key: template}
    served = Served(tctx, folder, {"$state": {"safe": True}, "GET": {"/": value, "/{x:path}": "never"}})
    response = response_of(await served.ask())
    assert (response.status_code, served.state.variables) == (500, {"safe": True})
    assert response.headers["X-Fakebackend"].startswith('responses.json:1: GET /: in "{')
