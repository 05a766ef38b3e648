"""Faker in templates gives values and no way out."""

import random
import types
from typing import Any

import pytest
from faker import Faker
from jinja2.exceptions import SecurityError

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.state.mock_state import MockState
from fakebackend.templating.compile_templates import compile_templates
from fakebackend.templating.fake_names import FakeNames
from fakebackend.templating.fake_names import offered_names
from fakebackend.templating.template import RenderingError
from fakebackend.templating.template import rendered
from tests.answering import context_for

FAKE = FakeNames(random.Random(1))
STATE = MockState()
OF_FAKER = sorted({*dir(Faker()), *dir(Faker()._factories[0])})


def test_what_is_offered_are_methods_of_providers() -> None:
    assert {"name", "email", "address", "random_int", "date_this_year", "pystr", "words"} <= set(dir(FAKE))
    assert len(dir(FAKE)) > 200
    assert repr(FAKE) == "fake"


def test_the_same_chance_invents_the_same() -> None:
    one, two = (FakeNames(random.Random(7)) for _ in range(2))
    assert [one.name(), one.pystr()] == [two.name(), two.pystr()]


@pytest.mark.parametrize("name", OF_FAKER)
def test_no_public_name_of_fakers_object_leads_out(name: str) -> None:
    """What it gives is a value, never a class, a module, a function or an object of Faker's."""
    for arguments in ((), ("__class__",), ("{{__class__}}",)):
        template = "{{ fake.%s(%s) }}" % (name, ", ".join(map(repr, arguments)))  # noqa: UP031  # braces
        try:
            value = rendered(compile_templates(template), context_for(state=STATE))
        except (ValidationError, RenderingError):
            continue
        assert not isinstance(value, type | types.ModuleType | types.FunctionType | types.MethodType)
        assert not type(value).__module__.startswith("faker")
        assert "<class" not in str(value)


@pytest.mark.parametrize(
    "name", ["get_formatter", "format", "parse", "add_provider", "seed_instance", "random", "unique", "factories"]
)
def test_what_is_of_fakers_own_is_not_there(name: str) -> None:
    with pytest.raises(AttributeError, match=f"Faker invents no {name}"):
        getattr(FAKE, name)


@pytest.mark.parametrize(
    "template",
    [
        "{{ fake.pystr(max_chars=10**9) }}",
        "{{ fake.words(10**7) }}",
        "{{ fake.text(10**8) }}",
        "{{ fake.password(length=10**9) }}",
        "{{ fake.pyfloat(left_digits=10**6) }}",
        "{{ fake.random_choices([1], length=10**8) }}",
        "{{ fake.pystr_format('{{__class__}}') }}",
        "{{ fake.name.__globals__ }}",
        "{{ fake._methods }}",
    ],
)
def test_what_would_be_huge_or_lead_out_is_refused(template: str) -> None:
    with pytest.raises((ValidationError, RenderingError)):
        rendered(compile_templates(template), context_for(state=STATE))


@pytest.mark.parametrize(
    ("name", "arguments", "reason"),
    [
        pytest.param("text", [1e8], "more than 10,000 is too much", id="double"),
        pytest.param("texts", [10_000, 10_000], "so large numbers and texts together", id="numbers-multiplied"),
        pytest.param("bothify", ["#" * 1_001], "more than 1,000 characters", id="text"),
        pytest.param("date", ["%Y" * 501], "more than 1,000 characters", id="pattern"),
        pytest.param("random_sample", [[0] * 10_001], "more than 10,000 elements", id="list"),
        pytest.param("sentence", [10_000, True, ["a" * 999] * 999], "so large numbers and texts", id="many-words"),
    ],
)
def test_what_would_take_long_is_refused(name: str, arguments: list[Any], reason: str) -> None:
    with pytest.raises(SecurityError, match=reason):
        getattr(FAKE, name)(*arguments)


def test_what_is_asked_for_in_large_numbers_may_be_large() -> None:
    assert 0 <= FAKE.pyfloat(min_value=0, max_value=50_000) <= 50_000
    assert FAKE.unix_time(end_datetime=1_700_000_000) <= 1_700_000_000
    assert len(FAKE.words(500, ext_word_list=["one", "two"])) == 500


def test_without_faker_nothing_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fakebackend.templating.fake_names.importlib.util.find_spec", lambda name: None)
    assert offered_names.__wrapped__() == frozenset()


def test_only_plain_values_are_taken() -> None:
    with pytest.raises(SecurityError, match=r"fake\.random_element takes plain values only"):
        FAKE.random_element([object()])


def test_numbers_that_are_values_may_be_large() -> None:
    assert 10**12 <= FAKE.random_int(10**12, 10**13) <= 10**13
