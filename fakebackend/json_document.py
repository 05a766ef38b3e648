"""A responses file in JSON."""

from collections.abc import Iterator

from fakebackend.document import Descend
from fakebackend.document import Item
from fakebackend.document import Path
from fakebackend.document import new_item
from fakebackend.json_reader import LONE_SURROGATE
from fakebackend.json_reader import PLAIN_MEMBER
from fakebackend.json_reader import JsonReader
from fakebackend.json_reader import JsonSyntaxError
from fakebackend.json_reader import out_of_bounds
from fakebackend.json_reader import scan
from fakebackend.json_reader import scan_unchecked
from fakebackend.json_text import json_text
from fakebackend.problems import Place
from fakebackend.problems import Problem
from fakebackend.problems import shown

_LIKE_DEFINITION = '{"$'


class JsonDocument:
    """JSON text, read item by item so that no more than one item's data is alive at a time."""

    def __init__(self, text: str, file: str) -> None:
        self.problems: list[Problem] = []
        self._text = text
        self._file = file
        self._line = 1
        self._counted = 0

    def setting(self, key: str) -> Item | None:
        """Return the item of a key at the top, wherever in the file it stands.

        None too if the text is wrong somewhere before it, which `items` will report.
        """
        if shown(key) not in self._text and "\\u" not in self._text:
            return None
        reader = JsonReader(self._text)
        try:
            if reader.peek() == "{" and reader.find(key):
                key_offset, offset = reader.key_offset, reader.offset
                wrong: list[int] = []
                value = reader.value(lambda offset, _: wrong.append(offset))
                line = self._text.count("\n", 0, key_offset) + 1
                return None if wrong else Item((), key, value, line, (key_offset, offset))
        except (ValueError, RecursionError):
            pass
        return None

    def items(self, descend: Descend) -> Iterator[Item]:
        """Yield the items in the order of the file; an item with a problem is left out."""
        reader = JsonReader(self._text)
        try:
            if (first := reader.peek()) != "{":
                raise _no_object(reader, first)
            yield from self._object(reader, (), descend)
            if reader.peek():
                raise reader.error("the end of the file")
        except JsonSyntaxError as e:
            self._report(e.offset, str(e))

    def place(self, item: Item, path: Path = (), *, at_key: bool = False) -> Place:
        """Return the place of a part of an item's value, or of the key it stands under."""
        key_offset, offset = item.at
        reader = JsonReader(self._text, offset)
        reader.key_offset = key_offset
        for step in path:
            if not reader.find(step):
                return self._place(reader.key_offset)
        return self._place(reader.key_offset if at_key else reader.offset)

    def _object(self, reader: JsonReader, path: tuple[str, ...], descend: Descend) -> Iterator[Item]:
        seen: set[str] = set()
        opened = descend(path)
        for key in reader.keys():  # noqa: SIM118  # a cursor, no dict
            key_offset, offset = reader.key_offset, reader.offset
            known = len(self.problems)
            if key in seen:
                self._report(key_offset, f"duplicate key {shown(key)}")
            elif reader.surrogates and LONE_SURROGATE.search(key):
                self._report(key_offset, "a key holds a lone surrogate, which is no character")
            seen.add(key)
            if opened is not None and opened(key) and self._text.startswith("{", offset):
                yield from self._object(reader, (*path, key), descend)
                continue
            value = reader.value(self._report)
            if len(self.problems) == known:
                yield Item(path, key, value, self._line_of(key_offset), (key_offset, offset))
            if opened is None and not reader.surrogates:
                yield from self._plain_members(reader, path, seen)

    def _plain_members(self, reader: JsonReader, path: tuple[str, ...], seen: set[str]) -> Iterator[Item]:
        """Yield the items that follow, as nearly all do, without anything that needs a closer look.

        What makes it fast is that it calls next to nothing but C.
        """
        text, offset, line, counted = self._text, reader.offset, self._line, self._counted
        while (member := PLAIN_MEMBER.match(text, offset)) is not None and (key := member[1]) not in seen:
            key_offset, start = member.start(1) - 1, member.end()
            written = None
            try:
                if text.startswith(_LIKE_DEFINITION, start):
                    value, end = scan(text, start)
                else:
                    value, end = scan_unchecked(text, start)
                    written = json_text(value)
                    # Written again it has as many colons, unless a key stood there twice. Escapes may hide some.
                    if written.count(":") != text.count(":", start, end) or text.find("\\", start, end) >= 0:
                        value, end = scan(text, start)
            except (ValueError, RecursionError, StopIteration):
                break
            if out_of_bounds(text, start, end):
                break
            seen.add(key)
            line += text.count("\n", counted, key_offset)
            offset, counted = end, key_offset
            yield new_item((path, key, value, line, (key_offset, start), written))
        reader.offset, self._line, self._counted = offset, line, counted

    def _line_of(self, offset: int) -> int:
        # Counted on from the item before, so that all items together cost one pass over the text.
        self._line += self._text.count("\n", self._counted, offset)
        self._counted = offset
        return self._line

    def _report(self, offset: int, text: str) -> None:
        self.problems.append(Problem(self._place(offset), "", text))

    def _place(self, offset: int) -> Place:
        line = self._text.count("\n", 0, offset) + 1
        return Place(self._file, line, offset - self._text.rfind("\n", 0, offset))


def _no_object(reader: JsonReader, first: str) -> JsonSyntaxError:
    if not first:
        return JsonSyntaxError(reader.offset, 'the file is empty, expected an object like {"GET": {"/user": {}}}')
    return reader.error('"{": a responses file is an object of methods')
