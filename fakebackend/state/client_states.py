"""The state of each client, where `responses_state_key` says how clients are told apart, or one for all."""

import re
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any
from typing import NamedTuple

from fakebackend.diagnostics.wording import did_you_mean
from fakebackend.diagnostics.wording import format_value
from fakebackend.messages.methods import TOKEN
from fakebackend.messages.request import Request
from fakebackend.state.mock_state import MockState
from fakebackend.state.recently_used import recently_used

MOST_CLIENTS = 1_000
"""How many clients are told apart; beyond that the one that has asked for nothing for longest is forgotten."""


class StateKey(NamedTuple):
    """How a request says which client's it is."""

    written: str
    of: Callable[[Request], str | None]
    is_chosen: bool = True
    """Whether a client says by itself who it is, and may leave it."""


_KINDS = ("header:", "cookie:", "client")


def parse_state_key(text: str) -> StateKey | None:
    """Return how clients are told apart, or None where they are not.

    Raises `ValueError` for what is neither `header:NAME` nor `cookie:NAME` nor `client`.
    """
    text = text.strip()
    if not text:
        return None
    if text == "client":
        return StateKey(text, lambda request: request.client_ip, is_chosen=False)
    kind, _, name = map(str.strip, text.partition(":"))
    written = f"{kind}:{name}"
    if name and not re.fullmatch(TOKEN, name):
        raise ValueError(f"responses_state_key names no {kind} that there can be, got {format_value(text)}")
    if name and kind == "header":
        return StateKey(written, lambda request: next(iter(request.header_values(name)), None))
    if name and kind == "cookie":
        return StateKey(written, lambda request: next((value for key, value in request.cookies if key == name), None))
    if not name and f"{kind}:" in _KINDS:
        raise ValueError(f"responses_state_key must be {kind}:NAME, and the name is missing in {format_value(text)}")
    hint = did_you_mean(f"{kind}:" if name else text, _KINDS)
    raise ValueError(f"responses_state_key must be header:NAME, cookie:NAME or client, got {format_value(text)}{hint}")


class ClientStates:
    """One state that all share, and those of the clients that a key tells apart."""

    def __init__(self, initial_variables: Mapping[str, Any] | None = None, seed: str | None = None) -> None:
        self.shared = MockState(initial_variables, seed)
        self.key: StateKey | None = None
        self._initial_variables = initial_variables
        self._by_client: dict[str, MockState] = {}

    def tell_apart(self, key: StateKey | None) -> None:
        """Tell clients apart by another key, which begins with nothing remembered of them."""
        if (key and key.written) != (self.key and self.key.written):
            self.key = key
            self._by_client = {}

    def of(self, request: Request) -> MockState:
        """Return the state that a request sees."""
        if self.key is None:
            return self.shared
        client = self.key.of(request)
        if client is None:
            return self.shared
        return recently_used(self._by_client, client, self._new, MOST_CLIENTS)[0]

    def says_who(self, request: Request) -> bool:
        """Tell whether a request says by itself whose it is, and does not merely come from somewhere."""
        return self.key is not None and self.key.is_chosen and self.key.of(request) is not None

    def begin(self, initial_variables: Mapping[str, Any]) -> None:
        """Begin with another file: nothing is remembered."""
        self._initial_variables = initial_variables
        self.shared = MockState(initial_variables, self.shared.seed)
        self._by_client = {}

    def rebase(self, initial_variables: Mapping[str, Any], keys: Iterable[str]) -> None:
        """Adapt to a file that was read again; `keys` are those by which definitions count now."""
        self._initial_variables = initial_variables
        kept = frozenset(keys)
        for state in self._all():
            state.rebase(initial_variables, kept)

    def reseed(self, seed: str | None) -> None:
        """Fix what is random from here on, or leave it to the system."""
        for state in self._all():
            state.reseed(seed)

    def reset(self) -> None:
        """Forget everything that has happened, and all clients."""
        self.shared.reset()
        self._by_client = {}

    def _new(self) -> MockState:
        return MockState(self._initial_variables, self.shared.seed)

    def _all(self) -> Iterator[MockState]:
        yield self.shared
        yield from self._by_client.values()
