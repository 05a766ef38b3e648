import json
from collections.abc import Callable
from typing import Any

import pytest

from fakebackend.reading.json_document import JsonDocument
from fakebackend.reading.json_reader import JsonReader

TEXT = """{
  "GET": {
    "/a": {"x": [1, {"y": 2}], "z": 3}, "/b": 1},
  "POST": 5,
  "$schema": "s"
}
"""


def opened(path: tuple[str, ...]) -> Callable[[str], bool] | None:
    return None if path else ("GET", "POST").__contains__


def problems(text: str) -> list[str]:
    document = JsonDocument(text, "f")
    list(document.items(opened))
    return [str(problem) for problem in document.errors]


def test_items_come_in_order_with_their_lines_and_methods_are_opened() -> None:
    document = JsonDocument(TEXT, "f")
    items = [(item.path, item.value, document.lines.line(item.offset)) for item in document.items(opened)]
    assert items == [
        (("GET", "/a"), {"x": [1, {"y": 2}], "z": 3}, 3),
        (("GET", "/b"), 1, 3),
        (("POST",), 5, 4),
        (("$schema",), "s", 5),
    ]
    assert document.errors == []


@pytest.mark.parametrize(
    ("path", "at_key", "place"),
    [
        pytest.param((), True, "f:3:5", id="the-key"),
        pytest.param((), False, "f:3:11", id="the-value"),
        pytest.param(("x",), True, "f:3:12", id="a-key"),
        pytest.param(("x",), False, "f:3:17", id="under-a-key"),
        pytest.param(("x", 1, "y"), False, "f:3:27", id="deeper"),
        pytest.param(("x", 1), True, "f:3:21", id="an-element"),
        pytest.param(("nowhere",), False, "f:3:5", id="missing-key-is-at-what-lacks-it"),
        pytest.param(("z", "deeper"), False, "f:3:32", id="nothing-inside-a-number"),
    ],
)
def test_every_part_has_its_place(path: tuple[Any, ...], at_key: bool, place: str) -> None:
    document = JsonDocument(TEXT, "f")
    first = next(document.items(opened))
    assert str(document.location(first, path, at_key=at_key)) == place


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", 'f:1:1: the file is empty, expected an object like {"GET": {"/user": {}}}', id="empty"),
        pytest.param("\n \n", "f:3:1: the file is empty, expected an object like", id="white-space"),
        pytest.param("[]", "f:1:1: expected \"{\": a responses file is an object of methods, got '['", id="list"),
        pytest.param("{} x", "f:1:4: expected the end of the file, got 'x'", id="more-after-the-end"),
        pytest.param('{"a": 1, "a": 2}', 'f:1:10: duplicate key "a", one of the two must go', id="duplicate-at-top"),
        pytest.param(
            '{"GET": {"/": 1, "/": 2}}', 'f:1:18: duplicate key "/", one of the two must go', id="duplicate-url"
        ),
        pytest.param(
            '{"GET": {}, "GET": {}}', 'f:1:13: duplicate key "GET", one of the two must go', id="duplicate-method"
        ),
        pytest.param(
            '{"a": {"b": NaN}}', "f:1:13: NaN is no JSON number; null or a string may stand for it", id="in-a-value"
        ),
        pytest.param('{"GET": {"/\\udc2f": 1}}', "f:1:10: a key holds a lone surrogate", id="surrogate-key"),
        pytest.param("\ufeff{}", 'f:1:1: expected "{": a responses file is an object of methods', id="second-mark"),
    ],
)
def test_what_is_wrong_is_said_once_with_its_place(text: str, expected: str) -> None:
    [problem] = problems(text)
    assert problem.startswith(expected)


@pytest.mark.parametrize(
    ("value", "column", "error"),
    [
        pytest.param('{"a": 1, "a": 2}', 10, 'duplicate key "a", one of the two must go', id="duplicate"),
        pytest.param('{"a":1,"a" :2}', 8, 'duplicate key "a", one of the two must go', id="duplicate-without-spaces"),
        pytest.param(
            '[{"b": {"a": 1, "c": [{}], "a": 2}}]',
            28,
            'duplicate key "a", one of the two must go',
            id="duplicate-inside",
        ),
        pytest.param(
            '{"a": 1, "a": 2, "b": "\\u003a"}',
            10,
            'duplicate key "a", one of the two must go',
            id="duplicate-and-hidden-colon",
        ),
        pytest.param(
            '{"a": ":", "a": "::"}', 12, 'duplicate key "a", one of the two must go', id="duplicate-and-colons-in-text"
        ),
        pytest.param(
            '{"$when": {"a": 1, "a": 2}}',
            20,
            'duplicate key "a", one of the two must go',
            id="duplicate-in-a-definition",
        ),
        pytest.param(
            '{"a": {"$status": 1, "$status": 2}}',
            22,
            'duplicate key "$status", one of the two must go',
            id="duplicate-deeper",
        ),
        pytest.param('{"a": [NaN]}', 8, "NaN is no JSON number; null or a string may stand for it", id="not-a-number"),
        pytest.param("-Infinity", 1, "-Infinity is no JSON number; null or a string may stand for it", id="infinity"),
        pytest.param("[1e999]", 2, "the number is outside the range of a double", id="too-large"),
    ],
)
@pytest.mark.parametrize("before", ["", '"/0": 1, '], ids=["first", "later"])
def test_what_is_wrong_in_a_value_is_found_wherever_it_stands(before: str, value: str, column: int, error: str) -> None:
    start = '{"GET": {' + before + '"/a": '
    assert problems(f'{start}{value}, "/b": 1}}}}') == [f"f:1:{len(start) + column}: {error}"]


@pytest.mark.parametrize(
    ("value", "content"),
    [
        pytest.param('{"a":{"b" :[1.50,"ü\\n"]}}', {"a": {"b": [1.5, "ü\n"]}}, id="spacing-and-escapes"),
        pytest.param('{"a": "b: c"}', {"a": "b: c"}, id="colon-in-text"),
        pytest.param('"\\u003a"', ":", id="escaped-colon"),
    ],
)
def test_what_reading_wrote_anew_is_the_value(value: str, content: Any) -> None:
    *_, item = JsonDocument('{"GET": {"/0": 1, "/a": ' + value + "}}", "f").items(opened)
    assert (item.value, item.written) == (content, json.dumps(content, ensure_ascii=False))


def test_all_problems_up_to_the_error_of_syntax_are_found() -> None:
    found = problems('{"a": NaN,\n"b": 1e999,\n"a": 1,\n"c": [1,]}')
    assert [problem.split(" ")[0] for problem in found] == ["f:1:7:", "f:2:6:", "f:3:1:", "f:4:8:"]


def test_an_item_with_a_problem_is_left_out_and_the_others_are_not() -> None:
    document = JsonDocument('{"a": NaN, "b": 1, "b": 2, "c": 3}', "f")
    assert [(item.path, item.value) for item in document.items(opened)] == [(("b",), 1), (("c",), 3)]


def test_a_method_that_holds_no_object_is_an_item_of_its_own() -> None:
    document = JsonDocument('{"GET": []}', "f")
    assert [(item.path, item.value) for item in document.items(opened)] == [(("GET",), [])]


def test_two_thousand_errors_in_one_list_cost_one_walk_through_it(monkeypatch: pytest.MonkeyPatch) -> None:
    document = JsonDocument('{"GET": {"/a": [' + ", ".join(["{}"] * 2_000) + "]}}", "f")
    [item] = document.items(opened)
    skipped = 0
    skip = JsonReader.skip

    def counted(reader: JsonReader) -> None:
        nonlocal skipped
        skipped += 1
        skip(reader)

    monkeypatch.setattr(JsonReader, "skip", counted)
    columns = [document.location(item, (index, "missing")).column for index in range(2_000)]
    assert columns == [document.location(item, (index,)).column for index in range(2_000)]
    assert columns == list(range(17, 17 + 4 * 2_000, 4))
    assert skipped == 2_000


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param('{"GET": {}, "$base": "/a"}', "/a", id="wherever-it-stands"),
        pytest.param('{"GET": {"$base": 1}}', None, id="not-inside-another"),
        pytest.param('{"\\u0024base": "/a"}', "/a", id="escaped"),
        pytest.param('{"$base": [NaN]}', None, id="wrong-inside"),
        pytest.param('{"GET": [NaN], "$base": "/a"}', "/a", id="wrong-inside-another"),
        pytest.param('{"GET" {}, "$base": "/a"}', None, id="behind-an-error-of-syntax"),
        pytest.param('["$base"]', None, id="no-object"),
        pytest.param("", None, id="empty"),
    ],
)
def test_a_setting_is_found_at_the_top_alone(text: str, value: Any) -> None:
    item = JsonDocument(text, "f").setting("$base")
    assert (item and item.value) == value


@pytest.mark.parametrize(
    ("text", "data"),
    [
        pytest.param('{"a": {"b": [1]}}', {"a": {"b": [1]}}, id="object"),
        pytest.param('[{"a": 1}]', [{"a": 1}], id="list"),
        pytest.param('{"a": [}', None, id="no-json"),
        pytest.param("[" * 100_000, None, id="nested-too-deep"),
    ],
)
def test_its_data_can_be_had_whatever_it_is(text: str, data: Any) -> None:
    assert JsonDocument(text, "f").data() == data
