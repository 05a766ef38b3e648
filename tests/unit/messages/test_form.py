import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakebackend.messages.form import MOST_FIELDS
from fakebackend.messages.form import MultiItems
from fakebackend.messages.form import Part
from fakebackend.messages.form import decode_form
from fakebackend.messages.form import decode_form_text
from fakebackend.messages.form import decode_multipart


@pytest.mark.parametrize(
    ("query", "pairs"),
    [
        pytest.param("", [], id="empty"),
        pytest.param("a=1&b=2", [("a", "1"), ("b", "2")], id="pairs"),
        pytest.param("a=1&a=2", [("a", "1"), ("a", "2")], id="repeated-in-order"),
        pytest.param("a", [("a", "")], id="name-alone"),
        pytest.param("a=", [("a", "")], id="empty-value"),
        pytest.param("=1", [("", "1")], id="empty-name"),
        pytest.param("&&a=1&", [("a", "1")], id="empty-pieces"),
        pytest.param("a=b=c", [("a", "b=c")], id="second-equals"),
        pytest.param("a+b=c+d", [("a b", "c d")], id="plus-is-a-space"),
        pytest.param("a=%2B%20%26%3D", [("a", "+ &=")], id="percent"),
        pytest.param("a=%E7%8C%AB", [("a", "猫")], id="utf-8"),
        pytest.param("a=%ff", [("a", "\udcff")], id="no-utf-8"),
        pytest.param("a=100%&b=%zz", [("a", "100%"), ("b", "%zz")], id="stray-percent"),
        pytest.param("a;b", [("a;b", "")], id="semicolon-is-no-separator"),
        pytest.param("a[]=1", [("a[]", "1")], id="brackets"),
        pytest.param("\udcff+=1", [("\udcff ", "1")], id="raw-byte"),
    ],
)
def test_a_query_is_decoded_as_a_form(query: str, pairs: list[tuple[str, str]]) -> None:
    assert decode_form(query) == pairs


def test_a_form_of_very_many_fields_is_none() -> None:
    assert len(decode_form("&".join(["a"] * MOST_FIELDS))) == MOST_FIELDS
    assert decode_form("&".join(["a"] * (MOST_FIELDS + 1))) == []


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        pytest.param("", "", id="empty"),
        pytest.param("a+b", "a b", id="plus-is-a-space"),
        pytest.param("a%2Bb%20c", "a+b c", id="percent"),
        pytest.param("%26%3d", "&=", id="separators"),
        pytest.param("%E7%8C%AB", "猫", id="utf-8"),
        pytest.param("%ff", "\udcff", id="no-utf-8"),
        pytest.param("100%&%zz", "100%&%zz", id="stray-percent"),
    ],
)
def test_a_name_or_value_is_decoded_alone(text: str, decoded: str) -> None:
    assert decode_form_text(text) == decoded


@given(st.lists(st.sampled_from(["a", "b", "=", "&", "+", "%2B", "%26", "%3D", "%ff", "%", ";", "猫", "\udcff"])))
def test_a_form_is_its_pieces_decoded_each_alone(pieces: list[str]) -> None:
    text = "".join(pieces)
    pairs = [piece.partition("=") for piece in text.split("&") if piece]
    assert decode_form(text) == [(decode_form_text(name), decode_form_text(value)) for name, _, value in pairs]


def part(name: str, content: bytes, more: str = "") -> bytes:
    return f'--b\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + content + b"\r\n"


@pytest.mark.parametrize(
    ("content", "items"),
    [
        pytest.param(part("a", b"1"), [("a", "1")], id="one"),
        pytest.param(part("a", b"1") + part("a", b"2"), [("a", "1"), ("a", "2")], id="twice"),
        pytest.param(part("a", b"x\r\ny\nz\r\n"), [("a", "x\r\ny\nz\r\n")], id="several-lines"),
        pytest.param(part("a", b""), [("a", "")], id="empty"),
        pytest.param(part("a", b"\xff"), [("a", "\udcff")], id="no-utf-8"),
        pytest.param(part("f", b"{}", '; filename="a.json"'), [("f", "{}")], id="file"),
        pytest.param(b"before\r\n" + part("a", b"1"), [("a", "1")], id="preamble"),
        pytest.param(part("a", b"x" * 1_000_000), [("a", "x" * 1_000_000)], id="large"),
    ],
)
def test_the_parts_of_a_multipart_body_are_its_items(content: bytes, items: MultiItems) -> None:
    assert [(part.name, part.text) for part in decode_multipart(content + b"--b--\r\n", "b")] == items


def test_a_part_that_is_a_file_has_its_name_and_type() -> None:
    content = part("f", b"\xff", '; filename="a.png"\r\nContent-Type: image/png') + part("g", b"1")
    assert decode_multipart(content + b"--b--\r\n", "b") == [
        Part("f", "a.png", "image/png", b"\xff"),
        Part("g", None, "", b"1"),
    ]


@pytest.mark.parametrize("content", [b"", b"nothing", b"--b", b"--b\r\n\r\n--b--", part("a", b"1")[:30]])
def test_what_is_no_multipart_has_no_items(content: bytes) -> None:
    assert decode_multipart(content, "b") == []
