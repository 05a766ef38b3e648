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
    holds: bool
