import gzip
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from fakebackend.messages import content_codings
from fakebackend.messages.content_codings import TooLargeError
from fakebackend.messages.content_codings import decode_content


def raw_deflate(content: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(content) + compressor.flush()


ENCODE = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


@pytest.mark.parametrize("coding", ENCODE)
@given(content=st.binary(max_size=300))
def test_what_was_encoded_is_decoded(coding: str, content: bytes) -> None:
    assert decode_content(ENCODE[coding](content), coding) == content
    assert decode_content(ENCODE[coding](content), f" {coding.upper()}, identity") == content


@given(content=st.binary(min_size=1, max_size=300))
def test_deflate_without_its_frame_is_taken_too(content: bytes) -> None:
    assert decode_content(raw_deflate(content), "deflate") == content


def test_codings_are_undone_from_the_last_to_the_first() -> None:
    assert decode_content(gzip.compress(brotli.compress(b"a")), "br, gzip") == b"a"


@pytest.mark.parametrize("coding", ["", "identity", " , "])
def test_without_a_coding_the_body_is_as_it_came(coding: str) -> None:
    assert decode_content(b"a", coding) == b"a"


def test_an_empty_body_stays_empty_whatever_its_coding() -> None:
    assert decode_content(b"", "gzip") == b""


@pytest.mark.parametrize("coding", [*ENCODE, "punycode", "gzip, gzip, gzip, gzip, gzip"])
def test_what_is_not_of_its_coding_is_refused(coding: str) -> None:
    with pytest.raises(ValueError, match=r"cannot be decoded|not known|more than 4"):
        decode_content(b"\x78no such thing at all", coding)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_what_ends_too_soon_is_refused(coding: str) -> None:
    with pytest.raises(ValueError, match="ends too soon"):
        decode_content(ENCODE[coding](bytes(range(256)) * 9)[:-9], coding)


@pytest.mark.parametrize("coding", ENCODE)
def test_what_becomes_too_large_is_refused_before_it_has(coding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content_codings, "LARGEST_BODY", 1 << 20)
    encoded = ENCODE[coding](bytes(4 << 20))
    assert len(encoded) < 1 << 16
    with pytest.raises(TooLargeError, match="it decodes to more than 1 MiB"):
        decode_content(encoded, coding)
