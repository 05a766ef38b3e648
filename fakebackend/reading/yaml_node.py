"""Values of a YAML text, each with its place and those of its parts."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

_EACH = 64  # bytes of a value beside its text, at the least


class YamlNode:
    """A value with the offset where it begins; most are scalars, which have no parts and take little room."""

    __slots__ = ("offset", "size", "value")

    parts: Mapping[str | int, "YamlNode"] = MappingProxyType({})
    """The values in a mapping or a sequence."""

    key_offsets: Mapping[str | int, int] = MappingProxyType({})
    """Where their keys begin; an element of a sequence is its own key."""

    depth = 0
    """How many mappings and sequences stand inside each other, itself included."""

    def __init__(self, value: Any, offset: int, size: int) -> None:
        self.value = value
        self.offset = offset
        self.size = size  # bytes that it takes, about


class YamlCollection(YamlNode):
    """A mapping or a sequence, with what is known while it is open."""

    __slots__ = ("depth", "is_mapping", "key", "key_offset", "key_offsets", "merged", "merging", "parts")

    parts: dict[str | int, YamlNode]
    key_offsets: dict[str | int, int]

    def __init__(self, offset: int, *, is_mapping: bool) -> None:
        super().__init__({} if is_mapping else [], offset, 2)
        self.is_mapping = is_mapping
        self.parts = {}
        self.key_offsets = {}
        self.depth = 1
        self.key: str | None = None  # of a mapping still open: the key that waits for its value
        self.key_offset = offset
        self.merging = False  # the waiting key is `<<`; in quotes it would be a key like any other
        self.merged: list[tuple[int, YamlNode]] = []  # what `<<` brings, before which own key

    def append(self, part: YamlNode) -> None:
        """Take the next value of a sequence."""
        step = len(self.value)
        self.value.append(part.value)
        self.parts[step] = part
        self.key_offsets[step] = part.offset
        self._count(part, 0)

    def set(self, key: str, part: YamlNode) -> None:
        """Take the value of the waiting key."""
        self.value[key] = part.value
        self.parts[key] = part
        self.key_offsets[key] = self.key_offset
        self._count(part, len(key))

    def merge(self) -> None:
        """Fill in what `<<` brings, where it stands: keys written out win, then the mapping named first.

        The order counts: of two `$set` the second sees what the first has done.
        """
        own = list(self.parts.items())
        parts: dict[str | int, YamlNode] = {}
        sources: dict[int, list[YamlNode]] = {}
        for place, source in self.merged:
            sources.setdefault(place, []).append(source)
        for index in range(len(own) + 1):
            for source in sources.get(index, ()):
                for step, part in source.parts.items():
                    if step not in self.parts and step not in parts:
                        parts[step] = part
                        self.key_offsets[step] = source.key_offsets[step]
                        self._count(part, len(str(step)))
            if index < len(own):
                parts[own[index][0]] = own[index][1]
        self.parts = parts
        self.value.clear()
        self.value.update((step, part.value) for step, part in parts.items())

    def _count(self, part: YamlNode, key_size: int) -> None:
        self.size += part.size + key_size + _EACH
        if part.depth >= self.depth:
            self.depth = part.depth + 1
