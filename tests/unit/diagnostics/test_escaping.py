import pytest

from fakebackend.diagnostics.escaping import abbreviated
from fakebackend.diagnostics.escaping import ascii_header_value
from fakebackend.diagnostics.escaping import escape_control

UNSAFE = [
    pytest.param("\x1b[31m", r"\x1b[31m", id="escape"),
    pytest.param("a\r\nb", r"a\r\nb", id="line-end"),
    pytest.param("\x00\x7f\x9b", r"\x00\x7f\x9b", id="controls"),
    pytest.param("\u2028\u2029", r"\u2028\u2029", id="separators"),
    pytest.param("\ud800\udcff", r"\ud800\udcff", id="surrogates"),
    pytest.param("Zoë 猫 😀 \\", "Zoë 猫 😀 \\", id="plain-text-stays"),
]


@pytest.mark.parametrize(("text", "safe"), UNSAFE)
def test_what_harms_a_terminal_or_cannot_be_encoded_is_escaped(text: str, safe: str) -> None:
    assert escape_control(text) == abbreviated(text) == safe
    safe.encode("utf-8")


def test_only_printable_cuts_and_it_says_how_much_there_was() -> None:
    assert abbreviated("a" * 200) == "a" * 200
    assert abbreviated("a" * 201) == "a" * 200 + "... (201 characters)"
    assert escape_control("a" * 201) == "a" * 201


def test_a_cut_text_is_escaped_too() -> None:
    assert abbreviated("\n" * 201) == r"\n" * 200 + "... (201 characters)"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("plain", b"plain", id="ascii"),
        pytest.param("Zoë 😀", rb"Zo\xeb \U0001f600", id="beyond-ascii"),
        pytest.param("a\r\nX-Evil: 1", rb"a\r\nX-Evil: 1", id="injection"),
        pytest.param("  padded  ", b"padded", id="padding"),
    ],
)
def test_a_header_value_is_one_line_of_visible_ascii(text: str, value: bytes) -> None:
    assert ascii_header_value(text) == value
