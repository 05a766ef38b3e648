import datetime
import importlib.util
import re
from uuid import UUID

import pytest

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.matching.path_template import parse_path_template
from fakebackend.state.mock_state import MockState
from fakebackend.templating.compile_templates import compile_templates
from fakebackend.templating.globals import TEMPLATE_NAMES
from fakebackend.templating.globals import check_names
from fakebackend.templating.globals import template_context
from fakebackend.templating.template import rendered
from tests.answering import context_for

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_these_are_the_names_of_the_contract() -> None:
    contract = "request path query headers cookies form files json text state session now uuid counter fake load jwt"
    contract += " random_int random_float random_choice random_string"
    assert set(TEMPLATE_NAMES) == set(contract.split())


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        pytest.param("{{ request.method }}", "POST", id="method"),
        pytest.param("{{ request.url }}", "http://api.example.com/7/b%20c?q=1&q=2", id="url"),
        pytest.param("{{ request.host }}", "api.example.com", id="host"),
        pytest.param("{{ request.path }}", "/7/b c", id="path-without-query"),
        pytest.param("at {{ request }}", "at POST http://api.example.com/7/b%20c?q=1&q=2", id="request"),
        pytest.param("{{ path.id }}", 7, id="integer-parameter"),
        pytest.param("{{ path.name }}", "b c", id="parameter"),
        pytest.param("{{ query.q }}", "1", id="first-of-query"),
        pytest.param("{{ query.getlist('q') }}", ["1", "2"], id="all-of-query"),
        pytest.param("{{ headers['X-a'] }}", "h", id="header-in-any-case"),
        pytest.param("{{ headers.getlist('x-A') }}", ["h", "i"], id="repeated-header"),
        pytest.param("{{ cookies.s }}", "t", id="cookie"),
        pytest.param("{{ form.f }}", "1+1", id="form"),
        pytest.param("{{ text }}", "f=1%2B1", id="text"),
        pytest.param("{{ json is defined }}", False, id="body-that-is-no-json"),
        pytest.param("{{ state.todos }}", [1], id="state"),
        pytest.param("{{ counter('c') }}{{ counter('c') }}", "12", id="counter-starts-at-one"),
        pytest.param("{{ random_int(3, 3) }}", 3, id="both-ends-included"),
        pytest.param("{{ random_float(1.5, 1.5) }}", 1.5, id="random-double"),
        pytest.param("{{ random_choice(['a']) }}", "a", id="random-choice"),
        pytest.param("{{ random_string(8) | length }}", 8, id="random-string"),
        pytest.param("{{ request.scheme }} {{ request.port }}", "http 80", id="scheme-and-port"),
        pytest.param("{{ request.raw_path }}", "/7/b%20c", id="path-as-it-came"),
        pytest.param("{{ request.client_ip }}", "127.0.0.1", id="client"),
    ],
)
def test_a_name_stands_for_its_part_of_the_request(template: str, expected: object) -> None:
    headers = [*FORM.items(), ("X-A", "h"), ("X-A", "i"), ("Cookie", "s=t")]
    params = parse_path_template("/{id:int}/{name}").match("/7/b c")
    assert params is not None
    state = {"todos": [1]}
    context = context_for("POST", "/7/b%20c?q=1&q=2", headers=headers, body="f=1%2B1", state=state, params=params)
    assert rendered(compile_templates(template), context) == expected


@pytest.mark.parametrize(
    ("body", "defined"),
    [pytest.param("null", True, id="null"), pytest.param("", False, id="empty"), pytest.param("{", False, id="broken")],
)
def test_json_is_undefined_only_where_the_body_is_none(body: str, defined: bool) -> None:
    assert ("json" in template_context(frozenset({"json"}), context_for("POST", body=body))) is defined


def test_text_is_undefined_where_the_body_is_no_text() -> None:
    assert template_context(frozenset({"text"}), context_for("POST", body=b"\xff")) == {}


def test_both_ends_of_a_random_integer_come_up() -> None:
    view = context_for(state=MockState(seed="1"))
    drawn = {rendered(compile_templates("{{ random_int(1, 3) }}"), view) for _ in range(100)}
    assert drawn == {1, 2, 3}


def test_now_is_an_aware_time_in_utc_written_as_iso_8601() -> None:
    view = context_for()
    before = datetime.datetime.now(datetime.UTC)
    now = rendered(compile_templates("{{ now() }}"), view)
    assert before <= now <= datetime.datetime.now(datetime.UTC)
    assert now.utcoffset() == datetime.timedelta(0)
    written = rendered(compile_templates("at {{ now() }}"), view)
    assert re.fullmatch(r"at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", written)


def test_a_uuid_is_text_and_another_one_each_time() -> None:
    first, second = rendered(compile_templates("{{ [uuid(), uuid()] }}"), context_for())
    assert UUID(first).version == UUID(second).version == 4
    assert first != second


@pytest.mark.parametrize(
    "template",
    [
        pytest.param("{{ uuid() }}", id="uuid"),
        pytest.param("{{ random_int(1, 1000000) }}", id="random_int"),
        pytest.param("{{ fake.name() }} {{ fake.random_number(9) }}", id="fake"),
        pytest.param("{{ range(99999) | random }}", id="random-filter"),
    ],
)
def test_a_seed_fixes_what_is_random(template: str) -> None:
    def values(seed: str) -> list[object]:
        view = context_for(state=MockState(seed=seed))
        return [rendered(compile_templates(template), view) for _ in range(3)]

    assert values("7") == values("7") != values("8")
    assert len(set(map(str, values("7")))) > 1


def test_faker_is_made_once_for_all_requests() -> None:
    state = MockState()
    rendered(compile_templates("{{ fake.name() }}"), context_for(state=state))
    fake = state.fake
    rendered(compile_templates("{{ fake.name() }}"), context_for(state=state))
    assert state.fake is fake is not None


def test_without_faker_its_name_is_refused_with_the_extra_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    check_names(frozenset({"uuid"}))
    with pytest.raises(ValidationError) as caught:
        check_names(frozenset({"fake"}))
    assert str(caught.value) == "fake needs Faker: pip install Faker (the extra fakebackend[fake])"
