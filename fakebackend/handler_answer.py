"""What `$handler` answers with: from a function, built in or the user's, to a value like any other of the file."""

from dataclasses import dataclass
from typing import Any

from fakebackend.answer import Offer
from fakebackend.answer import Source
from fakebackend.builtin_handlers import builtin_handler
from fakebackend.choice import choose
from fakebackend.definition import is_definition
from fakebackend.definition import parse_value
from fakebackend.findings import Findings
from fakebackend.handler_source import HandlerError
from fakebackend.handler_source import HandlerSource
from fakebackend.handler_source import parse_handler_name
from fakebackend.refusal import Refusal
from fakebackend.request_view import RequestView
from fakebackend.value_context import ValueContext


def handler_source(name: str, users: dict[str, str] | None, context: ValueContext) -> Source:
    """Return where the answers of a handler come from; the context has what stands beside `$handler`.

    Raises `FieldError` for a name that stands for nothing.
    """
    finish = _Finish(context)
    builtin = builtin_handler(name, users, finish)
    return HandlerSource(*parse_handler_name(name, context.folder), finish) if builtin is None else builtin


@dataclass(frozen=True, slots=True)
class _Finish:
    """Makes an answer of what a handler returned; what stands beside `$handler` are its defaults."""

    context: ValueContext

    def __call__(self, value: Any, request: RequestView) -> Offer | None:
        """Return the answer.

        Raises `HandlerError` for what is none.
        """
        if value is None:
            return None
        if isinstance(value, bytes | bytearray):
            return self.context.defaults.head.answer(request, bytes(value), b"application/octet-stream")
        if not isinstance(value, dict | list | str | int | float):
            raise HandlerError(f"returned a {type(value).__name__}, expected an object, a list, text, bytes or None")
        if isinstance(value, dict) and is_definition(value) and not all(isinstance(key, str) for key in value):
            raise HandlerError("returned a definition with a key that is no text")
        findings = Findings()
        try:
            choice = parse_value(value, findings, self.context)
        except (TypeError, ValueError, RecursionError) as e:
            raise HandlerError(f"returned what is no JSON: {e}") from None
        if choice is None:
            raise HandlerError(f"returned {findings.errors[0]}")
        offer = choose(choice, request)
        return None if isinstance(offer, Refusal) else offer
