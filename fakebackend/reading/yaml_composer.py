"""Building data with places from the events of a YAML parser, with the types of JSON only."""

from collections.abc import Iterable
from typing import Any

from fakebackend.diagnostics.wording import format_value
from fakebackend.reading.json_reader import LONE_SURROGATE
from fakebackend.reading.json_reader import MAX_DEPTH
from fakebackend.reading.json_reader import Report
from fakebackend.reading.yaml_node import YamlCollection
from fakebackend.reading.yaml_node import YamlNode
from fakebackend.reading.yaml_scalars import plain_value

_MOST_ALIASED = 64 * 1024 * 1024
"""Bytes that all aliases of a file may stand for together: what JSON would write, and some for each value."""

_QUOTES = "text that begins so needs quotes"


class YamlSyntaxError(ValueError):
    """Composing cannot go on; `offset` is where, None if that is nowhere."""

    def __init__(self, offset: int | None, text: str) -> None:
        super().__init__(text)
        self.offset = offset


class YamlComposer:
    """Builds nodes from events, of ruamel.yaml's or PyYAML's, without recursion.

    What is wrong and does not end the reading is told to `report`.
    """

    def __init__(self, events: Iterable[Any], report: Report) -> None:
        self._events = events
        self._report = report
        self._anchors: dict[str, YamlNode] = {}
        self._open: list[YamlCollection] = []
        self._top: YamlCollection | None = None  # the last of those open
        self._open_anchors: set[YamlNode] = set()
        self._aliased = 0
        self._root: YamlNode | None = None
        self.last: Any = None
        """The last event that came, for who wants to know what was before an error."""

    def root(self) -> YamlNode:
        """Return the value of the one document."""
        # By name, which both libraries give alike: a class of either is nothing to the other.
        take = {
            "ScalarEvent": self._scalar,
            "MappingStartEvent": self._begin,
            "SequenceStartEvent": self._begin,
            "MappingEndEvent": self._end,
            "SequenceEndEvent": self._end,
            "AliasEvent": self._alias,
            "DocumentStartEvent": self._document,
        }
        for event in self._events:
            self.last = event
            if (taken := take.get(type(event).__name__)) is not None:
                taken(event)
        if self._root is None or self._root.value is None:
            raise YamlSyntaxError(None, "the file is empty, expected a mapping like GET: {/user: {}}")
        return self._root

    def _document(self, event: Any) -> None:
        if self._root is not None:
            text = "a responses file is one YAML document, this starts another"
            raise YamlSyntaxError(event.start_mark.index, text)

    def _scalar(self, event: Any) -> None:
        """Take a key, or a value that is no collection. Nearly all events are this one."""
        if event.tag is not None:
            raise _tagged(event)
        text, offset, top = event.value, event.start_mark.index, self._top
        if not text.isascii():
            text = self._text(text, offset)
        if top is not None and top.is_mapping and top.key is None:
            # The parsers don't agree on where something is that is not there: it is put where it would belong.
            top.key, top.key_offset = text, offset if text or event.style else top.offset
            top.merging = text == "<<" and not event.style
            return
        value = text
        if not event.style:
            if not text and not event.anchor and top is not None and top.is_mapping:
                offset = top.key_offset
            value = self._plain(text, offset)
        node = YamlNode(value, offset, len(text) + 2)
        if event.anchor:
            self._anchors[event.anchor] = node
        self._add(node)

    def _begin(self, event: Any) -> None:
        """Open a mapping or a sequence."""
        if event.tag is not None:
            raise _tagged(event)
        offset = event.start_mark.index
        if self._top is not None and self._top.is_mapping and self._top.key is None:
            raise YamlSyntaxError(offset, "a key must be text")
        if len(self._open) == MAX_DEPTH:
            raise YamlSyntaxError(offset, f"nesting is deeper than {MAX_DEPTH} levels")
        self._top = YamlCollection(offset, is_mapping=type(event).__name__ == "MappingStartEvent")
        self._open.append(self._top)
        if event.anchor:
            self._anchors[event.anchor] = self._top
            self._open_anchors.add(self._top)

    def _end(self, _event: Any) -> None:
        """Close the collection that was opened last and give it to the one around it."""
        node = self._open.pop()
        if node.merged:
            node.merge()
        self._open_anchors.discard(node)
        self._top = self._open[-1] if self._open else None
        self._add(node)

    def _alias(self, event: Any) -> None:
        node, offset = self._anchors.get(event.anchor), event.start_mark.index
        if node is None:
            raise YamlSyntaxError(offset, f"there is no anchor &{event.anchor} before this alias; {_QUOTES}")
        if node in self._open_anchors:
            raise YamlSyntaxError(offset, f"the anchor &{event.anchor} contains itself")
        if self._top is not None and self._top.is_mapping and self._top.key is None:
            raise YamlSyntaxError(offset, "a key must be text, not an alias")
        if len(self._open) + node.depth > MAX_DEPTH:
            raise YamlSyntaxError(offset, f"nesting is deeper than {MAX_DEPTH} levels")
        self._aliased += node.size
        if self._aliased > _MOST_ALIASED:
            raise YamlSyntaxError(offset, f"the aliases stand for more than {_MOST_ALIASED >> 20} MiB of data")
        self._add(node)

    def _add(self, node: YamlNode) -> None:
        """Give a complete value to the collection that is open around it."""
        top = self._top
        if top is None:
            self._root = node
        elif not top.is_mapping:
            top.append(node)
        else:
            key, top.key = top.key, None
            assert key is not None  # the parsers send it first
            if top.merging:
                top.merged += [(len(top.parts), source) for source in _merge_sources(node)]
            elif key in top.parts:
                self._report(top.key_offset, f"duplicate key {format_value(key)}, one of the two must go")
            else:
                top.set(key, node)

    def _text(self, text: str, offset: int) -> str:
        if LONE_SURROGATE.search(text):
            # JSON spells a character beyond the BMP as two escapes, and JSON is YAML.
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
            if LONE_SURROGATE.search(text):
                self._report(offset, "a string holds a lone surrogate, which is no character")
                text = LONE_SURROGATE.sub("\ufffd", text)
        return text

    def _plain(self, text: str, offset: int) -> Any:
        try:
            return plain_value(text)
        except ValueError as e:
            self._report(offset, str(e))
            return text


def _tagged(event: Any) -> YamlSyntaxError:
    return YamlSyntaxError(event.start_mark.index, f"tags are not supported, got {event.tag}; {_QUOTES}")


def _merge_sources(node: YamlNode) -> list[YamlNode]:
    sources = list(node.parts.values()) if isinstance(node.value, list) else [node]
    for source in sources:
        if not isinstance(source.value, dict):
            raise YamlSyntaxError(node.offset, "<< takes a mapping or a list of mappings")
    return sources
