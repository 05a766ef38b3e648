"""The events of a YAML text: from libyaml where that is there and sure, else from ruamel.yaml's own parser.

libyaml is twenty times as fast, but speaks YAML 1.1: here and there it takes what 1.2 refuses, or takes it otherwise.
All of that is left to the other one, and so is every text in which anything is wrong: an error reads the same
whatever is installed. What libyaml refuses alone costs only time.
"""

import re
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML

from fakebackend.reading.libyaml import libyaml

_OTHERWISE = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
"""Tabs, line ends other than `\\n`, byte order marks and what is no text."""

_PLAIN_BLOCK = re.compile(r"[^#\n]*\n(?! *\r?(?:\n|\Z))")
"""A block scalar's header without a comment, and a line that has more than spaces."""

_BEHIND_ANCHOR = frozenset(["", " ", "\r", "\n"])
_BEHIND_ALIAS = _BEHIND_ANCHOR | {",", "]", "}"}


class UnsureError(ValueError):
    """There is no libyaml, or the other parser may see something else in the text."""


def pure_events(text: str) -> Iterator[Any]:
    """Return the events of ruamel.yaml's parser, whose word is what counts. Raises what that raises, as it goes."""
    return iter(YAML(typ="safe", pure=True).parse(text))


def sure_events(text: str) -> Iterator[Any]:
    """Yield the events of libyaml. Raises `UnsureError`, perhaps only after some, where `pure_events` may differ.

    Not looked at is what is an error whichever parser sees it: a second document, a tag, a key that is a mapping. A
    key or value that is not there has another place. `test_both_parsers_read_the_same` holds the two to the rest.
    """
    found = libyaml()
    if found is None or _is_read_otherwise(text):
        raise UnsureError
    parser, refused = found
    try:
        for event in iter(parser(text).get_event, None):
            differs = _MAY_DIFFER.get(type(event).__name__)
            if differs is not None and differs(text, event):
                raise UnsureError
            yield event
    except refused as e:
        raise UnsureError from e


def _is_read_otherwise(text: str) -> bool:
    return (
        _OTHERWISE.search(text) is not None
        or text.count("\r") != text.count("\r\n")
        or any(f"\n{mark}" in text or text.startswith(mark) for mark in ("%", "..."))
    )


def _scalar_differs(text: str, event: Any) -> bool:
    if event.anchor and _anchor_differs(text, event):
        return True
    return event.style in ("|", ">") and _block_differs(text, event.start_mark.index)


def _block_differs(text: str, start: int) -> bool:
    """Tell whether a block scalar begins with what only one of the parsers takes, or may be all of the document."""
    before = text[text.rfind("\n", 0, start) + 1 : start].strip()
    return before in ("", "---") or not _PLAIN_BLOCK.match(text, start)


def _mapping_differs(text: str, event: Any) -> bool:
    """Tell whether it is the `a: b` of `[a: b]`, where colons and question marks mean more to libyaml."""
    if event.anchor:
        return _anchor_differs(text, event)
    return bool(event.flow_style) and text[event.start_mark.index] != "{"


def _sequence_differs(text: str, event: Any) -> bool:
    return bool(event.anchor) and _anchor_differs(text, event)


def _anchor_differs(text: str, event: Any) -> bool:
    """Tell whether the name may go on: in YAML 1.2 it ends at white space, in 1.1 at what is no letter or digit."""
    end = event.start_mark.index + 1 + len(event.anchor)
    return text[end : end + 1] not in _BEHIND_ANCHOR


def _alias_differs(text: str, event: Any) -> bool:
    end = event.start_mark.index + 1 + len(event.anchor)
    return text[end : end + 1] not in _BEHIND_ALIAS


_MAY_DIFFER: dict[str, Callable[[str, Any], bool]] = {
    "ScalarEvent": _scalar_differs,
    "MappingStartEvent": _mapping_differs,
    "SequenceStartEvent": _sequence_differs,
    "AliasEvent": _alias_differs,
}
