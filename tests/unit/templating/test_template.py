from typing import Any

import pytest

from fakebackend.messages.multidict import MultiDict
from fakebackend.templating.compile_templates import compile_templates
from fakebackend.templating.template import RenderingError
from fakebackend.templating.template import is_dynamic
from fakebackend.templating.template import rendered
from fakebackend.templating.template import rendered_json
from fakebackend.templating.template_text import TemplateText
from tests.answering import context_for


def value_of(value: Any) -> Any:
    return rendered(compile_templates(value), context_for(path="/?q={{ 7*7 }}"))


def test_a_string_with_a_template_is_dynamic() -> None:
    assert is_dynamic(TemplateText("{{ uuid() }}"))


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
        pytest.param("{{ now() }}", r'"\d{4}-\d\d-\d\dT.*\.\d{3}Z"', id="time"),
        pytest.param("{{ now().date() }}", r'"\d{4}-\d\d-\d\d"', id="date"),
        pytest.param("{{ query }}", r'\{"q": "\{\{ 7\*7 \}\}"\}', id="all-of-the-query"),
    ],
)
def test_values_of_the_request_are_written_as_json(template: str, pattern: str) -> None:
    import re

    assert re.fullmatch(pattern, rendered_json(value_of(template)).decode())


def test_an_undefined_value_inside_a_rendered_list_is_an_error() -> None:
    with pytest.raises(Exception, match="'none' is not in the query"):
        rendered_json(value_of("{{ [query.none] }}"))
