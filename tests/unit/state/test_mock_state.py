import copy

import pytest
from hypothesis import example
from hypothesis import given
from hypothesis import strategies as st

from fakebackend.state.mock_state import COUNTERS_SIZE
from fakebackend.state.mock_state import CountersFullError
from fakebackend.state.mock_state import MockState
from fakebackend.state.pages import Page


def test_state_begins_as_a_copy_so_that_the_files_own_stays_as_it_is() -> None:
    first = {"todos": [1]}
    state = MockState(first)
    state.variables["todos"].append(2)
    assert (state.variables, first) == ({"todos": [1, 2]}, {"todos": [1]})


def test_reset_goes_back_to_the_start_with_everything() -> None:
    state = MockState({"todos": []}, seed="7")
    drawn = state.random.random()
    state.variables["todos"].append(1)
    state.variables["more"] = 1
    state.pages["p"] = Page(b"", "")
    state.sessions["t"] = None
    state.counts.advance("s")
    state.count("c")
    state.reset()
    assert (state.variables, state.pages, state.sessions) == ({"todos": []}, {}, {})
    assert (state.counts.position("s"), state.count("c")) == (0, 1)
    assert state.random.random() == drawn


def test_counters_start_at_one_and_each_counts_for_itself() -> None:
    state = MockState()
    assert [state.count("a"), state.count("a"), state.count("b")] == [1, 2, 1]


def test_names_of_counters_have_a_bound_and_those_that_are_there_go_on() -> None:
    state, half = MockState(), COUNTERS_SIZE // 2 - 100
    state.count("a" * half)
    explaining = state.explaining()
    for one in (state, explaining):  # an explanation uses up its own
        one.count("b" * half)
        with pytest.raises(CountersFullError, match=r"the counters are full; responses\.reset forgets them"):
            one.count("")
        assert one.count("b" * half) == 2
    state.reset()
    assert state.count("c" * half) == 1


def test_many_short_names_of_counters_reach_the_bound_too() -> None:
    state = MockState()
    with pytest.raises(CountersFullError):
        list(map(state.count, map(str, range(COUNTERS_SIZE // 100))))


def test_a_sequence_counts_its_answers() -> None:
    state = MockState()
    state.counts.advance("s")
    state.counts.advance("s")
    assert (state.counts.position("s"), state.counts.position("other")) == (2, 0)


@pytest.mark.parametrize(
    ("first", "then", "expected"),
    [
        pytest.param({"a": 1}, {"a": 1}, {"a": "changed"}, id="unchanged-goes-on"),
        pytest.param({"a": 1}, {"a": 2}, {"a": 2}, id="changed-starts-anew"),
        pytest.param({"a": 1}, {}, {}, id="removed-goes"),
        pytest.param({"a": 1}, {"a": 1, "b": 2}, {"a": "changed", "b": 2}, id="new-comes"),
    ],
)
def test_a_file_read_again_changes_the_variables_that_it_changed(
    first: dict[str, object], then: dict[str, object], expected: dict[str, object]
) -> None:
    state = MockState(first)
    state.variables["a"] = "changed"
    state.rebase(then, [])
    assert state.variables == expected
    state.reset()
    assert state.variables == then


def test_a_variable_that_no_file_names_outlives_a_reload() -> None:
    state = MockState()
    state.variables["own"] = 1
    state.rebase({}, [])
    assert state.variables == {"own": 1}


def test_taking_over_copies_a_new_first_value() -> None:
    state, new = MockState(), {"list": [1]}
    state.rebase(new, [])
    state.variables["list"].append(2)
    assert new == {"list": [1]}


def test_only_the_sequences_that_are_still_there_keep_their_position() -> None:
    state = MockState()
    state.counts.advance("kept")
    state.counts.advance("gone")
    state.rebase({}, ["kept"])
    assert (state.counts.position("kept"), state.counts.position("gone")) == (1, 0)


def test_a_seed_repeats_what_is_random() -> None:
    one, other = MockState(seed="7"), MockState(seed="7")
    assert [one.random.random(), one.uuid()] == [other.random.random(), other.uuid()]
    assert MockState(seed="8").uuid() != MockState(seed="7").uuid()


def test_without_a_seed_nothing_repeats() -> None:
    assert MockState().uuid() != MockState().uuid()
    assert MockState().seed is None


def test_reseeding_begins_anew_and_forgets_the_seeded_faker_but_nothing_else() -> None:
    state = MockState({"a": 1})
    state.fake = object()
    state.pages["p"] = Page(b"", "")
    state.reseed("7")
    assert state.seed == "7"
    assert state.uuid() == MockState(seed="7").uuid()
    assert (state.variables, state.fake, list(state.pages)) == ({"a": 1}, None, ["p"])
    state.reset()
    assert state.uuid() == MockState(seed="7").uuid()


def test_a_uuid_is_a_random_one() -> None:
    uuid = MockState().uuid()
    assert (uuid.version, uuid.variant) == (4, "specified in RFC 4122")


def test_a_mutable_first_value_is_not_shared_between_resets() -> None:
    first = {"deep": {"list": [1]}}
    before = copy.deepcopy(first)
    state = MockState(first)
    state.variables["deep"]["list"].append(2)
    state.reset()
    assert state.variables == before


def test_what_an_explanation_uses_up_is_its_own() -> None:
    state = MockState({"todos": [1], "n": 1}, seed="7")
    state.fake = object()
    state.pages["p"] = Page(b"p", "text/plain")
    state.sessions["t"] = None
    state.counts.advance("s")
    state.count("c")
    fake, drawn = state.fake, copy.deepcopy(state.random).random()
    other = state.explaining()
    assert (other.variables, other.pages, other.sessions) == (state.variables, state.pages, state.sessions)
    assert (other.counts.position("s"), other.seed) == (1, "7")

    other.random.random()
    other.random.getrandbits(64)
    other.uuid()
    assert other.count("c") == 2
    other.counts.advance("s")
    other.counts.advance("new")
    other.sessions["u"] = None
    other.sessions.pop("t")
    other.pages["q"] = Page(b"", "")
    del other.pages["p"]
    other.variables["n"] = 2
    del other.variables["todos"]
    other.fake = object()

    assert (state.variables, state.sessions) == ({"todos": [1], "n": 1}, {"t": None})
    assert state.pages == {"p": Page(b"p", "text/plain")}
    assert (state.counts.position("s"), state.counts.position("new"), state.count("c")) == (1, 0, 2)
    assert state.fake is fake
    assert state.random.random() == drawn


def test_starting_an_explanation_anew_leaves_the_state_as_it_is() -> None:
    state = MockState({"n": 1}, seed="7")
    state.variables["n"] = 2
    state.count("c")
    other = state.explaining()
    other.rebase({"m": 3}, [])
    other.reset()
    assert (state.variables, state.count("c"), state.seed) == ({"n": 2}, 2, "7")
    state.reset()
    assert state.variables == {"n": 1}


@given(st.floats(0, 1, exclude_min=True))
@example(5e-324)
@example(1.0)
def test_in_an_explanation_every_share_above_none_is_met_each_time(share: float) -> None:
    chance = MockState().explaining().random
    assert all(chance.random() < share for _ in range(3))
    assert not chance.random() < 0


def test_in_an_explanation_all_else_that_is_random_is_within_its_bounds() -> None:
    state = MockState().explaining()
    assert state.random.randint(3, 5) in (3, 4, 5)
    assert state.random.choice("abc") in "abc"
    assert state.uuid().version == 4


def test_what_an_explanation_changes_in_place_stays_its_own() -> None:
    state = MockState({"todos": [1]})
    state.pages["p"] = Page(b"p", "t")
    other = state.explaining()
    other.variables["todos"].append(2)
    other.pages["p"].cleared = True
    assert state.variables == {"todos": [1]}
    assert not state.pages["p"].cleared
