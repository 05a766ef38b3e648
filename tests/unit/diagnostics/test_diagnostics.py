from fakebackend.diagnostics.diagnostics import Diagnostics
from fakebackend.diagnostics.validation_error import ValidationError


def written(errors: list[ValidationError]) -> list[tuple[str, tuple[str | int, ...], bool]]:
    return [(str(error), error.path, error.at_key) for error in errors]


def test_a_warning_is_about_a_key_and_no_error() -> None:
    found = Diagnostics()
    found.warn("is odd", "a", 1)
    assert (found.errors, written(found.warnings)) == ([], [("is odd", ("a", 1), True)])


def test_what_was_found_in_a_part_is_added_with_the_way_to_that_part() -> None:
    part = Diagnostics([ValidationError("wrong", "b")])
    part.warn("is odd", "c")
    whole = Diagnostics([ValidationError("first")])
    whole.take(part, "a", 0)
    assert written(whole.errors) == [("first", (), False), ("wrong", ("a", 0, "b"), False)]
    assert written(whole.warnings) == [("is odd", ("a", 0, "c"), True)]


def test_each_begins_with_nothing_found() -> None:
    Diagnostics().warn("is odd")
    assert Diagnostics() == Diagnostics([], [])
