"""From a body and what holds for it to an answer: ready bytes where nothing depends on the request."""

from typing import Any

from fakebackend.answers.answer import Answer
from fakebackend.answers.answer import FixedSource
from fakebackend.answers.answer import Offer
from fakebackend.answers.answer import Source
from fakebackend.answers.bodies import Body
from fakebackend.answers.bodies import json_body
from fakebackend.answers.body_sources import ConstantBodySource
from fakebackend.answers.body_sources import TemplateBodySource
from fakebackend.diagnostics.diagnostics import Diagnostics
from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.wording import format_value
from fakebackend.format.scope import NO_DEFAULTS
from fakebackend.format.scope import Defaults
from fakebackend.format.scope import Scope
from fakebackend.messages.canned_response import canned_response
from fakebackend.templating.compile_templates import compile_templates
from fakebackend.templating.template import is_dynamic


def plain_body(value: Any, diagnostics: Diagnostics, scope: Scope) -> Offer | None:
    """Return the answer with a plain JSON body, or None after adding to the errors."""
    defaults = scope.defaults
    if defaults.head.may_be_bodiless:
        diagnostics.errors.append(ValidationError(f"a {defaults.head.status} has no body, got {format_value(value)}"))
        return None
    try:
        compiled = compile_templates(value, scope.templates(on=True)) if defaults.template else value
    except ValidationError as e:
        diagnostics.errors += e.all()
        return None
    return answer_with_body("$body", compiled if is_dynamic(compiled) else json_body(value), defaults)


def answer_with_body(key: str, body: Body | Any, defaults: Defaults) -> Offer:
    """Return the answer with a body that is ready, or made of templates."""
    head = defaults.head
    if defaults is NO_DEFAULTS and isinstance(body, Body):
        return canned_response(200, *body)
    if not isinstance(body, Body):
        return wrapped(TemplateBodySource(key, body, head), defaults)
    if not head.is_constant:
        return wrapped(ConstantBodySource(body, head), defaults)
    answer = head.constant_answer(*body)
    return answer if defaults.is_plain else wrapped(FixedSource(answer), defaults)


def wrapped(source: Source, defaults: Defaults) -> Answer:
    """Return the answer from a source, with the delay and the state that hold for it."""
    return Answer(source, defaults.delay, defaults.assignments)
