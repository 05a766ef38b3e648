"""Status and header fields of an answer, as constants or as templates."""

import re
from collections.abc import Mapping
from typing import Any
from typing import NamedTuple

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.wording import format_value
from fakebackend.messages.canned_response import BODILESS
from fakebackend.messages.canned_response import NEVER_CACHED
from fakebackend.messages.canned_response import CannedResponse
from fakebackend.messages.canned_response import canned_response
from fakebackend.messages.header_fields import NO_HEADER_FIELDS
from fakebackend.messages.header_fields import HeaderFields
from fakebackend.messages.header_fields import parse_header_fields
from fakebackend.reading.whole_number import whole_number
from fakebackend.state.request_context import RequestContext
from fakebackend.templating.compile_templates import compile_each
from fakebackend.templating.compile_templates import compile_templates
from fakebackend.templating.template import RenderingError
from fakebackend.templating.template import Template
from fakebackend.templating.template import is_dynamic
from fakebackend.templating.template import rendered
from fakebackend.templating.template_marks import is_template
from fakebackend.templating.template_scope import EVERYWHERE
from fakebackend.templating.template_scope import TemplateScope
from fakebackend.templating.writing import written

_STATUS = re.compile(r"[2-5][0-9]{2}")
_STAND_IN = "x"  # for a template where only the constant parts of an object are checked


class DefaultStatus(Template):
    """The status of `$unmatched` where it says none: what the context says."""

    def render(self, context: RequestContext) -> int:
        """Return the status."""
        return context.status


def parse_status(value: Any) -> int:
    """`$status`: an integer from 200 to 599."""
    status = whole_number(value)
    if status is None or not 200 <= status <= 599:
        hint = f", did you mean {value}?" if isinstance(value, str) and _STATUS.fullmatch(value) else ""
        raise ValidationError(f"$status must be an integer from 200 to 599, got {format_value(value)}{hint}")
    return status


def parse_status_template(value: Any, scope: TemplateScope = EVERYWHERE) -> int | Template:
    """`$status` where templates are on."""
    compiled = compile_templates(value, scope)
    return compiled if isinstance(compiled, Template) and isinstance(value, str) else parse_status(value)


class HeaderTemplates(NamedTuple):
    """`$headers` of which some values are templates."""

    values: Mapping[str, Any]

    def rendered(self, context: RequestContext) -> HeaderFields:
        """Return the fields, with text in place of what no header takes, but `null`, which leaves one out.

        Raises `ValidationError` for what no header can say.
        """
        values = {name: rendered(value, context) for name, value in self.values.items()}
        return parse_header_fields(
            {name: _sent(value) for name, value in values.items()},
            remedy="`| urlencode` percent-encodes it",
        )


def parse_headers_template(value: Any, scope: TemplateScope = EVERYWHERE) -> HeaderFields | HeaderTemplates:
    """`$headers` where templates are on; names and constant values are checked at once."""
    if not isinstance(value, dict):
        return parse_header_fields(value)
    compiled = compile_each(value, scope)
    if not any(map(is_dynamic, compiled.values())):
        return parse_header_fields(value)
    parse_header_fields({name: _without_templates(content) for name, content in value.items()})
    return HeaderTemplates(compiled)


def _without_templates(content: Any) -> Any:
    if isinstance(content, list):
        return [_without_templates(item) for item in content]
    return _STAND_IN if isinstance(content, str) and is_template(content) else content


def _sent(value: Any) -> Any:
    """Return what is sent of a rendered value: text, several, or nothing for `null`."""
    if isinstance(value, list):
        return [_sent(each) for each in value if each is not None]
    return value if value is None or isinstance(value, str) else written(value)


class ResponseHead(NamedTuple):
    """What stands before the body; `layers` are the `$headers` from the outermost default to the answer's own."""

    status: int | Template = 200
    layers: tuple[HeaderFields | HeaderTemplates, ...] = ()

    @property
    def is_constant(self) -> bool:
        """Tell whether it is the same for every request."""
        if not isinstance(self.status, int):
            return False
        return not self.layers or all(isinstance(layer, HeaderFields) for layer in self.layers)

    @property
    def constant_headers(self) -> HeaderFields:
        """Return the header fields as far as they are the same for every request."""
        headers = NO_HEADER_FIELDS
        for layer in self.layers:
            if isinstance(layer, HeaderFields):
                headers = layer.over(headers)
        return headers

    def summary(self) -> str:
        """Return the status with space before it, or nothing where it is worked out for each request."""
        return f" {self.status}" if isinstance(self.status, int) else ""

    @property
    def may_be_bodiless(self) -> bool:
        """Tell whether the status is known to have no body."""
        return isinstance(self.status, int) and self.status in BODILESS

    def constant_answer(self, body: bytes, content_type: bytes | None) -> CannedResponse:
        """Return the answer with a body, for a head that is constant."""
        assert isinstance(self.status, int)  # the caller has looked
        return canned_response(
            self.status, body, content_type, self.constant_headers if self.layers else NO_HEADER_FIELDS
        )

    def answer(
        self, context: RequestContext, body: bytes, content_type: bytes | None, caching: bytes = NEVER_CACHED
    ) -> CannedResponse:
        """Return the answer to a request with a body.

        Raises `RenderingError` if status or headers come out wrong.
        """
        status, headers = self.rendered(context)
        return canned_response(status, body, content_type, headers, caching)

    def rendered(self, context: RequestContext) -> tuple[int, HeaderFields]:
        """Return status and header fields for a request.

        Raises `RenderingError` if they come out wrong.
        """
        try:
            return self._rendered_status(context), self._rendered_headers(context)
        except ValidationError as e:
            raise RenderingError(str(e)) from None

    def _rendered_status(self, context: RequestContext) -> int:
        status = rendered(self.status, context)
        if isinstance(status, str) and status.strip().isascii() and status.strip().isdigit():
            status = int(status[:10])
        return parse_status(status)

    def _rendered_headers(self, context: RequestContext) -> HeaderFields:
        headers = NO_HEADER_FIELDS
        for layer in self.layers:
            own = layer if isinstance(layer, HeaderFields) else layer.rendered(context)
            headers = own.over(headers)
        return headers


PLAIN_HEAD = ResponseHead()
"""That of an answer about which the file says nothing but its body."""
