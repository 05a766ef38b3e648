"""Text in YAML that means something else as long as it has no quotes."""

import re

from fakebackend.diagnostics.wording import format_value

_TEMPLATE = re.compile(r"\{\{[^{}\n]*\}\}")
_PARTS = r"(?:\{\{[^{}\n]*\}\}|\{[\w:]+\}|%s)*"
_BEFORE_BRACE = re.compile(r"(?:: +|[\[,{] *)(?=\S)((?:(?!: )[^][{},])+)\Z")
_PARAMETER = re.compile(r"\{[\w:]+\}")
_TO_LINE_END = re.compile(_PARTS % r"(?! #)[^\r\n]")
_IN_BRACKETS = re.compile(_PARTS % r"(?! #)[^\r\n,\]}]")
_KEY = re.compile(_PARTS % r"(?! #|:(?:\s|\Z))[^\r\n]")
_BEGINS_KEY = re.compile(r"(?:\A|[{,])[ ?-]*\Z")
_KEY_AND_COLON = re.compile(r" *(?:[-?] +)*(?:\"(?:[^\"\\]|\\.)*\" *|'(?:[^']|'')*' *|[^\"'\s].*?): +")
_BRACKETS = re.compile(r"[][{}]")


def is_template(text: str, offset: int) -> bool:
    """Tell whether `{{ … }}` stands there."""
    return _TEMPLATE.match(text, offset) is not None


def begins_before_brace(text: str, offset: int) -> int | None:
    """Return where a text without quotes begins that goes on with `{name}` at an offset, or None if that is none."""
    before = _BEFORE_BRACE.search(line_before(text, offset))
    return offset - len(before[1]) if before and _PARAMETER.match(text, offset) else None


def needs_quotes(text: str, offset: int) -> str:
    """Return the message about what begins at an offset: `"@x" needs quotes in YAML`, with a colon if it is a key."""
    before = line_before(text, offset)
    if _BEGINS_KEY.search(before):
        key = _found(_KEY, text, offset)
        if text.startswith(":", offset + len(key)):
            written = format_value(key.rstrip())
            return f"{written} needs quotes in YAML: {written}:"
    brackets = [bracket in "[{" for bracket in _BRACKETS.findall(before)]
    in_brackets = sum(brackets) > len(brackets) / 2
    value = _found(_IN_BRACKETS if in_brackets else _TO_LINE_END, text, offset)
    return f"{format_value(value.rstrip(' ,') or text[offset])} needs quotes in YAML"


def value_on_line(text: str, offset: int) -> int:
    """Return where the value begins of the key that comes first on a line, if that is before the offset, else that."""
    start = offset - len(line_before(text, offset))
    key = _KEY_AND_COLON.match(text, start, offset)
    return key.end() if key else offset


def line_before(text: str, offset: int) -> str:
    """Return what stands before an offset on its line."""
    return text[max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1 : offset]


def _found(pattern: re.Pattern[str], text: str, offset: int) -> str:
    found = pattern.match(text, offset)
    assert found is not None  # each may be empty
    return found[0]
