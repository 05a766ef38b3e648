import json
from typing import Any

import pytest

from fakebackend.reading.json_reader import MAX_DEPTH
from fakebackend.reading.json_reader import JsonReader
from fakebackend.reading.json_reader import JsonSyntaxError


def read(text: str) -> tuple[Any, int, list[tuple[int, str]]]:
    """Return the value that starts the text, the offset behind it, and what was reported."""
    reports: list[tuple[int, str]] = []
    reader = JsonReader(text)
    return reader.value(lambda offset, problem: reports.append((offset, problem))), reader.offset, reports


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('{"a": [1, -0.5, 1e3, true, false, null, "\\u00fc\\n"]}', id="every-type"),
        pytest.param('{"😀": "\\ud83d\\ude00"}', id="surrogate-pair"),
        pytest.param('"\\\\ud800"', id="escaped-backslash-is-no-surrogate"),
        pytest.param(nested(MAX_DEPTH), id="deepest"),
        pytest.param(json.dumps([{"id": i} for i in range(MAX_DEPTH + 1)]), id="more-objects-than-levels"),
        pytest.param(json.dumps("[{" * MAX_DEPTH), id="brackets-in-a-string"),
        pytest.param("1" * 300, id="long-integer"),
        pytest.param("-" + "1" * 308, id="longest-integers"),
        pytest.param("1e308", id="large-double"),
        pytest.param("1e-999", id="underflow"),
    ],
)
def test_a_value_is_what_the_standard_library_reads(text: str) -> None:
    assert read(text + " ,") == (json.loads(text), len(text), [])


@pytest.mark.parametrize(
    ("text", "offset", "report"),
    [
        pytest.param("[NaN]", 1, "NaN is no JSON number; null or a string may stand for it", id="nan"),
        pytest.param(
            "[1, Infinity]", 4, "Infinity is no JSON number; null or a string may stand for it", id="infinity"
        ),
        pytest.param(
            "[-Infinity]", 1, "-Infinity is no JSON number; null or a string may stand for it", id="minus-infinity"
        ),
        pytest.param("[1e999]", 1, "the number is outside the range of a double", id="exponent"),
        pytest.param("9" * 309, 0, "the number is outside the range of a double", id="309-digits"),
        pytest.param("-" + "9" * 10_000, 0, "the number is outside the range of a double", id="10,000-digits"),
        pytest.param('{"a": 1, "a": 2}', 9, 'duplicate key "a", one of the two must go', id="duplicate"),
        pytest.param(
            '[[{"b": {"a": 1, "\\u0061": 2}}]]',
            17,
            'duplicate key "a", one of the two must go',
            id="duplicate-spelled-otherwise",
        ),
        pytest.param('["\\ud800"]', 1, "a string holds a lone surrogate, which is no character", id="high-surrogate"),
        pytest.param('["\\uDFFF"]', 1, "a string holds a lone surrogate, which is no character", id="low-surrogate"),
        pytest.param('"\\ude00\\ud83d"', 0, "a string holds a lone surrogate, which is no character", id="wrong-order"),
        pytest.param('{"\\uD800": 1}', 1, "a key holds a lone surrogate, which is no character", id="surrogate-key"),
    ],
)
def test_what_json_does_not_allow_is_reported_and_passed_over(text: str, offset: int, report: str) -> None:
    _, end, reports = read(text)
    assert reports == [(offset, report)]
    assert end == len(text)


def test_all_that_is_wrong_in_a_value_is_reported() -> None:
    _, _, reports = read('{"a": NaN, "b": [1e999, "\\ud800"], "a": true}')
    assert [offset for offset, _ in reports] == [6, 17, 24, 35]


@pytest.mark.parametrize(
    ("text", "offset", "error"),
    [
        pytest.param("", 0, "expected a value, the file ends here", id="nothing"),
        pytest.param("[1 2]", 3, 'expected "," or "]", got \'2\'', id="no-comma"),
        pytest.param('{"a": 1 "b"}', 8, 'expected "," or "}", got \'"\'', id="no-comma-in-object"),
        pytest.param("[1,]", 2, 'a comma before "]" is one too many', id="trailing-comma"),
        pytest.param('{"a": 1 , }', 8, 'a comma before "}" is one too many', id="trailing-comma-in-object"),
        pytest.param("[,1]", 1, "expected a value, got ','", id="leading-comma"),
        pytest.param('{"a" 1}', 5, "expected \":\", got '1'", id="no-colon"),
        pytest.param('{"a"', 4, 'expected ":", the file ends here', id="ends-after-key"),
        pytest.param("{a: 1}", 1, "expected a key in double quotes, got 'a'", id="bare-key"),
        pytest.param("{'a': 1}", 1, 'got "\'": strings stand in double quotes', id="single-quotes"),
        pytest.param("[1, // x\n]", 4, "got '/': JSON has no comments, a .jsonc or .yaml file has", id="comment"),
        pytest.param("[# x\n]", 1, "got '#': JSON has no comments, a .jsonc or .yaml file has", id="hash-comment"),
        pytest.param("[\0]", 1, r"got '\x00': a NUL byte", id="nul"),
        pytest.param("[tru]", 1, "expected a value, got 't'", id="half-a-word"),
        pytest.param("[+1]", 1, "expected a value, got '+'", id="plus"),
        pytest.param("[.5]", 1, "expected a value, got '.'", id="no-leading-digit"),
        pytest.param("[01]", 2, 'expected "," or "]", got \'1\'', id="leading-zero"),
        pytest.param("[1.]", 2, 'expected "," or "]", got \'.\'', id="no-decimals"),
        pytest.param('["a]', 1, 'a string has no closing "', id="open-string"),
        pytest.param('["a\nb"]', 3, "a bare control character or line end", id="line-end-in-string"),
        pytest.param(r'["\x41"]', 2, "a backslash stands before a character that it cannot escape", id="bad-escape"),
        pytest.param(r'["\u12"]', 3, "a backslash stands before a character", id="short-escape"),
        pytest.param('{"\t": 1}', 2, "a bare control character", id="control-in-key"),
        pytest.param(nested(MAX_DEPTH + 1), MAX_DEPTH, f"nesting is deeper than {MAX_DEPTH} levels", id="too-deep"),
        pytest.param("[" * 100_000, MAX_DEPTH, f"nesting is deeper than {MAX_DEPTH} levels", id="100,000-lists"),
        pytest.param('{"":' * 100_000, 4 * MAX_DEPTH, "nesting is deeper", id="100,000-objects"),
    ],
)
def test_where_the_text_is_no_json_reading_ends(text: str, offset: int, error: str) -> None:
    with pytest.raises(JsonSyntaxError) as caught:
        read(text)
    assert caught.value.offset == offset
    assert error in str(caught.value)


@pytest.mark.parametrize(
    ("text", "step", "found", "offset", "key_offset"),
    [
        pytest.param('{"a": {"b": 1}, "b": 2}', "b", True, 21, 16, id="key"),
        pytest.param("[[1, 2], 3]", 1, True, 9, 9, id="index"),
        pytest.param(' {"a": 1}', "a", True, 7, 2, id="after-space"),
        pytest.param('{"a": 1}', "b", False, 8, 1, id="no-such-key"),
        pytest.param("[1]", 1, False, 3, 1, id="no-such-index"),
        pytest.param("{}", "a", False, 2, 0, id="empty-object"),
        pytest.param("[ ]", 0, False, 3, 0, id="empty-list"),
        pytest.param("1", "a", False, 0, 0, id="scalar"),
    ],
)
def test_find_moves_to_the_value_under_a_step(
    text: str, step: str | int, found: bool, offset: int, key_offset: int
) -> None:
    reader = JsonReader(text)
    assert reader.find(step) is found
    assert (reader.offset, reader.key_offset) == (offset, key_offset)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('{"a": [1, "b"]}', id="nothing-wrong"),
        pytest.param("[NaN, -Infinity]", id="no-numbers"),
        pytest.param("[1e999]", id="too-large"),
        pytest.param('[NaN, {"a": 1, "a": "\\ud800"}]', id="several-things"),
    ],
)
def test_a_value_is_skipped_whatever_is_wrong_inside(text: str) -> None:
    reader = JsonReader(text + " ,")
    reader.skip()
    assert reader.offset == len(text)


def test_a_value_that_does_not_end_is_not_skipped() -> None:
    with pytest.raises(JsonSyntaxError, match="the file ends here"):
        JsonReader("[1, [2]").skip()
