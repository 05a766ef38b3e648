"""What speaks against an answer."""

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Mismatch:
    """No answer, because of the first difference found."""

    difference: str


class ConditionResult(NamedTuple):
    """One condition put to a request; `depth` counts the `$cases` around it, `text` says what is asked or differs."""

    depth: int
    text: str
    holds: bool | None
    """Whether it does; None where nobody comes to ask."""
    is_alternative: bool = False
    """Whether it stands for one of several values, which answers if it holds."""
