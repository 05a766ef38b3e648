from typing import Any

import pytest

from fakebackend.diagnostics.wording import appended
from fakebackend.diagnostics.wording import did_you_mean
from fakebackend.diagnostics.wording import enumerated
from fakebackend.diagnostics.wording import format_value
from fakebackend.diagnostics.wording import json_type_name
from fakebackend.diagnostics.wording import nearest
from fakebackend.diagnostics.wording import numbered
from fakebackend.diagnostics.wording import one_line


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


@pytest.mark.parametrize(
    ("word", "cutoff", "choice"),
    [
        pytest.param("abxx", 0.6, "abxx-", id="alike-enough"),
        pytest.param("abxx", 0.9, None, id="not-alike-enough"),
        pytest.param("ABXX-", 1.0, "abxx-", id="equal-but-for-case"),
    ],
)
def test_how_alike_a_choice_must_be_can_be_told(word: str, cutoff: float, choice: str | None) -> None:
    choices = ("abxx-", "zzzz")
    assert nearest(word, choices, cutoff=cutoff) == choice
    assert did_you_mean(word, choices, cutoff=cutoff) == (f', did you mean "{choice}"?' if choice else "")


@pytest.mark.parametrize(
    ("values", "text"),
    [
        pytest.param([], "", id="none"),
        pytest.param([1, "a"], '1 and "a"', id="two"),
        pytest.param([1, 2, 3], "1 and 2 and 3", id="as-many-as-are-shown"),
        pytest.param([0] * 1_004, "0 and 0 and 0 and 1,001 more", id="many"),
    ],
)
def test_of_many_values_a_few_are_written(values: list[Any], text: str) -> None:
    assert enumerated(values, format_value) == text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("wrong password", "wrong password", id="one-already"),
        pytest.param(" wrong\n  password\t\n", "wrong password", id="several"),
        pytest.param(" \n", "", id="nothing-but-space"),
    ],
)
def test_a_text_is_put_on_one_line(text: str, line: str) -> None:
    assert one_line(text) == line


@pytest.mark.parametrize(
    ("labels", "text"),
    [pytest.param([], "", id="none"), pytest.param(["outer", "inner"], ", outer, inner", id="two")],
)
def test_labels_stand_behind_commas(labels: list[str], text: str) -> None:
    assert appended(labels) == text


@pytest.mark.parametrize(
    ("name", "of", "text"),
    [
        pytest.param(None, None, "case 2", id="plain"),
        pytest.param("missing", None, 'case 2 "missing"', id="named"),
        pytest.param("last", 3, 'case 2 of 3 "last"', id="of-so-many"),
    ],
)
def test_one_of_several_values_has_a_number(name: str | None, of: int | None, text: str) -> None:
    assert numbered("case", 2, name, of) == text
