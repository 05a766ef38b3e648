"""What is remembered between requests, and the only thing that is: variables, counters, sequences, sessions, chance."""

import copy
import logging
import random
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fakebackend.state.counts import Counts
from fakebackend.state.pages import Page
from fakebackend.state.recently_used import recently_used

logger = logging.getLogger(__name__)

COUNTERS_SIZE = 10 * 1024 * 1024
"""Characters that the names of all counters may have together; each name counts for 100 more."""

MOST_VALUES = 10_000
"""How many values of one `$by` are counted apart."""

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
    sessions: dict[str, str | None]
    """The live sessions of the `login` handler: each token with its user, if there is one."""
    counts: Counts
    """What is counted, but for what a `$by` counts apart."""
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
        self.sessions = {}
        self.pages = {}
        self.counts = Counts()
        self._apart: dict[str, dict[str, Counts]] = {}
        self._counters_size = 0
        self._warned: set[str] = set()
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

    def rebase(self, initial_variables: Mapping[str, Any], keys: Iterable[str]) -> None:
        """Adapt to a file that was read again.

        A variable whose first value has changed starts anew, as does what counts for a definition that has: `keys`
        are those by which definitions count now.
        """
        for name in self._initial_variables.keys() | initial_variables.keys():
            if name not in initial_variables:
                self.variables.pop(name, None)
            elif name not in self._initial_variables or self._initial_variables[name] != initial_variables[name]:
                self.variables[name] = copy.deepcopy(initial_variables[name])
        self._initial_variables = dict(initial_variables)
        kept = frozenset(keys)
        for gone in self._apart.keys() - kept:
            self._forget(self._apart.pop(gone).values())
        for counts in (self.counts, *(each for apart in self._apart.values() for each in apart.values())):
            counts.keep_only(kept)

    def explaining(self) -> "MockState":
        """Return a copy for an explanation: in it whatever can happen does, and what it uses up is its own."""
        other = copy.copy(self)
        other.variables = copy.deepcopy(self.variables)
        other.sessions = dict(self.sessions)
        other.pages = copy.deepcopy(self.pages)
        other.counts = self.counts.copied()
        other._apart = {
            key: {value: counts.copied() for value, counts in apart.items()} for key, apart in self._apart.items()
        }
        other.random = _Certainty(self._seed)
        other.fake = None
        return other

    def counts_apart(self, key: str, value: str) -> Counts:
        """Return what a definition with `$by` counts for one of its values.

        Values may come from requests: beyond `MOST_VALUES` the one that was not used for longest is forgotten.
        """
        counts, gone = recently_used(self._apart.setdefault(key, {}), value, Counts, MOST_VALUES)
        if gone is not None:
            self._forget([gone])
            self._warn_of_values(key)
        return counts

    def count(self, name: str, counts: Counts | None = None) -> int:
        """Return the next number of a counter, 1 at first; `counts` says where it counts.

        Raises `CountersFullError` for a new name, as names may come from requests.
        """
        counts = counts or self.counts
        if not counts.knows(name):
            size = self._counters_size + _size_of(name)
            if size > COUNTERS_SIZE:
                raise CountersFullError("the counters are full; responses.reset forgets them")
            self._counters_size = size
        return counts.count(name)

    def _forget(self, gone: Iterable[Counts]) -> None:
        self._counters_size -= sum(_size_of(name) for counts in gone for name in counts.counters)

    def _warn_of_values(self, key: str) -> None:
        if key not in self._warned:
            self._warned.add(key)
            entry = key.rpartition(" ")[0]
            logger.warning(f"{entry}: $by has had {MOST_VALUES:,} values; those not used for longest begin anew")

    def uuid(self) -> UUID:
        """Return a random UUID (RFC 9562 section 5.4)."""
        return UUID(int=self.random.getrandbits(128), version=4)


def _size_of(counter: str) -> int:
    return len(str(counter)) + _EACH_COUNTER


class _Certainty(random.Random):
    """Chance of which every share, however small, is met."""

    def random(self) -> float:
        return 0.0
