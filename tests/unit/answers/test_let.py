"""`$let`: names for values."""

from pathlib import Path
from typing import Any

import pytest

from fakebackend.table.answer_error import AnswerError
from tests.answering import Core
from tests.answering import errors_of

T = {"$template": True}


@pytest.mark.parametrize(
    ("value", "request_line", "expected"),
    [
        pytest.param({**T, "$let": {"a": "{{ query.x }}"}, "$body": "{{ a }}"}, "GET /?x=1", "1", id="template"),
        pytest.param({**T, "$let": {"a": {"b": [1]}}, "$body": "{{ a.b[0] }}"}, "GET /", 1, id="plain-value"),
        pytest.param(
            {**T, "$let": {"a": "{{ b + 1 }}", "b": "{{ 1 }}"}, "$body": "{{ a }}"}, "GET /", 2, id="of-each-other"
        ),
        pytest.param({**T, "$let": {"a": "{{ 1 / 0 }}"}, "$body": 1}, "GET /", 1, id="never-used-cannot-fail"),
        pytest.param(
            {**T, "$let": {"a": "{{ query.x }}"}, "$body": "{{ a | default('-') }}"}, "GET /", "-", id="undefined"
        ),
        pytest.param(
            {**T, "$let": {"a": "{{ query.x }}"}, "$body": [{"$if": "{{ a }}", "$value": 1}]},
            "GET /",
            [],
            id="undefined-if",
        ),
        pytest.param(
            {**T, "$let": {"a": "{{ random_int(1, 10 ** 9) }}"}, "$body": "{{ a == a }}"}, "GET /", True, id="once"
        ),
        pytest.param(
            {**T, "$let": {"n": "{{ query.x | int }}"}, "$when": {"query": {"x": "{{ n }}"}}, "$body": "{{ n }}"},
            "GET /?x=7",
            7,
            id="in-a-condition",
        ),
        pytest.param(
            {**T, "$let": {"a": 1, "b": 2}, "$cases": [{"$let": {"a": 3}, "$body": "{{ a }}{{ b }}"}]},
            "GET /",
            "32",
            id="inner-hides-outer",
        ),
        pytest.param(
            {"$let": {"a": "{{ 1 }}"}, "$cases": [{**T, "$body": "{{ a }}"}]},
            "GET /",
            "{{ 1 }}",
            id="no-template-there",
        ),
        pytest.param({**T, "$let": {"a": 1}, "$sequence": [{"$body": "{{ a }}"}]}, "GET /", 1, id="in-a-sequence"),
        pytest.param({**T, "$let": {}, "$body": "{{ 1 }}"}, "GET /", 1, id="none"),
        pytest.param({**T, "$let": {"größe": 1}, "$body": "{{ größe }}"}, "GET /", 1, id="unicode-name"),
        pytest.param(
            {**T, "$let": {"a": [{"$each": 2, "$value": "{{ index }}"}]}, "$body": "{{ a }}"},
            "GET /",
            [0, 1],
            id="loop",
        ),
    ],
)
async def test_a_name_stands_for_a_value(tmp_path: Path, value: Any, request_line: str, expected: Any) -> None:
    assert errors_of({"GET /": value}) == []
    assert await Core(tmp_path, {"GET /": value}).json(request_line) == expected


async def test_a_name_sees_the_state_before_anything_is_set_and_what_is_set_sees_the_name(tmp_path: Path) -> None:
    value = {
        **T,
        "$let": {"old": "{{ state.n }}", "late": "{{ state.n }}"},
        "$set": {"n": "{{ old + 1 }}"},
        "$body": ["{{ old }}", "{{ state.n }}", "{{ late }}"],
    }
    assert await Core(tmp_path, {"$state": {"n": 1}, "GET /": value}).json() == [1, 2, 1]


async def test_a_condition_and_the_answer_see_the_same_value(tmp_path: Path) -> None:
    value = {
        **T,
        "$let": {"r": "{{ random_string(9) }}"},
        "$when": {"$not": {"query": {"a": "{{ r }}"}}},
        "$headers": {"A": "{{ r }}"},
        "$body": "{{ r }}",
    }
    answer = await Core(tmp_path, {"GET /": value}).ask()
    assert (b"A", answer.body.strip(b'"')) in answer.fields


async def test_names_of_the_file_are_known_everywhere_in_it_and_hidden_by_others(tmp_path: Path) -> None:
    data = {
        "$defaults": {"$template": True, "$let": {"me": "{{ headers.A }}"}},
        "GET": {"/": {"me": "{{ me }}"}, "/own": {"$let": {"me": "you"}, "$body": "{{ me }}"}, "/plain": 1},
        "$before": {"GET /before": "{{ me }}"},
    }
    core = Core(tmp_path, data)
    for request, expected in (("/", {"me": "x"}), ("/own", "you"), ("/plain", 1), ("/before", "x")):
        assert await core.json(f"GET {request}", headers={"A": "x"}) == expected


async def test_names_reach_definitions_that_handlers_return(tmp_path: Path) -> None:
    (tmp_path / "h.py").write_text(
        "from fakebackend import definition\ndef f(r): return definition({'$template': True, '$body': '{{ a }}'})\n"
    )
    value = {**T, "$let": {"a": "{{ query.x }}"}, "$handler": "h.py:f"}
    assert await Core(tmp_path, {"GET /": value}).json("GET /?x=1") == "1"


async def test_a_value_that_fails_names_itself(tmp_path: Path) -> None:
    value = {**T, "$let": {"a": "{{ b }}", "b": "{{ query.x.y }}"}, "$body": "{{ a }}"}
    with pytest.raises(AnswerError) as caught:
        await Core(tmp_path, {"GET /": value}).ask("GET /?z=1")
    assert str(caught.value).endswith(
        """GET /: $let.b: in "{{ query.x.y }}": 'x' is not in the query (has: z); default('…') gives one"""
    )


async def test_an_undefined_value_says_where_it_was_looked_for(tmp_path: Path) -> None:
    said = r"""in "{{ a }}": \$let.a: in "{{ query.x }}": 'x' is not in the query \(has: z\)"""
    with pytest.raises(AnswerError, match=said):
        await Core(tmp_path, {"GET /": {**T, "$let": {"a": "{{ query.x }}"}, "$body": "{{ a }}"}}).ask("GET /?z=1")


@pytest.mark.parametrize(
    ("let", "errors"),
    [
        pytest.param({"a": "{{ a }}"}, ["$let.a needs itself: a needs a"], id="itself"),
        pytest.param(
            {"a": "{{ b }}", "b": ["{{ c }}"], "c": "{{ query.x }}{{ a }}"},
            ["$let.a needs itself: a needs b needs c needs a"],
            id="in-a-circle",
        ),
        pytest.param({"query": 1}, ['"query" means something in templates already, use another name'], id="known"),
        pytest.param(
            {"resources": 1}, ['"resources" means something in templates already, use another name'], id="coming"
        ),
        pytest.param({"true": 1}, ['"true" is a word of templates, use another name'], id="true"),
        pytest.param({"not": 1}, ['"not" is a word of templates, use another name'], id="not"),
        pytest.param({"range": 1}, ['"range" means something in templates already, use another name'], id="jinja"),
        pytest.param({"loop": 1}, ['"loop" means something in templates already, use another name'], id="statement"),
        *(
            pytest.param(
                {name: 1},
                [
                    f'"{name}" cannot be used in a template: a name is made of letters, digits and _, '
                    "and begins with a letter"
                ],
                id=name,
            )
            for name in ("my-name", "1a", "", "_a", "a b")
        ),
        pytest.param(["a"], ["$let must be an object of names and values, got a list"], id="no-object"),
        pytest.param(
            {"a": "{{ nmae }}"},
            ['$let.a: unknown name "nmae" in a template; the docs list those that are known, under $template'],
            id="unknown",
        ),
        pytest.param(
            {"a": "{{ bb1 }}", "bb": 1},
            ['$let.a: unknown name "bb1" in a template, did you mean "bb"?'],
            id="near-an-own-one",
        ),
    ],
)
def test_names_that_cannot_be_are_told_when_the_file_is_read(let: Any, errors: list[str]) -> None:
    found = [error.partition("GET /: ")[2] for error in errors_of({"GET /": {**T, "$let": let, "$body": 1}})]
    assert found == errors


def test_a_name_is_known_inside_its_definition_only() -> None:
    data = {"GET": {"/a": {**T, "$let": {"mine": 1}, "$body": 1}, "/b": {**T, "$body": "{{ mine }}"}}}
    assert [error.partition("GET /b: ")[2] for error in errors_of(data)] == [
        'unknown name "mine" in a template; the docs list those that are known, under $template'
    ]


def test_without_a_by_it_counts_nothing(tmp_path: Path) -> None:
    value = {**T, "$let": {"a": 1}, "$cases": [{"$sequence": [1]}]}
    assert len(list(Core(tmp_path, {"GET /": value}).table.remembered_keys())) == 1
