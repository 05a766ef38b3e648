"""What `$handler` answers with: from a function, built in or the user's, to a value like any other of the file."""

from dataclasses import dataclass
from typing import Any

from fakebackend.answers.answer import Offer
from fakebackend.answers.answer import Source
from fakebackend.answers.builtin_handlers import builtin_handler
from fakebackend.answers.handler import HandlerError
from fakebackend.answers.handler import HandlerSource
from fakebackend.answers.handler import parse_handler_name
from fakebackend.answers.selection import first_answer
from fakebackend.diagnostics.diagnostics import Diagnostics
from fakebackend.format.building import ParseValue
from fakebackend.format.scope import Scope
from fakebackend.matching.mismatch import Mismatch
from fakebackend.state.request_context import RequestContext


def handler_source(name: str, users: dict[str, str] | None, scope: Scope, parse_value: ParseValue) -> Source:
    """Return where the answers of a handler come from; the scope has what stands beside `$handler`.

    Raises `ValidationError` for a name that stands for nothing.
    """
    to_answer = _ToAnswer(scope, parse_value)
    builtin = builtin_handler(name, users, to_answer)
    return HandlerSource(*parse_handler_name(name, scope.folder), to_answer) if builtin is None else builtin


@dataclass(frozen=True, slots=True)
class _ToAnswer:
    """Makes an answer of what a handler returned; what stands beside `$handler` are its defaults."""

    scope: Scope
    parse_value: ParseValue

    def __call__(self, value: Any, context: RequestContext) -> Offer | None:
        """Return the answer.

        Raises `HandlerError` for what is none.
        """
        if value is None:
            return None
        if isinstance(value, bytes | bytearray):
            return self.scope.defaults.head.answer(context, bytes(value), b"application/octet-stream")
        if not isinstance(value, dict | list | str | int | float):
            raise HandlerError(f"returned a {type(value).__name__}, expected an object, a list, text, bytes or None")
        diagnostics = Diagnostics()
        try:
            alternative = self.parse_value(value, diagnostics, self.scope)
        except (TypeError, ValueError, RecursionError) as e:
            raise HandlerError(f"returned what is no JSON: {e}") from None
        if alternative is None:
            raise HandlerError(f"returned {diagnostics.errors[0]}")
        offer = first_answer(alternative, context)
        return None if isinstance(offer, Mismatch) else offer
