import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakebackend.reading.detect import parse_document
from fakebackend.reading.jsonc_document import JsoncDocument

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text('ab/*,"\\\\[]{} \n\u2028', max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('a/*,"', max_size=4), inner, max_size=3),
    max_leaves=8,
)


def read(text: str) -> tuple[dict[str, Any], list[str]]:
    document = JsoncDocument(text, "f.jsonc")
    values = {item.path[0]: item.value for item in document.items(lambda _: None)}
    return values, [str(error) for error in document.errors]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param('{"a": 1} // end', {"a": 1}, id="line-comment"),
        pytest.param('/* one\n two */{"a": /**/ 1}', {"a": 1}, id="block-comment"),
        pytest.param('{"a": "// /* no */",}', {"a": "// /* no */"}, id="in-a-string"),
        pytest.param('{"a": "\\\\" // "x"\n}', {"a": "\\"}, id="behind-a-backslash"),
        pytest.param('{"a": [1, 2, ], "b": {"c": 1,\n},\r\n}', {"a": [1, 2], "b": {"c": 1}}, id="trailing-commas"),
        pytest.param('{"a": [1 , ]}', {"a": [1]}, id="space-before-a-comma"),
        pytest.param('{"a": [1, /* last */ // really\n ]}', {"a": [1]}, id="comments-behind-a-comma"),
        pytest.param('{"a": ",]"}', {"a": ",]"}, id="comma-in-a-string"),
    ],
)
def test_comments_and_trailing_commas_are_left_out(text: str, value: dict[str, Any]) -> None:
    assert read(text) == (value, [])


@pytest.mark.parametrize(
    ("text", "error"),
    [
        pytest.param('{"a": [,]}', "f.jsonc:1:8: expected a value", id="comma-alone"),
        pytest.param(",}", "f.jsonc:1:1: expected", id="comma-first"),
        pytest.param('{"a": 1,,}', "f.jsonc:1:9: expected", id="two-commas"),
        pytest.param('{"a": 1} /* ', "f.jsonc:1:10: expected the end of the file", id="open-comment"),
        pytest.param("// é\n/* ü\n*/ {1}", "f.jsonc:3:5: expected a key", id="place"),
        pytest.param('{"a": "x // y\n}', "f.jsonc:1:14: a string holds a bare control character", id="open-string"),
    ],
)
def test_what_is_wrong_keeps_its_place(text: str, error: str) -> None:
    _, [found] = read(text)
    assert found.startswith(error)


@given(VALUES)
def test_json_means_the_same_with_comments_and_without(value: Any) -> None:
    text = json.dumps({"a": value}, indent=1)
    commented = text.replace("[\n", "[ // x, ]\n").replace("\n", "/* , */\n")
    assert read(commented) == read(text) == ({"a": value}, [])


def test_the_ending_of_the_name_says_so() -> None:
    assert isinstance(parse_document(b"{}", "a/b.JSONC"), JsoncDocument)
    assert not isinstance(parse_document(b"{}", "a/b.json"), JsoncDocument)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        pytest.param(
            '{"GET": {"/a": 1 /* open }}',
            'f:1:18: expected "," or "}", got \'/\': the comment has no end, a */',
            id="open",
        ),
        pytest.param(
            '{"GET": {"/a": 1 # no\n}}', 'f:1:18: expected "," or "}", got \'#\': comments are // or /* */', id="hash"
        ),
        pytest.param('{"GET": {/a: 1}}', "f:1:10: expected a key in double quotes, got '/'", id="no-comment"),
    ],
)
def test_a_comment_that_is_none_is_told(text: str, error: str) -> None:
    document = JsoncDocument(text, "f")
    list(document.items(lambda _: str.isupper))
    assert [str(each) for each in document.errors] == [error]
