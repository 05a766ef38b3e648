"""What is remembered between requests, and the only thing that is: state, counters, sequences, sessions, chance."""

import copy
import random
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any
from uuid import UUID


class Memory:
    """Everything that answers may change.

    `seed` fixes what is random; None leaves it to the system. `reset` goes back to the start.
    """

    def __init__(self, initial_state: Mapping[str, Any] | None = None, seed: str | None = None) -> None:
        self._initial_state = dict(initial_state or {})
        self._seed = seed
        self.reset()

    def reset(self) -> None:
        """Forget everything that has happened."""
        self.state: dict[str, Any] = copy.deepcopy(self._initial_state)
        self.random = random.Random(self._seed)  # noqa: S311  # for test data, not for secrets
        self.extras: dict[str, Any] = {}
        self._positions: dict[str, int] = {}
        self._counters: dict[str, int] = {}

    def reseed(self, seed: str | None) -> None:
        """Fix what is random from here on, or leave it to the system."""
        self._seed = seed
        self.random = random.Random(seed)  # noqa: S311  # as above
        self.extras.pop("fake", None)

    @property
    def seed(self) -> str | None:
        """Return what fixes everything random, if anything does."""
        return self._seed

    def take_over(self, initial_state: Mapping[str, Any], sequences: Iterable[str]) -> None:
        """Adapt to a file that was read again.

        A variable whose first value has changed starts anew, as does a sequence whose entry has.
        """
        for name in self._initial_state.keys() | initial_state.keys():
            if name not in initial_state:
                self.state.pop(name, None)
            elif name not in self._initial_state or self._initial_state[name] != initial_state[name]:
                self.state[name] = copy.deepcopy(initial_state[name])
        self._initial_state = dict(initial_state)
        kept = set(sequences)
        self._positions = {key: position for key, position in self._positions.items() if key in kept}

    def position(self, sequence: str) -> int:
        """Return how often a sequence has answered."""
        return self._positions.get(sequence, 0)

    def advance(self, sequence: str) -> None:
        """Count one answer of a sequence."""
        self._positions[sequence] = self.position(sequence) + 1

    def count(self, name: str) -> int:
        """Return the next number of a counter, 1 at first."""
        self._counters[name] = self._counters.get(name, 0) + 1
        return self._counters[name]

    def uuid(self) -> UUID:
        """Return a random UUID (RFC 9562 section 5.4)."""
        return UUID(int=self.random.getrandbits(128), version=4)
