"""What is remembered between requests, and the only thing that is: variables, counters, sequences, sessions, chance."""

import copy
import random
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fakebackend.state.pages import Page

COUNTERS_SIZE = 10 * 1024 * 1024
"""Characters that the names of all counters may have together; each name counts for 100 more."""

_EACH_COUNTER = 100


class CountersFullError(Exception):
    """There is no room for the name of one more counter."""


class MockState:
    """Everything that answers may change.

    `seed` fixes what is random; None leaves it to the system. `reset` goes back to the start.
    """

    variables: dict[str, Any]
    """The state variables by name: JSON values."""
    random: random.Random
    """All chance but that of sessions."""
    sessions: set[str]
    """The tokens of live sessions of the `login` handler."""
    pages: dict[str, Page]
    """What the `page` handler keeps, by name."""
    fake: Any
    """What Faker invents for templates, once one of them has asked for it."""

    def __init__(self, initial_variables: Mapping[str, Any] | None = None, seed: str | None = None) -> None:
        self._initial_variables = dict(initial_variables or {})
        self._seed = seed
        self.reset()

    def reset(self) -> None:
        """Forget everything that has happened."""
        self.variables = copy.deepcopy(self._initial_variables)
        self.sessions = set()
        self.pages = {}
        self._positions: dict[str, int] = {}
        self._counters: dict[str, int] = {}
        self._counters_size = 0
        self.reseed(self._seed)

    def reseed(self, seed: str | None) -> None:
        """Fix what is random from here on, or leave it to the system."""
        self._seed = seed
        self.random = random.Random(seed)  # noqa: S311  # for test data, not for secrets
        self.fake = None

    @property
    def seed(self) -> str | None:
        """Return what fixes everything random, if anything does."""
        return self._seed

    def rebase(self, initial_variables: Mapping[str, Any], sequences: Iterable[str]) -> None:
        """Adapt to a file that was read again.

        A variable whose first value has changed starts anew, as does a sequence whose entry has.
        """
        for name in self._initial_variables.keys() | initial_variables.keys():
            if name not in initial_variables:
                self.variables.pop(name, None)
            elif name not in self._initial_variables or self._initial_variables[name] != initial_variables[name]:
                self.variables[name] = copy.deepcopy(initial_variables[name])
        self._initial_variables = dict(initial_variables)
        kept = set(sequences)
        self._positions = {key: position for key, position in self._positions.items() if key in kept}

    def explaining(self) -> "MockState":
        """Return a copy for an explanation: in it whatever can happen does, and what it uses up is its own."""
        other = copy.copy(self)
        other.variables = copy.deepcopy(self.variables)
        other.sessions = set(self.sessions)
        other.pages = copy.deepcopy(self.pages)
        other._positions = dict(self._positions)
        other._counters = dict(self._counters)
        other.random = _Certainty(self._seed)
        other.fake = None
        return other

    def position(self, sequence: str) -> int:
        """Return how often a sequence has answered."""
        return self._positions.get(sequence, 0)

    def advance(self, sequence: str) -> None:
        """Count one answer of a sequence."""
        self._positions[sequence] = self.position(sequence) + 1

    def count(self, name: str) -> int:
        """Return the next number of a counter, 1 at first.

        Raises `CountersFullError` for a new name, as names may come from requests.
        """
        if name not in self._counters:
            size = self._counters_size + len(str(name)) + _EACH_COUNTER
            if size > COUNTERS_SIZE:
                raise CountersFullError("the counters are full; responses.reset forgets them")
            self._counters_size = size
        self._counters[name] = self._counters.get(name, 0) + 1
        return self._counters[name]

    def uuid(self) -> UUID:
        """Return a random UUID (RFC 9562 section 5.4)."""
        return UUID(int=self.random.getrandbits(128), version=4)


class _Certainty(random.Random):
    """Chance of which every share, however small, is met."""

    def random(self) -> float:
        return 0.0
