"""What a plain scalar means: YAML 1.2's core schema, with the types of JSON only."""

import math
import re
import sys
from typing import Any

_WORDS: dict[str, bool | None] = {"": None, "~": None}
for _word, _meaning in (("null", None), ("true", True), ("false", False)):
    _WORDS.update({_word: _meaning, _word.capitalize(): _meaning, _word.upper(): _meaning})

_INTEGER = re.compile(r"[-+]?[0-9]+\Z")
_BASED = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_NO_JSON_NUMBER = re.compile(r"[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z")

_NUMBERS_BEGIN = frozenset("+-.0123456789")


def plain_value(text: str) -> Any:
    """Return what a scalar without quotes stands for: null, a boolean, a number or the text itself.

    Raises `ValueError` for a number that JSON cannot say.
    """
    if text[:1] not in _NUMBERS_BEGIN:
        return _WORDS.get(text, text)
    if _INTEGER.match(text):
        return _finite(text, int)
    if _FLOAT.match(text):
        return _finite(text, float)
    if _BASED.match(text):
        number = int(text[2:], 8 if text[1] == "o" else 16)
        if number > sys.float_info.max:
            raise ValueError("the number is outside the range of a double")
        return number
    if _NO_JSON_NUMBER.match(text):
        raise ValueError(f"{text} is no JSON number; null or a string may stand for it")
    return text


def _finite(text: str, kind: type[int | float]) -> int | float:
    if math.isinf(float(text)):
        raise ValueError("the number is outside the range of a double")
    return kind(text)
