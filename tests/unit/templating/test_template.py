import json
from typing import Any

import pytest

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.messages.multidict import MultiDict
from fakebackend.templating.compile_templates import TemplateTree
from fakebackend.templating.compile_templates import compile_templates
from fakebackend.templating.template import RenderingError
from fakebackend.templating.template import is_dynamic
from fakebackend.templating.template import rendered
from fakebackend.templating.template import rendered_json
from fakebackend.templating.template_text import TemplateText
from tests.answering import context_for

BODY = '{"big": 123456789012345678901234567890, "list": [1, "a", null], "yes": true, "none": null, "f": 1.5}'


def value_of(value: Any) -> Any:
    return rendered(compile_templates(value), context_for("POST", "/?q={{ 7*7 }}", body=BODY, state={"n": 1}))


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        pytest.param("{{ json.big }}", 123456789012345678901234567890, id="big-integer"),
        pytest.param("{{ json.list }}", [1, "a", None], id="list"),
        pytest.param("{{ json.yes }}", True, id="boolean"),
        pytest.param("{{ json.none }}", None, id="null"),
        pytest.param("{{ json.f }}", 1.5, id="float"),
        pytest.param("{{json}}", json.loads(BODY), id="object"),
        pytest.param("{{- json.yes -}}", True, id="with-minus"),
        pytest.param("{{+ json.yes }}", True, id="with-plus"),
        pytest.param("{{ 1 if json.yes else 2 }}", 1, id="condition"),
        pytest.param("{{ {'a': {'b': 1}} }}", {"a": {"b": 1}}, id="literal-with-braces"),
        pytest.param("{{ state.n + 1 }}", 2, id="arithmetic"),
        pytest.param("{{ '}}' }}", "}}", id="braces-in-text"),
        pytest.param("{{ range(3) | map('string') }}", ["0", "1", "2"], id="a-filter-that-yields"),
        pytest.param(" {{ json.yes }}", " True", id="space-before-is-text"),
        pytest.param("{{ json.f }}{{ json.f }}", "1.51.5", id="two-are-text"),
        pytest.param("{% if json.yes %}a{% endif %}", "a", id="a-statement-is-text"),
        pytest.param("{# nothing #}", "", id="a-comment-is-nothing"),
        pytest.param("a{{ json.none }}", "aNone", id="null-in-text"),
        pytest.param("{{ query.q }}", "{{ 7*7 }}", id="what-a-request-says-is-not-evaluated"),
        pytest.param("no template } {", "no template } {", id="plain"),
    ],
)
def test_a_string_that_is_one_expression_keeps_the_type(template: str, expected: object) -> None:
    value = value_of(template)
    assert (value, type(value)) == (expected, type(expected))


def test_strings_at_any_depth_are_templates_and_keys_are_not() -> None:
    value = {"{{ a }}": [{"b": "{{ state.n }}"}, "plain", 1, None]}
    assert isinstance(compile_templates(value), TemplateTree)
    assert value_of(value) == {"{{ a }}": [{"b": 1}, "plain", 1, None]}


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({"a": ["plain", 1, None, True]}, id="object"),
        pytest.param("plain", id="text"),
        pytest.param(7, id="number"),
    ],
)
def test_a_value_without_templates_stays_as_it_is(value: Any) -> None:
    compiled = compile_templates(value)
    assert compiled == value
    assert not is_dynamic(compiled)
    assert rendered(compiled, context_for()) == value


def test_a_string_with_a_template_is_dynamic() -> None:
    assert is_dynamic(TemplateText("{{ uuid() }}"))


@pytest.mark.parametrize(
    ("value", "text", "path"),
    [
        pytest.param("{{ nmae }}", 'unknown name "nmae" in a template', (), id="unknown-name"),
        pytest.param(
            "{{ querry.a }}",
            'unknown name "querry" in a template, did you mean "query"?',
            (),
            id="near-miss",
        ),
        pytest.param("{{ lipsum() }}", 'unknown name "lipsum" in a template', (), id="removed-global"),
        pytest.param("{{ a b }}", 'the template "{{ a b }}" is wrong: expected token', (), id="syntax"),
        pytest.param("{{ 1", 'the template "{{ 1" is wrong: unexpected end of template', (), id="unclosed"),
        pytest.param("{% if 1 %}", 'the template "{% if 1 %}" is wrong: ', (), id="unclosed-statement"),
        pytest.param("{{ 1 | nofilter }}", "the template", (), id="unknown-filter"),
        pytest.param({"a": [1, "{{ nmae }}"]}, 'unknown name "nmae"', ("a", 1), id="place"),
        pytest.param("{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", "the template", (), id="nested-too-deep"),
    ],
)
def test_a_wrong_template_is_refused_at_load_with_its_place(value: Any, text: str, path: tuple[object, ...]) -> None:
    with pytest.raises(ValidationError) as caught:
        compile_templates(value)
    assert str(caught.value).startswith(text)
    assert caught.value.path == path


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        pytest.param("{{ query.none }}", "there is no 'none', only 'q'", id="undefined-value"),
        pytest.param("a{{ query.none }}", "there is no 'none', only 'q'", id="undefined-in-text"),
        pytest.param("{{ form.a }}", "there is no 'a', only nothing", id="nothing-there"),
        pytest.param("{{ 1 / 0 }}", "division by zero", id="error"),
        pytest.param("{{ json.list[9] }}", "list object has no element 9", id="index"),
        pytest.param("{{ 'a' * 99999999 }}", "the result is larger than", id="too-large"),
        pytest.param("{{ ''.__class__ }}", "access to attribute '__class__' of 'str' object is unsafe.", id="escape"),
        pytest.param("{% include 'a' %}", "no loader for this environment specified", id="include"),
        pytest.param("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "maximum recursion depth", id="recursion"),
    ],
)
def test_a_rendering_that_fails_says_which_and_why(template: str, reason: str) -> None:
    with pytest.raises(RenderingError) as caught:
        value_of(template)
    assert str(caught.value).startswith(f'"{template[:20]}')
    assert reason in str(caught.value)


def test_a_text_that_gets_too_long_piece_by_piece_is_stopped() -> None:
    with pytest.raises(RenderingError, match="the text gets longer than 10,485,760 characters"):
        value_of("{% for i in range(20) %}{{ 'a' * 999999 }}{% endfor %}")


def test_an_error_without_a_text_is_known_by_its_type(monkeypatch: pytest.MonkeyPatch) -> None:
    view = context_for(state={"n": 1})
    monkeypatch.setattr(view.state, "count", lambda name: (_ for _ in ()).throw(KeyError))
    with pytest.raises(RenderingError, match="KeyError"):
        rendered(compile_templates("{{ counter('a') }}"), view)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param({"a": "é\u2028"}, '{"a": "é\u2028"}', id="unicode-stays"),
        pytest.param(MultiDict([("a", "1"), ("a", "2")]), '{"a": "1"}', id="field-map"),
        pytest.param({1: 2}.keys(), None, id="no-json"),
        pytest.param({3, 4} - {4}, "[3]", id="set"),
        pytest.param((1, (2,)), "[1, [2]]", id="tuple"),
        pytest.param(float("nan"), None, id="nan"),
        pytest.param(b"x", None, id="bytes"),
        pytest.param(print, None, id="function"),
        pytest.param("\ud800", '"?"', id="lone-surrogate"),
    ],
)
def test_what_comes_out_is_json_or_an_error(value: Any, expected: str | None) -> None:
    if expected is None and not hasattr(value, "isdisjoint"):
        with pytest.raises(RenderingError, match="the rendered body is no JSON"):
            rendered_json(value)
    else:
        assert rendered_json(value).decode() == (expected or "[1]")


@pytest.mark.parametrize(
    ("template", "pattern"),
    [
        pytest.param("{{ now() }}", r'"\d{4}-\d\d-\d\dT.*\+00:00"', id="time"),
        pytest.param("{{ now().date() }}", r'"\d{4}-\d\d-\d\d"', id="date"),
        pytest.param("{{ query }}", r'\{"q": "\{\{ 7\*7 \}\}"\}', id="all-of-the-query"),
    ],
)
def test_values_of_the_request_are_written_as_json(template: str, pattern: str) -> None:
    import re

    assert re.fullmatch(pattern, rendered_json(value_of(template)).decode())


def test_an_undefined_value_inside_a_rendered_list_is_an_error() -> None:
    with pytest.raises(Exception, match="there is no 'none', only 'q'"):
        rendered_json(value_of("{{ [query.none] }}"))
