from typing import Any

import pytest

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.templating.compile_templates import compile_templates
from fakebackend.templating.template import RenderingError
from fakebackend.templating.template import is_dynamic
from fakebackend.templating.template import rendered
from fakebackend.templating.template_text import TemplateText
from fakebackend.templating.template_tree import TemplateTree
from tests.answering import context_for


def test_strings_at_any_depth_are_templates_and_so_are_keys() -> None:
    value = {"k{{ 1 + 1 }}": [{"b": "{{ state.n }}"}, "plain", 1, None]}
    assert isinstance(compile_templates(value), TemplateTree)
    assert rendered(compile_templates(value), context_for(state={"n": 1})) == {"k2": [{"b": 1}, "plain", 1, None]}


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


@pytest.mark.parametrize(
    ("value", "text", "path"),
    [
        pytest.param({"a": [1, "{{ nmae }}"]}, 'unknown name "nmae"', ("a", 1), id="place"),
    ],
)
def test_a_wrong_template_is_refused_at_load_with_its_place(value: Any, text: str, path: tuple[object, ...]) -> None:
    with pytest.raises(ValidationError) as caught:
        compile_templates(value)
    assert str(caught.value).startswith(text)
    assert caught.value.path == path


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        pytest.param("{{ 1 }}", TemplateText, id="expression"),
        pytest.param("a {% if 1 %}b{% endif %}", TemplateText, id="statement"),
        pytest.param("{# nothing #}", TemplateText, id="comment"),
        pytest.param("{ {", str, id="braces-apart"),
        pytest.param("}} %}", str, id="closing-ones-alone"),
        pytest.param(["{{ 1 }}"], TemplateTree, id="in-a-list"),
        pytest.param({"a": {"b": ["{{ 1 }}"]}}, TemplateTree, id="deep"),
        pytest.param({"{{ 1 }}": "a"}, TemplateTree, id="key"),
    ],
)
def test_what_opens_a_template_makes_one(value: Any, kind: type[object]) -> None:
    assert type(compile_templates(value)) is kind


def test_every_template_that_is_wrong_is_told_with_the_way_to_it() -> None:
    with pytest.raises(ValidationError) as caught:
        compile_templates({"a": "{{ nmae }}", "b": ["{{ 1 }}", "{{ 1"], "c": {"d": "{{ nmae }}"}})
    assert [error.path for error in caught.value.all()] == [("a",), ("b", 1), ("c", "d")]


def test_rendering_leaves_what_was_compiled_as_it_was() -> None:
    compiled = compile_templates({"list": [1, "{{ counter('c') }}"]})
    context = context_for()
    first = rendered(compiled, context)
    first["list"].append(2)
    assert rendered(compiled, context) == {"list": [1, 2]}


def test_where_one_template_fails_the_whole_value_does() -> None:
    with pytest.raises(RenderingError, match="'none' is not in the query"):
        rendered(compile_templates({"a": "{{ 1 }}", "b": ["{{ query.none }}"]}), context_for())
