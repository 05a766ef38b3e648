"""`$when`: its parts, each a record, and how conditions are made of them."""

from collections.abc import Callable
from collections.abc import Sequence
from itertools import chain
from typing import Any
from typing import NamedTuple

from fakebackend.diagnostics.json_schema import Hover
from fakebackend.diagnostics.json_schema import Schema
from fakebackend.diagnostics.json_schema import ref
from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.validation_error import parse_all
from fakebackend.diagnostics.wording import did_you_mean
from fakebackend.diagnostics.wording import format_value
from fakebackend.diagnostics.wording import json_type_name
from fakebackend.matching.conditions import AnyCondition
from fakebackend.matching.conditions import BodyCondition
from fakebackend.matching.conditions import Condition
from fakebackend.matching.conditions import NamedCondition
from fakebackend.matching.conditions import NoCondition
from fakebackend.matching.conditions import SessionCondition
from fakebackend.matching.conditions import Values
from fakebackend.matching.conditions import WholeCondition
from fakebackend.matching.operators import SCALARS
from fakebackend.matching.operators import to_text
from fakebackend.matching.request_values import files_of
from fakebackend.matching.request_values import path_values
from fakebackend.matching.request_values import state_values
from fakebackend.matching.request_values import text_of
from fakebackend.matching.templated_condition import TemplatedCondition
from fakebackend.matching.templated_condition import checkable
from fakebackend.matching.templated_condition import has_template
from fakebackend.matching.templated_condition import with_templates
from fakebackend.matching.value_matchers import ValueMatcher
from fakebackend.matching.value_patterns import OPERATORS
from fakebackend.matching.value_patterns import parse_file_matcher
from fakebackend.matching.value_patterns import parse_json_matcher
from fakebackend.matching.value_patterns import parse_text_matcher
from fakebackend.messages.form import MultiItems
from fakebackend.messages.request import values_of
from fakebackend.state.request_context import RequestContext
from fakebackend.templating.template_scope import WITHOUT_TEMPLATES
from fakebackend.templating.template_scope import TemplateScope

_WHOLE = "$eq"
_NOT = "$not"
_GROUP = ref("when")
_GROUPS: Schema = {"type": "array", "minItems": 1, "items": _GROUP}
_ALL_NAMES: Schema = {
    "properties": {
        _WHOLE: {
            "title": "All names",
            "description": "Exactly these names and no others, each with this value, or with these in this order.",
            "type": "object",
            "additionalProperties": {"type": [*SCALARS, "array"], "items": {"type": SCALARS}},
        }
    },
    "maxProperties": 1,
}

ParsePart = Callable[[Any], Sequence[Condition]]
"""Makes conditions of the value of a part; raises `ValidationError` if it is wrong."""

Combine = Callable[[Sequence[Sequence[Condition]]], Sequence[Condition]]
"""Makes conditions of those in the objects that a part holds."""


class ConditionPart(NamedTuple):
    """A word of `$when`: the JSON Schema of its value, what editors show of it, and what makes conditions of it.

    `takes_templates` tells whether strings in it may be templates, `combine` whether it holds objects of parts.
    """

    name: str
    schema: Schema
    hover: Hover
    parse: ParsePart = list
    takes_templates: bool = True
    combine: Combine | None = None


_MATCHERS = {"textPattern": parse_text_matcher, "jsonPattern": parse_json_matcher, "filePattern": parse_file_matcher}
"""The kinds of patterns by the names of their JSON Schemas."""


def _names_schema(pattern: str) -> Schema:
    return {"type": "object", "propertyNames": ref("fieldName"), "additionalProperties": ref(pattern)}


def _names(part: str, values: Values, pattern: str, hover: Hover) -> ConditionPart:
    return ConditionPart(part, _names_schema(pattern), hover, _names_parser(part, values, _MATCHERS[pattern]))


def _fields(part: str, pairs: Callable[[RequestContext], MultiItems], hover: Hover) -> ConditionPart:
    """Return a part whose names may also be asked for as a whole, with `$eq`."""
    names = _names_parser(part, lambda context, name: values_of(pairs(context), name), parse_text_matcher)

    def parse(value: Any) -> Sequence[Condition]:
        if not isinstance(value, dict) or _WHOLE not in value:
            return names(value)
        if len(value) > 1:
            other = next(name for name in value if name != _WHOLE)
            raise ValidationError(f"{_WHOLE} asks for all names and stands alone, got {format_value(other)}", other)
        return [WholeCondition(part, _expected(part, value[_WHOLE]), pairs)]

    one_by_one = _names_schema("textPattern")
    schema = {"type": "object", "if": {"required": [_WHOLE]}, "then": _ALL_NAMES, "else": one_by_one}
    return ConditionPart(part, schema, hover, parse)


def _names_parser(part: str, values: Values, parse_matcher: Callable[[Any], ValueMatcher]) -> ParsePart:
    def parse(value: Any) -> Sequence[Condition]:
        if not isinstance(value, dict):
            raise ValidationError(f"{part} takes an object of names and patterns, got {json_type_name(value)}")
        return parse_all(value.items(), parse_named)

    def parse_named(name: str, pattern: Any) -> NamedCondition:
        if name in OPERATORS:
            text = f'{name} asks of the values of a name, as {{"page": {{{format_value(name)}: …}}}}'
            raise ValidationError(text, at_key=True)
        return NamedCondition(part, name, parse_matcher(pattern), values)

    return parse


def _expected(part: str, value: Any) -> dict[str, list[str]]:
    if not isinstance(value, dict):
        raise ValidationError(f"{_WHOLE} of {part} takes an object of names and values, got {json_type_name(value)}")
    texts = parse_all(
        value.items(), lambda _, each: [to_text(one) for one in (each if isinstance(each, list) else [each])]
    )
    return dict(zip(value, texts, strict=True))


def _combined(part: ConditionPart, combine: Combine, value: Any, scope: TemplateScope) -> Sequence[Condition]:
    if part.name == _NOT:
        return combine([parse_conditions(value, part.name, scope)])
    if not isinstance(value, list) or not value:
        raise ValidationError(f"{part.name} takes a list of objects of conditions, got {format_value(value)}")
    return combine(parse_all(enumerate(value), lambda _, each: parse_conditions(each, part.name, scope)))


def _body(part: str, value: Callable[[RequestContext], Any], pattern: str, hover: Hover) -> ConditionPart:
    parse = _MATCHERS[pattern]
    return ConditionPart(part, ref(pattern), hover, lambda written: [BodyCondition(part, parse(written), value)])


def _parse_session(value: Any) -> list[Condition]:
    if not isinstance(value, bool):
        raise ValidationError(f"session must be true or false, got {format_value(value)}")
    return [SessionCondition(value)]


def _parse_filter_without_mitmproxy(_: Any) -> list[Condition]:
    raise ValidationError("filter takes a filter expression of mitmproxy's, and there is no mitmproxy here")


WHEN_PARTS = {
    part.name: part
    for part in (
        _fields(
            "query",
            lambda context: context.request.query,
            Hover("Query", "Names in the query and what their values are.", ({"page": 2},)),
        ),
        _names(
            "headers",
            lambda context, name: context.request.header_values(name),
            "textPattern",
            Hover("Header fields", "Names of header fields, in any case.", ({"Accept": {"$regex": "json"}},)),
        ),
        _fields(
            "cookies",
            lambda context: context.request.cookies,
            Hover("Cookies", "Names of cookies.", ({"a": 1},)),
        ),
        _names(
            "path", path_values, "textPattern", Hover("Path parameters", "Parameters of the URL key.", ({"id": 7},))
        ),
        _fields("form", lambda context: context.request.form, Hover("Form", "Fields of a form.", ({"user": "ann"},))),
        _names(
            "files",
            files_of,
            "filePattern",
            Hover("Uploaded files", "Fields of a form that hold files.", ({"photo": {"type": "image/png"}},)),
        ),
        _body(
            "json",
            lambda context: context.request.json,
            "jsonPattern",
            Hover("JSON body", "A part of the request's body, or a pattern for it; types count.", ({"user": "ann"},)),
        ),
        _body(
            "text", text_of, "textPattern", Hover("Text body", "The request's body as text.", ({"$regex": "^<xml"},))
        ),
        _names("state", state_values, "jsonPattern", Hover("State", "State variables; types count.", ({"n": 3},))),
        ConditionPart(
            "session",
            {"type": "boolean"},
            Hover("Session", "Whether there is a live session of the built-in handler login."),
            _parse_session,
            takes_templates=False,
        ),
        ConditionPart(
            "filter",
            {"type": "string"},
            Hover("Filter", "A filter expression of mitmproxy's.", ("~hq Authorization",)),
            _parse_filter_without_mitmproxy,
            takes_templates=False,
        ),
        ConditionPart(
            "$or",
            _GROUPS,
            Hover("Or", "All conditions of at least one of these objects hold."),
            combine=lambda groups: [AnyCondition(tuple(groups))],
        ),
        ConditionPart(
            "$and",
            _GROUPS,
            Hover("And", "All conditions of all these objects hold."),
            combine=lambda groups: list(chain.from_iterable(groups)),
        ),
        ConditionPart(
            _NOT,
            _GROUP,
            Hover("Not", "The conditions of this object do not all hold."),
            combine=lambda groups: [NoCondition(groups[0])],
        ),
    )
}
"""The parts of `$when`; the front that has mitmproxy puts its own `filter` in."""


def register_part(name: str, parse: ParsePart) -> None:
    """Have the conditions of a part made by a front that knows how."""
    WHEN_PARTS[name] = WHEN_PARTS[name]._replace(parse=parse)


def parse_when(value: Any, scope: TemplateScope = WITHOUT_TEMPLATES) -> tuple[Condition, ...]:
    """Return the conditions of a `$when` object; all of them must hold.

    Raises `ValidationError` with every part that is wrong.
    """
    return parse_conditions(value, "$when", scope)


def parse_conditions(value: Any, where: str, scope: TemplateScope) -> tuple[Condition, ...]:
    """Return the conditions of `$when`, or of one of the objects that `$or`, `$and` and `$not` hold."""
    if not isinstance(value, dict):
        raise ValidationError(f"{where} must be an object of conditions, got {json_type_name(value)}")
    parsed = parse_all(value.items(), lambda name, content: _parse_part(name, content, scope))
    return tuple(chain.from_iterable(parsed))


def _parse_part(name: str, content: Any, scope: TemplateScope) -> Sequence[Condition]:
    if (part := WHEN_PARTS.get(name)) is None:
        known, hint = ", ".join(WHEN_PARTS), did_you_mean(name, WHEN_PARTS)
        raise ValidationError(f"unknown condition {format_value(name)} in $when, expected {known}{hint}", at_key=True)
    try:
        if part.combine is not None:
            return _combined(part, part.combine, content, scope)
        if scope.on and part.takes_templates and has_template(content):
            return _templated(part, content, scope)
        return part.parse(content)
    except ValidationError as e:
        raise e.prefixed(of=f"$when.{name}") from None


def _templated(part: ConditionPart, content: Any, scope: TemplateScope) -> Sequence[Condition]:
    """Return conditions of which some wait for the request: of a part with names, each name for itself."""
    written = with_templates(content, scope)
    if not isinstance(written, dict) or part.name in ("json", "text"):
        part.parse(checkable(written))
        return [TemplatedCondition(f"$when.{part.name}", written, part.parse)]
    part.parse({name: checkable(pattern) for name, pattern in written.items()})
    if _WHOLE in written:
        return [TemplatedCondition(f"$when.{part.name}", written, part.parse)]
    conditions: list[Condition] = []
    for name, pattern in written.items():
        if has_template(content[name]):
            conditions.append(TemplatedCondition(f"$when.{part.name}.{name}", {name: pattern}, part.parse))
        else:
            conditions += part.parse({name: pattern})
    return conditions
