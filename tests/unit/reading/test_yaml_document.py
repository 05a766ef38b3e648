import json
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


def value_of(text: str) -> Any:
    document = YamlDocument(text, "f")
    [item] = document.items(opened)
    assert document.errors == []
    return item.value


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
    ("scalar", "value"),
    [
        *[(text, None) for text in ("", "~", "null", "Null", "NULL")],
        *[(text, True) for text in ("true", "True", "TRUE")],
        *[(text, False) for text in ("false", "False", "FALSE")],
        *[("1", 1), ("-1", -1), ("+1", 1), ("007", 7), ("0o17", 15), ("0xFf", 255), ("1" * 308, int("1" * 308))],
        *[("1.5", 1.5), (".5", 0.5), ("1.", 1.0), ("1e3", 1000.0), ("-1.5E-1", -0.15)],
        *[
            (text, text)
            for text in ("no", "yes", "on", "tRUE", "2001-12-14", "12:30:45", "1_000", "0b1", "0o8", "-0x1")
        ],
        *[("'1'", "1"), ('"true"', "true"), ("|\n  1\n", "1\n"), (">-\n  a\n  b\n", "a b"), ("a\n  b", "a b")],
        *[('"\\ud83d\\ude00"', "😀"), ('"\\x41\\u00fc\\U0001F600"', "Aü😀"), ("😀", "😀")],
    ],
)
def test_scalars_are_what_the_core_schema_says_and_all_else_is_text(scalar: str, value: object) -> None:
    found = value_of(f"a: {scalar}")
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("a: {200: 1, true: 2, ~: 3, 1.5: 4}", {"200": 1, "true": 2, "~": 3, "1.5": 4}, id="keys-are-text"),
        pytest.param("a: {'': 1, \"b\": 2}", {"": 1, "b": 2}, id="quoted-keys"),
        pytest.param("a: [&x 1, *x, *x]", [1, 1, 1], id="anchor"),
        pytest.param("a: [&x {b: 1}, *x]", [{"b": 1}, {"b": 1}], id="anchored-mapping"),
        pytest.param("a: [&x 1, &x 2, *x]", [1, 2, 2], id="anchor-set-again"),
        pytest.param("a: [&x {b: 1, c: 2}, {<<: *x, b: 3}]", [{"b": 1, "c": 2}, {"b": 3, "c": 2}], id="merge"),
        pytest.param(
            "a: [&x {b: 1}, &y {b: 2, c: 3}, {<<: [*x, *y]}]",
            [{"b": 1}, {"b": 2, "c": 3}, {"b": 1, "c": 3}],
            id="merge-list",
        ),
        pytest.param("a: {<<: {b: 1}}", {"b": 1}, id="merge-in-place"),
        pytest.param("a: {b: 1, <<: []}", {"b": 1}, id="merge-nothing"),
        pytest.param("a: {'<<': 1, \"b\": 2}", {"<<": 1, "b": 2}, id="quoted-it-does-not-merge"),
        pytest.param("a: [&x {}, {b: *x}]", [{}, {"b": {}}], id="alias-as-value"),
        pytest.param("%YAML 1.1\n---\na: no\n...\n", "no", id="directive"),
        pytest.param("\ufeffa: 1 # comment", 1, id="byte-order-mark-and-comment"),
        pytest.param("a: 'b\r\n\r\n  c'", "b\nc", id="folded"),
    ],
)
def test_mappings_anchors_and_merges(text: str, value: object) -> None:
    assert value_of(text) == value


def test_json_is_yaml() -> None:
    data: dict[str, Any] = {"b": [1, 2.5, True, None, 'ü\n\\"/', {"c": {}}, []], "d": ""}
    assert value_of(json.dumps({"a": data})) == data
    assert value_of(json.dumps({"a": data}, ensure_ascii=False, indent=2)) == data


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", "f: the file is empty, expected a mapping like GET: {/user: {}}", id="empty"),
        pytest.param("---\n# nothing\n", "f: the file is empty", id="comment-alone"),
        pytest.param("[]", "f:1:1: a responses file is a mapping of methods", id="list"),
        pytest.param("\n text", "f:2:2: a responses file is a mapping of methods", id="text"),
        pytest.param("a: 1\n---\nb: 1", "f:2:1: a responses file is one YAML document, this starts another", id="two"),
        pytest.param("# c\n%YAML 1.3\n---\na: 1", "f:2:1: the file must be in YAML 1.2", id="unknown-version"),
        pytest.param("a: !!str 1", "f:1:4: tags are not supported, got ", id="tag"),
        pytest.param("a: ! 1", "f:1:4: tags are not supported, got !", id="bare-tag"),
        pytest.param("a: !!map {}", "f:1:4: tags are not supported, got ", id="tagged-mapping"),
        pytest.param("a: *x", "f:1:4: there is no anchor &x before this alias", id="unknown-alias"),
        pytest.param("a: &x [*x]", "f:1:8: the anchor &x contains itself", id="recursive"),
        pytest.param("a: &x\n  b: {<<: *x}", "f:2:11: the anchor &x contains itself", id="recursive-merge"),
        pytest.param("a: &x 1\n*x : 2", "f:2:1: a key must be text, not an alias", id="alias-as-key"),
        pytest.param("? [a]\n: 1", "f:1:3: a key must be text", id="list-as-key"),
        pytest.param("{a: 1}: 1", "f:1:1: a key must be text", id="mapping-as-key"),
        pytest.param("a: {<<: 1}", "f:1:9: << takes a mapping or a list of mappings", id="merge-number"),
        pytest.param("a: {<<: [{}, 1]}", "f:1:9: << takes a mapping or a list of mappings", id="merge-list-of-numbers"),
        pytest.param("a: 1\na: 2", 'f:2:1: duplicate key "a"', id="duplicate"),
        pytest.param("a: {b: {1: 1, '1': 2}}", 'f:1:15: duplicate key "1"', id="duplicate-spelled-otherwise"),
        pytest.param("a: -.inf", "f:1:4: -.inf is no JSON number", id="infinity"),
        pytest.param("a: .NaN", "f:1:4: .NaN is no JSON number", id="nan"),
        pytest.param("a: 1e999", "f:1:4: the number is outside the range of a double", id="exponent"),
        pytest.param("a: " + "9" * 5000, "f:1:4: the number is outside the range of a double", id="5,000-digits"),
        pytest.param("a: 0x" + "f" * 5000, "f:1:4: the number is outside the range of a double", id="5,000-hex-digits"),
        pytest.param('a: "\\udc2f"', "f:1:4: a string holds a lone surrogate", id="surrogate"),
        pytest.param('"\\ud800": 1', "f:1:1: a string holds a lone surrogate", id="surrogate-key"),
        pytest.param('\na: "x\\UFFFFFFFF"', "f:2:6: an escape stands for no Unicode character", id="beyond-unicode"),
        pytest.param('a: "\\U00110000"', "f:1:5: an escape stands for no Unicode character", id="just-beyond-unicode"),
        pytest.param("a: 1\nb: \0", "f:2:4: YAML does not allow the character U+0000", id="nul"),
        pytest.param("a: 1\r\nb: 1\rc: \x1b", "f:3:4: YAML does not allow the character U+001B", id="control"),
        pytest.param("a:\n\tb: 1", "f:2:1: found character '\\t' that cannot start any token", id="tab"),
        pytest.param("a: [1", "f:1:6: ", id="open-list"),
        pytest.param("a: 'x", "f:1:6: found unexpected end of stream", id="open-string"),
        pytest.param("a:\n  b: 1\n c: 2", "f:3:2: ", id="indentation"),
        pytest.param("%YAML 2.0\n---\na: 1", "f:1:1: found incompatible YAML document", id="version"),
        pytest.param("[" * 600, "f:1:501: nesting is deeper than 500 levels", id="600-lists"),
        pytest.param(
            "a: &x " + "[" * 300 + "]" * 300 + "\nb: " + "[" * 300 + "*x", "f:2:304: nesting", id="deep-alias"
        ),
        pytest.param(
            "a: &x {c: " + "[" * 299 + "]" * 299 + "}\nb: &y {<<: *x}\nc: " + "[" * 300 + "*y",
            "f:3:304: nesting is deeper than 500 levels",
            id="deep-merge",
        ),
    ],
)
def test_what_is_wrong_is_said_once_with_its_place(text: str, expected: str) -> None:
    [problem] = problems(text)
    assert problem.startswith(expected)


def test_aliases_that_multiply_are_refused_before_they_fill_the_memory() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    [problem] = problems("\n".join(lines))
    assert problem.endswith("the aliases stand for more than 64 MiB of data")


def test_all_problems_up_to_the_error_of_syntax_are_found() -> None:
    found = problems("a: .inf\nb: 1e999\na: 1\nc: [1")
    assert [problem.split(" ")[0] for problem in found] == ["f:1:4:", "f:2:4:", "f:3:1:", "f:4:6:"]


def test_a_method_that_holds_no_mapping_is_an_item_of_its_own() -> None:
    assert value_of("GET: []") == []


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        pytest.param("{a: 1, <<: *m, c: 3}", ["a", "x", "y", "c"], id="between"),
        pytest.param("{<<: *m, a: 1}", ["x", "y", "a"], id="first"),
        pytest.param("{a: 1, <<: *m}", ["a", "x", "y"], id="last"),
        pytest.param("{<<: *m, a: 1, x: 2}", ["y", "a", "x"], id="an-own-key-stands-where-it-is-written"),
        pytest.param("{<<: [*n, *m], a: 1}", ["y", "z", "x", "a"], id="several"),
        pytest.param("{<<: *n, a: 1, <<: *m}", ["y", "z", "a", "x"], id="twice"),
    ],
)
def test_merged_keys_stand_where_the_merge_stands(text: str, keys: list[str]) -> None:
    document = YamlDocument(f"POST:\n  /m: &m {{x: 1, y: 2}}\n  /n: &n {{y: 3, z: 4}}\nGET:\n  /a: {text}\n", "f")
    *_, item = document.items(opened)
    assert list(item.value) == keys


def test_aliases_are_weighed_by_what_they_stand_for() -> None:
    """100 kB of file that would be 2 GB of data."""
    aliases = ", ".join(["*a"] * 20_000)
    assert problems(f'GET:\n  /a: &a "{"x" * 100_000}"\n  /b: [{aliases}]\n') == [
        "f:3:2692: the aliases stand for more than 64 MiB of data"
    ]
