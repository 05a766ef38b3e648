import json
from typing import Any

import pytest

from fakebackend.diagnostics.location import LineIndex
from fakebackend.reading.yaml_composer import YamlComposer
from fakebackend.reading.yaml_composer import YamlSyntaxError
from fakebackend.reading.yaml_events import pure_events
from fakebackend.reading.yaml_node import YamlNode


def composed(text: str) -> tuple[YamlNode | None, list[str]]:
    """Return the root, if composing came to its end, and what is wrong with the text."""
    found: list[str] = []
    lines = LineIndex("f", text)

    def report(offset: int, text: str) -> None:
        found.append(f"{lines.location(offset)}: {text}")

    try:
        return YamlComposer(pure_events(text), report).root(), found
    except YamlSyntaxError as e:
        report(e.offset or 0, str(e))
    return None, found


def problems(text: str) -> list[str]:
    return composed(text)[1]


def value_of(text: str) -> Any:
    """Return the value of the one key of a text in which nothing is wrong."""
    root, found = composed(text)
    assert root is not None
    assert found == []
    [value] = root.value.values()
    return value


@pytest.mark.parametrize(
    ("scalar", "value"),
    [
        *[
            ("1", 1),
            ("'1'", "1"),
            ('"true"', "true"),
            ("|\n  1\n", "1\n"),
            (">-\n  a\n  b\n", "a b"),
            ("a\n  b", "a b"),
        ],
        *[('"\\ud83d\\ude00"', "😀"), ('"\\x41\\u00fc\\U0001F600"', "Aü😀"), ("😀", "😀")],
    ],
)
def test_only_what_stands_without_quotes_can_be_something_else_than_text(scalar: str, value: object) -> None:
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
        pytest.param("a: 1\n---\nb: 1", "f:2:1: a responses file is one YAML document, this starts another", id="two"),
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
        pytest.param("a: 1\na: 2", 'f:2:1: duplicate key "a", one of the two must go', id="duplicate"),
        pytest.param(
            "a: {b: {1: 1, '1': 2}}",
            'f:1:15: duplicate key "1", one of the two must go',
            id="duplicate-spelled-otherwise",
        ),
        pytest.param("a: -.inf", "f:1:4: -.inf is no JSON number; null or a string may stand for it", id="infinity"),
        pytest.param("a: .NaN", "f:1:4: .NaN is no JSON number; null or a string may stand for it", id="nan"),
        pytest.param("a: 1e999", "f:1:4: the number is outside the range of a double", id="exponent"),
        pytest.param("a: " + "9" * 5000, "f:1:4: the number is outside the range of a double", id="5,000-digits"),
        pytest.param("a: 0x" + "f" * 5000, "f:1:4: the number is outside the range of a double", id="5,000-hex-digits"),
        pytest.param('a: "\\udc2f"', "f:1:4: a string holds a lone surrogate", id="surrogate"),
        pytest.param('"\\ud800": 1', "f:1:1: a string holds a lone surrogate", id="surrogate-key"),
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


def test_a_node_knows_its_place_its_parts_and_where_their_keys_stand() -> None:
    text = "a:\n  b: [1, {c: 2}]\n"
    root, _ = composed(text)
    lines = LineIndex("f", text)
    assert root is not None
    places = {}
    pending = [("", root)]
    while pending:
        path, node = pending.pop()
        places[path] = str(lines.location(node.offset))
        for step, part in node.parts.items():
            assert node.value[step] is part.value
            pending.append((f"{path}/{step}", part))
    assert places == {
        "": "f:1:1",
        "/a": "f:2:3",
        "/a/b": "f:2:6",
        "/a/b/0": "f:2:7",
        "/a/b/1": "f:2:10",
        "/a/b/1/c": "f:2:14",
    }
    assert str(lines.location(root.parts["a"].key_offsets["b"])) == "f:2:3"


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        pytest.param("a:\n  b: \n\nc: 1", "f:2:3", "f:2:3", id="value"),
        pytest.param("a: {c, b: }", "f:1:8", "f:1:8", id="value-in-braces"),
        pytest.param("a: {c: 1, b: &x }", "f:1:11", "f:1:14", id="anchored-value"),
        pytest.param("a: {c: 1, b: ''}", "f:1:11", "f:1:14", id="quoted-value"),
    ],
)
def test_what_is_not_there_is_where_its_key_is(text: str, key: str, value: str) -> None:
    root, _ = composed(text)
    lines = LineIndex("f", text)
    assert root is not None
    node = root.parts["a"]
    places = [str(lines.location(offset)) for offset in (node.key_offsets["b"], node.parts["b"].offset)]
    assert places == [key, value]


def test_a_key_that_is_not_there_is_where_its_mapping_is() -> None:
    root, _ = composed("a: {b: 1, ? : 2}")
    assert root is not None
    assert root.parts["a"].key_offsets[""] == root.parts["a"].offset == 3


@pytest.mark.parametrize(
    ("text", "size", "depth"),
    [
        pytest.param("a: 1", 3, 0, id="scalar"),
        pytest.param("a: {}", 2, 1, id="empty-mapping"),
        pytest.param("a: [1, [2, 3]]", 269, 2, id="sequences"),
        pytest.param("a: {b: {c: 1}, d: 2}", 205, 2, id="mappings"),
        pytest.param("a: [&x [1], *x]", 268, 2, id="aliases-count-as-what-they-stand-for"),
        pytest.param("a: {b: 0, <<: {c: [1], b: 9}}", 204, 2, id="merged-keys-count"),
    ],
)
def test_a_node_counts_what_is_in_it(text: str, size: int, depth: int) -> None:
    root, _ = composed(text)
    assert root is not None
    assert (root.parts["a"].size, root.parts["a"].depth) == (size, depth)


def test_of_a_key_that_stands_there_twice_the_first_value_stays() -> None:
    root, found = composed("a: {b: 1, b: 2}")
    assert root is not None
    assert root.value == {"a": {"b": 1}}
    assert found == ['f:1:11: duplicate key "b", one of the two must go']


def test_a_text_without_a_document_has_no_place() -> None:
    with pytest.raises(YamlSyntaxError, match="the file is empty") as caught:
        YamlComposer(pure_events("# nothing"), lambda offset, text: None).root()
    assert caught.value.offset is None


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
    root, found = composed(f"m: &m {{x: 1, y: 2}}\nn: &n {{y: 3, z: 4}}\na: {text}\n")
    assert root is not None
    assert not found
    assert list(root.value["a"]) == list(root.parts["a"].parts) == keys


def test_aliases_are_weighed_by_what_they_stand_for() -> None:
    """100 kB of file that would be 2 GB of data."""
    aliases = ", ".join(["*a"] * 20_000)
    assert problems(f'GET:\n  /a: &a "{"x" * 100_000}"\n  /b: [{aliases}]\n') == [
        "f:3:2692: the aliases stand for more than 64 MiB of data"
    ]
