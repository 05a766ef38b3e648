"""The value of an entry: a plain JSON body, or a definition made of reserved keys."""

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import Any

from fakebackend.body_kinds import BODY_KINDS
from fakebackend.body_kinds import EMPTY
from fakebackend.body_kinds import json_body
from fakebackend.choice import Cases
from fakebackend.choice import Choice
from fakebackend.choice import Guarded
from fakebackend.choice import always_answers
from fakebackend.condition import parse_when
from fakebackend.header_fields import parse_headers
from fakebackend.problems import FieldError
from fakebackend.problems import did_you_mean
from fakebackend.problems import kind
from fakebackend.problems import shown
from fakebackend.static_answer import BODILESS
from fakebackend.static_answer import NO_HEADERS
from fakebackend.static_answer import Headers
from fakebackend.static_answer import static_answer

_NEAR_MISS = 0.8  # how alike an unknown $-key of a plain body must be to a reserved one to be a likely slip


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for an answer unless it says otherwise: from `$defaults`, or from beside `$cases`."""

    status: int = 200
    headers: Headers = NO_HEADERS


NO_DEFAULTS = Defaults()


@dataclass(slots=True)
class Findings:
    """What is found while one value is checked: errors refuse the file, warnings do not."""

    errors: list[FieldError] = field(default_factory=list)
    warnings: list[FieldError] = field(default_factory=list)

    def warn(self, text: str, *path: str | int) -> None:
        """Add a warning about a key."""
        self.warnings.append(FieldError(text, *path, at_key=True))


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


def not_supported(key: str) -> Callable[[Any], None]:
    """Return the function for the value of a key that the format knows and we do not yet."""

    def parse(_: Any) -> None:
        raise FieldError(f"{key} is not supported yet", at_key=True)

    return parse


def _parse_cases(value: Any) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise FieldError(f"$cases must be a list of at least one value, got {shown(value)}")
    return value


_LATER = (
    *("$file", "$template", "$delay", "$fault", "$probability", "$sequence", "$repeat", "$set"),
    *("$forward", "$merge", "$handler", "$users", "$stream", "$websocket", "$resource"),
)

RESERVED_KEYS: dict[str, Callable[[Any], Any]] = {
    "$status": parse_status,
    "$headers": parse_headers,
    **BODY_KINDS,
    "$when": parse_when,
    "$cases": _parse_cases,
    "$name": _parse_text("$name"),
    "$description": _parse_text("$description"),
    **{key: not_supported(key) for key in _LATER},
}
"""Every key that a definition may have, with the function that checks and prepares its value."""

_RESERVED = frozenset(RESERVED_KEYS)

_EXCLUSIVE = (*BODY_KINDS, "$file", "$cases", "$sequence", "$handler", "$forward", "$fault")
"""Keys that each say on their own what is answered."""


def parse_value(value: Any, findings: Findings, defaults: Defaults = NO_DEFAULTS) -> Choice | None:
    """Return what a value of the file answers with, or None after adding to the errors."""
    if isinstance(value, dict):
        if not _RESERVED.isdisjoint(value):
            return _Definition(value, findings, defaults).choice()
        _warn_of_near_misses(value, findings)
    if defaults.status in BODILESS:
        findings.errors.append(FieldError(f"a {defaults.status} has no body, got {shown(value)}"))
        return None
    body = json_body(value)
    return static_answer(defaults.status, body.content, body.content_type, defaults.headers)


class _Definition:
    """One definition while it is checked and put together."""

    def __init__(self, value: dict[str, Any], findings: Findings, defaults: Defaults) -> None:
        self._value = value
        self._findings = findings
        self._parts: dict[str, Any] = {}
        self._defaults = defaults

    def choice(self) -> Choice | None:
        known = len(self._findings.errors)
        for key, content in self._value.items():
            self._take(key, content)
        exclusive = self._exclusive_key()
        defaults = self._own_defaults()
        choice = self._cases(defaults) if exclusive == "$cases" else self._static(exclusive, defaults)
        if len(self._findings.errors) > known or choice is None:
            return None
        return Guarded(self._parts["$when"], choice) if self._parts.get("$when") else choice

    def _take(self, key: str, content: Any) -> None:
        try:
            if key not in RESERVED_KEYS:
                raise FieldError(_unknown(key), at_key=True)
            self._parts[key] = RESERVED_KEYS[key](content)
        except FieldError as e:
            self._findings.errors.append(e.under(key))

    def _exclusive_key(self) -> str | None:
        exclusive = [key for key in self._value if key in _EXCLUSIVE]
        if len(exclusive) > 1:
            self._error(f"{exclusive[0]} and {exclusive[1]} exclude each other", exclusive[1])
        return exclusive[0] if exclusive else None

    def _own_defaults(self) -> Defaults:
        headers = self._parts.get("$headers", NO_HEADERS).over(self._defaults.headers)
        return replace(self._defaults, status=self._parts.get("$status", self._defaults.status), headers=headers)

    def _static(self, key: str | None, defaults: Defaults) -> Choice | None:
        if key in BODY_KINDS and defaults.status in BODILESS:
            self._error(f"a {defaults.status} has no body, remove {key} or change $status", key)
        body = self._parts.get(key, EMPTY) if key else EMPTY
        return static_answer(defaults.status, body.content, body.content_type, defaults.headers) if body else None

    def _cases(self, defaults: Defaults) -> Choice | None:
        choices: list[Choice] = []
        names: list[str] = []
        for index, case in enumerate(self._parts.get("$cases", ())):
            found = Findings()
            choice = parse_value(case, found, defaults)
            self._findings.errors += [e.under("$cases", index) for e in found.errors]
            self._findings.warnings += [e.under("$cases", index) for e in found.warnings]
            if choice is None:
                continue
            if choices and always_answers(choices[-1]):
                text = f"case {index + 1} never answers, {names[-1]} before it always does"
                self._findings.warn(text, "$cases", index)
            choices.append(choice)
            names.append(f"case {index + 1}{_name_of(case)}")
        return Cases(tuple(choices), tuple(names))

    def _error(self, text: str, key: str) -> None:
        self._findings.errors.append(FieldError(text, key, at_key=True))


def _name_of(case: Any) -> str:
    return f" ({case['$name']})" if isinstance(case, dict) and "$name" in case else ""


def _unknown(key: str) -> str:
    hint = did_you_mean(key, RESERVED_KEYS)
    return (
        f'unknown key {shown(key)} in a definition{hint or "."} Plain data is wrapped: {{"$body": {{{shown(key)}: …}}}}'
    )


def _warn_of_near_misses(value: dict[str, Any], findings: Findings) -> None:
    if "$" not in "".join(value):
        return
    for key in value:
        if key[:1] == "$" and (hint := did_you_mean(key, RESERVED_KEYS, cutoff=_NEAR_MISS)):
            findings.warn(f"{shown(key)} is sent as a part of the body{hint}", key)
