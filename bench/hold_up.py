"""How long the event loop is held up while something else goes on."""

import asyncio
import gc
import time
from collections.abc import Awaitable
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_TICK = 0.001
_GARBAGE = 500
_AFTERWARDS = 0.6


@dataclass(slots=True)
class HoldUp:
    """In seconds: the longest time between two ticks, and the longest run of the garbage collector."""

    gap: float = 0.0
    collection: float = 0.0


async def longest_hold_up(work: Awaitable[object]) -> HoldUp:
    """Await the work while a task ticks each millisecond and goes on for a moment; return what held it up longest.

    Each tick leaves some garbage in circles behind, as flows do: what the work brought in is looked through
    by the garbage collector only once there is some.
    """
    hold_up = HoldUp()
    with _collections_timed(hold_up):
        ticker = asyncio.create_task(_tick(hold_up))
        await asyncio.sleep(10 * _TICK)
        await work
        await asyncio.sleep(_AFTERWARDS)
        ticker.cancel()
    return hold_up


async def _tick(hold_up: HoldUp) -> None:
    last = time.perf_counter()
    while True:
        await asyncio.sleep(_TICK)
        for _ in range(_GARBAGE):
            circle: list[object] = []
            circle.append(circle)
        now = time.perf_counter()
        hold_up.gap = max(hold_up.gap, now - last)
        last = now


@contextmanager
def _collections_timed(hold_up: HoldUp) -> Iterator[None]:
    start = 0.0

    def note(phase: str, _: dict[str, int]) -> None:
        nonlocal start
        if phase == "start":
            start = time.perf_counter()
        else:
            hold_up.collection = max(hold_up.collection, time.perf_counter() - start)

    gc.callbacks.append(note)
    try:
        yield
    finally:
        gc.callbacks.remove(note)
