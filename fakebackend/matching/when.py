"""`$when`: its parts, each a record, and how conditions are made of them."""

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from itertools import chain
from typing import Any
from typing import NamedTuple

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.validation_error import parse_all
from fakebackend.diagnostics.wording import did_you_mean
from fakebackend.diagnostics.wording import format_value
from fakebackend.diagnostics.wording import json_type_name
from fakebackend.matching.conditions import BodyCondition
from fakebackend.matching.conditions import Condition
from fakebackend.matching.conditions import NamedCondition
from fakebackend.matching.conditions import SessionCondition
from fakebackend.matching.conditions import Values
from fakebackend.matching.value_matchers import ValueMatcher
from fakebackend.matching.value_matchers import parse_json_matcher
from fakebackend.matching.value_matchers import parse_text_matcher
from fakebackend.messages.request import MISSING
from fakebackend.messages.request import values_of
from fakebackend.messages.url_path import readable
from fakebackend.state.request_context import RequestContext

ParsePart = Callable[[Any], Sequence[Condition]]
"""Makes conditions of the value of a part; raises `ValidationError` if it is wrong."""


class ConditionPart(NamedTuple):
    """A word of `$when`: the JSON Schema of its value, and what makes conditions of it."""

    name: str
    schema: Mapping[str, Any]
    parse: ParsePart


def _names(part: str, values: Values, parse_matcher: Callable[[Any], ValueMatcher]) -> ConditionPart:
    def parse(value: Any) -> Sequence[Condition]:
        if not isinstance(value, dict):
            raise ValidationError(f"{part} takes an object of names and patterns, got {json_type_name(value)}")
        return parse_all(
            value.items(), lambda name, pattern: NamedCondition(part, name, parse_matcher(pattern), values)
        )

    return ConditionPart(part, {"type": "object"}, parse)


def _body(
    part: str, value: Callable[[RequestContext], Any], parse_matcher: Callable[[Any], ValueMatcher]
) -> ConditionPart:
    return ConditionPart(part, {}, lambda pattern: [BodyCondition(part, parse_matcher(pattern), value)])


def _path_values(context: RequestContext, name: str) -> list[str]:
    texts = context.params.texts
    return [readable(texts[name])] if name in texts else []


def _state_values(context: RequestContext, name: str) -> list[Any]:
    return [context.variables[name]] if name in context.variables else []


def _text_of(context: RequestContext) -> Any:
    return MISSING if context.request.text is None else context.request.text


def _parse_session(value: Any) -> list[Condition]:
    if not isinstance(value, bool):
        raise ValidationError(f"session must be true or false, got {format_value(value)}")
    return [SessionCondition(value)]


def _parse_filter_without_mitmproxy(_: Any) -> list[Condition]:
    raise ValidationError("filter takes a filter expression of mitmproxy's, and there is no mitmproxy here")


WHEN_PARTS = {
    part.name: part
    for part in (
        _names("query", lambda context, name: values_of(context.request.query, name), parse_text_matcher),
        _names("headers", lambda context, name: context.request.header_values(name), parse_text_matcher),
        _names("cookies", lambda context, name: values_of(context.request.cookies, name), parse_text_matcher),
        _names("path", _path_values, parse_text_matcher),
        _names("form", lambda context, name: values_of(context.request.form, name), parse_text_matcher),
        _body("json", lambda context: context.request.json, parse_json_matcher),
        _body("text", _text_of, parse_text_matcher),
        _names("state", _state_values, parse_json_matcher),
        ConditionPart("session", {"type": "boolean"}, _parse_session),
        ConditionPart("filter", {"type": "string"}, _parse_filter_without_mitmproxy),
    )
}
"""The parts of `$when`; the front that has mitmproxy puts its own `filter` in."""


def register_part(name: str, parse: ParsePart) -> None:
    """Have the conditions of a part made by a front that knows how."""
    WHEN_PARTS[name] = WHEN_PARTS[name]._replace(parse=parse)


def parse_when(value: Any) -> tuple[Condition, ...]:
    """Return the conditions of a `$when` object; all of them must hold.

    Raises `ValidationError` with every part that is wrong.
    """
    if not isinstance(value, dict):
        raise ValidationError(f"$when must be an object of conditions, got {json_type_name(value)}")
    return tuple(chain.from_iterable(parse_all(value.items(), _parse_part)))


def _parse_part(part: str, content: Any) -> Sequence[Condition]:
    if part not in WHEN_PARTS:
        known, hint = ", ".join(WHEN_PARTS), did_you_mean(part, WHEN_PARTS)
        raise ValidationError(f"unknown condition {format_value(part)} in $when, expected {known}{hint}", at_key=True)
    try:
        return WHEN_PARTS[part].parse(content)
    except ValidationError as e:
        raise e.prefixed(of=f"$when.{part}") from None
