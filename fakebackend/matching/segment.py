"""One segment of a path template, and what it takes of a path."""

from bisect import bisect_left
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from fakebackend.matching.converters import REST
from fakebackend.matching.converters import SEGMENT
from fakebackend.matching.converters import Converter

Captures = tuple[str, ...]
"""What the parameters of a template stand for in one path, in the template's order."""

_PARAMETER_SPECIFICITY = 1_000_000


class Segment(NamedTuple):
    """A segment with parameters: `literals` stand around `converters`, one more than those.

    `report-{id:int}.json` has the literals `report-` and `.json` around an integer.
    """

    literals: tuple[str, ...]
    converters: tuple[Converter, ...]

    @property
    def is_rest(self) -> bool:
        """Tell whether it takes all segments that follow, too."""
        return self.converters[-1] is REST

    @property
    def specificity(self) -> int:
        """Return how specific it is; a literal segment has 0, more is less specific."""
        characters = sum(map(len, self.literals))
        if characters:
            return _PARAMETER_SPECIFICITY - min(characters, _PARAMETER_SPECIFICITY - 1)
        # Several without text between them say no more than one `{name}`.
        least = SEGMENT.weight if len(self.converters) > 1 else 0
        return _PARAMETER_SPECIFICITY + max(least, *(converter.weight for converter in self.converters))

    @property
    def example(self) -> str:
        """Return a text that it matches."""
        examples = [*(converter.example for converter in self.converters), ""]
        return "".join(chain.from_iterable(zip(self.literals, examples, strict=True)))

    @property
    def is_any(self) -> bool:
        """Tell whether it is one parameter that takes a whole segment of any text."""
        return self.literals == ("", "") and self.converters == (SEGMENT,)

    def covers(self, other: "str | Segment") -> bool:
        """Tell whether it matches every text that another segment does."""
        if isinstance(other, str):
            return self.match(other) is not None
        if self.is_any:
            return not other.is_rest
        if self.literals != other.literals:
            return False
        return all(
            one in (SEGMENT, two) and two is not REST
            for one, two in zip(self.converters, other.converters, strict=True)
        )

    def covers_rest(self, following: "str | Segment") -> bool:
        """Tell of a segment that takes the rest whether it takes every one that begins with another segment."""
        before = following if isinstance(following, str) else following.literals[0]
        return len(self.converters) == 1 and before.startswith(self.literals[0])

    def match(self, text: str) -> Captures | None:
        """Return what each parameter takes of the text: as little as it can, from left to right."""
        prefix, suffix = self.literals[0], self.literals[-1]
        if len(text) < len(prefix) + len(suffix) or not (text.startswith(prefix) and text.endswith(suffix)):
            return None
        inner = text[len(prefix) : len(text) - len(suffix)]
        if len(self.converters) == 1:
            return (inner,) if self.converters[0].matches(inner) else None
        return _split(inner, self.converters, self.literals[1:-1])


def _split(text: str, converters: Sequence[Converter], literals: Sequence[str]) -> Captures | None:
    """Return what several parameters take of a text that has these literals between them.

    First it is found out, from the last parameter to the first, where each may end so that those after it match;
    then each ends as early as it can. So it takes time in proportion to the text, in however many ways that fits.
    """
    reaches = [converter.last_ends(text) for converter in converters]
    ends: list[list[int]] = [[len(text)]]
    for index in range(len(converters) - 2, -1, -1):
        literal, following = literals[index], ends[0]
        after = converters[index + 1]
        ends.insert(
            0,
            [
                end
                for end in _occurrences(literal, text)
                if _first_end(end + len(literal), after, reaches[index + 1], following) is not None
            ],
        )
    captures: list[str] = []
    start = 0
    for converter, reach, possible, literal in zip(converters, reaches, ends, (*literals, ""), strict=True):
        if (end := _first_end(start, converter, reach, possible)) is None:
            return None
        captures.append(text[start:end])
        start = end + len(literal)
    return tuple(captures)


def _first_end(start: int, converter: Converter, reach: Sequence[int], possible: Sequence[int]) -> int | None:
    """Return the first of the possible ends at which a parameter that begins at an offset may end."""
    index = bisect_left(possible, start + converter.shortest)
    return possible[index] if index < len(possible) and possible[index] <= reach[start] else None


def _occurrences(literal: str, text: str) -> Iterator[int]:
    offset = text.find(literal)
    while offset >= 0:
        yield offset
        offset = text.find(literal, offset + 1)


Segments = tuple[str | Segment, ...]


def segment_matches(segment: str | Segment, text: str) -> bool:
    """Tell whether a segment of a key matches a segment of a path."""
    return segment == text if isinstance(segment, str) else segment.match(text) is not None
