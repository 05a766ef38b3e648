import pytest

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.validation_error import parse_all


def test_a_field_error_seen_from_further_out_keeps_all_but_its_path() -> None:
    error = ValidationError("wrong", "b", 1, at_key=True).prefixed("a", 0)
    assert (str(error), error.path, error.at_key) == ("wrong", ("a", 0, "b", 1), True)


def even(_: str | int, value: int) -> int:
    if value % 2:
        raise ValidationError(f"{value} is odd", "here")
    return value


def written(error: ValidationError) -> list[tuple[str, tuple[str | int, ...]]]:
    return [(str(each), each.path) for each in error.all()]


def test_what_is_parsed_comes_in_the_order_of_its_parts() -> None:
    assert parse_all(enumerate([4, 2]), even) == [4, 2]
    assert parse_all({"a": 6}.items(), even) == [6]
    assert parse_all((), even) == []


def test_what_is_wrong_with_any_part_is_raised_together_each_with_its_place() -> None:
    with pytest.raises(ValidationError) as caught:
        parse_all({"a": 1, "b": 2, "c": 3}.items(), even)
    assert written(caught.value) == [("1 is odd", ("a", "here")), ("3 is odd", ("c", "here"))]


def test_errors_of_parts_of_parts_are_raised_together_too() -> None:
    rows = {"x": [1, 3], "y": [2], "z": [5]}
    with pytest.raises(ValidationError) as caught:
        parse_all(rows.items(), lambda _, row: parse_all(enumerate(row), even))
    assert written(caught.value) == [
        ("1 is odd", ("x", 0, "here")),
        ("3 is odd", ("x", 1, "here")),
        ("5 is odd", ("z", 0, "here")),
    ]


def test_the_others_are_seen_from_further_out_with_the_first() -> None:
    with pytest.raises(ValidationError) as caught:
        parse_all(enumerate([1, 3]), even)
    assert written(caught.value.prefixed("a", of="$list")) == [
        ("$list: 1 is odd", ("a", 0, "here")),
        ("$list: 3 is odd", ("a", 1, "here")),
    ]
    assert written(caught.value)[0] == ("1 is odd", (0, "here"))
