"""A responses file in YAML 1.2, restricted to what JSON can say."""

import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

from fakebackend.diagnostics.diagnostic import Diagnostic
from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.diagnostics.location import LineIndex
from fakebackend.diagnostics.location import Location
from fakebackend.reading.document import Descend
from fakebackend.reading.document import Item
from fakebackend.reading.document import Path
from fakebackend.reading.yaml_composer import YamlComposer
from fakebackend.reading.yaml_composer import YamlSyntaxError
from fakebackend.reading.yaml_events import UnsureError
from fakebackend.reading.yaml_events import pure_events
from fakebackend.reading.yaml_events import sure_events
from fakebackend.reading.yaml_node import YamlNode
from fakebackend.reading.yaml_remedies import explained
from fakebackend.reading.yaml_remedies import explained_refusal

_BEYOND_UNICODE = re.compile(r"\\U(?!000|0010)[0-9a-fA-F]{8}")
_VERSION = re.compile(r"^%YAML", re.MULTILINE)
_LINE_END = re.compile(r"\r\n|[\r\n]")


class YamlDocument:
    """YAML text; dates and `no` stay text, tags are refused, keys are text."""

    def __init__(self, text: str, file: str, *, is_data: bool = False) -> None:
        self.errors: list[Diagnostic] = []
        self.lines = LineIndex(file, text, _LINE_END)
        self._text = text
        self._value = self._composed()
        self._root = None if is_data else self._mapping(self._value)

    def data(self) -> Any:
        """Return all of the file's data, whatever it is, or None where it is no YAML."""
        return None if self._value is None else self._value.value

    def setting(self, key: str) -> Item | None:
        """Return the item of a key at the top, wherever in the file it stands."""
        if self._root is None or key not in self._root.parts:
            return None
        node = self._root.parts[key]
        return Item((), key, node.value, self._root.key_offsets[key], node)

    def items(self, descend: Descend) -> Iterator[Item]:
        """Yield the items in the order of the file; none after an error of syntax."""
        if self._root is not None:
            yield from self._object(self._root, (), descend)

    def _composed(self) -> YamlNode | None:
        """Return the root, read again by the parser that counts if anything is wrong or not sure."""
        try:
            return YamlComposer(sure_events(self._text), _refuse).root()
        except (UnsureError, YamlSyntaxError):
            return self._composed_surely()

    def _composed_surely(self) -> YamlNode | None:
        composer = YamlComposer(pure_events(self._text), self._report)
        try:
            return composer.root()
        except YamlSyntaxError as e:
            self._report(*explained_refusal(self._text, e))
        except MarkedYAMLError as e:
            self._report(*explained(self._text, e, composer.last))
        except ReaderError as e:
            code = f"{ord(self._text[e.position]):04X}"
            self._report(e.position, rf"YAML does not allow the character U+{code}; in double quotes it is \u{code}")
        except AssertionError:
            # ruamel.yaml knows 1.1 and 1.2, and asserts that it is given one of them.
            directive = _VERSION.search(self._text)
            self._report(directive.start() if directive else 0, "the file must be in YAML 1.2")
        except (ValueError, OverflowError):
            # ruamel.yaml lets what `chr` raises pass as it is, without a mark.
            escape = _BEYOND_UNICODE.search(self._text)
            self._report(escape.start() if escape else 0, "an escape stands for no Unicode character")
        return None

    def _mapping(self, root: YamlNode | None) -> YamlNode | None:
        if root is None or isinstance(root.value, dict):
            return root
        self._report(root.offset, "a responses file is a mapping of methods")
        return None

    def location(self, item: Item, path: Path = (), *, at_key: bool = False) -> Location:
        """Return the location of a part of an item's value, or of the key it stands under."""
        key_offset, node = item.offset, item.at
        for step in path:
            if step not in node.parts:
                return self.lines.location(key_offset)
            key_offset, node = node.key_offsets[step], node.parts[step]
        return self.lines.location(key_offset if at_key else node.offset)

    def _object(self, node: YamlNode, path: tuple[str, ...], descend: Descend) -> Iterator[Item]:
        opened = descend(path)
        for key, part in node.parts.items():
            name = str(key)
            if opened is not None and opened(name) and isinstance(part.value, dict):
                yield from self._object(part, (*path, name), descend)
            else:
                yield Item(path, name, part.value, node.key_offsets[key], part)

    def _report(self, offset: int | None, text: str) -> None:
        location = Location(self.lines.file) if offset is None else self.lines.location(offset)
        self.errors.append(Diagnostic(location, "", text))


def _refuse(_offset: int, text: str) -> None:
    raise UnsureError(text)


def parse_yaml_value(text: str, file: str) -> Any:
    """Return the value of a YAML text that is no responses file; `file` is a name to show.

    Raises `ResponsesFileError` with what is wrong.
    """
    document = YamlDocument(text, file, is_data=True)
    if document.errors:
        raise ResponsesFileError(document.errors)
    return document.data()
