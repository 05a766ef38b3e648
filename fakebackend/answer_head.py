"""Status and header fields of an answer, as constants or as templates."""

from typing import Any
from typing import NamedTuple

from fakebackend.header_fields import parse_headers
from fakebackend.problems import FieldError
from fakebackend.problems import shown
from fakebackend.request_view import RequestView
from fakebackend.static_answer import BODILESS
from fakebackend.static_answer import NEVER_CACHED
from fakebackend.static_answer import NO_HEADERS
from fakebackend.static_answer import Headers
from fakebackend.static_answer import StaticAnswer
from fakebackend.static_answer import static_answer
from fakebackend.template_value import RenderingError
from fakebackend.template_value import Template
from fakebackend.template_value import compile_templates
from fakebackend.template_value import is_dynamic
from fakebackend.template_value import rendered

_STAND_IN = "x"  # for a template where only the constant parts of an object are checked


def parse_status(value: Any) -> int:
    """`$status`: an integer from 200 to 599."""
    if isinstance(value, bool) or not isinstance(value, int) or not 200 <= value <= 599:
        raise FieldError(f"$status must be an integer from 200 to 599, got {shown(value)}")
    return value


def parse_status_template(value: Any) -> int | Template:
    """`$status` where templates are on."""
    compiled = compile_templates(value)
    return compiled if isinstance(compiled, Template) and isinstance(value, str) else parse_status(value)


def parse_headers_template(value: Any) -> Headers | Template:
    """`$headers` where templates are on; names and constant values are checked at once."""
    compiled = compile_templates(value)
    if not is_dynamic(compiled):
        return parse_headers(value)
    if not isinstance(value, dict):
        raise FieldError(f"$headers must be an object of names and values, got {shown(value)}")
    parse_headers({name: _without_templates(content) for name, content in value.items()})
    return compiled  # type: ignore[no-any-return]  # dynamic, so a template


def _without_templates(content: Any) -> Any:
    if isinstance(content, list):
        return [_without_templates(item) for item in content]
    return _STAND_IN if is_dynamic(compile_templates(content)) else content


class AnswerHead(NamedTuple):
    """What stands before the body; `layers` are the `$headers` from the outermost default to the answer's own."""

    status: int | Template = 200
    layers: tuple[Headers | Template, ...] = ()

    @property
    def is_constant(self) -> bool:
        """Tell whether it is the same for every request."""
        if not isinstance(self.status, int):
            return False
        return not self.layers or all(isinstance(layer, Headers) for layer in self.layers)

    @property
    def constant_headers(self) -> Headers:
        """Return the header fields as far as they are the same for every request."""
        headers = NO_HEADERS
        for layer in self.layers:
            if isinstance(layer, Headers):
                headers = layer.over(headers)
        return headers

    @property
    def may_be_bodiless(self) -> bool:
        """Tell whether the status is known to have no body."""
        return isinstance(self.status, int) and self.status in BODILESS

    def constant_answer(self, body: bytes, content_type: bytes | None) -> StaticAnswer:
        """Return the answer with a body, for a head that is constant."""
        assert isinstance(self.status, int)  # the caller has looked
        return static_answer(self.status, body, content_type, self.constant_headers if self.layers else NO_HEADERS)

    def answer(
        self, request: RequestView, body: bytes, content_type: bytes | None, caching: bytes = NEVER_CACHED
    ) -> StaticAnswer:
        """Return the answer to a request with a body.

        Raises `RenderingError` if status or headers come out wrong.
        """
        status, headers = self.rendered(request)
        return static_answer(status, body, content_type, headers, caching)

    def rendered(self, request: RequestView) -> tuple[int, Headers]:
        """Return status and header fields for a request.

        Raises `RenderingError` if they come out wrong.
        """
        try:
            return self._rendered_status(request), self._rendered_headers(request)
        except FieldError as e:
            raise RenderingError(str(e)) from None

    def _rendered_status(self, request: RequestView) -> int:
        status = rendered(self.status, request)
        if isinstance(status, str) and status.strip().isascii() and status.strip().isdigit():
            status = int(status[:10])
        return parse_status(status)

    def _rendered_headers(self, request: RequestView) -> Headers:
        headers = NO_HEADERS
        for layer in self.layers:
            own = layer if isinstance(layer, Headers) else parse_headers(rendered(layer, request))
            headers = own.over(headers)
        return headers


PLAIN_HEAD = AnswerHead()
"""That of an answer about which the file says nothing but its body."""
