from typing import Any

import pytest

from fakebackend.messages.request import Request
from fakebackend.proxy.flow_request import FlowRequest
from fakebackend.state.client_states import MOST_CLIENTS
from fakebackend.state.client_states import ClientStates
from fakebackend.state.client_states import parse_state_key
from tests.answering import flow_of
from tests.conftest import given


def states_by(key: str, **variables: Any) -> ClientStates:
    states = ClientStates(variables)
    states.tell_apart(parse_state_key(key))
    return states


def client(name: str) -> Request:
    return given("GET /", [("X-Client", name)])


@pytest.mark.parametrize("text", ["", "  "])
def test_by_default_clients_are_not_told_apart(text: str) -> None:
    assert parse_state_key(text) is None
    states = states_by(text)
    assert states.of(client("a")) is states.of(client("b")) is states.shared
    assert not states.says_who(client("a"))


@pytest.mark.parametrize(
    ("key", "headers", "told"),
    [
        pytest.param("header:X-Client", [("x-client", "a")], True, id="header-in-any-letter-case"),
        pytest.param("header:x-client", [("X-Client", "")], True, id="empty-header"),
        pytest.param(" header: X-Client ", [("X-Client", "a")], True, id="spaces-as-in-a-header"),
        pytest.param("header:X-Client", [("X-Other", "a")], False, id="another-header"),
        pytest.param("header:X-Client", [], False, id="no-header"),
        pytest.param("cookie:sid", [("Cookie", "a=b; sid=1")], True, id="cookie"),
        pytest.param("cookie:sid", [("Cookie", "SID=1")], False, id="cookies-have-letter-case"),
        pytest.param("cookie:sid", [("Cookie", "sid")], True, id="empty-cookie"),
        pytest.param("cookie:sid", [], False, id="no-cookie"),
    ],
)
def test_a_client_is_told_by_what_it_sends_and_shares_with_others_where_it_sends_nothing(
    key: str, headers: list[tuple[str, str]], told: bool
) -> None:
    states, request = states_by(key), given("GET /", headers)
    assert (states.of(request) is not states.shared) is told
    assert states.says_who(request) is told
    assert states.of(request) is states.of(given("GET /", headers))


def test_of_several_values_the_first_counts() -> None:
    states = states_by("header:A")
    assert states.of(given("GET /", [("A", "1"), ("a", "2")])) is states.of(given("GET /", [("A", "1")]))
    states = states_by("cookie:A")
    assert states.of(given("GET /", [("Cookie", "A=1; A=2")])) is states.of(given("GET /", [("Cookie", "A=1")]))


def test_an_address_tells_clients_apart_but_is_nothing_that_they_say() -> None:
    states = states_by("client")
    one, other = flow_of(), flow_of()
    other.client_conn.peername = ("10.0.0.2", one.client_conn.peername[1])
    assert states.of(FlowRequest(one)) is states.of(FlowRequest(flow_of()))
    assert len({id(states.of(FlowRequest(one))), id(states.of(FlowRequest(other))), id(states.shared)}) == 3
    assert not states.says_who(FlowRequest(one))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("headers:X", 'got "headers:X", did you mean "header:"?', id="slip"),
        pytest.param("cookies:sid", 'got "cookies:sid", did you mean "cookie:"?', id="another-slip"),
        pytest.param("clients", 'got "clients", did you mean "client"?', id="client"),
        pytest.param("X-Test-Id", 'got "X-Test-Id"', id="a-bare-name"),
        pytest.param("true", 'got "true"', id="a-switch"),
    ],
)
def test_another_key_is_refused_with_the_nearest(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"^responses_state_key must be header:NAME, cookie:NAME or client, ") as e:
        parse_state_key(text)
    assert str(e.value).endswith(said)


def test_variables_counts_and_sessions_are_each_clients_own() -> None:
    states = states_by("header:X-Client", todos=[])
    one, two = states.of(client("1")), states.of(client("2"))
    one.variables["todos"].append("x")
    one.counts.advance("k")
    one.sessions["token"] = None
    assert (two.variables, two.sessions, states.shared.variables) == ({"todos": []}, {}, {"todos": []})
    assert two.counts.copied() != one.counts
    assert states.of(client("1")) is one


def test_beyond_a_thousand_the_one_unused_for_longest_is_forgotten() -> None:
    states = states_by("header:X-Client", n=0)
    for number in range(MOST_CLIENTS):
        states.of(client(str(number))).variables["n"] = number
    assert states.of(client("0")).variables["n"] == 0
    states.of(client("new"))
    assert len(states._by_client) == MOST_CLIENTS
    assert states.of(client("2")).variables["n"] == 2
    assert "1" not in states._by_client
    for number in range(20_000):
        states.of(client(f"more {number}"))
    assert len(states._by_client) == MOST_CLIENTS


@pytest.mark.parametrize("name", ["x" * 100_000, "\udcff" * 101], ids=["long", "lone-surrogates"])
def test_of_a_long_name_the_hash_is_kept(name: str) -> None:
    states = states_by("header:X-Client")
    assert states.of(client(name)) is states.of(client(name))
    assert states.of(client(name)) is not states.of(client(name + "x"))
    assert max(map(len, states._by_client)) == 64


def test_another_key_begins_with_nothing_remembered_and_the_same_keeps_all() -> None:
    states = states_by("header:X-Client", n=0)
    states.of(client("1")).variables["n"] = states.shared.variables["n"] = 1
    for key, value in ((" header:X-Client ", 1), ("header:x-client", 0), ("", 1), ("header:X-Client", 0)):
        states.tell_apart(parse_state_key(key))
        assert states.of(client("1")).variables["n"] == value


def test_a_file_that_is_read_again_changes_the_state_of_all() -> None:
    states = states_by("header:X-Client", n=0, m=0)
    for state in (states.shared, states.of(client("1"))):
        state.variables.update(n=5, m=5)
        state.counts.advance("kept")
        state.counts.advance("gone")
    states.rebase({"n": 0, "m": 1}, ["kept"])
    for state in (states.shared, states.of(client("1"))):
        assert state.variables == {"n": 5, "m": 1}
    assert states.of(client("new")).variables == {"n": 0, "m": 1}


def test_another_file_begins_with_nothing_remembered() -> None:
    states = ClientStates({"n": 0}, "7")
    states.tell_apart(parse_state_key("header:X-Client"))
    states.of(client("1")).variables["n"] = 1
    states.begin({"m": 0})
    assert (states.shared.variables, states.of(client("1")).variables) == ({"m": 0}, {"m": 0})
    assert states.shared.seed == states.of(client("1")).seed == "7"


def test_a_seed_fixes_each_clients_chance_alike() -> None:
    states = states_by("header:X-Client")
    states.of(client("1"))
    states.reseed("7")
    drawn = {states.of(client(name)).random.random() for name in ("1", "2")} | {states.shared.random.random()}
    assert len(drawn) == 1


def test_a_reset_forgets_all_clients() -> None:
    states = states_by("header:X-Client", n=0)
    for state in (states.shared, states.of(client("1"))):
        state.variables["n"] = 1
    states.reset()
    assert (states.shared.variables["n"], states.of(client("1")).variables["n"]) == (0, 0)


@pytest.mark.parametrize("text", ["header:X Y", "cookie:a=b", "header:Ä", "header:a:b"])
def test_a_name_that_no_request_can_have_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"names no (header|cookie) that there can be"):
        parse_state_key(text)


@pytest.mark.parametrize("text", ["header", "header:", "cookie: "])
def test_a_name_that_is_missing_is_said_to_be(text: str) -> None:
    with pytest.raises(ValueError, match=r"must be (header|cookie):NAME, and the name is missing in "):
        parse_state_key(text)
