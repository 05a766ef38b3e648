"""`$forward`: what is asked of the real server, and how its answer is changed on its way back."""

from dataclasses import dataclass
from typing import Any

from fakebackend.answers.answer import SureSource
from fakebackend.answers.forward_target import ForwardTarget
from fakebackend.answers.head import ResponseHead
from fakebackend.answers.outcome import UNSET
from fakebackend.answers.outcome import Forward
from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.state.request_context import RequestContext
from fakebackend.templating.template import RenderingError
from fakebackend.templating.template import rendered


@dataclass(frozen=True, slots=True)
class ForwardSource(SureSource):
    """A real answer; `head` changes its status, if `changes_status`, and its header fields.

    `merge` is `UNSET` where the body stays as it is.
    """

    target: ForwardTarget
    head: ResponseHead
    changes_status: bool
    merge: Any

    def resolve(self, context: RequestContext) -> Forward:
        """Return what is to be forwarded, with the changes as the request makes them.

        Raises `RenderingError` if a template comes out wrong.
        """
        status, headers = self.head.rendered(context)
        merge = rendered(self.merge, context)
        target = self.target
        try:
            asked = target.request_headers(context)
        except ValidationError as e:
            raise RenderingError(str(e)) from None
        return Forward(
            target.origin, status if self.changes_status else UNSET, headers, merge, target.filled(context), asked
        )

    def summary(self) -> str:
        """Return that the real server is asked, and which one, if the file says so."""
        return " forwarded" + (f" to {self.target.origin}" if self.target.origin else "")
