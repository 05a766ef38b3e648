import pytest

from fakebackend.problems import FieldError
from fakebackend.problems import Place
from fakebackend.problems import Problem
from fakebackend.problems import ResponsesFileError
from fakebackend.problems import did_you_mean
from fakebackend.problems import kind
from fakebackend.problems import nearest
from fakebackend.problems import shown


@pytest.mark.parametrize(
    ("place", "text"),
    [
        pytest.param(Place("a.json", 12, 7), "a.json:12:7", id="line-and-column"),
        pytest.param(Place("a.json"), "a.json", id="whole-file"),
    ],
)
def test_a_place_is_written_as_editors_open_it(place: Place, text: str) -> None:
    assert str(place) == text


def test_places_are_ordered_as_in_the_file() -> None:
    places = [Place("a", 10, 1), Place("a", 9, 5), Place("a", 9, 2), Place("a")]
    assert sorted(places) == [Place("a"), Place("a", 9, 2), Place("a", 9, 5), Place("a", 10, 1)]


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        pytest.param(Problem(Place("a", 1, 2), "GET /x", "is odd"), "a:1:2: GET /x: is odd", id="entry"),
        pytest.param(Problem(Place("a", 1, 2), "", "is odd"), "a:1:2: is odd", id="no-entry"),
        pytest.param(Problem(Place("a\n"), "\x1b[31m", "\ud800"), r"a\n: \x1b[31m: \ud800", id="unsafe"),
    ],
)
def test_a_problem_names_place_and_entry_on_one_safe_line(problem: Problem, text: str) -> None:
    assert str(problem) == text


def test_an_error_of_a_file_lists_all_problems() -> None:
    problems = [Problem(Place("a", line), "", "no") for line in (1, 2)]
    error = ResponsesFileError(iter(problems))
    assert error.problems == tuple(problems)
    assert str(error) == "a:1: no\na:2: no"


def test_a_field_error_seen_from_further_out_keeps_all_but_its_path() -> None:
    error = FieldError("wrong", "b", 1, at_key=True).under("a", 0)
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
    assert shown(value) == text


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
    assert kind(value) == name


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
