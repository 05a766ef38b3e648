"""Read JSON step by step, with the place of everything, at the speed of the standard library.

The standard library's scanner reads whole values fast but knows no places and lets pass what is no JSON
(`NaN`, a key twice, half a surrogate pair). The reader here goes through objects key by key, leaves
whole values to that scanner, and walks a value itself only where the scanner stumbled.
"""

import json
import math
import re
from collections.abc import Callable
from collections.abc import Iterator
from functools import cached_property
from typing import Any

MAX_DEPTH = 500
"""How many objects and lists may stand inside each other."""

Report = Callable[[int, str], None]
"""Takes the offset of something wrong and says what it is."""

_SPACE = re.compile(r"[ \t\n\r]*")
_COLON = re.compile(r"[ \t\n\r]*:[ \t\n\r]*")
_PLAIN_KEY = re.compile(r'"([^"\\\x00-\x1f]*)"[ \t\n\r]*:[ \t\n\r]*')
PLAIN_MEMBER = re.compile(r'[ \t\n\r]*,[ \t\n\r]*"([^"\\\x00-\x1f]*)"[ \t\n\r]*:[ \t\n\r]*')
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_NO_NUMBER = re.compile(r"NaN|-?Infinity")
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_LONG_INTEGER = re.compile(r"[0-9]{300}")  # may be outside a double's range
_LONG = 300  # characters; in less there is neither a long integer nor deep nesting


_FOREIGN_WORDS = re.compile(r"(?:True|False|None|TRUE|FALSE|NULL|Null|undefined|nil)\b")
_WORDS = {"true": "true", "false": "false", "none": "null", "null": "null", "undefined": "null", "nil": "null"}


NO_COMMENTS = "JSON has no comments, a .jsonc or .yaml file has"


class JsonSyntaxError(ValueError):
    """The text is no JSON from `offset` on."""

    def __init__(self, offset: int, text: str) -> None:
        super().__init__(text)
        self.offset = offset


class _SuspiciousError(ValueError):
    """The fast scanner met something that the slow walk has to judge."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _SuspiciousError
    return value


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise _SuspiciousError
    return number


def _constant(_: str) -> None:
    raise _SuspiciousError


scan = json.JSONDecoder(object_pairs_hook=_unique, parse_float=_finite, parse_constant=_constant).scan_once  # type: ignore[attr-defined]  # what `raw_decode` calls, without its layer
scan_unchecked = json.JSONDecoder(parse_float=_finite, parse_constant=_constant).scan_once  # type: ignore[attr-defined]
_scan_string = json.JSONDecoder().raw_decode


class JsonReader:
    """A cursor in a JSON text: `offset` is where it stands, `key_offset` where the last key began.

    `keys()` and `indices()` step through an object or a list; between two steps the caller moves the
    cursor behind the value with `value()`, `check()` or by stepping through it in turn.
    """

    def __init__(self, text: str, offset: int = 0) -> None:
        self.text = text
        self.offset = offset
        self.key_offset = offset

    @cached_property
    def surrogates(self) -> bool:
        """Tell whether the text spells a surrogate: only then can it hold half of a pair."""
        return "\\ud" in self.text or "\\uD" in self.text

    def peek(self) -> str:
        """Skip white space and return the next character, or an empty string at the end."""
        self.offset = _SPACE.match(self.text, self.offset).end()  # type: ignore[union-attr]  # matches always
        return self.text[self.offset : self.offset + 1]

    def keys(self) -> Iterator[str]:
        """Step through the object that starts here."""
        self.offset += 1
        if self.peek() == "}":
            self.offset += 1
            return
        while True:
            yield self._key()
            if self._after("}"):
                return

    def indices(self) -> Iterator[int]:
        """Step through the list that starts here."""
        self.offset += 1
        if self.peek() == "]":
            self.offset += 1
            return
        index = 0
        while True:
            self.key_offset = self.offset
            yield index
            if self._after("]"):
                return
            index += 1

    def value(self, report: Report) -> Any:
        """Return the value that starts here and move behind it; report what is wrong inside."""
        start = self.offset
        try:
            value, self.offset = scan(self.text, start)
            suspicious = out_of_bounds(self.text, start, self.offset) or (self.surrogates and not _encodable(value))
        except (ValueError, RecursionError, StopIteration):
            value, suspicious = None, True
        if suspicious:
            self.offset = start
            self.check(report)
        return value

    def check(self, report: Report) -> None:
        """Walk the value that starts here and move behind it; report what is wrong inside."""
        open_values: list[Iterator[str | int]] = []
        seen: list[set[str | int]] = []
        while True:
            char = self.peek()
            if char in ("{", "["):
                if len(open_values) == MAX_DEPTH:
                    raise JsonSyntaxError(self.offset, f"nesting is deeper than {MAX_DEPTH} levels")
                open_values.append(self.steps())
                seen.append(set())
            else:
                self._scalar(report)
            step: str | int | None = None
            while open_values and (step := next(open_values[-1], None)) is None:
                open_values.pop()
                seen.pop()
            if step is None:
                return
            if step in seen[-1]:
                report(self.key_offset, f"duplicate key {json.dumps(step)}, one of the two must go")
            seen[-1].add(step)
            if isinstance(step, str) and LONE_SURROGATE.search(step):
                report(self.key_offset, "a key holds a lone surrogate, which is no character")

    def find(self, step: str | int) -> bool:
        """Move to the value under a key or index of the object or list that starts here."""
        for found in self.steps():
            if found == step:
                return True
            self.skip()
        return False

    def steps(self) -> Iterator[str | int]:
        """Step through what starts here by key or by index; through a scalar there is no step."""
        char = self.peek()
        return self.keys() if char == "{" else self.indices() if char == "[" else iter(())

    def skip(self) -> None:
        """Move behind the value that starts here, whatever is wrong inside as long as it ends."""
        try:
            _, self.offset = scan_unchecked(self.text, self.offset)
        except (ValueError, RecursionError, StopIteration):
            self.check(_ignore)

    def _key(self) -> str:
        # Nearly every key takes the short way; the long one knows escapes and says what is wrong.
        if (plain := _PLAIN_KEY.match(self.text, self.offset)) is not None:
            self.key_offset, self.offset = self.offset, plain.end()
            return plain[1]
        if self.peek() != '"':
            raise self.error("a key in double quotes")
        self.key_offset = self.offset
        key = self._string()
        colon = _COLON.match(self.text, self.offset)
        if colon is None:
            self.peek()
            raise self.error('":"')
        self.offset = colon.end()
        return key

    def _string(self) -> str:
        try:
            value, self.offset = _scan_string(self.text, self.offset)
        except json.JSONDecodeError as e:
            raise JsonSyntaxError(e.pos, _explain_string(e.msg)) from None
        return str(value)

    def _after(self, closing: str) -> bool:
        char = self.peek()
        if char == closing:
            self.offset += 1
            return True
        if char != ",":
            raise self.error(f'"," or "{closing}"')
        at = self.offset
        self.offset += 1
        if self.peek() == closing:
            raise JsonSyntaxError(at, f'a comma before "{closing}" is one too many')
        return False

    def _scalar(self, report: Report) -> None:
        start = self.offset
        if self.text.startswith('"', start):
            if LONE_SURROGATE.search(self._string()):
                report(start, "a string holds a lone surrogate, which is no character")
        elif word := next((w for w in ("true", "false", "null") if self.text.startswith(w, start)), None):
            self.offset += len(word)
        elif number := _NO_NUMBER.match(self.text, start):
            report(start, f"{number[0]} is no JSON number; null or a string may stand for it")
            self.offset = number.end()
        elif number := NUMBER.match(self.text, start):
            if math.isinf(float(number[0])):
                report(start, "the number is outside the range of a double")
            self.offset = number.end()
        else:
            raise self.error("a value")

    def error(self, expected: str) -> JsonSyntaxError:
        """Return the error for something else than `expected` standing here."""
        char = self.text[self.offset : self.offset + 1]
        hint = {
            "'": ": strings stand in double quotes",
            "/": f": {NO_COMMENTS}" if self.text[self.offset + 1 : self.offset + 2] in ("/", "*") else "",
            "#": f": {NO_COMMENTS}",
            "\0": ": a NUL byte",
        }.get(char, "")
        if expected.startswith('","') and (char == '"' or char in "[{-" or char.isalnum()) and char:
            hint = ": a comma is missing before it"
        elif expected == "a value" and (word := _FOREIGN_WORDS.match(self.text, self.offset)):
            hint = f": JSON writes {_WORDS[word[0].lower()]}"
        got = f"got {char!r}{hint}" if char else "the file ends here"
        return JsonSyntaxError(self.offset, f"expected {expected}, {got}")


def out_of_bounds(text: str, start: int, end: int) -> bool:
    """Tell whether a value may be nested too deeply or hold an integer beyond a double's range."""
    if end - start <= _LONG:
        return False
    brackets = text.count("[", start, end) + text.count("{", start, end)
    return brackets > MAX_DEPTH or _LONG_INTEGER.search(text, start, end) is not None


def _ignore(offset: int, text: str) -> None:
    pass


def _encodable(value: Any) -> bool:
    return not LONE_SURROGATE.search(json.dumps(value, ensure_ascii=False))


def _explain_string(message: str) -> str:
    known = {
        "Unterminated string starting at": 'a string has no closing "',
        "Invalid control character at": r"a string holds a bare control character or line end, written \n or \u0000",
    }
    return known.get(message, "a backslash stands before a character that it cannot escape")
