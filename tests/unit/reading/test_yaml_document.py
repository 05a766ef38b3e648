from collections.abc import Callable
from typing import Any

import pytest

from fakebackend.reading.yaml_document import YamlDocument

TEXT = """\
GET:
  /a: {x: [1, {y: 2}], z: 3}
  /b: &b {p: 1, q: 2}
  /c:
    <<: *b
    q: 3
POST: 5
"""


def opened(path: tuple[str, ...]) -> Callable[[str], bool] | None:
    return None if path else ("GET", "POST").__contains__


def problems(text: str) -> list[str]:
    document = YamlDocument(text, "f")
    list(document.items(opened))
    return [str(problem) for problem in document.errors]


def test_items_come_in_order_with_their_lines_and_methods_are_opened() -> None:
    document = YamlDocument(TEXT, "f")
    assert [(item.path, item.value, document.lines.line(item.offset)) for item in document.items(opened)] == [
        (("GET", "/a"), {"x": [1, {"y": 2}], "z": 3}, 2),
        (("GET", "/b"), {"p": 1, "q": 2}, 3),
        (("GET", "/c"), {"q": 3, "p": 1}, 4),
        (("POST",), 5, 7),
    ]
    assert document.errors == []


@pytest.mark.parametrize(
    ("item", "path", "at_key", "place"),
    [
        pytest.param(0, (), True, "f:2:3", id="the-key"),
        pytest.param(0, (), False, "f:2:7", id="the-value"),
        pytest.param(0, ("x", 1, "y"), False, "f:2:19", id="deeper"),
        pytest.param(0, ("x",), True, "f:2:8", id="a-key"),
        pytest.param(0, ("x", 1), True, "f:2:15", id="an-element"),
        pytest.param(0, ("nowhere",), False, "f:2:3", id="missing-key-is-at-the-item"),
        pytest.param(2, ("q",), False, "f:6:8", id="written-out"),
        pytest.param(2, ("p",), True, "f:3:11", id="merged-from-elsewhere"),
    ],
)
def test_every_part_has_its_place(item: int, path: tuple[Any, ...], at_key: bool, place: str) -> None:
    document = YamlDocument(TEXT, "f")
    found = list(document.items(opened))[item]
    assert str(document.location(found, path, at_key=at_key)) == place


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", "f: the file is empty, expected a mapping like GET: {/user: {}}", id="empty"),
        pytest.param("[]", "f:1:1: a responses file is a mapping of methods", id="list"),
        pytest.param("\n text", "f:2:2: a responses file is a mapping of methods", id="text"),
        pytest.param("---\n# nothing\n", "f: the file is empty", id="comment-alone"),
        pytest.param("# c\n%YAML 1.3\n---\na: 1", "f:2:1: the file must be in YAML 1.2", id="unknown-version"),
        pytest.param('\na: "x\\UFFFFFFFF"', "f:2:6: an escape stands for no Unicode character", id="beyond-unicode"),
        pytest.param('a: "\\U00110000"', "f:1:5: an escape stands for no Unicode character", id="just-beyond-unicode"),
        pytest.param("a: 1\nb: \0", "f:2:4: YAML does not allow the character U+0000", id="nul"),
        pytest.param("a: 1\r\nb: 1\rc: \x1b", "f:3:4: YAML does not allow the character U+001B", id="control"),
        pytest.param("a:\n\tb: 1", "f:2:1: tabs are no indentation in YAML, use spaces", id="tab"),
        pytest.param("a: [1", 'f:1:4: "[" has no closing "]"', id="open-list"),
        pytest.param("a: 'x", "f:1:4: a string has no closing '", id="open-string"),
        pytest.param("a:\n  b: 1\n c: 2", "f:3:2: this line fits none above it", id="indentation"),
        pytest.param("%YAML 2.0\n---\na: 1", "f:1:1: the file must be in YAML 1.2", id="version"),
    ],
)
def test_what_is_wrong_is_said_once_with_its_place(text: str, expected: str) -> None:
    [problem] = problems(text)
    assert problem.startswith(expected)


def test_all_problems_up_to_the_error_of_syntax_are_found() -> None:
    found = problems("a: .inf\nb: 1e999\na: 1\nc: [1")
    assert [problem.split(" ")[0] for problem in found] == ["f:1:4:", "f:2:4:", "f:3:1:", "f:4:4:"]


def test_a_method_that_holds_no_mapping_is_an_item_of_its_own() -> None:
    document = YamlDocument("GET: []", "f")
    assert [(item.path, item.value) for item in document.items(opened)] == [(("GET",), [])]


@pytest.mark.parametrize(
    ("text", "data"),
    [
        pytest.param("a: {b: [1]}", {"a": {"b": [1]}}, id="mapping"),
        pytest.param("- a: 1", [{"a": 1}], id="list"),
        pytest.param("a: 1\na: 2", {"a": 1}, id="wrong-in-a-part"),
        pytest.param("a: [", None, id="no-yaml"),
    ],
)
def test_its_data_can_be_had_whatever_it_is(text: str, data: Any) -> None:
    assert YamlDocument(text, "f").data() == data
