"""Building data with places from ruamel.yaml's events, with the types of JSON only."""

import math
import re
import sys
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml import events

from fakebackend.diagnostics.wording import format_value
from fakebackend.reading.json_reader import LONE_SURROGATE
from fakebackend.reading.json_reader import MAX_DEPTH

_MOST_ALIASED = 64 * 1024 * 1024
"""Bytes that all aliases of a file may stand for together: what JSON would write, and some for each value."""

_EACH = 64  # bytes of a value beside its text, at the least

_NULL = re.compile(r"(?:~|null|Null|NULL)?\Z")
_TRUE = re.compile(r"(?:true|True|TRUE)\Z")
_FALSE = re.compile(r"(?:false|False|FALSE)\Z")
_INTEGER = re.compile(r"[-+]?[0-9]+\Z")
_BASED = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_NO_JSON_NUMBER = re.compile(r"[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z")


class YamlSyntaxError(ValueError):
    """Composing cannot go on; `mark` is where."""

    def __init__(self, mark: Any, text: str) -> None:
        super().__init__(text)
        self.mark = mark


@dataclass(slots=True)
class YamlNode:
    """A value with its place and, for a mapping or a sequence, those of its parts."""

    value: Any
    mark: Any
    parts: dict[str | int, "YamlNode"] = field(default_factory=dict)
    key_marks: dict[str | int, Any] = field(default_factory=dict)
    size: int = 2  # bytes that it takes, about
    depth: int = 0  # how many mappings and sequences stand inside each other, itself included
    key: str | None = None  # of a mapping still open: the key that waits for its value
    key_mark: Any = None
    merging: bool = False  # the waiting key is `<<`; in quotes it would be a key like any other
    merged: list[tuple[int, "YamlNode"]] = field(default_factory=list)  # what `<<` brings, before which own key

    def add(self, part: "YamlNode") -> None:
        """Take the next value of a sequence, or the value of the waiting key of a mapping."""
        self.size += part.size + len(self.key or "") + _EACH
        self.depth = max(self.depth, part.depth + 1)
        step = len(self.value) if isinstance(self.value, list) else self.key
        assert step is not None  # the composer sets the key first
        self.parts[step] = part
        self.key_marks[step] = part.mark if isinstance(self.value, list) else self.key_mark
        if isinstance(self.value, list):
            self.value.append(part.value)
        else:
            self.value[step] = part.value

    def merge(self) -> None:
        """Fill in what `<<` brings, where it stands: keys written out win, then the mapping named first.

        The order counts: of two `$set` the second sees what the first has done.
        """
        own = list(self.parts.items())
        if not self.merged:
            return
        marks, parts = self.key_marks, {}
        sources: dict[int, list[YamlNode]] = {}
        for place, source in self.merged:
            sources.setdefault(place, []).append(source)
        for index in range(len(own) + 1):
            for source in sources.get(index, ()):
                for step, part in source.parts.items():
                    if step not in self.parts and step not in parts:
                        parts[step] = part
                        marks[step] = source.key_marks[step]
                        self.size += part.size + len(str(step)) + _EACH
                        self.depth = max(self.depth, part.depth + 1)
            if index < len(own):
                parts[own[index][0]] = own[index][1]
        self.parts = parts
        self.value.clear()
        self.value.update((step, part.value) for step, part in parts.items())


class YamlComposer:
    """Builds nodes from ruamel.yaml's events, without recursion and without the types that JSON lacks."""

    def __init__(self, text: str, report: Any) -> None:
        self._events = YAML(typ="safe", pure=True).parse(text)
        self._report = report
        self._anchors: dict[str, YamlNode] = {}
        self._open: list[YamlNode] = []
        self._open_anchors: dict[int, str] = {}
        self._aliased = 0

    def root(self) -> YamlNode:
        """Return the value of the one document."""
        root = None
        for event in self._events:
            if isinstance(event, events.DocumentStartEvent) and root is not None:
                raise YamlSyntaxError(event.start_mark, "a responses file is one YAML document, this starts another")
            if isinstance(event, events.NodeEvent | events.CollectionEndEvent):
                root = self._take(event) or root
        if root is None or root.value is None:
            raise YamlSyntaxError(None, "the file is empty, expected a mapping like GET: {/user: {}}")
        return root

    def _take(self, event: Any) -> YamlNode | None:
        """Return the node that the event completes, if nothing is open around it."""
        if isinstance(event, events.CollectionEndEvent):
            node = self._open.pop()
            node.merge()
            self._open_anchors.pop(id(node), None)
        else:
            opened = self._node(event)
            if opened is None:
                return None
            node = opened
        if not self._open:
            return node
        self._add(self._open[-1], node)
        return None

    def _node(self, event: Any) -> YamlNode | None:
        """Return the event's node if it is complete; a key, and a collection that begins, are kept for later."""
        if isinstance(event, events.AliasEvent):
            return self._alias(event)
        if event.tag is not None:
            raise YamlSyntaxError(event.start_mark, f"tags are not supported, got {event.tag}")
        parent = self._open[-1] if self._open else None
        expects_key = parent is not None and isinstance(parent.value, dict) and parent.key is None
        if isinstance(event, events.ScalarEvent):
            text = self._text(event)
            if parent is not None and expects_key:
                parent.key, parent.key_mark = text, event.start_mark
                parent.merging = text == "<<" and event.style is None
                return None
            value = self._resolve(text, event) if event.style is None else text
            return self._anchored(YamlNode(value, event.start_mark, size=len(text) + 2), event)
        if expects_key:
            raise YamlSyntaxError(event.start_mark, "a key must be text")
        if len(self._open) == MAX_DEPTH:
            raise YamlSyntaxError(event.start_mark, f"nesting is deeper than {MAX_DEPTH} levels")
        node = YamlNode({} if isinstance(event, events.MappingStartEvent) else [], event.start_mark, depth=1)
        self._open.append(self._anchored(node, event))
        if event.anchor:
            self._open_anchors[id(node)] = event.anchor
        return None

    def _anchored(self, node: YamlNode, event: Any) -> YamlNode:
        if event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _alias(self, event: Any) -> YamlNode:
        node = self._anchors.get(event.anchor)
        if node is None:
            raise YamlSyntaxError(event.start_mark, f"there is no anchor &{event.anchor} before this alias")
        if id(node) in self._open_anchors:
            raise YamlSyntaxError(event.start_mark, f"the anchor &{event.anchor} contains itself")
        parent = self._open[-1] if self._open else None
        if parent is not None and isinstance(parent.value, dict) and parent.key is None:
            raise YamlSyntaxError(event.start_mark, "a key must be text, not an alias")
        if len(self._open) + node.depth > MAX_DEPTH:
            raise YamlSyntaxError(event.start_mark, f"nesting is deeper than {MAX_DEPTH} levels")
        self._aliased += node.size
        if self._aliased > _MOST_ALIASED:
            text = f"the aliases stand for more than {_MOST_ALIASED >> 20} MiB of data"
            raise YamlSyntaxError(event.start_mark, text)
        return node

    def _add(self, parent: YamlNode, node: YamlNode) -> None:
        if isinstance(parent.value, dict):
            if parent.merging:
                parent.merged += [(len(parent.parts), source) for source in self._merge_sources(node)]
            elif parent.key in parent.parts:
                self._report(parent.key_mark, f"duplicate key {format_value(parent.key)}")
            else:
                parent.add(node)
            parent.key = None
        else:
            parent.add(node)

    def _merge_sources(self, node: YamlNode) -> list[YamlNode]:
        sources = [node.parts[i] for i in range(len(node.value))] if isinstance(node.value, list) else [node]
        for source in sources:
            if not isinstance(source.value, dict):
                raise YamlSyntaxError(node.mark, "<< takes a mapping or a list of mappings")
        return sources

    def _text(self, event: Any) -> str:
        text = str(event.value)
        if LONE_SURROGATE.search(text):
            # JSON spells a character beyond the BMP as two escapes, and JSON is YAML.
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            if "\ufffd" in text:
                self._report(event.start_mark, "a string holds a lone surrogate, which is no character")
        return text

    def _resolve(self, text: str, event: Any) -> Any:
        """Return what a plain scalar means in YAML 1.2's core schema."""
        if _NULL.match(text):
            return None
        if _TRUE.match(text) or _FALSE.match(text):
            return text[0] in "tT"
        if _BASED.match(text):
            number = int(text[2:], 8 if text[1] == "o" else 16)
            if number <= sys.float_info.max:
                return number
            self._report(event.start_mark, "the number is outside the range of a double")
        elif _NO_JSON_NUMBER.match(text):
            self._report(event.start_mark, f"{text} is no JSON number")
        elif _FLOAT.match(text):
            if math.isinf(float(text)):
                self._report(event.start_mark, "the number is outside the range of a double")
            else:
                return int(text) if _INTEGER.match(text) else float(text)
        return text
