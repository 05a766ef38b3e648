"""`$headers`: names and values, checked and encoded when the file is loaded."""

import json
import re
from typing import Any

from fakebackend.http_method import TOKEN
from fakebackend.problems import FieldError
from fakebackend.problems import kind
from fakebackend.problems import parse_each
from fakebackend.problems import shown
from fakebackend.static_answer import Headers

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_COMPUTED = {"content-length", "transfer-encoding", "connection"}


def parse_headers(value: Any) -> Headers:
    """Return the header fields of an object: name → string, number, list of them, or null.

    `{"A": ["1", 2], "B": null}` has the fields `A: 1` and `A: 2`, and takes a `B` away that we would add.
    """
    if not isinstance(value, dict):
        raise FieldError(f"$headers must be an object of names and values, got {shown(value)}")
    fields: list[tuple[bytes, bytes]] = []
    names: dict[bytes, str] = {}

    def parse(name: str, content: Any) -> None:
        folded = _checked_name(name).lower().encode("ascii")
        if folded in names:
            raise FieldError(f'$headers names "{names[folded]}" and "{name}", which are the same', at_key=True)
        names[folded] = name
        several = content if isinstance(content, list) else [] if content is None else [content]
        for index, item in enumerate(several):
            path = (index,) if isinstance(content, list) else ()
            fields.append((name.encode("ascii"), _encoded(name, item, path)))

    parse_each(value.items(), parse)
    return Headers(tuple(fields), frozenset(names))


def _checked_name(name: str) -> str:
    if not re.fullmatch(TOKEN, name):
        expected = "a header name is made of letters, digits and !#$%&'*+-.^_`|~"
        raise FieldError(f"{expected}, got {shown(name)}", at_key=True)
    if name.lower() in _COMPUTED:
        raise FieldError(f"{name} is computed from the answer and cannot be set", at_key=True)
    return name


def _encoded(name: str, value: Any, path: tuple[str | int, ...]) -> bytes:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        hint = f', did you mean "{json.dumps(value)}"?' if isinstance(value, bool) else ""
        expected = f"header {name} must be a string, a number, a list of them or null"
        raise FieldError(f"{expected}, got {kind(value)}{hint}", *path)
    text = value if isinstance(value, str) else json.dumps(value)
    if _CONTROL.search(text):
        raise FieldError(f"header {name} must be one line without control characters, got {shown(text)}", *path)
    try:
        return text.strip(" \t").encode("latin-1")
    except UnicodeEncodeError as e:
        wrong = text[e.start]
        raise FieldError(f"header {name} must be Latin-1, got {shown(wrong)}; percent-encode it", *path) from None
