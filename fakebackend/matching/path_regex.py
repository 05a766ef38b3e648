"""A regular expression as the path of a URL key: `~^/v[0-9]+/`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fakebackend.matching.path import Path
from fakebackend.matching.path import SortKey
from fakebackend.matching.segment import Segments
from fakebackend.messages.path_params import PathParams
from fakebackend.messages.url_path import readable

_AFTER_EVERY_TEMPLATE = (2_000_000,)


@dataclass(frozen=True, slots=True)
class PathRegex:
    """A regular expression that is searched in a path; what stands before it as `$base` is taken literally."""

    prefix: str
    source: str
    compiled: re.Pattern[str]

    @property
    def text(self) -> str:
        """Return it as it is written."""
        return f"{self.prefix}~{self.source}"

    @property
    def segments(self) -> Segments:
        """Return none: it asks of the path as a whole."""
        return ()

    @property
    def parameters(self) -> Sequence[str]:
        """Return the names of its groups."""
        return tuple(self.compiled.groupindex)

    @property
    def parameters_with_slashes(self) -> Sequence[str]:
        """Return all names: any group may match several segments."""
        return self.parameters

    @property
    def is_simple(self) -> bool:
        """Return that it is not: it may match anything."""
        return False

    @property
    def example(self) -> None:
        """Return that none is known."""
        return

    @property
    def sort_key(self) -> SortKey:
        """Return what comes after every template's."""
        return _AFTER_EVERY_TEMPLATE

    @property
    def dedup_key(self) -> tuple[str, str]:
        """Return prefix and source."""
        return (self.prefix, self.source)

    def match(self, path: str) -> PathParams | None:
        """Return what the named groups stand for in a canonical path, or None if nothing is found in it."""
        if self.prefix:
            if not (path == self.prefix or path.startswith(self.prefix + "/")):
                return None
            path = path[len(self.prefix) :]
        text = readable(path)
        match = self.compiled.search(text)
        if match is None:
            return None
        texts = {name: found for name, found in match.groupdict().items() if found is not None}
        if len(text) != len(path):  # bytes that are no UTF-8 have been taken together
            return PathParams(texts)
        before = len(self.prefix)
        return PathParams(
            texts,
            spans=lambda texts: {name: (match.start(name) + before, match.end(name) + before) for name in texts},
        )

    def covers(self, other: Path) -> bool:
        """Return that it is not known to: what a regular expression matches is not decided here."""
        return False

    def difference(self, path: str) -> str | None:
        """Return that a canonical path does not match, or None."""
        return None if self.match(path) is not None else "the regular expression does not match the path"
