"""`$delay`: how long an answer takes."""

import random
import re
from typing import Any
from typing import NamedTuple

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.wording import format_value

_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?|\.[0-9]+)\s*(ms|s|m|h)\Z")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_LONGEST = 24 * 60 * 60.0


class Delay(NamedTuple):
    """Seconds, from the least to the most."""

    least: float
    most: float

    def seconds(self, chance: random.Random) -> float:
        """Return how long it is to be this time."""
        return self.least if self.least == self.most else chance.uniform(self.least, self.most)


def parse_delay(value: Any) -> Delay:
    """Return the delay that `"200ms"`, `"1.5s"` or `["100ms", "2s"]` stands for.

    Raises `ValidationError` for anything else.
    """
    if isinstance(value, list) and len(value) == 2:
        least, most = parse_duration(value[0]), parse_duration(value[1])
        if least > most:
            raise ValidationError(f"$delay goes from the shorter to the longer, got {format_value(value)}")
        return Delay(least, most)
    seconds = parse_duration(value)
    return Delay(seconds, seconds)


def parse_duration(value: Any, name: str = "$delay", examples: str = '"200ms", "1.5s" or ["100ms", "2s"]') -> float:
    """Return the seconds in `"200ms"`, `"1.5s"`, `"2m"` or `"1h"`; `name` and `examples` are for the error.

    Raises `ValidationError` for anything else.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise ValidationError(
            f'{name} needs a unit, got {format_value(value)}: did you mean "{value}s" or "{value}ms"?'
        )
    match = _DURATION.match(value) if isinstance(value, str) else None
    if match is None:
        is_number = isinstance(value, str) and value.replace(".", "", 1).isdecimal()
        hint = f', did you mean "{value}s" or "{value}ms"?' if is_number else ""
        raise ValidationError(f"{name} must be like {examples}, got {format_value(value)}{hint}")
    seconds = float(match[1]) * _SECONDS[match[2]]
    if seconds > _LONGEST:
        raise ValidationError(f"{name} must not be longer than a day, got {format_value(value)}")
    return seconds
