from typing import Any

import pytest

from fakebackend.answer import Answer
from fakebackend.answer import Forward
from fakebackend.definition import parse_value
from fakebackend.findings import Findings
from fakebackend.static_answer import Headers
from fakebackend.template_value import RenderingError
from tests.conftest import given


def forward_of(value: dict[str, Any], url: str = "/?q=7") -> Forward:
    """Return what a definition forwards."""
    findings = Findings()
    answer = parse_value(value, findings)
    assert findings.errors == []
    assert isinstance(answer, Answer)
    product = answer.source.produce(given(f"GET {url}"))
    assert isinstance(product, Forward)
    return product


def test_what_is_not_named_is_left_alone() -> None:
    assert forward_of({"$forward": True}) == Forward(None, None, Headers(), None, has_merge=False)


def test_status_headers_and_merge_are_changes() -> None:
    value = {"$forward": "https://a.b", "$status": 201, "$headers": {"A": "1"}, "$merge": None}
    headers = Headers(((b"A", b"1"),), frozenset({b"a"}))
    assert forward_of(value) == Forward("https://a.b", 201, headers, None, has_merge=True)


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
