"""What `$handler` answers with: from what a function returned to an answer."""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from fakebackend.answers.answer import Offer
from fakebackend.answers.answer import Source
from fakebackend.answers.builtin_handlers import builtin_handler
from fakebackend.answers.handler import HandlerError
from fakebackend.answers.handler import HandlerSource
from fakebackend.answers.handler import parse_handler_name
from fakebackend.answers.handler_definition import HandlerDefinition
from fakebackend.answers.selection import Alternative
from fakebackend.answers.selection import first_answer
from fakebackend.diagnostics.diagnostics import Diagnostics
from fakebackend.diagnostics.escaping import escape_control
from fakebackend.format.body_answers import plain_body
from fakebackend.format.building import Builder
from fakebackend.format.building import ParseValue
from fakebackend.format.scope import Scope
from fakebackend.format.unknown_handler import check_handler_name
from fakebackend.matching.mismatch import Mismatch
from fakebackend.state.request_context import RequestContext

logger = logging.getLogger(__name__)


def handler_source(name: str, users: dict[str, str] | None, scope: Scope, builder: Builder) -> Source:
    """Return where the answers of a handler come from; the scope has what stands beside `$handler`.

    Raises `ValidationError` for a name that stands for nothing.
    """
    check_handler_name(name)
    to_answer = _ToAnswer(name, scope, builder.parse_value, builder.is_definition)
    if (builtin := builtin_handler(name, users, to_answer)) is not None:
        return builtin
    file, function = parse_handler_name(name, scope.folder, run=scope.runs_handlers)
    if scope.private is not None:
        scope.private.add(os.path.realpath(file.path))
    return HandlerSource(file, function, to_answer)


@dataclass(frozen=True, slots=True)
class _ToAnswer:
    """Makes an answer of what a handler returned; what stands beside `$handler` are its defaults."""

    handler: str
    scope: Scope
    parse_value: ParseValue
    is_definition: Callable[[Any], bool]

    def __call__(self, value: Any, context: RequestContext) -> Offer | None:
        """Return the answer.

        Raises `HandlerError` for what is none.
        """
        if value is None:
            return None
        if isinstance(value, bytes | bytearray):
            return self.scope.defaults.head.answer(context, bytes(value), b"application/octet-stream")
        if not isinstance(value, dict | list | str | int | float):
            expected = "an object, a list, a number, a boolean, text, bytes or None"
            raise HandlerError(f"returned a {type(value).__name__}, expected {expected}")
        diagnostics = Diagnostics()
        try:
            alternative = self._parsed(value, diagnostics)
        except (TypeError, ValueError, RecursionError) as e:
            raise HandlerError(f"returned what is no JSON: {e}") from None
        if alternative is None:
            raise HandlerError(f"returned {diagnostics.errors[0]}")
        offer = first_answer(alternative, context)
        return None if isinstance(offer, Mismatch) else offer

    def _parsed(self, value: Any, diagnostics: Diagnostics) -> Alternative | None:
        """Return what a value answers with: data, for it may be what a client has sent, unless it says otherwise."""
        if isinstance(value, HandlerDefinition):
            return self.parse_value(dict(value), diagnostics, self.scope)
        if self.is_definition(value):
            _say_that_it_is_data(self.handler)
        return plain_body(value, diagnostics, self.scope)


@cache  # once per handler
def _say_that_it_is_data(handler: str) -> None:
    logger.warning(
        f"$handler {escape_control(handler)} returned an object with reserved keys, which is sent as data. "
        "To have it read: from fakebackend import definition, and return definition({…})"
    )
