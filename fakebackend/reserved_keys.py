"""The reserved keys of a definition, each one function that checks and prepares its value."""

from collections.abc import Callable
from typing import Any

from fakebackend.answer import Fault
from fakebackend.answer_head import parse_headers_template
from fakebackend.answer_head import parse_status
from fakebackend.answer_head import parse_status_template
from fakebackend.body_kinds import BODY_KINDS
from fakebackend.body_kinds import Body
from fakebackend.condition import ProbabilityCondition
from fakebackend.condition import parse_when
from fakebackend.delay import parse_delay
from fakebackend.header_fields import parse_headers
from fakebackend.origin import split_origin
from fakebackend.problems import FieldError
from fakebackend.problems import did_you_mean
from fakebackend.problems import kind
from fakebackend.problems import parse_each
from fakebackend.problems import shown
from fakebackend.template_value import compile_templates
from fakebackend.template_value import is_dynamic

Parse = Callable[[Any, bool], Any]
"""Takes a value, and whether its strings are templates; raises `FieldError` if it is wrong."""

REPEATS = ("last", "cycle", "stop")


def not_supported(key: str) -> Parse:
    """Return the function for the value of a key that the format knows and we do not yet."""

    def parse(_: Any, __: bool) -> None:
        raise FieldError(f"{key} is not supported yet", at_key=True)

    return parse


def parse_flag(key: str) -> Parse:
    """Return the function for a key that is true or false."""

    def parse(value: Any, _: bool) -> bool:
        if not isinstance(value, bool):
            raise FieldError(f"{key} must be true or false, got {shown(value)}")
        return value

    return parse


def _text(key: str) -> Parse:
    def parse(value: Any, _: bool) -> str:
        if not isinstance(value, str):
            raise FieldError(f"{key} must be a string, got {kind(value)}")
        return value

    return parse


def _one_of(key: str, words: tuple[str, ...]) -> Parse:
    def parse(value: Any, _: bool) -> str:
        if not isinstance(value, str) or value not in words:
            expected = " or ".join(f'"{word}"' for word in words)
            hint = did_you_mean(value, words) if isinstance(value, str) else ""
            raise FieldError(f"{key} must be {expected}, got {shown(value)}{hint}")
        return value

    return parse


def _list(key: str) -> Parse:
    def parse(value: Any, _: bool) -> list[Any]:
        if not isinstance(value, list) or not value:
            raise FieldError(f"{key} must be a list of at least one value, got {shown(value)}")
        return value

    return parse


def _body(key: str) -> Parse:
    def parse(value: Any, template: bool) -> Body | Any:
        if template and is_dynamic(compiled := compile_templates(value)):
            return compiled
        return BODY_KINDS[key](value)

    return parse


def _probability(value: Any, _: bool) -> ProbabilityCondition:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise FieldError(f"$probability must be a number from 0 to 1, got {shown(value)}")
    return ProbabilityCondition(value)


def _set(value: Any, template: bool) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise FieldError(f"$set must be an object of names and values, got {kind(value)}")
    if not template:
        return value
    try:
        compiled = parse_each(value.items(), lambda _, content: compile_templates(content))
    except FieldError as e:
        raise e.under(of="$set") from None
    return dict(zip(value, compiled, strict=True))


def _forward(value: Any, _: bool) -> str | None:
    if value is True:
        return None
    if isinstance(value, str) and value.startswith(("http://", "https://")):
        path = split_origin(value)[1]
        if path in ("", "/"):
            return value.rstrip("/")
    raise FieldError(f'$forward must be true or an origin like "https://host", got {shown(value)}')


def _users(value: Any, _: bool) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(password, str) for password in value.values()):
        raise FieldError("$users must be an object of user names and their passwords")
    return value


RESERVED_KEYS: dict[str, Parse] = {
    "$status": lambda value, template: (parse_status_template if template else parse_status)(value),
    "$headers": lambda value, template: (parse_headers_template if template else parse_headers)(value),
    **{key: _body(key) for key in BODY_KINDS},
    "$file": lambda value, _: value,
    "$template": parse_flag("$template"),
    "$delay": lambda value, _: parse_delay(value),
    "$fault": lambda value, template: Fault(_one_of("$fault", ("close", "hang"))(value, template)),
    "$when": lambda value, _: parse_when(value),
    "$probability": _probability,
    "$cases": _list("$cases"),
    "$sequence": _list("$sequence"),
    "$repeat": _one_of("$repeat", REPEATS),
    "$set": _set,
    "$forward": _forward,
    "$merge": lambda value, template: compile_templates(value) if template else value,
    "$handler": _text("$handler"),
    "$users": _users,
    "$name": _text("$name"),
    "$description": _text("$description"),
    **{key: not_supported(key) for key in ("$stream", "$websocket", "$resource")},
}
"""Every key that a definition may have."""

EXCLUSIVE_KEYS = frozenset((*BODY_KINDS, "$file", "$cases", "$sequence", "$handler", "$forward", "$fault"))
"""Keys that each say on their own what is answered."""

COMPANIONS = {"$repeat": "$sequence", "$merge": "$forward", "$users": "$handler"}
"""Keys that mean something only beside another one."""
