from typing import Any

import pytest

from fakebackend.answers.head import DefaultStatus
from fakebackend.answers.head import ResponseHead
from fakebackend.answers.head import parse_headers_template
from fakebackend.answers.head import parse_status_template
from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.messages.canned_response import canned_response
from fakebackend.messages.header_fields import HeaderFields
from fakebackend.templating.template import RenderingError
from fakebackend.templating.template_text import TemplateText
from tests.answering import context_for

ONE = HeaderFields(((b"A", b"1"), (b"B", b"1")), frozenset({b"a", b"b"}))


def head_of(status: Any = 200, *layers: Any) -> ResponseHead:
    return ResponseHead(parse_status_template(status), tuple(parse_headers_template(layer) for layer in layers))


@pytest.mark.parametrize(
    ("head", "constant"),
    [
        pytest.param(ResponseHead(), True, id="none"),
        pytest.param(ResponseHead(404, (ONE,)), True, id="constants"),
        pytest.param(head_of("{{ 200 }}"), False, id="status"),
        pytest.param(head_of(200, {"A": "1"}, {"A": "{{ 1 }}"}), False, id="headers"),
    ],
)
def test_a_head_without_templates_is_constant(head: ResponseHead, constant: bool) -> None:
    assert head.is_constant is constant


def test_later_layers_win_by_name_over_earlier_ones() -> None:
    head = ResponseHead(200, (ONE, HeaderFields(((b"a", b"2"),), frozenset({b"a"}))))
    assert head.constant_headers.fields == ((b"B", b"1"), (b"a", b"2"))
    assert head.constant_answer(b"x", b"a/b") == canned_response(200, b"x", b"a/b", head.constant_headers)


def test_the_constant_headers_leave_templates_out() -> None:
    assert head_of(200, {"A": "1"}, {"B": "{{ 1 }}"}).constant_headers.fields == ((b"A", b"1"),)


@pytest.mark.parametrize(
    ("status", "bodiless"), [(204, True), (205, True), (304, True), (200, False), ("{{ 204 }}", False)]
)
def test_only_a_known_status_is_known_to_have_no_body(status: Any, bodiless: bool) -> None:
    assert head_of(status).may_be_bodiless is bodiless


@pytest.mark.parametrize(
    ("template", "status"),
    [
        pytest.param("{{ 404 }}", 404, id="integer"),
        pytest.param("4{{ '04' }}", 404, id="text"),
        pytest.param("{{ query.s }}", 503, id="from-the-request"),
        pytest.param("{{ ' 503 ' }}", 503, id="with-spaces"),
    ],
)
def test_a_status_may_be_rendered(template: str, status: int) -> None:
    answer = head_of(template).answer(context_for(path="/?s=503"), b"x", b"a/b")
    assert (answer.status, answer.body) == (status, b"x")


def test_a_rendered_status_without_body_takes_it_away() -> None:
    answer = head_of("{{ 204 }}").answer(context_for(), b"x", b"a/b")
    assert (answer.status, answer.body, answer.fields) == (204, b"", ((b"Cache-Control", b"no-store"),))


@pytest.mark.parametrize(
    ("status", "headers", "reason"),
    [
        pytest.param("{{ 99 }}", {}, "$status must be an integer from 200 to 599, got 99", id="status"),
        pytest.param("{{ 'abc' }}", {}, '$status must be an integer from 200 to 599, got "abc"', id="no-number"),
        pytest.param("{{ '٢٠٠' }}", {}, '$status must be an integer from 200 to 599, got "٢٠٠"', id="other-digits"),
        pytest.param("{{ '9' * 9999 }}", {}, "$status must be an integer from 200 to 599, got 9999999999", id="long"),
        pytest.param(200, {"A": "{{ 'a\nb' }}"}, "header A must be one line", id="line-end"),
        pytest.param(200, {"A": "{{ '€' }}"}, "header A must be Latin-1", id="latin-1"),
        pytest.param(200, {"A": "{{ 1 / 0 }}"}, 'in "{{ 1 / 0 }}": division by zero', id="failure"),
    ],
)
def test_what_is_rendered_wrong_is_an_error(status: Any, headers: dict[str, Any], reason: str) -> None:
    with pytest.raises(RenderingError) as caught:
        head_of(status, headers).answer(context_for(), b"", None)
    assert str(caught.value).startswith(reason)


def test_headers_may_be_rendered_one_several_or_none() -> None:
    layer = {"A": "{{ 1 + 1 }}", "B": ["x{{ 1 }}", 2], "C": "{{ [3, 4] }}", "D": "{{ none }}", "E": "plain"}
    answer = head_of(200, {"D": "default"}, layer).answer(context_for(), b"", None)
    assert answer.fields == (
        (b"Content-Length", b"0"),
        (b"Cache-Control", b"no-store"),
        (b"A", b"2"),
        (b"B", b"x1"),
        (b"B", b"2"),
        (b"C", b"3"),
        (b"C", b"4"),
        (b"E", b"plain"),
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param({"A": "{{ x }}"}, 'unknown name "x" in a template', id="unknown-name"),
        pytest.param("{{ query }}", '$headers must be an object of names and values, got "{{ query }}"', id="text"),
        pytest.param(["{{ 1 }}"], '$headers must be an object of names and values, got ["{{ 1 }}"]', id="list"),
        pytest.param({"A b": "{{ 1 }}"}, "a header name is made of letters", id="name"),
        pytest.param({"Connection": "{{ 1 }}"}, "Connection is computed from the answer", id="computed"),
        pytest.param({"A": "{{ 1 }}", "B": True}, "header B must be a string", id="constant-part"),
        pytest.param({"A": ["{{ 1 }}", None]}, "header A must be a string", id="constant-item"),
    ],
)
def test_wrong_headers_are_refused_at_load_as_far_as_they_are_known(value: Any, text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        parse_headers_template(value)
    assert str(caught.value).startswith(text)


def test_without_a_template_all_is_checked_at_load() -> None:
    assert parse_headers_template({"A": 1, "B": "1"}) == HeaderFields(
        ((b"A", b"1"), (b"B", b"1")), frozenset({b"a", b"b"})
    )
    assert parse_status_template(404) == 404
    assert isinstance(parse_status_template("{{ 1 }}"), TemplateText)
    with pytest.raises(ValidationError, match="got 99"):
        parse_status_template(99)


@pytest.mark.parametrize(
    ("template", "values"),
    [
        pytest.param("{{ true }}", [b"true"], id="boolean"),
        pytest.param("{{ none }}", [], id="null"),
        pytest.param(["{{ none }}", "x", "{{ true }}"], [b"x", b"true"], id="null-among-others"),
        pytest.param("{{ 1.5 }}", [b"1.5"], id="number"),
        pytest.param("{{ ['a', 1] }}", [b"a", b"1"], id="list"),
        pytest.param("{{ {'a': none} }}", [b'{"a": null}'], id="object"),
        pytest.param("a{{ none }}", [b"anull"], id="text"),
    ],
)
def test_what_a_template_gives_is_written_as_json_does(template: str, values: list[bytes]) -> None:
    head = ResponseHead(200, (parse_headers_template({"A": template}),))
    _, headers = head.rendered(context_for())
    assert [value for name, value in headers.fields if name == b"A"] == values


def test_a_status_that_nobody_names_is_that_of_the_context_and_uses_no_name() -> None:
    context = context_for()._replace(status=418)
    assert (DefaultStatus().render(context), DefaultStatus().names) == (418, frozenset())
