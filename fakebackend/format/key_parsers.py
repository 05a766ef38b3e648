"""What checks and prepares the values of reserved keys, a function each."""

from collections.abc import Callable
from typing import Any

from fakebackend.answers.bodies import BODY_KINDS
from fakebackend.answers.bodies import Body
from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.validation_error import parse_all
from fakebackend.diagnostics.wording import did_you_mean
from fakebackend.diagnostics.wording import format_value
from fakebackend.diagnostics.wording import json_type_name
from fakebackend.matching.conditions import ProbabilityCondition
from fakebackend.messages.origin import split_origin
from fakebackend.templating.compile_templates import compile_templates
from fakebackend.templating.template import is_dynamic

Parse = Callable[[Any, bool], Any]
"""Takes a value, and whether its strings are templates; raises `ValidationError` if it is wrong."""


def not_supported(key: str) -> Parse:
    """Return the function for the value of a key that the format knows and we do not yet."""

    def parse(_: Any, __: bool) -> None:
        raise ValidationError(f"{key} is not supported yet", at_key=True)

    return parse


def parse_flag(key: str) -> Parse:
    """Return the function for a key that is true or false."""

    def parse(value: Any, _: bool) -> bool:
        if not isinstance(value, bool):
            raise ValidationError(f"{key} must be true or false, got {format_value(value)}")
        return value

    return parse


def parse_text(key: str) -> Parse:
    """Return the function for a key that is a string."""

    def parse(value: Any, _: bool) -> str:
        if not isinstance(value, str):
            raise ValidationError(f"{key} must be a string, got {json_type_name(value)}")
        return value

    return parse


def parse_word(key: str, words: tuple[str, ...]) -> Parse:
    """Return the function for a key that is one of a few words."""

    def parse(value: Any, _: bool) -> str:
        if not isinstance(value, str) or value not in words:
            expected = " or ".join(f'"{word}"' for word in words)
            hint = did_you_mean(value, words) if isinstance(value, str) else ""
            raise ValidationError(f"{key} must be {expected}, got {format_value(value)}{hint}")
        return value

    return parse


def parse_list(key: str) -> Parse:
    """Return the function for a key that is a list of values."""

    def parse(value: Any, _: bool) -> list[Any]:
        if not isinstance(value, list) or not value:
            raise ValidationError(f"{key} must be a list of at least one value, got {format_value(value)}")
        return value

    return parse


def parse_body(key: str) -> Parse:
    """Return the function for a key that holds a body: it is ready, or made of templates."""

    def parse(value: Any, template: bool) -> Body | Any:
        may_be_template = template and (isinstance(value, str) or not BODY_KINDS[key].is_text)
        if may_be_template and is_dynamic(compiled := compile_templates(value)):
            return compiled
        return BODY_KINDS[key].make(value)

    return parse


def parse_probability(value: Any, _: bool) -> ProbabilityCondition:
    """`$probability`: a share from 0 to 1."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValidationError(f"$probability must be a number from 0 to 1, got {format_value(value)}")
    return ProbabilityCondition(value)


def parse_set(value: Any, template: bool) -> dict[str, Any]:
    """`$set`: an object of state variables and what they are set to."""
    if not isinstance(value, dict):
        raise ValidationError(f"$set must be an object of names and values, got {json_type_name(value)}")
    if not template:
        return value
    try:
        compiled = parse_all(value.items(), lambda _, content: compile_templates(content))
    except ValidationError as e:
        raise e.prefixed(of="$set") from None
    return dict(zip(value, compiled, strict=True))


def parse_forward(value: Any, _: bool) -> str | None:
    """`$forward`: true, which gives None, or the origin to ask."""
    if value is True:
        return None
    if isinstance(value, str) and value.startswith(("http://", "https://")):
        path = split_origin(value)[1]
        if path in ("", "/"):
            return value.rstrip("/")
    raise ValidationError(f'$forward must be true or an origin like "https://host", got {format_value(value)}')


def parse_users(value: Any, _: bool) -> dict[str, str]:
    """`$users`: an object of user names and their passwords."""
    if not isinstance(value, dict) or not all(isinstance(password, str) for password in value.values()):
        raise ValidationError("$users must be an object of user names and their passwords")
    return value
