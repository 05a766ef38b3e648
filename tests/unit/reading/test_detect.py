import pytest

from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.reading.detect import parse_document
from fakebackend.reading.json_document import JsonDocument
from fakebackend.reading.yaml_document import YamlDocument


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.json", JsonDocument),
        ("a.yaml", YamlDocument),
        ("a.yml", YamlDocument),
        ("folder.json/a.YAML", YamlDocument),
        ("folder.yaml/a", JsonDocument),
        ("a.txt", JsonDocument),
        (".yaml", JsonDocument),
    ],
)
def test_the_ending_of_the_name_chooses_the_syntax(name: str, kind: type) -> None:
    assert type(parse_document(b"{}", name)) is kind


@pytest.mark.parametrize("name", ["a.json", "a.yaml"])
def test_a_byte_order_mark_is_no_part_of_the_text(name: str) -> None:
    document = parse_document(b'\xef\xbb\xbf{"a": 1}', name)
    [item] = document.items(lambda _: None)
    assert (item.path, item.value, document.errors) == (("a",), 1, [])
    assert str(document.location(item, at_key=True)) == f"{name}:1:2"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        pytest.param("{}".encode("utf-16"), "a.json: the file must be UTF-8, this looks like UTF-16", id="utf-16"),
        pytest.param(b"\xfe\xff\0{", "a.json: the file must be UTF-8, this looks like UTF-16", id="utf-16-be"),
        pytest.param(b"\xff", "a.json:1:1: byte 0xff is not UTF-8", id="first-byte"),
        pytest.param(b"abc\xe4", "a.json:1:4: byte 0xe4 is not UTF-8", id="first-line"),
        pytest.param("ä\nö".encode() + b"\xe4", "a.json:2:2: byte 0xe4 is not UTF-8", id="columns-are-characters"),
        pytest.param(b"\n\n\xe4", "a.json:3:1: byte 0xe4 is not UTF-8", id="line-start"),
        pytest.param(b"\xed\xa0\x80", "a.json:1:1: byte 0xed is not UTF-8", id="encoded-surrogate"),
        pytest.param(b"\xef\xbb\xbf\xff", "a.json:1:1: byte 0xff is not UTF-8", id="after-the-mark"),
    ],
)
def test_what_is_no_utf8_is_refused_at_its_place(content: bytes, error: str) -> None:
    with pytest.raises(ResponsesFileError) as caught:
        parse_document(content, "a.json")
    assert str(caught.value) == error
