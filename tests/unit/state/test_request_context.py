import copy

import pytest

from fakebackend.messages.path_params import NO_PARAMS
from fakebackend.messages.path_params import PathParams
from fakebackend.messages.request import Request
from fakebackend.state.mock_state import MockState
from fakebackend.state.request_context import context_of


def test_a_context_sees_the_variables_of_the_state_as_they_are_now() -> None:
    state = MockState({"n": 1})
    context = context_of(Request("GET", "/"), NO_PARAMS, state)
    assert context.variables == {"n": 1}
    state.variables["n"] = 2
    assert context.variables == {"n": 2}


def test_what_one_context_has_set_no_other_one_sees() -> None:
    request, state = Request("GET", "/"), MockState({"n": 1})
    first = context_of(request, NO_PARAMS, state)
    setting = first._replace(variables={**first.variables, "n": 2})
    assert (setting.variables["n"], first.variables["n"], state.variables["n"]) == (2, 1, 1)
    assert context_of(request, NO_PARAMS, state) == first


def test_matches_of_one_request_stand_side_by_side_and_leave_it_and_the_state_alone() -> None:
    request, state = Request("GET", "/users/7"), MockState({"todos": [1]}, seed="7")
    before = dict(vars(request)), copy.deepcopy(state.variables), state.random.getstate()
    contexts = [context_of(request, PathParams(texts), state) for texts in ({"id": "7"}, {"name": "7"}, {})]
    assert [context.params.texts for context in contexts] == [{"id": "7"}, {"name": "7"}, {}]
    assert (dict(vars(request)), state.variables, state.random.getstate()) == before
    assert all(context.request is request and context.state is state for context in contexts)


@pytest.mark.parametrize("name", ["request", "params", "state", "variables"])
def test_nothing_is_written_into_a_context(name: str) -> None:
    context = context_of(Request("GET", "/"), NO_PARAMS, MockState())
    with pytest.raises(AttributeError):
        setattr(context, name, None)
