"""How values and suggestions are written in messages."""

import difflib
import json
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

_LONGEST_VALUE = 60
_LONGEST_WORD = 100
_MOST_VALUES = 3


def format_value(value: Any) -> str:
    """Write a value as the JSON a person would recognise, cut where it gets long."""
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= _LONGEST_VALUE else text[:_LONGEST_VALUE] + "…"


def json_type_name(value: Any) -> str:
    """Name the JSON type of a value, with its article."""
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")


def enumerated(values: Sequence[Any], written: Callable[[Any], str]) -> str:
    """Write a few values side by side and how many more there are."""
    shown = [written(value) for value in values[:_MOST_VALUES]]
    more = len(values) - len(shown)
    return " and ".join([*shown, f"{more:,} more"] if more else shown)


def nearest(word: str, choices: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """Return the choice most like the word, or None if none is like it; letter case is no difference.

    `cutoff` is how alike they must be, from 0 to 1, as `difflib` measures it. A very long word is like none: looking
    would take time that grows with its square.
    """
    if len(word) > _LONGEST_WORD:
        return None
    return _nearest(word, tuple(choices), cutoff)


@lru_cache(maxsize=1024)  # a slip of the pen is often made in every entry of a file
def _nearest(word: str, choices: tuple[str, ...], cutoff: float) -> str | None:
    by_folded = {choice.casefold(): choice for choice in choices}
    found = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=cutoff)
    return by_folded[found[0]] if found else None


def did_you_mean(word: str, choices: Iterable[str], *, cutoff: float = 0.6) -> str:
    """Return the end of a sentence that proposes the nearest choice, or nothing."""
    choice = nearest(word, choices, cutoff=cutoff)
    return f', did you mean "{choice}"?' if choice else ""


def reason_of(error: OSError | ValueError) -> str:
    """Return why a file cannot be read or written, in the operating system's words."""
    return (getattr(error, "strerror", None) or str(error)).lower()


def one_line(text: str) -> str:
    """Return a text with each run of white space, a line end too, as one space."""
    return " ".join(text.split())


def appended(labels: Iterable[str]) -> str:
    """Return labels with a comma before each, to be put after what they belong to."""
    return "".join(f", {label}" for label in labels)


def numbered(what: str, number: int, name: str | None, of: int | None = None) -> str:
    """Return what people call one of several values: `case 2 "missing"`, `item 1 of 3`."""
    return f"{what} {number}" + (f" of {of}" if of else "") + (f' "{name}"' if name else "")
