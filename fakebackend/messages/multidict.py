"""Names with their values as templates and handlers see them."""

from collections.abc import Iterator
from collections.abc import Mapping

from fakebackend.messages.form import MultiItems
from fakebackend.messages.url_path import readable


class MultiDict(Mapping[str, str]):
    """A query, form, cookies or headers: the first value of each name, `getlist(name)` for all.

    With `ignore_case` names are the same in any letter case.
    """

    def __init__(self, pairs: MultiItems, *, ignore_case: bool = False) -> None:
        self._ignore_case = ignore_case
        self._values: dict[str, list[str]] = {}
        self._names: list[str] = []
        for name, value in pairs:
            values = self._values.setdefault(self._key(name), [])
            if not values:
                self._names.append(readable(name))
            values.append(readable(value))

    def getlist(self, name: str) -> list[str]:
        """Return all values of a name, none for an unknown one."""
        return list(self._values.get(self._key(name), ()))

    def __getitem__(self, name: str) -> str:
        return self._values[self._key(name)][0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __repr__(self) -> str:
        return repr({name: self[name] for name in self})

    def _key(self, name: str) -> str:
        name = readable(name)
        return name.lower() if self._ignore_case else name
