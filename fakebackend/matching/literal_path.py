"""A path without parameters."""

from collections.abc import Sequence
from typing import NamedTuple

from fakebackend.matching.path import Path
from fakebackend.matching.path import SortKey
from fakebackend.matching.path_difference import path_difference
from fakebackend.matching.segment import Segments
from fakebackend.messages.path_params import NO_PARAMS
from fakebackend.messages.path_params import PathParams
from fakebackend.messages.url_path import readable


class LiteralPath(NamedTuple):
    """One canonical path, and no other."""

    text: str

    @property
    def segments(self) -> Segments:
        """Return its segments."""
        return tuple(self.text.split("/"))

    @property
    def parameters(self) -> Sequence[str]:
        """Return that it has none."""
        return ()

    @property
    def parameters_with_slashes(self) -> Sequence[str]:
        """Return that it has none."""
        return ()

    @property
    def is_simple(self) -> bool:
        """Return that it is: it has no parameters."""
        return True

    @property
    def example(self) -> str:
        """Return the path."""
        return self.text

    @property
    def sort_key(self) -> SortKey:
        """Return what comes before every other path's."""
        return ()

    @property
    def dedup_key(self) -> str:
        """Return the path."""
        return self.text

    def match(self, path: str) -> PathParams | None:
        """Return no parameters if a canonical path is this one, else None."""
        return NO_PARAMS if path == self.text else None

    def covers(self, other: Path) -> bool:
        """Tell whether the other is this path as well."""
        return self == other

    def difference(self, path: str) -> str | None:
        """Return the first thing in which a canonical path differs, or None."""
        return path_difference(self.segments, [readable(text) for text in self.text.split("/")], path)
