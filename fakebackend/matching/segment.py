"""One segment of a path template, and what it takes of a path."""

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
        return self._split(text[len(prefix) : len(text) - len(suffix)], 0, set())

    def _split(self, text: str, index: int, failed: set[tuple[int, int]]) -> Captures | None:
        converter = self.converters[index]
        if index == len(self.converters) - 1:
            return (text,) if converter.matches(text) else None
        if (index, len(text)) in failed:
            return None  # what is left was tried after another split before it, too
        literal = self.literals[index + 1]
        end = text.find(literal, 1)
        # Before a :path at the end stand parameters of one segment only, so they take no slash.
        while end >= 0 and (converter.longest is None or end <= converter.longest) and "/" not in text[:end]:
            if converter.matches(text[:end]):
                if (following := self._split(text[end + len(literal) :], index + 1, failed)) is not None:
                    return (text[:end], *following)
                if all(later in (SEGMENT, REST) for later in self.converters[index + 1 :]):
                    return None  # taking more here leaves them even less
            end = text.find(literal, end + 1)
        failed.add((index, len(text)))
        return None


Segments = tuple[str | Segment, ...]


def segment_matches(segment: str | Segment, text: str) -> bool:
    """Tell whether a segment of a key matches a segment of a path."""
    return segment == text if isinstance(segment, str) else segment.match(text) is not None
