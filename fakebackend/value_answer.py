"""From a body and what holds for it to an answer: ready bytes where nothing depends on the request."""

from typing import Any

from fakebackend.answer import Answer
from fakebackend.answer import Constant
from fakebackend.answer import Offer
from fakebackend.answer import Source
from fakebackend.body_kinds import JSON_TYPE
from fakebackend.body_kinds import Body
from fakebackend.body_kinds import json_body
from fakebackend.body_source import ConstantBodySource
from fakebackend.body_source import TemplateBodySource
from fakebackend.findings import Findings
from fakebackend.problems import FieldError
from fakebackend.problems import shown
from fakebackend.static_answer import json_answer
from fakebackend.static_answer import static_answer
from fakebackend.template_value import compile_templates
from fakebackend.template_value import is_dynamic
from fakebackend.value_context import NO_DEFAULTS
from fakebackend.value_context import Defaults


def plain_body(value: Any, findings: Findings, defaults: Defaults) -> Offer | None:
    """Return the answer with a plain JSON body, or None after adding to the errors."""
    if defaults.head.may_be_bodiless:
        findings.errors.append(FieldError(f"a {defaults.head.status} has no body, got {shown(value)}"))
        return None
    try:
        compiled = compile_templates(value) if defaults.template else value
    except FieldError as e:
        findings.errors += e.all()
        return None
    return answer_with_body("$body", compiled if is_dynamic(compiled) else json_body(value), defaults)


def answer_with_body(key: str, body: Body | Any, defaults: Defaults) -> Offer:
    """Return the answer with a body that is ready, or made of templates."""
    head = defaults.head
    if defaults is NO_DEFAULTS and isinstance(body, Body):
        return json_answer(body.content) if body.content_type == JSON_TYPE else static_answer(200, *body)
    if not isinstance(body, Body):
        return wrapped(TemplateBodySource(key, body, head), defaults)
    if not head.is_constant:
        return wrapped(ConstantBodySource(body, head), defaults)
    answer = head.constant_answer(*body)
    return answer if defaults.is_plain else wrapped(Constant(answer), defaults)


def wrapped(source: Source, defaults: Defaults) -> Answer:
    """Return the answer from a source, with the delay, state and sequences that hold for it."""
    return Answer(source, defaults.delay, defaults.sets, defaults.sequences)
