"""Keys, `$each` and `$if` among the templates of a value."""

from typing import Any

import pytest

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.templating.compile_templates import compile_templates
from fakebackend.templating.template import RenderingError
from fakebackend.templating.template import rendered
from fakebackend.templating.template_tree import TemplateTree
from tests.answering import context_for


def made(value: Any, path: str = "/?n=2&a=x", **of: Any) -> Any:
    compiled = compile_templates(value)
    assert isinstance(compiled, TemplateTree)
    return rendered(compiled, context_for(path=path, **of))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param({"{{ query.a }}": 1}, {"x": 1}, id="key"),
        pytest.param({"k{{ query.a }}": 1, "b": 2}, {"kx": 1, "b": 2}, id="key-with-text"),
        pytest.param({"{{ 1 }}": 1}, {"1": 1}, id="key-that-is-no-text"),
        pytest.param({"x": 1, "{{ query.a }}": 2}, {"x": 2}, id="later-template-wins"),
        pytest.param({"{{ query.a }}": 1, "x": 2}, {"x": 2}, id="later-text-wins"),
        pytest.param([{"$each": ["a", "b"], "v": "{{ item }}"}], [{"v": "a"}, {"v": "b"}], id="elements"),
        pytest.param([0, {"$each": 2, "$value": "{{ index }}"}, 9], [0, 0, 1, 9], id="among-others"),
        pytest.param({"$each": 2.0, "$value": 7}, [7, 7], id="whole-float-of-the-file"),
        pytest.param({"$each": 2, "i": "{{ item }}"}, [{"i": 0}, {"i": 1}], id="whole-body"),
        pytest.param({"a": {"$each": 2, "$value": 7}}, {"a": [7, 7]}, id="as-a-value-without-a-template"),
        pytest.param({"$each": "{{ query.n | int }}", "$value": "{{ index }}"}, [0, 1], id="number-of-a-template"),
        pytest.param({"$each": "{{ 2.0 }}", "$value": 1}, [1, 1], id="whole-float"),
        pytest.param({"$each": "{{ range(2, 4) }}", "$value": "{{ item }}"}, [2, 3], id="range"),
        pytest.param({"$each": "{{ (1, 2) }}", "$value": "{{ item }}"}, [1, 2], id="tuple"),
        pytest.param({"$each": "{{ [1, 2] | map('string') }}", "$value": "{{ item }}"}, ["1", "2"], id="one-by-one"),
        pytest.param({"$each": ["{{ query.a }}", "y"], "$value": "{{ item }}"}, ["x", "y"], id="templates-in-the-list"),
        pytest.param({"$each": 0, "$value": 1}, [], id="none"),
        pytest.param({"$each": -3, "$value": 1}, [], id="fewer-than-none"),
        pytest.param({"$each": [None, {"a": 1}], "$value": "{{ item }}"}, [None, {"a": 1}], id="values-of-any-kind"),
        pytest.param({"$each": {"user": ["a"]}, "$value": "{{ user }}"}, ["a"], id="named"),
        pytest.param(
            {"$each": {"x": [1, 2]}, "$value": [{"$each": {"y": ["a", "b"]}, "$value": "{{ x }}{{ y }}{{ index }}"}]},
            [["1a0", "1b1"], ["2a0", "2b1"]],
            id="loops-in-loops",
        ),
        pytest.param(
            {"$each": [[1, 2], [3]], "$value": {"$each": "{{ item }}", "$value": "{{ item }}"}},
            [[1, 2], [3]],
            id="inner-item-hides-outer",
        ),
        pytest.param({"$each": ["k", "l"], "{{ item }}": 1}, [{"k": 1}, {"l": 1}], id="key-in-a-loop"),
        pytest.param({"$each": 1, "$value": {"$value": 1}}, [{"$value": 1}], id="value-alone-inside"),
        pytest.param({"$value": "{{ 1 }}"}, {"$value": 1}, id="value-alone-is-data"),
        pytest.param({"a": {"$if": "{{ query.a }}", "b": 1}, "c": 1}, {"a": {"b": 1}, "c": 1}, id="true"),
        pytest.param({"a": {"$if": "{{ query.b }}", "b": 1}, "c": 1}, {"c": 1}, id="undefined-goes-with-its-key"),
        pytest.param([1, {"$if": False, "$value": 2}, {"$if": True, "$value": 3}], [1, 3], id="elements-left-out"),
        pytest.param({"a": {"$if": "{{ json.b.c }}", "$value": 1}}, {}, id="undefined-deep-inside"),
        pytest.param({"a": {"$if": "{{ query.b | int > 3 }}", "$value": 1}}, {}, id="undefined-in-a-filter"),
        pytest.param({"$each": 4, "$if": "{{ item % 2 }}", "$value": "{{ item }}"}, [1, 3], id="asked-for-each"),
        pytest.param(
            {"$each": 2, "$value": {"$if": "{{ item }}", "$value": "{{ item }}"}}, [1], id="left-out-by-an-inner-one"
        ),
        pytest.param(
            {"a": {"$if": True, "$value": {"$if": "{{ false }}", "$value": 1}}}, {}, id="left-out-through-another"
        ),
    ],
)
def test_values_are_made_of_the_request(value: Any, expected: Any) -> None:
    assert made(value) == expected


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        *((text, False) for text in ("{{ false }}", "{{ none }}", "{{ 0 }}", "{{ '' }}", "{{ [] }}", "{{ {} }}")),
        *(
            (text, True)
            for text in ("{{ 1 }}", "{{ 'false' }}", "{{ [0] }}", "{{ {'a': 0} }}", "{{ 0.1 }}", "a{{ 1 }}")
        ),
        *((value, False) for value in list[Any]([False, None, 0, [], {}])),
        *((value, True) for value in list[Any]([True, 1, [0], {"a": 0}])),
        (["{{ query.a }}"], True),
    ],
)
def test_what_is_true(condition: Any, holds: bool) -> None:
    assert made([{"$if": condition, "$value": "{{ 1 }}"}]) == ([1] if holds else [])


@pytest.mark.parametrize(
    ("value", "error", "path"),
    [
        pytest.param(
            {"$if": "{{ 1 }}", "a": 1},
            "$if stands inside a body; a condition for the whole answer is $when",
            ("$if",),
            id="whole-body",
        ),
        pytest.param(
            [{"$if": "yes", "a": 1}],
            '$if takes a template, as "{{ … }}", or true or false, got "yes"',
            (0, "$if"),
            id="text",
        ),
        pytest.param(
            [{"$if": "{{ nmae }}", "a": 1}], 'unknown name "nmae" in a template', (0, "$if"), id="wrong-condition"
        ),
        pytest.param(
            [{"$if": ["{{ nmae }}"], "a": 1}],
            'unknown name "nmae" in a template',
            (0, "$if", 0),
            id="wrong-deep-condition",
        ),
        pytest.param(
            [{"$if": "{{ 1 }}"}],
            "$if has nothing to stand for: put $value or other keys beside it",
            (0,),
            id="if-of-nothing",
        ),
        pytest.param(
            {"$each": 2}, "$each has nothing to stand for: put $value or other keys beside it", (), id="each-of-nothing"
        ),
        pytest.param(
            {"$each": 2, "$value": 1, "a": 1},
            '$each has either $value or other keys, got $value and "a"',
            ("a",),
            id="both",
        ),
        pytest.param(
            {"$each": "3", "$value": 1},
            '$each takes a list, a whole number or a template, got "3"',
            ("$each",),
            id="each-text",
        ),
        pytest.param(
            {"$each": True, "$value": 1},
            "$each takes a list, a whole number or a template, got true",
            ("$each",),
            id="each-flag",
        ),
        pytest.param(
            {"$each": {"a": 1.5}, "$value": 1},
            "$each takes a list, a whole number or a template, got 1.5",
            ("$each", "a"),
            id="each-fraction",
        ),
        pytest.param(
            {"$each": {"a": 1, "b": 2}, "$value": 1},
            '$each takes a list, or one name for its values: {"user": list}',
            ("$each",),
            id="two-names",
        ),
        pytest.param(
            {"$each": {"query": 1}, "$value": 1},
            '"query" means something in templates already, use another name',
            ("$each", "query"),
            id="name-in-use",
        ),
        pytest.param(
            {"$each": "{{ nmae }}", "$value": 1}, 'unknown name "nmae" in a template', ("$each",), id="wrong-list"
        ),
        pytest.param(
            {"$each": {"a": ["{{ nmae }}"]}, "$value": 1},
            'unknown name "nmae" in a template',
            ("$each", "a", 0),
            id="wrong-element",
        ),
        pytest.param(
            {"$each": 2, "$value": "{{ itme }}"},
            'unknown name "itme" in a template, did you mean "item"?',
            ("$value",),
            id="wrong-inside",
        ),
        pytest.param(
            {"$each": 2, "a": "{{ itme }}"},
            'unknown name "itme" in a template, did you mean "item"?',
            ("a",),
            id="wrong-in-a-key",
        ),
        pytest.param({"{{ nmae }}": 1}, 'unknown name "nmae" in a template', (), id="wrong-key"),
        pytest.param({"a": "{{ item }}"}, 'unknown name "item" in a template', ("a",), id="item-outside"),
    ],
)
def test_what_is_written_wrong_is_told_with_its_place(value: Any, error: str, path: tuple[Any, ...]) -> None:
    with pytest.raises(ValidationError) as caught:
        compile_templates(value)
    assert str(caught.value).startswith(error)
    assert caught.value.path[: len(path)] == path


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        pytest.param(
            "{{ query.n }}", '$each takes a list or a whole number, got "2"; `| int` makes a number of text', id="text"
        ),
        pytest.param("{{ 1.5 }}", "$each takes a list or a whole number, got 1.5", id="fraction"),
        pytest.param("{{ true }}", "$each takes a list or a whole number, got true", id="flag"),
        pytest.param("{{ none }}", "$each takes a list or a whole number, got null", id="null"),
        pytest.param("{{ {'a': 1} }}", "$each takes a list or a whole number, got an object", id="object"),
        pytest.param("{{ query.m }}", "'m' is not in the query (has: n, a); default('…') gives one", id="undefined"),
        pytest.param("{{ {'a': 1}.items() }}", "`| list` makes a list of what items() gives", id="view"),
        pytest.param("{{ 1 / 0 }}", 'in "{{ 1 / 0 }}": division by zero', id="failing"),
        pytest.param("{{ 10 ** 12 }}", "take longer than 1 s", id="very-many"),
    ],
)
def test_a_loop_over_what_is_no_list_fails(value: str, reason: str) -> None:
    with pytest.raises(RenderingError) as caught:
        made({"$each": value, "$value": "{{ item }}"})
    assert reason in str(caught.value)


def test_a_condition_that_fails_otherwise_than_by_what_is_missing_is_an_error() -> None:
    with pytest.raises(RenderingError, match="division by zero"):
        made([{"$if": "{{ 1 / 0 }}", "$value": 1}])


def test_what_a_loop_makes_is_bounded_by_its_size() -> None:
    with pytest.raises(RenderingError, match="larger than 10,485,760 bytes"):
        made({"$each": 1_000, "$value": {"text": "x" * 20_000}})


def test_loops_in_loops_are_bounded_by_what_comes_out() -> None:
    value: Any = 1
    for _ in range(6):
        value = {"$each": 100, "$value": value}
    with pytest.raises(RenderingError, match=r"larger than 10,485,760 bytes|take longer than 1 s"):
        made(value)


def test_the_names_of_a_value_are_those_its_loops_do_not_bring() -> None:
    value = {
        "{{ text }}": ["{{ query.a }}"],
        "b": {"$each": {"x": "{{ path }}"}, "$if": "{{ state }}", "$value": "{{ x }}{{ index }}{{ uuid() }}"},
        "c": [{"$if": True, "$value": "{{ json }}"}],
    }
    assert compile_templates(value).names == {"text", "query", "path", "state", "uuid", "json"}
