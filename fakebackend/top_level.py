"""The reserved keys at the top of a file, each one function from its value to what it means."""

from collections.abc import Callable
from typing import Any

from fakebackend.answer_head import AnswerHead
from fakebackend.problems import FieldError
from fakebackend.problems import did_you_mean
from fakebackend.problems import kind
from fakebackend.problems import parse_each
from fakebackend.problems import shown
from fakebackend.reserved_keys import RESERVED_KEYS
from fakebackend.url_key import parse_base
from fakebackend.value_context import Defaults


def _ignore(_: Any) -> None:
    pass


def parse_include(value: Any) -> list[str]:
    """`$include`: a list of file names or globs."""
    if not isinstance(value, list):
        raise FieldError(f"$include must be a list of files, got {shown(value)}")
    return parse_each(enumerate(value), _file_name)


def _file_name(_: int, name: Any) -> str:
    if not isinstance(name, str) or not name or "\0" in name:
        raise FieldError(f"$include must be a list of file names or globs, got {shown(name)}")
    return name


def parse_defaults(value: Any) -> Defaults:
    """`$defaults`: an object of what holds for every answer of the file."""
    if not isinstance(value, dict):
        raise FieldError(f"$defaults must be an object, got {kind(value)}")

    def parse(key: str, content: Any) -> Any:
        if key not in _DEFAULTS:
            expected, hint = ", ".join(_DEFAULTS), did_you_mean(key, _DEFAULTS)
            raise FieldError(f"unknown key {shown(key)} in $defaults, expected {expected}{hint}", at_key=True)
        return RESERVED_KEYS[key](content, value.get("$template") is True)

    parts = dict(zip(value, parse_each(value.items(), parse), strict=True))
    layers = (parts["$headers"],) if "$headers" in parts else ()
    return Defaults(AnswerHead(200, layers), parts.get("$delay"), parts.get("$template", False))


_DEFAULTS = ("$headers", "$delay", "$template")


def parse_state(value: Any) -> dict[str, Any]:
    """`$state`: an object of names and their first values."""
    if not isinstance(value, dict):
        raise FieldError(f"$state must be an object of names and values, got {kind(value)}")
    return value


def parse_before(value: Any) -> None:
    """`$before`: refuse what is no object; an object is opened before it gets here."""
    raise FieldError(f"$before must be an object of methods, got {kind(value)}")


TOP_LEVEL_KEYS: dict[str, Callable[[Any], Any]] = {
    "$schema": _ignore,
    "$include": parse_include,
    "$base": parse_base,
    "$defaults": parse_defaults,
    "$before": parse_before,
    "$state": parse_state,
}
"""Every key beside methods that a file may have, with the function that takes its value."""
