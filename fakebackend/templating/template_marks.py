"""What makes a part of a value a template, found without compiling anything."""

from typing import Any

EACH = "$each"
IF = "$if"
VALUE = "$value"

_MARKS = ("{{", "{%", "{#")


def is_template(text: str) -> bool:
    """Tell whether a string is a template."""
    return any(mark in text for mark in _MARKS)


def has_templates(value: Any) -> bool:
    """Tell whether some string in a value is a template, or some object a loop or a condition."""
    pending = [value]
    while pending:
        part = pending.pop()
        if isinstance(part, str):
            if is_template(part):
                return True
        elif isinstance(part, dict):
            if EACH in part or IF in part:
                return True
            pending += part
            pending += part.values()
        elif isinstance(part, list):
            pending += part
    return False
