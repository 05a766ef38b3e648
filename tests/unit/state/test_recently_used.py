import pytest

from fakebackend.state.recently_used import recently_used


def test_a_value_is_made_once_and_the_one_not_used_for_longest_goes() -> None:
    values: dict[str, list[str]] = {}
    made = {key: recently_used(values, key, list, 2) for key in ("a", "b")}
    assert recently_used(values, "a", list, 2) == (made["a"][0], None)
    assert recently_used(values, "c", list, 2)[1] is made["b"][0]
    assert list(values) == ["a", "c"]


@pytest.mark.parametrize("key", ["x" * 101, "\udcff" * 101], ids=["long", "lone-surrogates"])
def test_of_a_long_key_the_hash_is_kept(key: str) -> None:
    values: dict[str, list[str]] = {}
    value, _ = recently_used(values, key, list, 5)
    assert recently_used(values, key, list, 5)[0] is value
    assert [len(kept) for kept in values] == [64]
