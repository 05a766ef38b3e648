"""A responses file in YAML 1.2, restricted to what JSON can say."""

import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

from fakebackend.document import Descend
from fakebackend.document import Item
from fakebackend.document import Path
from fakebackend.problems import Place
from fakebackend.problems import Problem
from fakebackend.yaml_composer import YamlComposer
from fakebackend.yaml_composer import YamlNode
from fakebackend.yaml_composer import YamlSyntaxError

_BEYOND_UNICODE = re.compile(r"\\U(?!000|0010)[0-9a-fA-F]{8}")
_VERSION = re.compile(r"^%YAML", re.MULTILINE)
_LINE_END = re.compile(r"\r\n|[\r\n]")


class YamlDocument:
    """YAML text; dates and `no` stay text, tags are refused, keys are text."""

    def __init__(self, text: str, file: str) -> None:
        self.problems: list[Problem] = []
        self._text = text
        self._file = file
        self._root = self._composed()

    def setting(self, key: str) -> Item | None:
        """Return the item of a key at the top, wherever in the file it stands."""
        if self._root is None or key not in self._root.parts:
            return None
        mark, node = self._root.key_marks[key], self._root.parts[key]
        return Item((), key, node.value, mark.line + 1, (mark, node))

    def items(self, descend: Descend) -> Iterator[Item]:
        """Yield the items in the order of the file; none after an error of syntax."""
        if self._root is not None:
            yield from self._object(self._root, (), descend)

    def _composed(self) -> YamlNode | None:
        try:
            return YamlComposer(self._text, self._report).root()
        except YamlSyntaxError as e:
            self._report(e.mark, str(e))
        except MarkedYAMLError as e:
            self._report(e.problem_mark or e.context_mark, str(e.problem or e.context))
        except ReaderError as e:
            self._report_at(e.position, f"YAML does not allow the character U+{ord(self._text[e.position]):04X}")
        except AssertionError:
            # ruamel.yaml knows 1.1 and 1.2, and asserts that it is given one of them.
            directive = _VERSION.search(self._text)
            self._report_at(directive.start() if directive else 0, "the file must be in YAML 1.2")
        except (ValueError, OverflowError):
            # ruamel.yaml lets what `chr` raises pass as it is, without a mark.
            escape = _BEYOND_UNICODE.search(self._text)
            self._report_at(escape.start() if escape else 0, "an escape stands for no Unicode character")
        return None

    def place(self, item: Item, path: Path = (), *, at_key: bool = False) -> Place:
        """Return the place of a part of an item's value, or of the key it stands under."""
        key_mark, node = item.at
        for step in path:
            if step not in node.parts:
                return self._place(key_mark)
            key_mark, node = node.key_marks[step], node.parts[step]
        return self._place(key_mark if at_key else node.mark)

    def _object(self, node: YamlNode, path: tuple[str, ...], descend: Descend) -> Iterator[Item]:
        opened = descend(path)
        for key, part in node.parts.items():
            name = str(key)
            if opened is not None and opened(name) and isinstance(part.value, dict):
                yield from self._object(part, (*path, name), descend)
            else:
                mark = node.key_marks[key]
                yield Item(path, name, part.value, mark.line + 1, (mark, part))

    def _report(self, mark: Any, text: str) -> None:
        self.problems.append(Problem(self._place(mark), "", text))

    def _report_at(self, offset: int, text: str) -> None:
        lines = _LINE_END.split(self._text[:offset])
        self.problems.append(Problem(Place(self._file, len(lines), len(lines[-1]) + 1), "", text))

    def _place(self, mark: Any) -> Place:
        return Place(self._file, mark.line + 1, mark.column + 1) if mark else Place(self._file)
