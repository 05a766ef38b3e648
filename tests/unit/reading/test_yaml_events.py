import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from ruamel.yaml.error import YAMLError

from fakebackend.reading import yaml_events
from fakebackend.reading.yaml_composer import YamlComposer
from fakebackend.reading.yaml_composer import YamlSyntaxError
from fakebackend.reading.yaml_events import UnsureError
from fakebackend.reading.yaml_events import pure_events
from fakebackend.reading.yaml_events import sure_events
from fakebackend.reading.yaml_node import YamlNode


def _pyyaml() -> Any:
    return pytest.importorskip("yaml.cyaml").CParser, pytest.importorskip("yaml").YAMLError


def _clib() -> Any:
    return pytest.importorskip("_ruamel_yaml").CParser, YAMLError


PARSERS = {"pyyaml": _pyyaml, "clib": _clib}


@pytest.fixture(params=PARSERS)
def each_libyaml(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    found = PARSERS[request.param]()
    monkeypatch.setattr(yaml_events, "libyaml", lambda: found)


def refuse(offset: int, text: str) -> None:
    raise YamlSyntaxError(offset, text)


def parts_of(node: YamlNode) -> Iterator[tuple[Any, ...]]:
    """Yield everything that there is to know of a node and of all inside it."""
    yield node.offset, repr(node.value), node.size, node.depth
    for step, part in node.parts.items():
        yield step, node.key_offsets[step]
        yield from parts_of(part)


def read_by(events: Iterator[Any]) -> list[tuple[Any, ...]] | None:
    """Return all that is read, or None if anything is wrong or not sure."""
    try:
        return list(parts_of(YamlComposer(events, refuse).root()))
    except (UnsureError, YamlSyntaxError):
        return None


SURE = [
    pytest.param("a: 1\nb:\n  - c\n  -   d: e\n      f: {g: [h, 'i', \"j\\n\"]}\n", id="collections"),
    pytest.param("a:\n- b\n-\n- - c\n  - d\n", id="sequences"),
    pytest.param("a:\nb: \nc: # d\ne: {f: , g}\n? h\ni: &j\nk: {l, m}", id="nothing"),
    pytest.param("# a\nb: c # d\n\n#e\nf: g#h\n", id="comments"),
    pytest.param("a: b c\n  d\n\n  e\nf: 'g\n  h'\ni: \"j\\\n  k\n\n  l\"\n", id="several-lines"),
    pytest.param("a: |\n  b\n\n   c\nd: >-\n  e\n  f\n\n  g\nh: |2+\n    i\n\n", id="blocks"),
    pytest.param("a: &b {c: 1}\nd: *b\ne: [*b, *b]\nf: {g: *b}\nh:\n  <<: *b\n", id="anchors"),
    pytest.param("a: http://x:8/y?z=1&b=*\nc: d, e]\nf: -1 - ?g\n", id="indicators-inside"),
    pytest.param("é: 猫\n😀: '😀' # 😀\nb: \xa0\n", id="characters"),
    pytest.param("a: b\r\nc:\r\n  - d\r\n\r\n  - 'e\r\n    f'\r\n", id="crlf"),
    pytest.param("--- # a\nb: 1\n", id="document"),
    pytest.param('{"a": [1, {"b": "c\\u00e9\\/"}], "d":{}, "e":"f"}', id="json"),
    pytest.param(json.dumps({"a": {"b": [1, "c", None]}}, indent=2), id="indented-json"),
    pytest.param("? a\n: b\n? 'c'\n: - d\n", id="question-marks"),
]


@pytest.mark.usefixtures("each_libyaml")
@pytest.mark.parametrize("text", SURE)
def test_what_is_written_every_day_is_read_by_libyaml(text: str) -> None:
    """The same, and without the slower parser."""
    fast = read_by(sure_events(text))
    assert fast is not None
    assert fast == read_by(pure_events(text))


@pytest.mark.usefixtures("each_libyaml")
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: b\t", id="tab"),
        pytest.param("a: b\u2028  c", id="line-separator"),
        pytest.param("a: b\x85  c", id="next-line"),
        pytest.param("a: b\rc: d", id="carriage-return"),
        pytest.param("\ufeffa: b", id="byte-order-mark"),
        pytest.param("a: b\x7f", id="control"),
        pytest.param("%YAML 1.1\n---\na: b", id="directive"),
        pytest.param("a: b\n...\n...\n", id="document-end"),
        pytest.param("a: &b:c d", id="anchor-of-a-scalar"),
        pytest.param("a: &b:c {}", id="anchor-of-a-mapping"),
        pytest.param("a: &b:c []", id="anchor-of-a-sequence"),
        pytest.param("a: &b c\nd: {*b: e}", id="alias"),
        pytest.param("a: |-#\n  b", id="comment-in-a-header"),
        pytest.param("a: |\n  \n    b", id="blank-first-line"),
        pytest.param("a: >\r\n  \r\n    b", id="blank-first-line-and-crlf"),
        pytest.param("a: |", id="header-alone"),
        pytest.param("|\n#", id="block-as-root"),
        pytest.param("--- >\n#", id="block-behind-dashes"),
        pytest.param("a: [?]", id="question-mark-in-a-sequence"),
        pytest.param("a: [b: c]", id="pair-in-a-sequence"),
        pytest.param("a: [&x :b]", id="anchored-pair"),
        pytest.param("a: [", id="refused"),
    ],
)
def test_what_may_be_read_otherwise_is_left_to_the_other_parser(text: str) -> None:
    with pytest.raises(UnsureError):
        list(sure_events(text))


def test_without_libyaml_nothing_is_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_events, "libyaml", lambda: None)
    with pytest.raises(UnsureError):
        list(sure_events("a: 1"))


PIECES = [
    *" \n:-?a[]{},#'\"&*|>\\!%@`~=<1é😀\r\t\x85\u2028\ufeff\x7f",
    *("  ", "\n  ", "\n    ", "\n- ", "- ", ": ", ", ", "? ", " # c", "&x ", "*x", "*x ", "!t ", "<<: ", "\r\n", "\\n"),
    *("a: ", "b: 1\n", "{a: 1}", "[1, 2]", '"a":', "'b'", '""', "|\n", ">-\n", "|2\n", "---\n", "...\n", "a: b: c"),
    *(
        "{{ x }}",
        "http://x:8/y?z#q",
        "\n\n",
        "a: |\n  t\n\n",
        "a: 'x\n\n  y'\n",
        "\\u00e9",
        "\\ud83d\\ude00",
        "a" * 1020,
    ),
]
FRAMES = [
    "%",
    "a: %",
    "a:\n  %",
    "- %",
    "a: [%]",
    "{%}",
    "{a: [%]}",
    'a: "%"',
    "a: |\n  %",
    "x: &x 1\na: [&y b, %, *x]\n",
]

few = st.lists(st.sampled_from(PIECES), min_size=1, max_size=8)
texts = st.builds(lambda frame, pieces: frame.replace("%", "".join(pieces)), st.sampled_from(FRAMES), few)


@pytest.mark.slow
@pytest.mark.parametrize("parser", PARSERS)
@settings(max_examples=1000)
@given(text=texts)
def test_both_parsers_read_the_same(parser: str, text: str) -> None:
    """What is read from libyaml's events without an error is read from the others so, too, every place included."""
    found = PARSERS[parser]()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_events, "libyaml", lambda: found)
        fast = read_by(sure_events(text))
    if fast is not None:
        assert fast == read_by(pure_events(text))


@pytest.mark.usefixtures("each_libyaml")
@pytest.mark.parametrize("length", [1021, 1022, 1023, 1024, 1025])
@pytest.mark.parametrize("key", ["é{}", "'{}'", '"😀{}"', "&x {}"])
def test_a_key_ends_at_1024_characters_for_both(key: str, length: int) -> None:
    text = f"a: 1\n{key.format('k' * length)}: 2\n"
    fast = read_by(sure_events(text))
    assert fast is None or fast == read_by(pure_events(text))


@pytest.mark.usefixtures("each_libyaml")
def test_escapes_are_read_the_same() -> None:
    for code in range(0x20, 0x7F):
        text = f'a: "\\{chr(code)}0041"'
        fast = read_by(sure_events(text))
        assert fast is None or fast == read_by(pure_events(text))
