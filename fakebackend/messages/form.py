"""Names and values as forms and queries write them (WHATWG URL, application/x-www-form-urlencoded)."""

from typing import NamedTuple
from urllib.parse import parse_qsl
from urllib.parse import unquote_plus

from werkzeug.exceptions import HTTPException
from werkzeug.sansio.multipart import Data
from werkzeug.sansio.multipart import Epilogue
from werkzeug.sansio.multipart import Field
from werkzeug.sansio.multipart import File
from werkzeug.sansio.multipart import MultipartDecoder
from werkzeug.sansio.multipart import NeedData

MOST_FIELDS = 10_000
"""How many a query or form may have; one with more has none."""

MultiItems = list[tuple[str, str]]
"""Pairs of names and values in their order; a name may come several times."""


def decode_form(text: str) -> MultiItems:
    """Return the pairs of a query or an urlencoded body; bytes that are no UTF-8 become lone surrogates."""
    if not text or text.count("&") >= MOST_FIELDS:
        return []
    return parse_qsl(text, keep_blank_values=True, errors="surrogateescape")


class Part(NamedTuple):
    """A part of a multipart body; one that is a file has the name that it was sent with."""

    name: str
    filename: str | None
    type: str
    content: bytes

    @property
    def text(self) -> str:
        """The content as text; bytes that are no UTF-8 become lone surrogates."""
        return self.content.decode("utf-8", "surrogateescape")


def decode_multipart(content: bytes, boundary: str) -> list[Part]:
    """Return the parts of a multipart body (RFC 7578), files included."""
    parts: list[Part] = []
    decoder = MultipartDecoder(boundary.encode("latin-1", "replace"), max_parts=MOST_FIELDS)
    decoder.receive_data(content)
    decoder.receive_data(None)
    opened: Field | File | None = None
    try:
        while not isinstance(event := decoder.next_event(), Epilogue | NeedData):
            if isinstance(event, Field | File):
                opened = event
            elif isinstance(event, Data) and opened is not None:  # the whole of it, as it has been given all there is
                filename = opened.filename if isinstance(opened, File) else None
                parts.append(Part(opened.name, filename, opened.headers.get("content-type", ""), event.data))
    except (ValueError, HTTPException):
        return []  # no multipart after all
    return parts


def decode_form_text(text: str) -> str:
    """Return a name or value of a form decoded: `+` is a space, `%2B` a plus."""
    return unquote_plus(text, errors="surrogateescape")
