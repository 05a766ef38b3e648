"""Bodies that are rendered for each request."""

from dataclasses import dataclass
from typing import Any

from fakebackend.answer_head import AnswerHead
from fakebackend.body_kinds import BODY_KINDS
from fakebackend.body_kinds import JSON_TYPE
from fakebackend.body_kinds import Body
from fakebackend.problems import FieldError
from fakebackend.request_view import RequestView
from fakebackend.static_answer import StaticAnswer
from fakebackend.template_value import RenderingError
from fakebackend.template_value import rendered
from fakebackend.template_value import rendered_json


@dataclass(frozen=True, slots=True)
class ConstantBodySource:
    """A body that is ready under a head that is not."""

    body: Body
    head: AnswerHead
    may_decline = False

    def produce(self, request: RequestView) -> StaticAnswer:
        """Return the answer to a request."""
        return self.head.answer(request, *self.body)


@dataclass(frozen=True, slots=True)
class TemplateBodySource:
    """A `$body`, `$text` or `$base64` with templates in it."""

    key: str
    value: Any
    head: AnswerHead
    may_decline = False

    def produce(self, request: RequestView) -> StaticAnswer:
        """Return the answer to a request.

        Raises `RenderingError` if the body comes out wrong.
        """
        value = rendered(self.value, request)
        if self.key == "$body":
            return self.head.answer(request, rendered_json(value), JSON_TYPE)
        try:
            return self.head.answer(request, *BODY_KINDS[self.key](str(value)))
        except FieldError as e:
            raise RenderingError(str(e)) from None
