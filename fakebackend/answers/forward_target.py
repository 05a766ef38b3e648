"""Where `$forward` sends a request: an origin, maybe another path, and other header fields."""

import re
from collections.abc import Collection
from typing import Any
from typing import NamedTuple
from urllib.parse import quote

from fakebackend.answers.head import HeaderTemplates
from fakebackend.answers.head import parse_headers_template
from fakebackend.answers.placeholders import PLACEHOLDER
from fakebackend.answers.placeholders import check_placeholders
from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.validation_error import parse_all
from fakebackend.diagnostics.wording import did_you_mean
from fakebackend.diagnostics.wording import format_value
from fakebackend.messages.header_fields import NO_HEADER_FIELDS
from fakebackend.messages.header_fields import HeaderFields
from fakebackend.messages.header_fields import parse_header_fields
from fakebackend.messages.origin import split_origin
from fakebackend.state.request_context import RequestContext
from fakebackend.templating.template_scope import TemplateScope

_HOST = re.compile(r"[\w-]+(\.[\w-]+)+(:\d+)?(/|\Z)|localhost\b")
_SAFE = "%/:@!$&'()*+,;=-._~{}[]|\\^`\"<>"
_EXPECTED = 'true, an origin or URL like "https://host/v2/{rest}", or {"to": …, "headers": {…}}'


class ForwardTarget(NamedTuple):
    """`origin` is None for the server that the request is for; `path` is None to keep path and query.

    A `path` has `{name}` where a path parameter is filled in; `query`, if not empty, comes before the request's own.
    """

    origin: str | None = None
    path: str | None = None
    query: str = ""
    headers: HeaderFields | HeaderTemplates = NO_HEADER_FIELDS

    def check_parameters(self, parameters: Collection[str]) -> None:
        """Refuse a parameter that the URL key does not have.

        Raises `ValidationError`.
        """
        check_placeholders("$forward", self.path or "", parameters)

    def filled(self, context: RequestContext) -> str | None:
        """Return the path and query to ask for, or None to keep those of the request.

        Parameters are filled in as they came, still encoded, so that nothing a client sent leaves its place.
        """
        if self.path is None:
            return None
        target = context.request.target
        spelled = context.params.spelled(target) if "{" in self.path else {}
        path = PLACEHOLDER.sub(lambda match: spelled.get(match[1], ""), self.path)
        query = "&".join(filter(None, (self.query, target.partition("?")[2])))
        return f"{path}?{query}" if query else path

    def request_headers(self, context: RequestContext) -> HeaderFields:
        """Return the header fields that are set or removed.

        Raises `RenderingError` or `ValidationError` if they come out wrong.
        """
        return self.headers if isinstance(self.headers, HeaderFields) else self.headers.rendered(context)


def parse_forward(value: Any, scope: TemplateScope) -> ForwardTarget:
    """`$forward`: true, where to, or an object of that and of header fields."""
    if value is True:
        return ForwardTarget()
    if isinstance(value, str):
        return _target(value)
    if not isinstance(value, dict) or not value:
        raise ValidationError(f"$forward must be {_EXPECTED}, got {format_value(value)}")

    def parse(key: str, content: Any) -> Any:
        if key == "to":
            return _target(content)
        if key != "headers":
            hint = did_you_mean(key, ("to", "headers"))
            text = f"unknown key {format_value(key)} in $forward, expected to or headers{hint}"
            raise ValidationError(text, at_key=True)
        if not isinstance(content, dict):
            raise ValidationError(
                f"$forward.headers must be an object of names and values, got {format_value(content)}"
            )
        return parse_headers_template(content, scope) if scope.on else parse_header_fields(content)

    parts = dict(zip(value, parse_all(value.items(), parse), strict=True))
    target: ForwardTarget = parts.get("to", ForwardTarget())
    return target._replace(headers=parts.get("headers", NO_HEADER_FIELDS))


def _target(value: Any) -> ForwardTarget:
    if not isinstance(value, str) or not value.startswith(("http://", "https://")):
        hint = f', did you mean "https://{value}"?' if isinstance(value, str) and _HOST.match(value) else ""
        raise ValidationError(f"$forward must be {_EXPECTED}, got {format_value(value)}{hint}")
    if "{{" in value or "{%" in value:
        raise ValidationError(f"$forward is never a template, got {format_value(value)}; {{name}} is a path parameter")
    before, mark, after = value.partition("?")
    origin_end = before.find("/", before.index("//") + 2)
    origin = before if origin_end < 0 else before[:origin_end]
    if "@" in origin:
        raise ValidationError(f"$forward names no user and password, got {format_value(value)}; headers may")
    if left := re.search(r"\{[^{}]*\}|[{}]", PLACEHOLDER.sub("", before[len(origin) :])):
        raise ValidationError(f"a parameter of $forward is written {{name}}, got {format_value(left[0])}")
    if "{" in origin or "{" in after:
        raise ValidationError(f"a parameter of $forward stands in the path only, got {format_value(value)}")
    if "#" in value:
        raise ValidationError(f"$forward must have no fragment, got {format_value(value)}")
    path = split_origin(before)[1]
    if path in ("", "/") and not mark:
        return ForwardTarget(origin)
    return ForwardTarget(origin, _encoded(path or "/"), _encoded(after))


def _encoded(text: str) -> str:
    """Percent-encode what cannot stand in a request line; all else stays as it is written."""
    return quote(text, safe=_SAFE)
