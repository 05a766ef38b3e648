import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakebackend.messages.url_path import ENCODED_SLASH
from fakebackend.messages.url_path import canonical_path
from fakebackend.messages.url_path import percent_encoded
from fakebackend.messages.url_path import spelled_pieces


@pytest.mark.parametrize(
    ("target", "path"),
    [
        pytest.param("/a", "/a", id="plain"),
        pytest.param("/", "/", id="root"),
        pytest.param("", "/", id="empty"),
        pytest.param("?a=1", "/", id="query-alone"),
        pytest.param("*", "*", id="asterisk"),
        pytest.param("a/../b%20c", "a/../b%20c", id="no-leading-slash"),
        pytest.param("/a?b=/../c", "/a", id="query"),
        pytest.param("/a?b?c", "/a", id="second-question-mark"),
        pytest.param("/A/", "/A/", id="case-and-trailing-slash-count"),
        pytest.param("//a//b", "//a//b", id="empty-segments"),
        pytest.param("/a%20b+c", "/a b+c", id="plus-is-no-space"),
        pytest.param("/%7Eann", "/~ann", id="unreserved"),
        pytest.param("/%e7%8c%ab", "/猫", id="utf-8"),
        pytest.param("/猫%20", "/猫 ", id="raw-utf-8-beside-percent"),
        pytest.param("/100%", "/100%", id="stray-percent-at-end"),
        pytest.param("/%zz%4", "/%zz%4", id="stray-percent"),
        pytest.param("/%2561", "/%61", id="decoded-once"),
        pytest.param("/%00%0a", "/\0\n", id="controls"),
        pytest.param("/a%2Fb", f"/a{ENCODED_SLASH}b", id="encoded-slash"),
        pytest.param("/a%2fb/c", f"/a{ENCODED_SLASH}b/c", id="encoded-slash-lower-case"),
        pytest.param("/a%3Fb", "/a?b", id="encoded-question-mark"),
        pytest.param("/%ff", "/\udcff", id="no-utf-8"),
        pytest.param("/\udcff%20", "/\udcff ", id="raw-byte-beside-percent"),
        pytest.param("/a/./b", "/a/b", id="dot"),
        pytest.param("/a/../b", "/b", id="dot-dot"),
        pytest.param("/../../a", "/a", id="above-the-root"),
        pytest.param("/..", "/", id="root-by-dots"),
        pytest.param("/.", "/", id="root-by-dot"),
        pytest.param("/a/b/..", "/a/", id="folder-by-dots"),
        pytest.param("/a/.", "/a/", id="folder-by-dot"),
        pytest.param("/a/b/c/./../../g", "/a/g", id="rfc-3986-5.2.4"),
        pytest.param("/a/%2e%2E/b", "/b", id="encoded-dots"),
        pytest.param("/a/.%2e/b", "/b", id="half-encoded-dots"),
        pytest.param("/a/%2e", "/a/", id="encoded-dot-at-end"),
        pytest.param("/a/%252e%252e/b", "/a/%2e%2e/b", id="twice-encoded-dots"),
        pytest.param("/..a/.b/...", "/..a/.b/...", id="dots-in-names"),
        pytest.param("/a//../b", "/a/b", id="empty-segment-removed"),
        pytest.param("/a%2F..%2Fb", f"/a{ENCODED_SLASH}..{ENCODED_SLASH}b", id="dots-within-a-segment"),
    ],
)
def test_canonical_path(target: str, path: str) -> None:
    assert canonical_path(target) == path


def test_an_encoded_slash_is_neither_a_slash_nor_any_byte() -> None:
    spelled = {canonical_path(f"/a%{byte:02x}b") for byte in range(256)}
    assert len(spelled) == 256
    assert canonical_path("/a/b") not in spelled


def test_a_very_long_path_of_dots_is_no_trouble() -> None:
    assert canonical_path("/.." * 20_000 + "/a") == "/a"
    assert canonical_path("/a" * 20_000 + "/.." * 20_000) == "/"


@pytest.mark.parametrize(
    ("target", "pieces"),
    [
        pytest.param("/a/b?c", ["/", "a", "/", "b"], id="plain"),
        pytest.param("/a%20b%2Fc", ["/", "a", "%20", "b", "%2F", "c"], id="encoded"),
        pytest.param("/%C3%A9\u00e9%e4%zz", ["/", "%C3%A9", "\u00e9", "%e4", "%", "z", "z"], id="bytes-of-characters"),
        pytest.param("/a/../%2e/b", ["/", "b"], id="dots"),
        pytest.param("*", ["*"], id="no-path"),
        pytest.param("", ["/"], id="empty"),
    ],
)
def test_each_character_of_a_path_knows_how_it_was_spelled(target: str, pieces: list[str]) -> None:
    assert spelled_pieces(target) == pieces
    assert len(canonical_path(target)) == len(pieces)


@given(st.text(st.sampled_from("ab/.%2Fe\u00e9\udcff?~"), max_size=12))
def test_there_is_a_spelling_for_each_character(text: str) -> None:
    target = f"/{text}"
    assert len(spelled_pieces(target)) == len(canonical_path(target))


def test_what_is_encoded_anew_stays_in_its_segment() -> None:
    assert percent_encoded(f"a/b{ENCODED_SLASH}c \udce4?") == "a%2Fb%2Fc%20%E4%3F"
