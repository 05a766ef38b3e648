import pytest

from fakebackend.diagnostics.diagnostic import Diagnostic
from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.diagnostics.location import Location
from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.wording import did_you_mean
from fakebackend.diagnostics.wording import format_value
from fakebackend.diagnostics.wording import json_type_name
from fakebackend.diagnostics.wording import nearest


@pytest.mark.parametrize(
    ("place", "text"),
    [
        pytest.param(Location("a.json", 12, 7), "a.json:12:7", id="line-and-column"),
        pytest.param(Location("a.json"), "a.json", id="whole-file"),
    ],
)
def test_a_place_is_written_as_editors_open_it(place: Location, text: str) -> None:
    assert str(place) == text


def test_places_are_ordered_as_in_the_file() -> None:
    places = [Location("a", 10, 1), Location("a", 9, 5), Location("a", 9, 2), Location("a")]
    assert sorted(places) == [Location("a"), Location("a", 9, 2), Location("a", 9, 5), Location("a", 10, 1)]


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        pytest.param(Diagnostic(Location("a", 1, 2), "GET /x", "is odd"), "a:1:2: GET /x: is odd", id="entry"),
        pytest.param(Diagnostic(Location("a", 1, 2), "", "is odd"), "a:1:2: is odd", id="no-entry"),
        pytest.param(Diagnostic(Location("a\n"), "\x1b[31m", "\ud800"), r"a\n: \x1b[31m: \ud800", id="unsafe"),
    ],
)
def test_a_problem_names_place_and_entry_on_one_safe_line(problem: Diagnostic, text: str) -> None:
    assert str(problem) == text


def test_an_error_of_a_file_lists_all_problems() -> None:
    problems = [Diagnostic(Location("a", line), "", "no") for line in (1, 2)]
    error = ResponsesFileError(iter(problems))
    assert error.errors == tuple(problems)
    assert str(error) == "a:1: no\na:2: no"


def test_a_field_error_seen_from_further_out_keeps_all_but_its_path() -> None:
    error = ValidationError("wrong", "b", 1, at_key=True).prefixed("a", 0)
    assert (str(error), error.path, error.at_key) == ("wrong", ("a", 0, "b", 1), True)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param("é\n", '"é\\n"', id="string"),
        pytest.param({"a": [None, True]}, '{"a": [null, true]}', id="nested"),
        pytest.param("x" * 58, '"' + "x" * 58 + '"', id="just-short-enough"),
        pytest.param("x" * 59, '"' + "x" * 59 + "…", id="cut"),
        pytest.param(b"x", "\"b'x'\"", id="no-json"),
    ],
)
def test_a_value_is_shown_as_json(value: object, text: str) -> None:
    assert format_value(value) == text


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ({}, "an object"),
        ([], "a list"),
        ("", "a string"),
        (True, "a boolean"),
        (None, "null"),
        (1, "a number"),
        (1.5, "a number"),
    ],
    ids=repr,
)
def test_kinds_are_called_as_in_json(value: object, name: str) -> None:
    assert json_type_name(value) == name


@pytest.mark.parametrize(
    ("word", "choice"),
    [
        pytest.param("get", "GET", id="case"),
        pytest.param("$staus", "$status", id="slip"),
        pytest.param("quite different", None, id="nothing-like-it"),
        pytest.param("", None, id="empty"),
    ],
)
def test_the_nearest_choice_is_found_whatever_its_case(word: str, choice: str | None) -> None:
    assert nearest(word, ("GET", "POST", "$status")) == choice


def test_a_suggestion_ends_the_sentence_only_where_there_is_one() -> None:
    assert did_you_mean("Pots", ["POST"]) == ', did you mean "POST"?'
    assert not did_you_mean("zzz", ["POST"])
