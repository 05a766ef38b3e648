"""`$forward`: what is asked of the real server, and how its answer is changed on its way back."""

from dataclasses import dataclass
from typing import Any

from fakebackend.answer import Forward
from fakebackend.answer_head import AnswerHead
from fakebackend.request_view import RequestView
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
        status, headers = self.head.rendered(request)
        merge = rendered(self.merge, request)
        return Forward(self.origin, status if self.has_status else None, headers, merge, self.has_merge)
