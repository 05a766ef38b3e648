"""Numbers with their spread, and the Markdown tables that show them."""

import platform
import statistics
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version


@dataclass(frozen=True, slots=True)
class Measured:
    """One number per round; shown as the median and, in brackets, the range of the middle half."""

    values: Sequence[float]

    @property
    def median(self) -> float:
        """Return the median."""
        return statistics.median(self.values)

    @property
    def quartiles(self) -> tuple[float, float]:
        """Return the lower and the upper quartile."""
        if len(self.values) < 2:
            return self.values[0], self.values[0]
        low, _, high = statistics.quantiles(self.values, n=4, method="inclusive")
        return low, high

    def over(self, other: "Measured") -> "Measured":
        """Return the ratios round by round, so that what slows a whole round down does not count."""
        return Measured([one / two for one, two in zip(self.values, other.values, strict=True)])

    def scaled(self, factor: float) -> "Measured":
        """Return the same in another unit."""
        return Measured([value * factor for value in self.values])

    def __format__(self, spec: str) -> str:
        low, high = self.quartiles
        return f"{self.median:{spec}} ({low:{spec}}–{high:{spec}})"


def verdict(value: float, at_most: float, spec: str = ".2f") -> str:
    """Say whether a number is within its target."""
    return f"≤ {at_most:{spec}} {'met' if value <= at_most else '**missed**'}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def conditions(rounds: int) -> str:
    """Return what a table was measured with."""
    return f"Python {platform.python_version()}, mitmproxy {version('mitmproxy')}, {rounds} rounds."
