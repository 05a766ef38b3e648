"""What the three kinds of paths in URL keys have in common."""

from collections.abc import Sequence
from typing import Protocol

from fakebackend.matching.segment import Segments
from fakebackend.messages.path_params import PathParams

SortKey = tuple[int, ...]


class Path(Protocol):
    """The path of a URL key: a literal one, a template or a regular expression."""

    @property
    def text(self) -> str:
        """Return it as people write it, or know it."""

    @property
    def segments(self) -> Segments:
        """Return what it asks of each segment; nothing if it asks of the path as a whole."""

    @property
    def parameters(self) -> Sequence[str]:
        """Return the names of its parameters."""

    @property
    def parameters_with_slashes(self) -> Sequence[str]:
        """Return the names of those parameters that may stand for several segments."""

    @property
    def is_simple(self) -> bool:
        """Tell whether each parameter stands for one whole segment, so that what ranks before it matches less."""

    @property
    def example(self) -> str | None:
        """Return a canonical path that it matches, or None if that is not known."""

    @property
    def sort_key(self) -> SortKey:
        """Return what to sort by so that the more specific of two paths that match comes first."""

    @property
    def dedup_key(self) -> object:
        """Return what is equal for two that match exactly the same paths."""

    def match(self, path: str) -> PathParams | None:
        """Return what the parameters stand for in a canonical path, or None if it does not match."""

    def covers(self, other: "Path") -> bool:
        """Tell whether it is known to match every path that another one does."""

    def difference(self, path: str) -> str | None:
        """Return the first thing in which a canonical path differs, or None."""
