import codecs
import encodings

import pytest

from fakebackend.messages.charsets import CODECS
from fakebackend.messages.charsets import decode


@pytest.mark.parametrize(
    ("content", "label", "text"),
    [
        pytest.param("é".encode(), "", "é", id="utf-8-where-none-is-named"),
        pytest.param("é".encode(), " UTF8 ", "é", id="letter-case-and-space"),
        pytest.param(b"\xe9", "iso-8859-1", "é", id="latin-1"),
        pytest.param(b"\x80\x81", "latin1", "\x80\x81", id="latin-1-with-what-windows-leaves-free"),
        pytest.param(b"\x80", "us-ascii", "€", id="ascii-is-windows-1252"),
        pytest.param("é".encode("utf-16-le"), "utf-16", "é", id="utf-16-is-little-endian"),
        pytest.param("é".encode("utf-16"), "utf-16le", "é", id="utf-16-with-its-mark"),
        pytest.param(codecs.BOM_UTF16_BE + "é".encode("utf-16-be"), "utf-16", "é", id="the-mark-wins"),
        pytest.param("日本".encode("cp932"), "Shift_JIS", "日本", id="japanese"),
        pytest.param(b"\xff", "utf-8", None, id="no-utf-8"),
        pytest.param(b"\x81", "shift_jis", None, id="no-japanese"),
        pytest.param(b"a\xff", "punycode", "a\ufffd", id="python-knows-more"),
        pytest.param(b"a", "idna", "a", id="none-that-takes-for-ever"),
        pytest.param(b"a", "\0", "a", id="zero-byte"),
    ],
)
def test_text_is_decoded_as_browsers_do(content: bytes, label: str, text: str | None) -> None:
    assert decode(content, label) == text


def test_every_label_names_a_codec_that_python_has() -> None:
    assert len(CODECS) > 200
    assert all(codecs.lookup(codec).name for codec in set(CODECS.values()))


def test_a_name_that_a_client_made_up_never_gets_to_pythons_codecs() -> None:
    decode(b"a", "fakebackend-made-up")
    assert not [name for name in encodings._cache if "made_up" in name or "made-up" in name]
