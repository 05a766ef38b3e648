"""What every syntax gives: the items of a file, and where each part of them stands."""

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from typing import Any
from typing import NamedTuple
from typing import Protocol

from fakebackend.diagnostics.diagnostic import Diagnostic
from fakebackend.diagnostics.location import LineIndex
from fakebackend.diagnostics.location import Location

Path = Sequence[str | int]

Descend = Callable[[tuple[str, ...]], Callable[[str], bool] | None]
"""Says of the object at a path of keys which of its own keys hold objects that are opened, too; None: of none."""


class Item(NamedTuple):
    """One key of the file with its value; `offset` is where the key begins, `at` is for the document that made it.

    The file `{"GET": {"/a": 1}}` has the item `parents=("GET",), key="/a", value=1, offset=9`, where `GET` is opened.
    """

    parents: tuple[str, ...]
    key: str
    value: Any
    offset: int
    at: Any
    written: str | None = None
    """The value as `json_text` writes it, if reading gave that, too."""

    @property
    def path(self) -> tuple[str, ...]:
        """Return all keys that lead to the value."""
        return (*self.parents, self.key)


class Document(Protocol):
    """A file's text in some syntax."""

    lines: LineIndex
    """What makes locations of offsets; it may be kept when the document is gone."""

    errors: list[Diagnostic]
    """What is wrong with the text, filled while `items` runs."""

    def data(self) -> Any:
        """Return all of the file's data at once, whatever it is, or None where it cannot be had."""

    def setting(self, key: str) -> Item | None:
        """Return the item of a key at the top, wherever in the file it stands."""

    def items(self, descend: Descend) -> Iterator[Item]:
        """Yield the items in the order of the file; an item that is wrong is left out."""

    def location(self, item: Item, path: Path = (), *, at_key: bool = False) -> Location:
        """Return the location of a part of an item's value, or of the key it stands under."""
