from typing import Any

import pytest

from fakebackend.answers.bodies import BODY_KINDS
from fakebackend.answers.bodies import Body
from fakebackend.answers.delay import Delay
from fakebackend.answers.outcome import Fault
from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.format.keys import COMPANIONS
from fakebackend.format.keys import EXCLUSIVE_KEYS
from fakebackend.format.keys import RESERVED_KEYS
from fakebackend.matching.conditions import ProbabilityCondition
from fakebackend.templating.template import is_dynamic


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        pytest.param("$status", 404, 404, id="status"),
        pytest.param("$text", "{{ 1 }}", Body(b"{{ 1 }}", b"text/plain; charset=utf-8"), id="text"),
        pytest.param("$file", "a", "a", id="file"),
        pytest.param("$template", False, False, id="template"),
        pytest.param("$delay", "1s", Delay(1.0, 1.0), id="delay"),
        pytest.param("$fault", "hang", Fault.HANG, id="fault"),
        pytest.param("$when", {}, (), id="when"),
        pytest.param("$probability", 0.5, ProbabilityCondition(0.5), id="probability"),
        pytest.param("$cases", [1], [1], id="cases"),
        pytest.param("$sequence", [None], [None], id="sequence"),
        pytest.param("$repeat", "stop", "stop", id="repeat"),
        pytest.param("$set", {"a": "{{ 1 }}"}, {"a": "{{ 1 }}"}, id="set"),
        pytest.param("$forward", True, None, id="forward"),
        pytest.param("$forward", "http://a.b:8/", "http://a.b:8", id="forward-origin"),
        pytest.param("$merge", None, None, id="merge"),
        pytest.param("$handler", "echo", "echo", id="handler"),
        pytest.param("$users", {"a": "b"}, {"a": "b"}, id="users"),
        pytest.param("$name", "n", "n", id="name"),
        pytest.param("$description", "d", "d", id="description"),
    ],
)
def test_a_key_prepares_its_value(key: str, value: Any, expected: Any) -> None:
    assert RESERVED_KEYS[key].parse(value, False) == expected


@pytest.mark.parametrize("key", ["$status", "$headers", *BODY_KINDS])
def test_where_templates_are_on_a_value_may_be_one(key: str) -> None:
    value = {"A": "{{ 1 }}"} if key == "$headers" else "{{ 1 }}"
    assert is_dynamic(RESERVED_KEYS[key].parse(value, True))


def test_a_variable_may_be_set_to_a_template() -> None:
    compiled = RESERVED_KEYS["$set"].parse({"a": "{{ 1 }}", "b": 2}, True)
    assert is_dynamic(compiled["a"])
    assert compiled["b"] == 2


@pytest.mark.parametrize("value", ["ftp://a", "//a", "https://", "https://a?b", "", 1, None])
def test_only_an_origin_can_be_forwarded_to(value: Any) -> None:
    with pytest.raises(ValidationError):
        RESERVED_KEYS["$forward"].parse(value, False)


def test_a_template_that_is_wrong_in_set_has_its_place() -> None:
    with pytest.raises(ValidationError) as caught:
        RESERVED_KEYS["$set"].parse({"a": ["{{ x }}"]}, True)
    assert str(caught.value) == '$set: unknown name "x" in a template'


def test_exclusive_keys_and_companions_are_reserved() -> None:
    assert {*EXCLUSIVE_KEYS, *COMPANIONS, *COMPANIONS.values()} <= set(RESERVED_KEYS)
