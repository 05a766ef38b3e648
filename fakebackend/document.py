"""What every syntax gives: the items of a file, and where each part of them stands."""

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from typing import Any
from typing import NamedTuple
from typing import Protocol

from fakebackend.problems import Place
from fakebackend.problems import Problem
from fakebackend.quick_tuple import maker_of

Path = Sequence[str | int]

Descend = Callable[[tuple[str, ...]], Callable[[str], bool] | None]
"""Says of the object at a path of keys which of its own keys hold objects that are opened, too; None: of none."""


class Item(NamedTuple):
    """One key of the file with its value; `at` is for the document that made it.

    The file `{"GET": {"/a": 1}}` has the item `parents=("GET",), key="/a", value=1, line=1`, where `GET` is opened.
    """

    parents: tuple[str, ...]
    key: str
    value: Any
    line: int
    at: Any
    written: str | None = None
    """The value as `json_text` writes it, if reading gave that, too."""

    @property
    def path(self) -> tuple[str, ...]:
        """Return all keys that lead to the value."""
        return (*self.parents, self.key)


new_item = maker_of(Item)


class Document(Protocol):
    """A file's text in some syntax."""

    problems: list[Problem]
    """What is wrong with the text, filled while `items` runs."""

    def setting(self, key: str) -> Item | None:
        """Return the item of a key at the top, wherever in the file it stands."""

    def items(self, descend: Descend) -> Iterator[Item]:
        """Yield the items in the order of the file; an item with a problem is left out."""

    def place(self, item: Item, path: Path = (), *, at_key: bool = False) -> Place:
        """Return the place of a part of an item's value, or of the key it stands under."""
