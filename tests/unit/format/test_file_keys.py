from typing import Any

import pytest

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.format.file_keys import FILE_KEYS
from fakebackend.format.file_keys import parse_before
from fakebackend.format.file_keys import parse_defaults
from fakebackend.format.file_keys import parse_good_defaults
from fakebackend.format.file_keys import parse_state
from fakebackend.format.scope import Defaults
from fakebackend.reading.includes import parse_include
from fakebackend.templating.load_files import HERE
from tests.answering import errors_of


def test_the_keys_are_those_of_the_format() -> None:
    assert set(FILE_KEYS) == {"$schema", "$include", "$base", "$defaults", "$before", "$state", "$unmatched"}


@pytest.mark.parametrize("value", [None, 1, "x", {}, []])
def test_a_schema_is_ignored_whatever_it_is(value: Any) -> None:
    assert FILE_KEYS["$schema"].parse(value, HERE) is None


def test_included_files_are_named() -> None:
    assert parse_include([]) == []
    assert parse_include(["a.json", "b/*.json"]) == ["a.json", "b/*.json"]


def test_headers_are_defaults() -> None:
    assert parse_defaults({}).head.constant_headers.fields == ()
    assert parse_defaults({"$headers": {"A": "1"}}).head.constant_headers.fields == ((b"A", b"1"),)


def test_state_is_names_and_values() -> None:
    assert parse_state({"n": 1, "user": None}) == {"n": 1, "user": None}


@pytest.mark.parametrize(
    ("parse", "value", "error", "path"),
    [
        pytest.param(parse_include, {}, "$include must be a list of files, got {}", (), id="include"),
        pytest.param(
            parse_include, ["a", 1], "$include must be a list of file names or globs, got 1", (1,), id="include-element"
        ),
        pytest.param(parse_defaults, [], "$defaults must be an object, got a list", (), id="defaults"),
        pytest.param(
            parse_defaults,
            {"$header": {}},
            'unknown key "$header" in $defaults, expected $headers, $delay, $template, $let, did you mean "$headers"?',
            ("$header",),
            id="defaults-key",
        ),
        pytest.param(
            parse_defaults,
            {"$headers": {"A": []}, "$status": 200},
            'unknown key "$status" in $defaults, expected $headers, $delay, $template, $let',
            ("$status",),
            id="defaults-status",
        ),
        pytest.param(
            parse_defaults,
            {"$headers": {"A": True}},
            "header A must be a string, a number, a list of them or null, got a boolean",
            ("$headers", "A"),
            id="defaults-headers",
        ),
        pytest.param(parse_state, [], "$state must be an object of names and values, got a list", (), id="state"),
        pytest.param(parse_before, 1, "$before must be an object of methods, got a number", (), id="before"),
    ],
)
def test_a_wrong_value_is_refused_at_its_place(parse: Any, value: Any, error: str, path: tuple[str | int, ...]) -> None:
    with pytest.raises(ValidationError) as caught:
        parse(value)
    assert str(caught.value).startswith(error)
    assert caught.value.path == path


def test_one_thing_wrong_in_defaults_makes_no_other_error() -> None:
    defaults = {"$template": True, "$headers": {"A": "1"}, "$delay": 1, "$let": {"a": "{{ a }}"}}
    data = {"$defaults": defaults, "GET": {"/": {"$status": "{{ 200 + 2 }}", "$text": "{{ a }}"}}}
    assert errors_of(data) == [
        '1:69: $delay needs a unit, got 1: did you mean "1s" or "1ms"?',
        "1:86: $let.a needs itself: a needs a",
    ]
    assert parse_good_defaults([]) == Defaults()
