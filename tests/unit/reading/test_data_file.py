"""Data beside a responses file."""

from typing import Any

import pytest

from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.reading.data_file import parse_data


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        pytest.param("a.json", ' {"a": [1, null]} ', {"a": [1, None]}, id="json"),
        pytest.param("a.json", "\ufeff[1]", [1], id="byte-order-mark"),
        pytest.param("a.JSON", '"x"', "x", id="ending-in-capitals"),
        pytest.param("a.jsonc", "// c\n[1, /* two */ 2,]", [1, 2], id="jsonc"),
        pytest.param("a.yaml", "- 1\n- no\n- 2026-01-01\n", [1, "no", "2026-01-01"], id="yaml-list"),
        pytest.param("a.yml", "a: {b: true}", {"a": {"b": True}}, id="yaml-mapping"),
        pytest.param("a.yaml", "just text", "just text", id="yaml-text"),
        pytest.param(
            "a.csv",
            'id,name\r\n1,Ann\r\n2,"B, ""x"""\r\n',
            [{"id": "1", "name": "Ann"}, {"id": "2", "name": 'B, "x"'}],
            id="csv",
        ),
        pytest.param(
            "a.csv", "a,b\n1\n\n2,3", [{"a": "1", "b": ""}, {"a": "2", "b": "3"}], id="csv-short-and-empty-lines"
        ),
        pytest.param("a.csv", 'a\n"two\nlines"\n', [{"a": "two\nlines"}], id="csv-line-ends"),
        pytest.param("a.csv", "", [], id="csv-empty"),
        pytest.param("a.txt", "plain\n", "plain\n", id="text"),
        pytest.param("README", "{", "{", id="no-ending"),
    ],
)
def test_an_ending_says_how_a_file_is_read(name: str, text: str, value: Any) -> None:
    assert parse_data(text.encode(), name) == value


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        pytest.param(
            "a.json",
            b'{"a": 1}\n{"b": 2}',
            "a.json:2:1: the file holds one JSON value, and there is more behind it",
            id="two-values",
        ),
        pytest.param(
            "a.json", b'{"a": 1, "a": 2}', 'a.json:1:10: duplicate key "a", one of the two must go', id="duplicate"
        ),
        pytest.param("a.json", b"", "a.json:1:1: ", id="empty"),
        pytest.param("a.json", b"[NaN]", "a.json:1:2: ", id="no-json"),
        pytest.param("a.yaml", b"a: [1", "a.yaml:", id="yaml"),
        pytest.param("a.yaml", b"a: !!int 1", "a.yaml:1:4: ", id="yaml-tag"),
        pytest.param("a.csv", b"a,b\n1,2,3\n", "a.csv:2:1: has 3 values, and there are 2 names in line 1", id="csv"),
        pytest.param("a.txt", b"\xff", "a.txt:1:1: byte 0xff is not UTF-8", id="bytes"),
    ],
)
def test_what_is_wrong_has_its_place(name: str, content: bytes, error: str) -> None:
    with pytest.raises(ResponsesFileError) as caught:
        parse_data(content, name)
    assert str(caught.value.errors[0]).startswith(error)
