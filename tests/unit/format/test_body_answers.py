from pathlib import Path
from typing import Any

import pytest

from fakebackend.answers.answer import Answer
from fakebackend.answers.answer import FixedSource
from fakebackend.answers.bodies import EMPTY
from fakebackend.answers.bodies import Body
from fakebackend.answers.body_sources import ConstantBodySource
from fakebackend.answers.body_sources import TemplateBodySource
from fakebackend.answers.delay import Delay
from fakebackend.answers.head import ResponseHead
from fakebackend.answers.head import parse_status_template
from fakebackend.diagnostics.diagnostics import Diagnostics
from fakebackend.format.body_answers import answer_with_body
from fakebackend.format.body_answers import plain_body
from fakebackend.format.body_answers import wrapped
from fakebackend.format.definition import parse_value
from fakebackend.format.scope import NO_DEFAULTS
from fakebackend.format.scope import Defaults
from fakebackend.format.scope import Scope
from fakebackend.messages.canned_response import CannedResponse
from fakebackend.messages.canned_response import canned_response
from fakebackend.templating.compile_templates import compile_templates
from tests.answering import answered
from tests.answering import context_for
from tests.answering import table_in
from tests.conftest import given
from tests.conftest import look_up


@pytest.mark.parametrize("value", [1, {"$status": 404}, {"$text": "a"}, {"$base64": ""}, {"$headers": {"A": "1"}}])
def test_a_static_answer_is_ready_at_load(value: Any) -> None:
    assert isinstance(parse_value(value, Diagnostics()), CannedResponse)


def test_default_templates_and_delays_hold_for_plain_bodies_and_before(folder: Path) -> None:
    defaults = {"$template": True, "$delay": "1s"}
    table = table_in(folder, {"$defaults": defaults, "$before": {"GET": {"/": "{{ 1 }}"}}, "GET": {"/a": "{{ 2 }}"}})
    for path, body in (("/", b"1"), ("/a", b"2")):
        answer = look_up(table, given(f"GET {path}")).answer
        assert isinstance(answer, Answer)
        assert answer.delay is not None
        assert answer.delay.least == 1.0
        assert answered(table, context_for(path=path)).body == body


BODY = Body(b"x", b"a/b")
TEMPLATES = compile_templates({"a": "{{ 1 }}"})
RENDERED_HEAD = ResponseHead(parse_status_template("{{ 201 }}"))


@pytest.mark.parametrize(
    ("body", "defaults", "source"),
    [
        pytest.param(BODY, Defaults(delay=Delay(1, 1)), FixedSource, id="delay"),
        pytest.param(EMPTY, Defaults(RENDERED_HEAD), ConstantBodySource, id="rendered-status"),
        pytest.param(TEMPLATES, NO_DEFAULTS, TemplateBodySource, id="template"),
        pytest.param(TEMPLATES, Defaults(RENDERED_HEAD), TemplateBodySource, id="template-under-a-rendered-status"),
    ],
)
def test_a_body_that_is_not_ready_or_not_alone_has_a_source(body: Any, defaults: Defaults, source: type) -> None:
    answer = answer_with_body("$body", body, defaults)
    assert isinstance(answer, Answer)
    assert type(answer.source) is source
    assert answer.delay == defaults.delay


@pytest.mark.parametrize(
    ("defaults", "status"),
    [
        pytest.param(NO_DEFAULTS, 200, id="none"),
        pytest.param(Defaults(), 200, id="none-but-another-object"),
        pytest.param(Defaults(ResponseHead(404)), 404, id="status"),
    ],
)
def test_a_body_that_is_ready_and_alone_is_a_response(defaults: Defaults, status: int) -> None:
    assert answer_with_body("$text", BODY, defaults) == canned_response(status, b"x", b"a/b")


def test_a_source_is_wrapped_in_all_that_holds_for_it() -> None:
    source = FixedSource(canned_response(200))
    defaults = Defaults(ResponseHead(404), Delay(1, 2), True, {"n": 1})
    assert wrapped(source, defaults) == Answer(source, Delay(1, 2), {"n": 1})


@pytest.mark.parametrize(
    ("value", "defaults", "errors"),
    [
        pytest.param([1], Defaults(ResponseHead(204)), [("a 204 has no body, got [1]", ())], id="no-body"),
        pytest.param(
            {"a": "{{ x }}", "b": ["{{ y }}"]},
            Defaults(template=True),
            [
                ('unknown name "x" in a template; the docs list those that are known, under $template', ("a",)),
                ('unknown name "y" in a template; the docs list those that are known, under $template', ("b", 0)),
            ],
            id="templates",
        ),
    ],
)
def test_a_plain_body_that_is_wrong_is_no_answer(
    value: Any, defaults: Defaults, errors: list[tuple[str, tuple[str | int, ...]]]
) -> None:
    diagnostics = Diagnostics()
    assert plain_body(value, diagnostics, Scope(defaults)) is None
    assert [(str(error), error.path) for error in diagnostics.errors] == errors


def test_a_plain_body_without_a_template_is_ready_although_templates_are_on() -> None:
    answer = plain_body({"a": 1}, Diagnostics(), Scope(Defaults(template=True)))
    assert isinstance(answer, Answer)
    assert answer.source == FixedSource(canned_response(200, b'{"a": 1}', b"application/json"))
