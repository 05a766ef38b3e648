"""A request together with all that its match and the state add to it."""

from collections.abc import Mapping
from typing import Any
from typing import NamedTuple

from fakebackend.messages.path_params import PathParams
from fakebackend.messages.request import Request
from fakebackend.state.mock_state import MockState


class RequestContext(NamedTuple):
    """What conditions, templates, handlers and answers see of one matched request.

    It is made for one match and given on, so that several matches of one request can be looked at side by side.
    `variables` are those of the state, but while an answer works out what it sets, those set so far.
    """

    request: Request
    params: PathParams
    state: MockState
    variables: Mapping[str, Any]


def context_of(request: Request, params: PathParams, state: MockState) -> RequestContext:
    """Return the context of a match before anything is set."""
    return RequestContext(request, params, state, state.variables)
