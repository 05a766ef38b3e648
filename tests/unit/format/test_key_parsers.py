from typing import Any

import pytest

from fakebackend.answers.bodies import Body
from fakebackend.answers.forward_target import parse_forward
from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.format.key_parsers import Parse
from fakebackend.format.key_parsers import not_supported
from fakebackend.format.key_parsers import parse_body
from fakebackend.format.key_parsers import parse_flag
from fakebackend.format.key_parsers import parse_list
from fakebackend.format.key_parsers import parse_probability
from fakebackend.format.key_parsers import parse_set
from fakebackend.format.key_parsers import parse_text
from fakebackend.format.key_parsers import parse_users
from fakebackend.format.key_parsers import parse_word
from fakebackend.matching.conditions import ProbabilityCondition
from fakebackend.templating.template import is_dynamic
from fakebackend.templating.template_scope import EVERYWHERE
from fakebackend.templating.template_scope import WITHOUT_TEMPLATES
from fakebackend.templating.template_scope import TemplateScope

FLAG = parse_flag("$key")
TEXT = parse_text("$key")
WORD = parse_word("$key", ("red", "green"))
LIST = parse_list("$key")


@pytest.mark.parametrize("template", [False, True], ids=["plain", "templates-on"])
@pytest.mark.parametrize(
    ("parse", "value", "expected"),
    [
        pytest.param(FLAG, True, True, id="flag"),
        pytest.param(TEXT, "", "", id="empty-text"),
        pytest.param(TEXT, "{{ 1 }}", "{{ 1 }}", id="text-is-no-template"),
        pytest.param(WORD, "green", "green", id="word"),
        pytest.param(LIST, [None], [None], id="list"),
        pytest.param(parse_body("$body"), {"a": 1}, Body(b'{"a": 1}', b"application/json"), id="body"),
        pytest.param(parse_body("$text"), "a", Body(b"a", b"text/plain; charset=utf-8"), id="text"),
        pytest.param(parse_body("$base64"), "AP8=", Body(b"\0\xff", b"application/octet-stream"), id="base64"),
        pytest.param(parse_probability, 0, ProbabilityCondition(0), id="never"),
        pytest.param(parse_probability, 1.0, ProbabilityCondition(1.0), id="always"),
        pytest.param(parse_set, {"a": [1], "b": None}, {"a": [1], "b": None}, id="set"),
        pytest.param(parse_users, {}, {}, id="no-users"),
        pytest.param(parse_users, {"ann": "secret"}, {"ann": "secret"}, id="users"),
    ],
)
def test_a_good_value_is_prepared(parse: Parse, value: Any, expected: Any, template: bool) -> None:
    assert parse(value, TemplateScope(template)) == expected


@pytest.mark.parametrize(
    ("parse", "value", "text"),
    [
        pytest.param(FLAG, 1, "$key must be true or false, got 1", id="flag"),
        pytest.param(TEXT, [], "$key must be a string, got a list", id="text"),
        pytest.param(WORD, "gren", '$key must be "red" or "green", got "gren", did you mean "green"?', id="slip"),
        pytest.param(WORD, "blue-ish", '$key must be "red" or "green", got "blue-ish"', id="other-word"),
        pytest.param(WORD, ["red"], '$key must be "red" or "green", got ["red"]', id="no-word"),
        pytest.param(LIST, [], "$key must be a list of at least one value, got []", id="empty-list"),
        pytest.param(LIST, "a", '$key must be a list of at least one value, got "a"', id="no-list"),
        pytest.param(parse_body("$text"), None, "$text must be a string, got null; JSON goes into $body", id="body"),
        pytest.param(
            parse_probability, 1.01, "$probability must be a number from 0 to 1, got 1.01", id="more-than-all"
        ),
        pytest.param(parse_probability, False, "$probability must be a number from 0 to 1, got false", id="no-number"),
        pytest.param(parse_set, "a", "$set must be an object of names and values, got a string", id="set"),
        pytest.param(parse_users, {"a": 1}, 'the password of "a" must be text in quotes, got 1', id="password"),
        pytest.param(parse_users, ["ann"], "$users must be an object of user names and their passwords", id="users"),
    ],
)
def test_a_wrong_value_is_refused_with_what_is_expected(parse: Parse, value: Any, text: str) -> None:
    for template in (False, True):
        with pytest.raises(ValidationError) as caught:
            parse(value, TemplateScope(template))
        assert (str(caught.value), caught.value.at_key) == (text, False)


def test_what_is_not_supported_yet_is_wrong_at_its_key() -> None:
    with pytest.raises(ValidationError) as caught:
        not_supported("$key")(None, WITHOUT_TEMPLATES)
    assert (str(caught.value), caught.value.at_key) == ("$key is not supported yet", True)


def test_a_body_may_be_a_template_only_where_those_are_on() -> None:
    parse = parse_body("$text")
    assert is_dynamic(parse("a{{ 1 }}", EVERYWHERE))
    assert parse("a{{ 1 }}", WITHOUT_TEMPLATES) == Body(b"a{{ 1 }}", b"text/plain; charset=utf-8")


def test_a_variable_may_be_set_to_a_template() -> None:
    compiled = parse_set({"a": "{{ 1 }}", "b": 2}, EVERYWHERE)
    assert is_dynamic(compiled["a"])
    assert compiled["b"] == 2


@pytest.mark.parametrize("value", ["ftp://a", "//a", "https://", "https://a#b", "", 1, None])
def test_only_an_origin_can_be_forwarded_to(value: Any) -> None:
    with pytest.raises(ValidationError):
        parse_forward(value, WITHOUT_TEMPLATES)


def test_a_template_that_is_wrong_in_set_has_its_place() -> None:
    with pytest.raises(ValidationError) as caught:
        parse_set({"a": ["{{ x }}"], "b": "{{"}, EVERYWHERE)
    assert (
        str(caught.value)
        == '$set.a: unknown name "x" in a template; the docs list those that are known, under $template'
    )
    assert [error.path for error in caught.value.all()] == [("a", 0), ("b",)]
