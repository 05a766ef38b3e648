from typing import Any

import pytest

from fakebackend.answers.bodies import Body
from fakebackend.answers.body_sources import ConstantBodySource
from fakebackend.answers.body_sources import TemplateBodySource
from fakebackend.answers.head import ResponseHead
from fakebackend.answers.head import parse_status_template
from fakebackend.templating.compile_templates import compile_templates
from fakebackend.templating.template import RenderingError
from tests.answering import context_for


@pytest.mark.parametrize(
    ("key", "template", "body", "content_type"),
    [
        pytest.param("$body", {"a": "{{ 1 }}"}, b'{"a": 1}', b"application/json", id="body"),
        pytest.param("$body", "{{ query }}", b'{"q": "x"}', b"application/json", id="mapping"),
        pytest.param("$text", "a{{ query.q }}", b"ax", b"text/plain; charset=utf-8", id="text"),
        pytest.param("$text", "{{ 1 }}", b"1", b"text/plain; charset=utf-8", id="text-of-a-number"),
        pytest.param("$base64", "{{ 'eA==' }}", b"x", b"application/octet-stream", id="base64"),
    ],
)
def test_a_body_is_rendered_for_each_request(key: str, template: Any, body: bytes, content_type: bytes) -> None:
    source = TemplateBodySource(key, compile_templates(template), ResponseHead(201))
    answer = source.resolve(context_for(path="/?q=x"))
    assert (answer.status, answer.body) == (201, body)
    framing = ((b"Content-Type", content_type), (b"Content-Length", b"%d" % len(body)))
    assert answer.fields == (*framing, (b"Cache-Control", b"no-store"))


@pytest.mark.parametrize(
    ("key", "template", "reason"),
    [
        pytest.param(
            "$base64", "{{ 'a' }}", '$base64 must be base64 (RFC 4648) with its padding, got "a"', id="base64"
        ),
        pytest.param("$body", "{{ now }}", 'in "{{ now }}": a function or namespace is no value', id="body"),
        pytest.param("$text", "{{ 1 / 0 }}", 'in "{{ 1 / 0 }}": division by zero', id="failure"),
    ],
)
def test_a_body_that_comes_out_wrong_is_an_error(key: str, template: str, reason: str) -> None:
    with pytest.raises(RenderingError) as caught:
        TemplateBodySource(key, compile_templates(template), ResponseHead()).resolve(context_for())
    assert str(caught.value).startswith(reason)


def test_a_ready_body_stands_under_a_rendered_head() -> None:
    source = ConstantBodySource(Body(b"x", b"a/b"), ResponseHead(parse_status_template("{{ query.s }}")))
    answers = [source.resolve(context_for(path=f"/?s={status}")) for status in (404, 204)]
    assert [(answer.status, answer.body) for answer in answers] == [(404, b"x"), (204, b"")]
