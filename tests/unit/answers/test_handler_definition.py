import pytest

import fakebackend
from fakebackend.answers.handler_definition import HandlerDefinition
from fakebackend.answers.handler_definition import definition
from fakebackend.messages.multidict import MultiDict


def test_a_definition_is_a_dict_that_says_so() -> None:
    made = definition({"$status": 404})
    assert made == {"$status": 404}
    assert isinstance(made, HandlerDefinition)


def test_any_mapping_can_be_one() -> None:
    assert definition(MultiDict([("$status", "1")])) == {"$status": "1"}


def test_nothing_else_can() -> None:
    with pytest.raises(TypeError, match=r"fakebackend\.definition takes a dict, got a list"):
        definition([1])  # type: ignore[arg-type]  # that is what is refused


def test_it_is_there_for_handlers_to_import() -> None:
    assert fakebackend.definition is definition
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        fakebackend.nothing  # noqa: B018  # that it is not there is what is tested
