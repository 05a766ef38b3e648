"""The value of an entry: a plain JSON body, or a definition made of reserved keys."""

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fakebackend.body_kinds import BODY_KINDS
from fakebackend.body_kinds import EMPTY
from fakebackend.body_kinds import json_body
from fakebackend.header_fields import parse_headers
from fakebackend.problems import FieldError
from fakebackend.problems import did_you_mean
from fakebackend.problems import kind
from fakebackend.problems import shown
from fakebackend.static_answer import BODILESS
from fakebackend.static_answer import StaticAnswer
from fakebackend.static_answer import static_answer

_NEAR_MISS = 0.8  # how alike an unknown $-key of a plain body must be to a reserved one to be a likely slip


@dataclass(slots=True)
class Findings:
    """What is found while one value is checked: errors refuse the file, warnings do not."""

    errors: list[FieldError]
    warnings: list[FieldError]


def parse_status(value: Any) -> int:
    """`$status`: an integer from 200 to 599."""
    if isinstance(value, bool) or not isinstance(value, int) or not 200 <= value <= 599:
        raise FieldError(f"$status must be an integer from 200 to 599, got {shown(value)}")
    return value


def _parse_text(key: str) -> Callable[[Any], str]:
    def parse(value: Any) -> str:
        if not isinstance(value, str):
            raise FieldError(f"{key} must be a string, got {kind(value)}")
        return value

    return parse


def _not_supported(key: str) -> Callable[[Any], None]:
    def parse(_: Any) -> None:
        raise FieldError(f"{key} is not supported yet", at_key=True)

    return parse


_LATER = (
    *("$file", "$template", "$delay", "$fault", "$when", "$probability", "$cases", "$sequence", "$repeat", "$set"),
    *("$forward", "$merge", "$handler", "$users", "$stream", "$websocket", "$resource"),
)

RESERVED_KEYS: dict[str, Callable[[Any], Any]] = {
    "$status": parse_status,
    "$headers": parse_headers,
    **BODY_KINDS,
    "$name": _parse_text("$name"),
    "$description": _parse_text("$description"),
    **{key: _not_supported(key) for key in _LATER},
}
"""Every key that a definition may have, with the function that checks and prepares its value."""

_RESERVED = frozenset(RESERVED_KEYS)

_EXCLUSIVE = (*BODY_KINDS, "$file", "$cases", "$sequence", "$handler", "$forward", "$fault")
"""Keys that each say on their own what is answered."""


def parse_value(value: Any, findings: Findings) -> StaticAnswer | None:
    """Return the answer that a value of the file stands for, or None after adding to the errors."""
    if isinstance(value, dict):
        if not _RESERVED.isdisjoint(value):
            return _parse_definition(value, findings)
        _warn_of_near_misses(value, findings)
    body = json_body(value)
    return static_answer(200, body.content, body.content_type)


def _parse_definition(value: dict[str, Any], findings: Findings) -> StaticAnswer | None:
    known = len(findings.errors)
    parts: dict[str, Any] = {}
    for key, content in value.items():
        try:
            if key not in RESERVED_KEYS:
                raise FieldError(_unknown(key), at_key=True)
            parts[key] = RESERVED_KEYS[key](content)
        except FieldError as e:
            findings.errors.append(e.under(key))
    exclusive = [key for key in value if key in _EXCLUSIVE]
    status = parts.get("$status", 200)
    if len(exclusive) > 1:
        together = f"{exclusive[0]} and {exclusive[1]} exclude each other"
        findings.errors.append(FieldError(together, exclusive[1], at_key=True))
    elif status in BODILESS and exclusive and exclusive[0] in BODY_KINDS:
        text = f"a {status} has no body, remove {exclusive[0]} or change $status"
        findings.errors.append(FieldError(text, exclusive[0], at_key=True))
    if len(findings.errors) > known:
        return None
    body = parts[exclusive[0]] if exclusive else EMPTY
    return static_answer(status, *body, *([parts["$headers"]] if "$headers" in parts else []))


def _unknown(key: str) -> str:
    return (
        f"unknown key {shown(key)} in a definition{did_you_mean(key, RESERVED_KEYS)}"
        f' Plain data beside a reserved key is wrapped: {{"$body": {{…}}}}'
    )


def _warn_of_near_misses(value: dict[str, Any], findings: Findings) -> None:
    for key in value:
        if key[:1] == "$" and (near := difflib.get_close_matches(key, RESERVED_KEYS, n=1, cutoff=_NEAR_MISS)):
            text = f'{shown(key)} is sent as a part of the body, did you mean "{near[0]}"?'
            findings.warnings.append(FieldError(text, key, at_key=True))
