"""What checks and prepares the values of reserved keys, a function each."""

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any
from typing import NamedTuple

from fakebackend.answers.bodies import BODY_KINDS
from fakebackend.answers.bodies import Body
from fakebackend.answers.delay import parse_duration
from fakebackend.answers.outcome import UNSET
from fakebackend.diagnostics.json_schema import Hover
from fakebackend.diagnostics.json_schema import Schema
from fakebackend.diagnostics.json_schema import ref
from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.validation_error import parse_all
from fakebackend.diagnostics.wording import did_you_mean
from fakebackend.diagnostics.wording import format_value
from fakebackend.diagnostics.wording import json_type_name
from fakebackend.diagnostics.wording import one_line
from fakebackend.format.shapes import PERIOD
from fakebackend.matching.conditions import ProbabilityCondition
from fakebackend.reading.whole_number import whole_number
from fakebackend.templating.compile_templates import compile_lenient
from fakebackend.templating.compile_templates import compile_templates
from fakebackend.templating.template import Template
from fakebackend.templating.template import is_dynamic
from fakebackend.templating.template_marks import is_template
from fakebackend.templating.template_scope import TemplateScope

Parse = Callable[[Any, TemplateScope], Any]
"""Takes a value, and what its templates may name if it has some; raises `ValidationError` if it is wrong."""


def not_supported(key: str) -> Parse:
    """Return the function for the value of a key that the format knows and we do not yet."""

    def parse(_: Any, __: TemplateScope) -> None:
        raise ValidationError(f"{key} is not supported yet", at_key=True)

    return parse


def parse_flag(key: str) -> Parse:
    """Return the function for a key that is true or false."""

    def parse(value: Any, _: TemplateScope) -> bool:
        if not isinstance(value, bool):
            raise ValidationError(f"{key} must be true or false, got {format_value(value)}")
        return value

    return parse


def parse_text(key: str) -> Parse:
    """Return the function for a key that is a string."""

    def parse(value: Any, _: TemplateScope) -> str:
        if not isinstance(value, str):
            raise ValidationError(f"{key} must be a string, got {json_type_name(value)}")
        return value

    return parse


def parse_name(value: Any, _: TemplateScope) -> str:
    """`$name`: text on one line; YAML gives some with a line end."""
    if not isinstance(value, str):
        raise ValidationError(f"$name must be a string, got {json_type_name(value)}")
    return one_line(value)


def name_of(value: Any) -> str | None:
    """Return the `$name` of a value, in one line; an empty one, and one that is no text, is none."""
    name = value.get("$name") if isinstance(value, dict) else None
    return one_line(name) or None if isinstance(name, str) else None


def parse_word(key: str, words: tuple[str, ...]) -> Parse:
    """Return the function for a key that is one of a few words."""

    def parse(value: Any, _: TemplateScope) -> str:
        if not isinstance(value, str) or value not in words:
            expected = " or ".join(f'"{word}"' for word in words)
            hint = did_you_mean(value, words) if isinstance(value, str) else ""
            raise ValidationError(f"{key} must be {expected}, got {format_value(value)}{hint}")
        return value

    return parse


def parse_list(key: str) -> Parse:
    """Return the function for a key that is a list of values."""

    def parse(value: Any, _: TemplateScope) -> list[Any]:
        if not isinstance(value, list) or not value:
            raise ValidationError(f"{key} must be a list of at least one value, got {format_value(value)}")
        return value

    return parse


def parse_body(key: str) -> Parse:
    """Return the function for a key that holds a body: it is ready, or made of templates."""

    def parse(value: Any, scope: TemplateScope) -> Body | Any:
        may_be_template = scope.on and (isinstance(value, str) or not BODY_KINDS[key].is_text)
        if may_be_template and is_dynamic(compiled := compile_templates(value, scope)):
            return compiled
        return BODY_KINDS[key].make(value)

    return parse


def parse_probability(value: Any, _: TemplateScope) -> ProbabilityCondition:
    """`$probability`: a share from 0 to 1."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValidationError(f"$probability must be a number from 0 to 1, got {format_value(value)}")
    return ProbabilityCondition(value)


def parse_set(value: Any, scope: TemplateScope) -> dict[str, Any]:
    """`$set`: an object of state variables and what they are set to."""
    return _named_values("$set", value, scope)


def parse_let(value: Any, scope: TemplateScope) -> dict[str, Any]:
    """`$let`: an object of names and what they stand for; the scope knows these names already."""
    check_let_names(value)
    compiled = _named_values("$let", value, scope)
    if cycle := _cycle(compiled):
        raise ValidationError(f"$let.{cycle[0]} needs itself: {' needs '.join(cycle)}", cycle[0])
    return compiled


def own_names(value: Any) -> frozenset[str]:
    """Return the names of a `$let`; one that cannot be used is an error of its own."""
    return frozenset(value) if isinstance(value, dict) else frozenset()


def check_let_names(value: Any) -> None:
    """Refuse names of a `$let` that no template could use.

    Raises `ValidationError` with all that are wrong.
    """
    # With Jinja2 behind it, which few files need.
    from fakebackend.templating.own_names import check_own_name  # noqa: PLC0415

    if isinstance(value, dict):
        parse_all(value.items(), lambda name, _: check_own_name(name))


def _named_values(key: str, value: Any, scope: TemplateScope) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValidationError(f"{key} must be an object of names and values, got {json_type_name(value)}")

    def compiled(name: str, content: Any) -> Any:
        try:
            return compile_templates(content, scope) if scope.on else content
        except ValidationError as e:
            raise e.prefixed(of=f"{key}.{name}") from None

    return dict(zip(value, parse_all(value.items(), compiled), strict=True))


def _cycle(compiled: Mapping[str, Any]) -> list[str]:
    """Return the way on which some name needs itself, in time that is proportional to what there is."""
    done: set[str] = set()
    for name in compiled:
        way: dict[str, Iterator[str]] = {} if name in done else {name: _needed(name, compiled)}
        while way:
            last = next(reversed(way))
            needed = next((each for each in way[last] if each not in done), None)
            if needed is None:
                done.add(last)
                del way[last]
            elif needed in way:
                names = list(way)
                return [*names[names.index(needed) :], needed]
            else:
                way[needed] = _needed(needed, compiled)
    return []


def _needed(name: str, compiled: Mapping[str, Any]) -> Iterator[str]:
    """Return the names of the same object that a value uses."""
    value = compiled[name]
    return iter(sorted(value.names.intersection(compiled)) if isinstance(value, Template) else ())


def parse_by(value: Any, scope: TemplateScope) -> Any:
    """`$by`: a template, also where `$template` is not true."""
    if not isinstance(value, str):
        raise ValidationError(f'$by must be a template like "{{{{ path.id }}}}", got {format_value(value)}')
    if not is_template(value):
        raise ValidationError(f'$by is a template like "{{{{ path.id }}}}", got {format_value(value)}')
    return compile_lenient(value, scope)


class LimitSpec(NamedTuple):
    """What `$limit` says: so many requests in so many seconds, and the value that answers those above."""

    requests: int
    seconds: float
    answer: Any = UNSET


def parse_limit(value: Any, _: TemplateScope) -> LimitSpec:
    """`$limit`: an object of `requests`, `per` and maybe `answer`."""
    if not isinstance(value, dict):
        raise ValidationError(f'$limit must be like {{"requests": 5, "per": "1m"}}, got {format_value(value)}')

    def parse(key: str, content: Any) -> Any:
        if key not in LIMIT_KEYS:
            expected, hint = ", ".join(LIMIT_KEYS), did_you_mean(key, LIMIT_KEYS)
            raise ValidationError(f"unknown key {format_value(key)} in $limit, expected {expected}{hint}", at_key=True)
        return LIMIT_KEYS[key].parse(content)

    parts = dict(zip(value, parse_all(value.items(), parse), strict=True))
    for key in ("requests", "per"):
        if key not in parts:
            raise ValidationError(f'$limit lacks {key}, as in {{"requests": 5, "per": "1m"}}')
    return LimitSpec(parts["requests"], parts["per"], parts.get("answer", UNSET))


def _requests(value: Any) -> int:
    requests = whole_number(value)
    if requests is None or requests < 1:
        raise ValidationError(f"$limit.requests must be a whole number from 1, got {format_value(value)}")
    return requests


def _window(value: Any) -> float:
    seconds = parse_duration(value, "$limit.per", '"1s", "1m" or "1h"')
    if not seconds:
        raise ValidationError(f"$limit.per must be longer than nothing, got {format_value(value)}")
    return seconds


class LimitKey(NamedTuple):
    """A word of `$limit`: the JSON Schema of its value, what prepares that, and what editors show of it."""

    schema: Schema
    parse: Callable[[Any], Any]
    hover: Hover


LIMIT_KEYS = {
    "requests": LimitKey(
        {"type": "integer", "minimum": 1}, _requests, Hover("Requests", "How many requests are answered.", (5,))
    ),
    "per": LimitKey(
        PERIOD, _window, Hover("Stretch of time", "How long a window is, from its first request.", ("1m",))
    ),
    "answer": LimitKey(
        ref("value"),
        lambda value: value,
        Hover("Answer above it", "What is answered to those above, in place of a text; its status is 429."),
    ),
}
"""What a `$limit` may have."""


def parse_users(value: Any, _: TemplateScope) -> dict[str, str]:
    """`$users`: an object of user names and their passwords."""
    if not isinstance(value, dict):
        raise ValidationError("$users must be an object of user names and their passwords")
    for name, password in value.items():
        if not isinstance(password, str):
            got = format_value(password)
            raise ValidationError(f"the password of {format_value(name)} must be text in quotes, got {got}", name)
    return value
