"""A responses file in JSON."""

import json
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from fakebackend.diagnostics.diagnostic import Diagnostic
from fakebackend.diagnostics.location import LineIndex
from fakebackend.diagnostics.location import Location
from fakebackend.diagnostics.wording import format_value
from fakebackend.reading.document import Descend
from fakebackend.reading.document import Item
from fakebackend.reading.document import Path
from fakebackend.reading.json_reader import LONE_SURROGATE
from fakebackend.reading.json_reader import PLAIN_MEMBER
from fakebackend.reading.json_reader import JsonReader
from fakebackend.reading.json_reader import JsonSyntaxError
from fakebackend.reading.json_reader import out_of_bounds
from fakebackend.reading.json_reader import scan
from fakebackend.reading.json_reader import scan_unchecked
from fakebackend.reading.json_text import json_text

_LIKE_DEFINITION = '{"$'


class JsonDocument:
    """JSON text, read item by item so that no more than one item's data is alive at a time."""

    def __init__(self, text: str, file: str) -> None:
        self.errors: list[Diagnostic] = []
        self.lines = LineIndex(file, text)
        self._text = text
        self._parts: dict[int, Mapping[str | int, tuple[int, int]]] = {}

    def data(self) -> Any:
        """Return all of the file's data, whatever it is, or None where it is no JSON."""
        try:
            return json.loads(self._text)
        except (ValueError, RecursionError):
            return None

    def setting(self, key: str) -> Item | None:
        """Return the item of a key at the top, wherever in the file it stands.

        None too if its value is wrong or the syntax is before it, which `items` will report.
        """
        if format_value(key) not in self._text and "\\u" not in self._text:
            return None
        reader = JsonReader(self._text)
        try:
            if reader.peek() == "{" and reader.find(key):
                key_offset, offset = reader.key_offset, reader.offset
                wrong: list[int] = []
                value = reader.value(lambda offset, _: wrong.append(offset))
                return None if wrong else Item((), key, value, key_offset, offset)
        except (ValueError, RecursionError):
            pass
        return None

    def items(self, descend: Descend) -> Iterator[Item]:
        """Yield the items in the order of the file; an item that is wrong is left out."""
        reader = JsonReader(self._text)
        try:
            if (first := reader.peek()) != "{":
                raise _no_object(reader, first)
            yield from self._object(reader, (), descend)
            if reader.peek():
                raise reader.error("the end of the file")
        except JsonSyntaxError as e:
            self._report(e.offset, str(e))

    def location(self, item: Item, path: Path = (), *, at_key: bool = False) -> Location:
        """Return the location of a part of an item's value, or of the key it stands under."""
        key_offset, offset = item.offset, item.at
        for step in path:
            parts = self._parts_at(offset)
            if step not in parts:
                return self.lines.location(key_offset)
            key_offset, offset = parts[step]
        return self.lines.location(key_offset if at_key else offset)

    def _parts_at(self, offset: int) -> Mapping[str | int, tuple[int, int]]:
        """Return the offsets of the key and the value of each part of an object or a list.

        Kept, so that 20,000 errors in one list cost one walk through it and not 20,000.
        """
        if offset not in self._parts:
            parts: dict[str | int, tuple[int, int]] = {}
            reader = JsonReader(self._text, offset)
            for step in reader.steps():
                parts.setdefault(step, (reader.key_offset, reader.offset))
                reader.skip()
            self._parts[offset] = parts
        return self._parts[offset]

    def _object(self, reader: JsonReader, path: tuple[str, ...], descend: Descend) -> Iterator[Item]:
        seen: set[str] = set()
        opened = descend(path)
        for key in reader.keys():  # noqa: SIM118  # a cursor, no dict
            key_offset, offset = reader.key_offset, reader.offset
            known = len(self.errors)
            if key in seen:
                self._report(key_offset, f"duplicate key {format_value(key)}, one of the two must go")
            elif reader.surrogates and LONE_SURROGATE.search(key):
                self._report(key_offset, "a key holds a lone surrogate, which is no character")
            seen.add(key)
            if opened is not None and opened(key) and self._text.startswith("{", offset):
                yield from self._object(reader, (*path, key), descend)
                continue
            value = reader.value(self._report)
            if len(self.errors) == known:
                yield Item(path, key, value, key_offset, offset)
            if opened is None and not reader.surrogates:
                yield from self._plain_members(reader, path, seen)

    def _plain_members(self, reader: JsonReader, path: tuple[str, ...], seen: set[str]) -> Iterator[Item]:
        """Yield the items that follow, as nearly all do, without anything that needs a closer look.

        What makes it fast is that it calls next to nothing but C. It stops before the first member that is not
        plain, for the loop above to judge; what it yields is what that would have yielded, see
        `test_strict_json_is_read_as_the_standard_library_reads_it`.
        """
        text, offset = self._text, reader.offset
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
            offset = end
            yield Item(path, key, value, key_offset, start, written)
        reader.offset = offset

    def _report(self, offset: int, text: str) -> None:
        self.errors.append(Diagnostic(self.lines.location(offset), "", text))


def _no_object(reader: JsonReader, first: str) -> JsonSyntaxError:
    if not first:
        return JsonSyntaxError(reader.offset, 'the file is empty, expected an object like {"GET": {"/user": {}}}')
    return reader.error('"{": a responses file is an object of methods')
