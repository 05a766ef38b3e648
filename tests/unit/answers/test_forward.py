from typing import Any

import pytest

from fakebackend.answers.answer import Answer
from fakebackend.answers.outcome import UNSET
from fakebackend.answers.outcome import Forward
from fakebackend.diagnostics.diagnostics import Diagnostics
from fakebackend.format.definition import parse_value
from fakebackend.messages.header_fields import HeaderFields
from fakebackend.templating.template import RenderingError
from tests.conftest import given_context


def forward_of(value: dict[str, Any], url: str = "/?q=7") -> Forward:
    """Return what a definition forwards."""
    findings = Diagnostics()
    answer = parse_value(value, findings)
    assert findings.errors == []
    assert isinstance(answer, Answer)
    product = answer.source.resolve(given_context(f"GET {url}"))
    assert isinstance(product, Forward)
    return product


def test_what_is_not_named_is_left_alone() -> None:
    assert forward_of({"$forward": True}) == Forward(None, UNSET, HeaderFields(), UNSET)


def test_status_headers_and_merge_are_changes() -> None:
    value = {"$forward": "https://a.b", "$status": 201, "$headers": {"A": "1"}, "$merge": None}
    headers = HeaderFields(((b"A", b"1"),), frozenset({b"a"}))
    assert forward_of(value) == Forward("https://a.b", 201, headers, None)


def test_templates_see_the_request() -> None:
    value = {
        "$forward": True,
        "$template": True,
        "$status": "{{ 200 + query.q | int }}",
        "$headers": {"A": "q{{ query.q }}"},
        "$merge": {"q": "{{ query.q }}"},
    }
    product = forward_of(value)
    assert (product.status, product.headers.fields, product.merge) == (207, ((b"A", b"q7"),), {"q": "7"})


@pytest.mark.parametrize("key", ["$status", "$headers"])
def test_what_comes_out_wrong_is_a_failure(key: str) -> None:
    wrong = {"$status": "{{ query.q }}", "$headers": {"A": "{{ query.q }}"}}
    with pytest.raises(RenderingError):
        forward_of({"$forward": True, "$template": True, key: wrong[key]}, "/?q=%0A")
