"""What is counted: answers of sequences, numbers of counters, requests in windows of time."""

from dataclasses import dataclass


@dataclass(slots=True)
class Window:
    """The requests that were answered in a stretch of time; `ends` is on the clock of `time.monotonic`, in seconds."""

    ends: float
    used: int = 0


class Counts:
    """Positions, counters and windows by name: those of everything, or those for one value of `$by`."""

    def __init__(self) -> None:
        self._positions: dict[str, int] = {}
        self._counters: dict[str, int] = {}
        self._windows: dict[str, Window] = {}

    def copied(self) -> "Counts":
        """Return a copy that counts for itself."""
        other = Counts()
        other._positions = dict(self._positions)
        other._counters = dict(self._counters)
        other._windows = {key: Window(window.ends, window.used) for key, window in self._windows.items()}
        return other

    def keep_only(self, keys: frozenset[str]) -> None:
        """Forget the positions and windows of definitions that are no longer there."""
        self._positions = {key: position for key, position in self._positions.items() if key in keys}
        self._windows = {key: window for key, window in self._windows.items() if key in keys}

    def position(self, sequence: str) -> int:
        """Return how often a sequence has answered."""
        return self._positions.get(sequence, 0)

    def advance(self, sequence: str) -> None:
        """Count one answer of a sequence."""
        self._positions[sequence] = self.position(sequence) + 1

    def knows(self, counter: str) -> bool:
        """Tell whether a counter has counted already."""
        return counter in self._counters

    @property
    def counters(self) -> tuple[str, ...]:
        """Return the names of the counters."""
        return tuple(self._counters)

    def count(self, counter: str) -> int:
        """Return the next number of a counter, 1 at first."""
        self._counters[counter] = self._counters.get(counter, 0) + 1
        return self._counters[counter]

    def window(self, key: str, seconds: float, now: float) -> Window:
        """Return the window that is open, or one that begins now and is so long."""
        window = self._windows.get(key)
        if window is None or window.ends <= now:
            window = self._windows[key] = Window(now + seconds)
        return window
