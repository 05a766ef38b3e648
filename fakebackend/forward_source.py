"""`$forward`: what is asked of the real server, and how its answer is changed on its way back."""

from dataclasses import dataclass
from typing import Any

from fakebackend.answer import Forward
from fakebackend.answer_head import AnswerHead
from fakebackend.problems import FieldError
from fakebackend.request_view import RequestView
from fakebackend.template_value import RenderingError
from fakebackend.template_value import rendered


@dataclass(frozen=True, slots=True)
class ForwardSource:
    """A real answer; `head` changes its status, if `has_status`, and its header fields."""

    origin: str | None
    head: AnswerHead
    has_status: bool
    merge: Any
    has_merge: bool
    may_decline = False

    def produce(self, request: RequestView) -> Forward:
        """Return what is to be forwarded, with the changes as the request makes them.

        Raises `RenderingError` if a template comes out wrong.
        """
        try:
            status = self.head.rendered_status(request) if self.has_status else None
            headers = self.head.rendered_headers(request)
        except FieldError as e:
            raise RenderingError(str(e)) from None
        return Forward(self.origin, status, headers, rendered(self.merge, request), self.has_merge)
