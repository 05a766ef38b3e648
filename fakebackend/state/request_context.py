"""A request together with all that its match, the definitions around and the state add to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from typing import NamedTuple
from typing import Protocol

from fakebackend.messages.path_params import PathParams
from fakebackend.messages.request import Request
from fakebackend.state.counts import Counts
from fakebackend.state.mock_state import MockState


class Named(Protocol):
    """What a name of `$let` or `$each` stands for."""

    def get(self) -> Any:
        """Return the value, which may be worked out only now."""


NO_NAMES: Mapping[str, Named] = MappingProxyType({})


@dataclass(slots=True)
class Budget:
    """What all templates of one answer may take together: the seconds left, and the bytes made and written so far."""

    seconds: float = 1.0
    made: int = 0
    written: int = 0


class Apart(Protocol):
    """`$by` for one request."""

    def counts(self) -> Counts:
        """Return what is counted for the value that it has."""


class RequestContext(NamedTuple):
    """What conditions, templates, handlers and answers see of one matched request.

    It is made for one match and given on, so that several matches of one request can be looked at side by side.
    `variables` are those of the state, but while an answer works out what it sets, those set so far. `names` are
    those of `$let` and `$each` around, `apart` what a `$by` around counts by, `budget` what the templates have left.
    """

    request: Request
    params: PathParams
    state: MockState
    variables: Mapping[str, Any]
    names: Mapping[str, Named] = NO_NAMES
    apart: Apart | None = None
    budget: Budget | None = None
    status: int = 404
    """The status of `$unmatched`, where it says none."""

    @property
    def counts(self) -> Counts:
        """Return where sequences, limits and counters count here."""
        return self.state.counts if self.apart is None else self.apart.counts()


def context_of(request: Request, params: PathParams, state: MockState) -> RequestContext:
    """Return the context of a match before anything is set."""
    return RequestContext(request, params, state, state.variables)
