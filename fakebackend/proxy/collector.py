"""Python's garbage collector, which belongs to the whole process and so is the front's affair."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_MANY = 50_000  # new objects, as the collector counts them


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep Python from looking for garbage again and again while 100,000 things come to stay."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            if gc.get_count()[0] > _MANY:
                # The first look for garbage would walk them all, and hold up every connection meanwhile.
                gc.freeze()
            gc.enable()
