from pathlib import Path
from typing import Any

import pytest

from fakebackend.format.compile import compile_file
from fakebackend.table.outline import outline
from tests.answering import table_in
from tests.conftest import table_of

WHEN = {"$when": {"query": {"q": 1}}}


@pytest.mark.parametrize(
    ("value", "said", "status"),
    [
        pytest.param([1], "200", 200, id="plain"),
        pytest.param({"$status": 404}, "404", 404, id="status"),
        pytest.param({"$template": True, "$status": 201, "$body": "{{ uuid() }}"}, "201", 201, id="template"),
        pytest.param({"$template": True, "$status": "{{ 201 }}"}, "a template's status", None, id="status-template"),
        pytest.param({"$template": True, "$headers": {"A": "{{ uuid() }}"}, "$text": "a"}, "200", 200, id="headers"),
        pytest.param({**WHEN, "$probability": 0.5}, "200 if $when.query.q and $probability 0.5", 200, id="conditions"),
        pytest.param({"$fault": "close"}, "$fault: close", None, id="fault"),
        pytest.param({"$forward": True}, "forwarded", None, id="forward"),
        pytest.param({"$forward": "https://h"}, "forwarded to https://h", None, id="forward-to"),
        pytest.param({"$handler": "echo"}, "by echo", None, id="built-in-handler"),
        pytest.param({"$limit": {"requests": 5, "per": "1m"}, "$body": 1}, "200 if $limit 5 per 60 s", 200, id="limit"),
        pytest.param({"$limit": {"requests": 5, "per": "1s"}}, "passed on if $limit 5 per 1 s", None, id="guard"),
        pytest.param({"$let": {"a": 1}, "$status": 204}, "204", 204, id="let"),
        pytest.param({"$cases": [1, 2]}, "2 cases", None, id="cases"),
        pytest.param({"$sequence": [1, 2]}, "2 in turn, the last one stays", None, id="sequence"),
        pytest.param({"$sequence": [1], "$repeat": "cycle"}, "1 in turn, over and over", None, id="cycle"),
        pytest.param({"$sequence": [1], "$repeat": "stop"}, "1 in turn, then no match", None, id="stop"),
    ],
)
def test_a_value_is_told_in_a_few_words(value: Any, said: str, status: int | None) -> None:
    [entry] = table_of({"GET /a": value})
    found = outline(entry.alternative)
    assert (str(found), found.status) == (said, status)


def test_files_and_functions_are_named(folder: Path) -> None:
    (folder / "a.txt").write_text("a")
    (folder / "h.py").write_text("def f(request): pass\n")
    values = [{"$file": "a.txt"}, {"$file": "{p}.txt"}, {"$file": "{{ path.p }}", "$template": True}]
    table = table_in(folder, {f"GET /{i}/{{p}}": v for i, v in enumerate([*values, {"$handler": "h.py:f"}])})
    assert [str(outline(entry.alternative)) for entry in table] == [
        "200 from a.txt",
        "200 from {p}.txt",
        "200 from a file",
        "by h.py:f",
    ]


NESTED = {
    "$cases": [
        {**WHEN, "$name": "one", "$sequence": [1, {"$name": "two", "$status": 503}]},
        {"$limit": {"requests": 1, "per": "1s", "answer": {"$name": "over"}}, "$cases": ["x"]},
    ]
}


def test_values_inside_have_a_line_each() -> None:
    [entry] = table_of({"GET /a": NESTED})
    assert list(outline(entry.alternative).lines()) == [
        'case 1 "one": 2 in turn, the last one stays if $when.query.q',
        "  item 1 of 2: 200",
        '  item 2 of 2 "two": 503',
        "case 2: 1 case if $limit 1 per 1 s",
        "  case 1: 200",
    ]


def test_as_data_it_is_an_object_in_objects() -> None:
    [entry] = compile_file(b'{"GET /a": {"$cases": [{"$when": {"query": {"q": 1}}, "$status": 201}, 2]}}', "f").table
    assert outline(entry.alternative).as_data() == {
        "answers": "2 cases",
        "status": None,
        "conditions": [],
        "values": [
            {"label": "case 1", "answers": "201", "status": 201, "conditions": ["$when.query.q"]},
            {"label": "case 2", "answers": "200", "status": 200, "conditions": []},
        ],
    }


def test_what_is_no_alternative_has_no_outline() -> None:
    with pytest.raises(TypeError, match="int has no outline"):
        outline(1)  # type: ignore[arg-type]
