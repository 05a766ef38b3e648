"""Files that nobody thought of: random bytes, and good files with random damage."""

import json
import math
import re
from typing import Any

import pytest
from hypothesis import example
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.format.compile import compile_file
from fakebackend.reading.json_document import JsonDocument
from fakebackend.reading.yaml_document import YamlDocument

pytestmark = pytest.mark.slow

JSON_SEED = """{
  "$schema": "./x.json",
  "GET": {
    "/user": {"name": "J\\u00f6hn \\ud83d\\ude00", "tags": [1, -2.5e3, true, false, null, []]},
    "/a%20b": {"$status": 201, "$headers": {"A": ["1", 2]}, "$text": "x"}
  },
  "DELETE /user": {"$status": 204}, "*": {"/health": "ok"}
}
"""

YAML_SEED = """\
%YAML 1.2
---
$schema: ./x.json
GET:
  /user: &user {name: "J\\u00f6hn \\ud83d\\ude00", tags: [1, -2.5e3, yes, ~, 0x1f, .5]}
  /me:
    <<: *user
    tags: # none
      - a
      - |
        text
      - >-
        folded
  ? /list
  : - *user
DELETE /user: {$status: 204}
...
"""

PIECES = [
    *"{}[],:\"'\\/ \n\r\t#&*!|>%@?-~.\0\x1b\x85\u2028\ufeff猫😀09eE+",
    *(
        "NaN",
        "1e999",
        "-Infinity",
        "null",
        "true",
        ".inf",
        "0x",
        "9" * 400,
        "0x" + "f" * 400,
        "\\ud800",
        "\\u12",
        "\\x",
    ),
    *(
        "<<: ",
        "*user",
        "&user ",
        "!!str ",
        "---\n",
        "...\n",
        "%TAG ! x\n",
        '"GET": {',
        '"/user": ',
        "[" * 600,
        "{a: " * 600,
    ),
    *('"$status": 999,', '"$headers": {"A": true},', "\\UFFFFFFFF", "? ", "- ", "\n  ", "\n\t"),
]


@st.composite
def damaged(draw: st.DrawFn, seed: str) -> str:
    """Return the seed with a few pieces put in, cut out or doubled."""
    text = seed
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(start + 20, len(text))))
        middle = draw(st.sampled_from(["", text[start:end] * 2, *PIECES]))
        text = text[:start] + middle + text[end:]
    return text


json_texts = damaged(JSON_SEED) | st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
yaml_texts = damaged(YAML_SEED) | damaged(JSON_SEED) | st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


def problems_of(content: bytes, name: str) -> list[tuple[int, int]]:
    """Compile the file and return line and column of every error; any other exception fails the test."""
    try:
        compile_file(content, name)
    except ResponsesFileError as e:
        problems = e.errors
    else:
        return []
    assert problems
    assert all(problem.text for problem in problems)
    return [(problem.location.line, problem.location.column) for problem in problems]


def assert_inside(places: list[tuple[int, int]], text: str, line_ends: str) -> None:
    lines = re.split(line_ends, text)
    for line, column in places:
        if line:
            assert 1 <= line <= len(lines)
            assert 1 <= column <= len(lines[line - 1]) + 1
        else:
            assert column == 0


@pytest.mark.parametrize("name", ["a.json", "a.yaml"])
@given(content=st.binary(max_size=200))
def test_random_bytes_are_an_error_or_a_table(name: str, content: bytes) -> None:
    problems_of(content, name)


@settings(max_examples=80)
@given(text=json_texts)
def test_damaged_json_is_an_error_inside_the_text_or_a_table(text: str) -> None:
    shown = text.removeprefix("\ufeff")
    assert_inside(problems_of(text.encode(), "a.json"), shown, "\n")


@settings(max_examples=80)
@given(text=yaml_texts)
@example("a: !!str\n")
@example("GET: {/a: 0x" + "f" * 5000 + "}")
def test_damaged_yaml_is_an_error_inside_the_text_or_a_table(text: str) -> None:
    shown = text.removeprefix("\ufeff")
    assert_inside(problems_of(text.encode(), "a.yaml"), shown, "\r\n|[\r\n]")


def strictly_loaded(text: str) -> dict[str, Any] | None:
    """Return what the standard library reads, or None for what is no strict JSON or no object."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(pairs)
        if len(value) != len(pairs):
            raise ValueError("duplicate key")
        return value

    def finite(number: str) -> float:
        value = float(number)
        if math.isinf(value):
            raise ValueError("out of range")
        return value

    def integer(number: str) -> int:
        finite(number)
        return int(number)

    def refuse(constant: str) -> None:
        raise ValueError(constant)

    try:
        value = json.loads(text, object_pairs_hook=unique, parse_float=finite, parse_int=integer, parse_constant=refuse)
        json.dumps(value, ensure_ascii=False).encode()  # raises for a lone surrogate
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def read_by_items(text: str) -> tuple[dict[str, Any], int]:
    document = JsonDocument(text, "f")
    values = {item.path[0]: item.value for item in document.items(lambda _: None)}
    return values, len(document.errors)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)  # YAML's keys end at 1024 characters

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(10**298, 10**308)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=20,
)


@given(
    value=st.dictionaries(texts, json_values),
    ascii_only=st.booleans(),
    indent=st.sampled_from([None, 0, 2]),
)
def test_strict_json_is_read_as_the_standard_library_reads_it(
    value: dict[str, Any], ascii_only: bool, indent: int | None
) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    assert repr(read_by_items(text)) == repr((json.loads(text), 0))


@settings(max_examples=80)
@given(text=json_texts)
@example(JSON_SEED)
@example('{"a": [' + "{}," * 600 + "1]}")
def test_what_is_strict_json_and_what_is_not_is_decided_alike(text: str) -> None:
    expected = strictly_loaded(text)
    values, problems = read_by_items(text)
    if expected is None:
        assert problems
    else:
        assert repr((values, problems)) == repr((expected, 0))


@given(value=st.lists(json_values))
@example([{"\ufffd\U00010000": None}])
def test_json_means_the_same_in_yaml(value: list[Any]) -> None:
    document = YamlDocument(json.dumps({"a": value}), "f")
    values = [item.value for item in document.items(lambda _: None)]
    assert document.errors == []
    assert repr(values) == repr([value])
