"""`$headers`: names and values, checked and encoded when the file is loaded."""

import json
import re
from dataclasses import dataclass
from typing import Any

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.validation_error import parse_all
from fakebackend.diagnostics.wording import format_value
from fakebackend.diagnostics.wording import json_type_name
from fakebackend.messages.methods import TOKEN

Fields = tuple[tuple[bytes, bytes], ...]
"""Header fields as mitmproxy keeps them, in the order in which they are sent."""

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
COMPUTED = {"content-length", "transfer-encoding", "connection"}
"""Names, in lower case, that no file may set."""


@dataclass(frozen=True, slots=True)
class HeaderFields:
    """What `$headers` says: fields to send, and the names (lower case) of those that we must not add."""

    fields: Fields = ()
    named: frozenset[bytes] = frozenset()

    def over(self, defaults: "HeaderFields") -> "HeaderFields":
        """Return these on top of defaults, which are merged in by name."""
        if not defaults.named:
            return self
        kept = tuple(field for field in defaults.fields if field[0].lower() not in self.named)
        return HeaderFields(kept + self.fields, defaults.named | self.named)


NO_HEADER_FIELDS = HeaderFields()


def fields_of(*fields: tuple[bytes, bytes]) -> HeaderFields:
    """Return header fields that are known to be right."""
    return HeaderFields(fields, frozenset(name.lower() for name, _ in fields))


def parse_header_fields(value: Any, *, remedy: str = "percent-encode it") -> HeaderFields:
    """Return the header fields of an object: name → string, number, list of them, or null.

    `{"A": ["1", 2], "B": null}` has the fields `A: 1` and `A: 2`, and takes a `B` away that we would add. `remedy` is
    what to do about a value that no header field can have.
    """
    if not isinstance(value, dict):
        raise ValidationError(f"$headers must be an object of names and values, got {format_value(value)}")
    fields: list[tuple[bytes, bytes]] = []
    names: dict[bytes, str] = {}

    def parse(name: str, content: Any) -> None:
        folded = _checked_name(name).lower().encode("ascii")
        if folded in names:
            raise ValidationError(f'$headers names "{names[folded]}" and "{name}", which are the same', at_key=True)
        names[folded] = name
        several = content if isinstance(content, list) else [] if content is None else [content]
        for index, item in enumerate(several):
            path = (index,) if isinstance(content, list) else ()
            fields.append((name.encode("ascii"), _encoded(name, item, path, remedy)))

    parse_all(value.items(), parse)
    return HeaderFields(tuple(fields), frozenset(names))


def _checked_name(name: str) -> str:
    if not re.fullmatch(TOKEN, name):
        expected = "a header name is made of letters, digits and !#$%&'*+-.^_`|~"
        raise ValidationError(f"{expected}, got {format_value(name)}", at_key=True)
    if name.lower() in COMPUTED:
        raise ValidationError(f"{name} is computed from the answer and cannot be set", at_key=True)
    return name


def _encoded(name: str, value: Any, path: tuple[str | int, ...], remedy: str) -> bytes:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        hint = f', did you mean "{json.dumps(value)}"?' if isinstance(value, bool) else ""
        expected = f"header {name} must be a string, a number, a list of them or null"
        raise ValidationError(f"{expected}, got {json_type_name(value)}{hint}", *path)
    text = value if isinstance(value, str) else json.dumps(value)
    if _CONTROL.search(text):
        expected = f"header {name} must be one line without control characters"
        raise ValidationError(f"{expected}, got {format_value(text)}", *path)
    try:
        return text.strip(" \t").encode("latin-1")
    except UnicodeEncodeError as e:
        wrong = format_value(text[e.start])
        raise ValidationError(f"header {name} must be Latin-1, got {wrong}; {remedy}", *path) from None
