import pytest

from fakebackend.answers.delay import Delay
from fakebackend.answers.head import ResponseHead
from fakebackend.format.scope import NO_DEFAULTS
from fakebackend.format.scope import Defaults
from fakebackend.format.scope import Scope
from fakebackend.messages.header_fields import NO_HEADER_FIELDS
from fakebackend.messages.header_fields import HeaderFields


@pytest.mark.parametrize(
    ("defaults", "plain"),
    [
        pytest.param(NO_DEFAULTS, True, id="none"),
        pytest.param(Defaults(ResponseHead(404)), True, id="status"),
        pytest.param(Defaults(delay=Delay(1, 1)), False, id="delay"),
        pytest.param(Defaults(template=True), False, id="template"),
        pytest.param(Defaults(assignments={"a": 1}), False, id="set"),
    ],
)
def test_with_plain_defaults_a_plain_body_is_ready_at_load(defaults: Defaults, plain: bool) -> None:
    assert defaults.is_plain is plain


def test_default_headers_are_those_of_the_head() -> None:
    headers = HeaderFields(((b"A", b"1"),), frozenset({b"a"}))
    assert NO_DEFAULTS.head.constant_headers is NO_HEADER_FIELDS
    assert Defaults(ResponseHead(200, (headers,))).head.constant_headers == headers


def test_a_part_keeps_all_but_its_place_and_defaults() -> None:
    outer = Scope(folder="f", label="GET /", parameters=("a",), steps=("$cases",))
    defaults = Defaults(template=True)
    assert outer.inside(defaults, 0, "x") == Scope(defaults, "f", "GET /", ("a",), steps=("$cases", 0, "x"))


def test_a_sequence_is_another_one_if_its_content_its_entry_or_its_place_differs() -> None:
    scope, value = Scope(label="GET /"), {"$sequence": [1]}
    keys = {
        scope.remembered_by(value),
        scope.remembered_by({"$sequence": [2]}),
        Scope(label="GET /other").remembered_by(value),
        scope.inside(NO_DEFAULTS, "$cases", 0).remembered_by(value),
    }
    assert len(keys) == 4
    assert scope.remembered_by({"$sequence": [1], "$repeat": "last"}) == scope.remembered_by(
        {"$repeat": "last", "$sequence": [1]}
    )


def test_a_lone_surrogate_does_not_keep_a_sequence_from_being_remembered() -> None:
    assert Scope(label="GET /").remembered_by(["\ud800"]) != Scope(label="GET /").remembered_by(["\ud801"])
