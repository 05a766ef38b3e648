"""Bodies that are rendered for each request."""

from dataclasses import dataclass
from typing import Any

from fakebackend.answers.answer import SureSource
from fakebackend.answers.bodies import BODY_KINDS
from fakebackend.answers.bodies import JSON_TYPE
from fakebackend.answers.bodies import Body
from fakebackend.answers.head import ResponseHead
from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.messages.canned_response import CannedResponse
from fakebackend.state.request_context import RequestContext
from fakebackend.templating.template import RenderingError
from fakebackend.templating.template import rendered
from fakebackend.templating.template import rendered_json
from fakebackend.templating.writing import written


@dataclass(frozen=True, slots=True)
class ConstantBodySource(SureSource):
    """A body that is ready under a head that is not."""

    body: Body
    head: ResponseHead

    def resolve(self, context: RequestContext) -> CannedResponse:
        """Return the answer to a request."""
        return self.head.answer(context, *self.body)

    def summary(self) -> str:
        """Return the status."""
        return self.head.summary()


@dataclass(frozen=True, slots=True)
class TemplateBodySource(SureSource):
    """A `$body`, `$text` or `$base64` with templates in it."""

    key: str
    value: Any
    head: ResponseHead

    def resolve(self, context: RequestContext) -> CannedResponse:
        """Return the answer to a request.

        Raises `RenderingError` if the body comes out wrong.
        """
        value = rendered(self.value, context)
        if self.key == "$body":
            return self.head.answer(context, rendered_json(value), JSON_TYPE)
        kind = BODY_KINDS[self.key]
        try:
            return self.head.answer(context, *kind.make(written(value) if kind.is_text else value))
        except ValidationError as e:
            raise RenderingError(str(e)) from None

    def summary(self) -> str:
        """Return the status."""
        return self.head.summary()
