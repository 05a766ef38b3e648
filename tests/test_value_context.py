import re

import pytest

from fakebackend.answer_head import AnswerHead
from fakebackend.delay import Delay
from fakebackend.path_pattern import parse_path_pattern
from fakebackend.static_answer import NO_HEADERS
from fakebackend.static_answer import Headers
from fakebackend.url_key import PathMatcher
from fakebackend.url_key import PathRegex
from fakebackend.value_context import NO_DEFAULTS
from fakebackend.value_context import Defaults
from fakebackend.value_context import ValueContext

SOURCE = r"^/(?P<year>\d+)/(?P<month>\d+)$"


@pytest.mark.parametrize(
    ("defaults", "plain"),
    [
        pytest.param(NO_DEFAULTS, True, id="none"),
        pytest.param(Defaults(AnswerHead(404)), True, id="status"),
        pytest.param(Defaults(delay=Delay(1, 1)), False, id="delay"),
        pytest.param(Defaults(template=True), False, id="template"),
        pytest.param(Defaults(sets={"a": 1}), False, id="set"),
        pytest.param(Defaults(sequences=("s",)), False, id="sequence"),
    ],
)
def test_with_plain_defaults_a_plain_body_is_ready_at_load(defaults: Defaults, plain: bool) -> None:
    assert defaults.is_plain is plain


def test_default_headers_are_those_of_the_head() -> None:
    headers = Headers(((b"A", b"1"),), frozenset({b"a"}))
    assert NO_DEFAULTS.head.constant_headers is NO_HEADERS
    assert Defaults(AnswerHead(200, (headers,))).head.constant_headers == headers


@pytest.mark.parametrize(
    ("path", "names"),
    [
        pytest.param("/plain", (), id="literal"),
        pytest.param(parse_path_pattern("/{a}/{b:int}"), ("a", "b"), id="pattern"),
        pytest.param(PathRegex("", SOURCE, re.compile(SOURCE)), ("year", "month"), id="named-groups"),
    ],
)
def test_the_parameters_are_those_of_the_url_key(path: PathMatcher, names: tuple[str, ...]) -> None:
    assert tuple(ValueContext(path=path).parameters) == names


def test_a_part_keeps_all_but_its_place_and_defaults() -> None:
    outer = ValueContext(folder="f", label="GET /", path="/", steps=("$cases",))
    defaults = Defaults(template=True)
    assert outer.inside(defaults, 0, "x") == ValueContext(defaults, "f", "GET /", "/", ("$cases", 0, "x"))


def test_a_sequence_is_another_one_if_its_content_its_entry_or_its_place_differs() -> None:
    context, value = ValueContext(label="GET /"), {"$sequence": [1]}
    keys = {
        context.sequence_key(value),
        context.sequence_key({"$sequence": [2]}),
        ValueContext(label="GET /other").sequence_key(value),
        context.inside(NO_DEFAULTS, "$cases", 0).sequence_key(value),
    }
    assert len(keys) == 4
    assert context.sequence_key({"$sequence": [1], "$repeat": "last"}) == context.sequence_key(
        {"$repeat": "last", "$sequence": [1]}
    )


def test_a_lone_surrogate_does_not_keep_a_sequence_from_being_remembered() -> None:
    assert ValueContext(label="GET /").sequence_key(["\ud800"]) != ValueContext(label="GET /").sequence_key(["\ud801"])
