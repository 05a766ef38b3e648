"""What ruamel.yaml's errors mean for who wrote the file: where the mistake is, and what to do."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ruamel.yaml.error import MarkedYAMLError

from fakebackend.reading.yaml_composer import YamlSyntaxError
from fakebackend.reading.yaml_quoting import begins_before_brace
from fakebackend.reading.yaml_quoting import is_template
from fakebackend.reading.yaml_quoting import line_before
from fakebackend.reading.yaml_quoting import needs_quotes
from fakebackend.reading.yaml_quoting import value_on_line

Explained = tuple[int, str]
"""The offset of a mistake, and what to say of it."""


_ALIAS = re.compile(r"\*[\w-]+(?![^\s,\]}])")
"""What is likely to be meant as one; ruamel.yaml takes `*:` and `*.json` for aliases, too."""

_LONGEST_KEY = 1000  # YAML has 1,024, but counts with what stands around it
_TOO_LONG = 'a key of more than 1,024 characters is written "? key", and its value ": value" on the next line'


@dataclass(frozen=True, slots=True)
class Stumble:
    """Where the parser could not go on, what it was in the middle of, and the last that it had read."""

    text: str
    offset: int
    begun: int
    begun_line: int
    last: Any

    @property
    def char(self) -> str:
        """Return the character that it met, nothing at the end."""
        return self.text[self.offset : self.offset + 1]

    @property
    def before(self) -> str:
        """Return what stands before it on its line."""
        return line_before(self.text, self.offset)


def explained(text: str, error: MarkedYAMLError, last: Any) -> tuple[int | None, str]:
    """Return where the mistake is and what to do; what the parser says where nothing better is known.

    `last` is the last event before the error, or None.
    """
    problem, mark = str(error.problem or error.context), error.problem_mark or error.context_mark
    if mark is None:
        return None, problem
    begun = error.context_mark or mark
    stumble = Stumble(text, mark.index, begun.index, begun.line + 1, last)
    for pattern, explain in _RULES:
        if pattern.search(f"{error.context or ''}: {problem}") and (found := explain(stumble)) is not None:
            return found
    return mark.index, problem


def explained_refusal(text: str, error: YamlSyntaxError) -> tuple[int | None, str]:
    """Return the same for what the composer refuses."""
    offset = error.offset
    if offset is not None:
        for start in (offset, max(offset - 1, 0)):  # as a key its first brace is refused, as a value the second
            if is_template(text, start):
                return start, needs_quotes(text, start)
        if text.startswith("*", offset) and not _ALIAS.match(text, offset):
            return offset, needs_quotes(text, offset)
    return offset, str(error)


def _open_quote(stumble: Stumble) -> Explained:
    return stumble.begun, f"a string has no closing {stumble.text[stumble.begun]}"


def _tab(stumble: Stumble) -> Explained | None:
    if stumble.char != "\t":
        return None
    if stumble.before.strip():
        return stumble.offset, "a tab cannot stand here in YAML, use spaces"
    return stumble.offset, "tabs are no indentation in YAML, use spaces"


def _begun_without_quotes(stumble: Stumble) -> Explained:
    return stumble.begun, needs_quotes(stumble.text, stumble.begun)


def _without_quotes(stumble: Stumble) -> Explained:
    return stumble.offset, needs_quotes(stumble.text, stumble.offset)


def _version(stumble: Stumble) -> Explained:
    return stumble.offset, "the file must be in YAML 1.2"


def _percent_line(stumble: Stumble) -> Explained | None:
    """At the beginning of a line `%` is no text but a directive, which would have to be followed by a document."""
    directive = re.compile(r"^%(?!YAML\b|TAG\b)", re.MULTILINE).search(stumble.text, 0, stumble.offset)
    return directive and (directive.start(), needs_quotes(stumble.text, directive.start()))


def _colon_in_text(stumble: Stumble) -> Explained:
    start = value_on_line(stumble.text, stumble.offset)
    if start == stumble.offset:
        key = stumble.offset - len(stumble.before.lstrip(" "))
        if stumble.offset - key > _LONGEST_KEY:
            return key, _TOO_LONG
        return key, 'no key can stand here: the line above has its value already or lacks a ":", check the indentation'
    if (quote := stumble.text[start]) in "\"'":
        return stumble.offset, _behind(quote)
    return start, needs_quotes(stumble.text, start)


def _no_colon(stumble: Stumble) -> Explained:
    if stumble.text.startswith("*", stumble.begun):
        return _begun_without_quotes(stumble)
    if stumble.offset - stumble.begun > _LONGEST_KEY:
        return stumble.begun, _TOO_LONG
    return stumble.begun, 'this line lacks a ":", as every key has one'


def _behind_quote(stumble: Stumble) -> Explained | None:
    """Tell of a quote that ends a string too early, or too late if it began on another line."""
    quote = stumble.before.rstrip(" ")[-1:]
    if quote not in ("'", '"'):
        return None
    if getattr(stumble.last, "style", None) == quote and stumble.last.start_mark.line < stumble.last.end_mark.line:
        line = stumble.last.end_mark.line + 1
        text = f"the string that begins here ends only in line {line}: its closing {quote} is missing"
        return stumble.last.start_mark.index, text
    return stumble.offset, _behind(quote)


def _behind(quote: str) -> str:
    inside = "''" if quote == "'" else r"\""
    return f"nothing may stand behind the closing {quote} of a string; a {quote} inside is written {inside}"


def _misplaced(stumble: Stumble) -> Explained | None:
    if stumble.char and stumble.char in "]}":
        return stumble.offset, f'"{stumble.char}" closes nothing that is open here'
    if not stumble.before.strip():
        text = 'this line fits none above it: keys of one mapping are indented alike, and none stands beside a "- "'
        return stumble.offset, text
    return stumble.offset, "the value ends before this; as one text, all of it needs quotes"


def _blank_line(stumble: Stumble) -> Explained:
    return stumble.offset, "a blank line before the text holds fewer spaces than the text: take them out"


def _open_bracket(stumble: Stumble) -> Explained:
    bracket = stumble.text[stumble.begun]
    closing = {"[": "]", "{": "}"}[bracket]
    if not stumble.char:
        return stumble.begun, f'"{bracket}" has no closing "{closing}"'
    if (start := begins_before_brace(stumble.text, stumble.offset)) is not None:
        return start, needs_quotes(stumble.text, start)
    opened = f'the "{bracket}" in line {stumble.begun_line}'
    return stumble.offset, f'expected "," or the "{closing}" of {opened}, got {stumble.char!r}'


def _no_value(stumble: Stumble) -> Explained:
    if not stumble.char:
        return stumble.offset, "expected a value, the file ends here"
    return stumble.offset, f"expected a value, got {stumble.char!r}, which needs quotes as text"


def _inline_list(stumble: Stumble) -> Explained:
    return stumble.offset, '"- " begins a list on a line of its own; as text it needs quotes'


def _escape(stumble: Stumble) -> Explained:
    text = rf"\{stumble.char} is no escape: write \\ for a backslash, or put the string in single quotes"
    return stumble.offset - 1, text


def _hex_digits(stumble: Stumble) -> Explained:
    return stumble.offset, r"an escape lacks hexadecimal digits: \x takes two, \u four and \U eight"


_RULES: tuple[tuple[re.Pattern[str], Callable[[Stumble], Explained | None]], ...] = (
    (re.compile("quoted scalar: found unexpected (end of stream|document separator)"), _open_quote),
    (re.compile("cannot start any token|but found '.t'"), _tab),
    (re.compile("found character '.' that cannot start any token|mapping keys are not allowed"), _without_quotes),
    (re.compile("incompatible YAML document"), _version),
    (
        re.compile("^while scanning an? (alias|anchor|directive)|^while (parsing|scanning) an? tag"),
        _begun_without_quotes,
    ),
    (re.compile("^while scanning a block scalar: expected"), _begun_without_quotes),
    (re.compile("more indented follow up line"), _blank_line),
    (re.compile("undefined tag handle"), _without_quotes),
    (re.compile("expected '<document start>'"), _percent_line),
    (re.compile("mapping values are not allowed"), _colon_in_text),
    (re.compile("could not find expected ':'"), _no_colon),
    (re.compile("expected (<block end>|'<document start>')"), _behind_quote),
    (re.compile("expected (<block end>|'<document start>')"), _misplaced),
    (re.compile("expected ',' or"), _open_bracket),
    (re.compile("expected the node content"), _no_value),
    (re.compile("sequence entries are not allowed"), _inline_list),
    (re.compile("unknown escape character"), _escape),
    (re.compile("expected escape sequence"), _hex_digits),
)
"""What a context and a problem of the parser look like, and who may have something better to say of them."""
