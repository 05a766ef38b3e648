import pytest

from fakebackend.messages.multidict import MultiDict

TAGS = [("tag", "a"), ("other", "x"), ("tag", "b"), ("Tag", "c")]


def test_the_first_value_of_a_name_and_all_of_them() -> None:
    fields = MultiDict(TAGS)
    assert (fields["tag"], fields.getlist("tag"), fields.get("none"), fields.getlist("none")) == (
        "a",
        ["a", "b"],
        None,
        [],
    )
    with pytest.raises(KeyError):
        fields["none"]


def test_names_come_in_their_order_each_once() -> None:
    fields = MultiDict(TAGS)
    assert (list(fields), len(fields), dict(fields)) == (
        ["tag", "other", "Tag"],
        3,
        {"tag": "a", "other": "x", "Tag": "c"},
    )


def test_header_names_are_the_same_in_any_letter_case() -> None:
    fields = MultiDict(TAGS, ignore_case=True)
    assert (fields.getlist("TAG"), list(fields), "OTHER" in fields) == (["a", "b", "c"], ["tag", "other"], True)


def test_bytes_that_are_no_utf8_become_replacement_characters_in_names_and_values() -> None:
    fields = MultiDict([("\udcff", "a\udcffb")])
    assert (list(fields), fields["\ufffd"], fields["\udcff"]) == (["\ufffd"], "a\ufffdb", "a\ufffdb")


def test_changing_a_list_of_values_changes_nothing_else() -> None:
    fields = MultiDict(TAGS)
    fields.getlist("tag").clear()
    assert fields.getlist("tag") == ["a", "b"]


def test_it_is_written_as_what_it_holds() -> None:
    assert repr(MultiDict(TAGS)) == "{'tag': 'a', 'other': 'x', 'Tag': 'c'}"
