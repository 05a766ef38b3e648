import copy

import pytest

from fakebackend.memory import Memory


def test_state_begins_as_a_copy_so_that_the_files_own_stays_as_it_is() -> None:
    first = {"todos": [1]}
    memory = Memory(first)
    memory.state["todos"].append(2)
    assert (memory.state, first) == ({"todos": [1, 2]}, {"todos": [1]})


def test_reset_goes_back_to_the_start_with_everything() -> None:
    memory = Memory({"todos": []}, seed="7")
    drawn = memory.random.random()
    memory.state["todos"].append(1)
    memory.state["more"] = 1
    memory.extras["pages"] = {}
    memory.advance("s")
    memory.count("c")
    memory.reset()
    assert (memory.state, memory.extras, memory.position("s"), memory.count("c")) == ({"todos": []}, {}, 0, 1)
    assert memory.random.random() == drawn


def test_counters_start_at_one_and_each_counts_for_itself() -> None:
    memory = Memory()
    assert [memory.count("a"), memory.count("a"), memory.count("b")] == [1, 2, 1]


def test_a_sequence_counts_its_answers() -> None:
    memory = Memory()
    memory.advance("s")
    memory.advance("s")
    assert (memory.position("s"), memory.position("other")) == (2, 0)


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
    memory = Memory(first)
    memory.state["a"] = "changed"
    memory.take_over(then, [])
    assert memory.state == expected
    memory.reset()
    assert memory.state == then


def test_a_variable_that_no_file_names_outlives_a_reload() -> None:
    memory = Memory()
    memory.state["own"] = 1
    memory.take_over({}, [])
    assert memory.state == {"own": 1}


def test_taking_over_copies_a_new_first_value() -> None:
    memory, new = Memory(), {"list": [1]}
    memory.take_over(new, [])
    memory.state["list"].append(2)
    assert new == {"list": [1]}


def test_only_the_sequences_that_are_still_there_keep_their_position() -> None:
    memory = Memory()
    memory.advance("kept")
    memory.advance("gone")
    memory.take_over({}, ["kept"])
    assert (memory.position("kept"), memory.position("gone")) == (1, 0)


def test_a_seed_repeats_what_is_random() -> None:
    one, other = Memory(seed="7"), Memory(seed="7")
    assert [one.random.random(), one.uuid()] == [other.random.random(), other.uuid()]
    assert Memory(seed="8").uuid() != Memory(seed="7").uuid()


def test_without_a_seed_nothing_repeats() -> None:
    assert Memory().uuid() != Memory().uuid()
    assert Memory().seed is None


def test_reseeding_begins_anew_and_forgets_the_seeded_faker_but_nothing_else() -> None:
    memory = Memory({"a": 1})
    memory.extras.update(fake=object(), pages={})
    memory.reseed("7")
    assert memory.seed == "7"
    assert memory.uuid() == Memory(seed="7").uuid()
    assert (memory.state, memory.extras) == ({"a": 1}, {"pages": {}})
    memory.reset()
    assert memory.uuid() == Memory(seed="7").uuid()


def test_a_uuid_is_a_random_one() -> None:
    uuid = Memory().uuid()
    assert (uuid.version, uuid.variant) == (4, "specified in RFC 4122")


def test_a_mutable_first_value_is_not_shared_between_resets() -> None:
    first = {"deep": {"list": [1]}}
    before = copy.deepcopy(first)
    memory = Memory(first)
    memory.state["deep"]["list"].append(2)
    memory.reset()
    assert memory.state == before
