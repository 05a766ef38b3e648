"""Running a coroutine right away, as far as it comes without waiting."""

from collections.abc import Coroutine
from collections.abc import Generator
from contextlib import suppress
from typing import Any


class _Suspended:
    """The rest of a coroutine that has begun to wait; awaiting it goes on from there."""

    def __init__(self, coroutine: Coroutine[Any, Any, None], waits_for: Any) -> None:
        self._coroutine = coroutine
        self._waits_for = waits_for

    def __await__(self) -> Generator[Any, Any, None]:
        waits_for = self._waits_for
        while True:
            try:
                value = yield waits_for
            except BaseException as e:
                failure: BaseException | None = e
            else:
                failure = None
            try:
                waits_for = self._coroutine.throw(failure) if failure else self._coroutine.send(value)
            except StopIteration:
                return

    def close(self) -> None:
        """Give up."""
        with suppress(Exception):  # what it makes of being given up is no longer of interest
            self._coroutine.close()


def step_until_blocked(coroutine: Coroutine[Any, Any, None]) -> _Suspended | None:
    """Run a coroutine until it ends or first waits; return None or what is left to await.

    So one function serves where waiting is possible and, unless it must wait, where it is not.
    """
    try:
        waits_for = coroutine.send(None)
    except StopIteration:
        return None
    return _Suspended(coroutine, waits_for)
