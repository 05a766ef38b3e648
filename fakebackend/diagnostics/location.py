"""Positions in files: kept as offsets, worked out as line and column when they are printed."""

import re
from array import array
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A position in a file; line and column count from 1, 0 means the whole line or file."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join([self.file, *(str(number) for number in (self.line, self.column) if number)])


class LineIndex:
    """Where the lines of a text begin: all that is needed to turn an offset into a location.

    It keeps four bytes a line, not the text. `line_end` is what ends a line in the text's syntax.
    """

    __slots__ = ("_starts", "file")

    def __init__(self, file: str, text: str, line_end: re.Pattern[str] | None = None) -> None:
        self.file = file
        self._starts = array("I", [0])
        if line_end is None:
            self._starts.extend(accumulate(len(line) + 1 for line in text.split("\n")))
        else:
            self._starts.extend(match.end() for match in line_end.finditer(text))

    def line(self, offset: int) -> int:
        """Return the number of the line that an offset lies in, counted from 1."""
        return bisect_right(self._starts, offset)

    def location(self, offset: int) -> Location:
        """Return the file, line and column of an offset."""
        line = self.line(offset)
        return Location(self.file, line, offset - self._starts[line - 1] + 1)
