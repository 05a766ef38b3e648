import gzip
from typing import Any

import pytest

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.matching.when import WHEN_PARTS
from fakebackend.matching.when import parse_when
from fakebackend.messages.path_params import NO_PARAMS
from fakebackend.messages.request import Request
from fakebackend.proxy.filter_condition import FilterCondition
from fakebackend.proxy.filter_condition import parse_filter
from fakebackend.proxy.flow_request import FlowRequest
from fakebackend.state.mock_state import MockState
from fakebackend.state.request_context import RequestContext
from fakebackend.state.request_context import context_of
from tests.answering import context_for
from tests.conftest import given_context
from tests.conftest import http_flow


def difference(expression: str, context: RequestContext) -> str | None:
    [condition] = parse_filter(expression)
    return condition.difference(context)


def test_where_there_is_mitmproxy_filters_are_conditions() -> None:
    assert WHEN_PARTS["filter"].parse is parse_filter
    [condition] = parse_when({"filter": "~m GET"})
    assert isinstance(condition, FilterCondition)
    assert (condition.label, condition.expression) == ("$when.filter", "~m GET")


@pytest.mark.parametrize("context", [context_for(path="/a?b"), given_context("GET /a?b")], ids=["sent", "made-up"])
def test_a_filter_is_put_to_the_flow(context: RequestContext) -> None:
    assert difference("~m GET & ~u a.b$", context) is None
    assert difference("~m POST", context) == '$when.filter "~m POST" does not match'


def test_a_body_that_cannot_be_decoded_matches_no_filter_that_looks_at_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fakebackend.messages.content_codings.LARGEST_BODY", 1 << 10)
    for coding, body in (("gzip", gzip.compress(bytes(2 << 10))), ("punycode", b"a"), ("gzip", b"no gzip")):
        context = context_for("POST", headers={"Content-Encoding": coding}, body=body)
        for expression in ("~b .", "!~bq x", "~m POST & (~u nowhere | ~bs x)"):
            assert str(difference(expression, context)).endswith("asks for a body that cannot be decoded")
        assert difference("~hq punycode | ~m POST", context) is None
    context = context_for("POST", headers={"Content-Encoding": "gzip"}, body=gzip.compress(b"secret"))
    assert difference("~bq secret", context) is None


def test_a_filter_sees_the_flow_as_it_is_then() -> None:
    flow = http_flow()
    context = context_of(FlowRequest(flow), NO_PARAMS, MockState())
    [condition] = parse_filter("~marked")
    assert condition.difference(context) is not None
    flow.marked = ":default:"
    assert condition.difference(context) is None


def test_a_request_without_a_flow_is_matched_by_no_filter() -> None:
    context = context_of(Request("GET", "/"), NO_PARAMS, MockState())
    assert difference("~all", context) == '$when.filter "~all" does not match'
    assert difference("!~all", context) == '$when.filter "!~all" does not match'


@pytest.mark.parametrize(
    ("value", "error"),
    [
        pytest.param(None, "filter takes a filter expression of mitmproxy's, got null", id="null"),
        pytest.param(["~q"], "filter takes a filter expression of mitmproxy's, got a list", id="list"),
        pytest.param("", 'filter "" is no filter expression of mitmproxy\'s: ', id="empty"),
        pytest.param("~u (", 'filter "~u (" is no filter expression of mitmproxy\'s: ', id="no-regular-expression"),
        pytest.param("(~m GET", 'filter "(~m GET" is no filter expression of mitmproxy\'s: ', id="half"),
        pytest.param("!" * 100_000 + "~q", f"filter \"{'!' * 59}… is no filter expression of mitmproxy's: ", id="deep"),
    ],
)
def test_what_is_no_filter_is_refused(value: Any, error: str) -> None:
    with pytest.raises(ValidationError) as caught:
        parse_filter(value)
    assert str(caught.value).startswith(error)
    assert caught.value.path == ()
