"""Names and values as forms and queries write them (WHATWG URL, application/x-www-form-urlencoded)."""

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


def decode_multipart(content: bytes, boundary: str) -> MultiItems:
    """Return the parts of a multipart body (RFC 7578) by name, those that are files included."""
    items: MultiItems = []
    decoder = MultipartDecoder(boundary.encode("latin-1", "replace"), max_parts=MOST_FIELDS)
    decoder.receive_data(content)
    decoder.receive_data(None)
    name = ""
    try:
        while not isinstance(event := decoder.next_event(), Epilogue | NeedData):
            if isinstance(event, Field | File):
                name = event.name
            elif isinstance(event, Data):  # the whole of it, as the decoder has been given all there is
                items.append((name, event.data.decode("utf-8", "surrogateescape")))
    except (ValueError, HTTPException):
        return []  # no multipart after all
    return items


def decode_form_text(text: str) -> str:
    """Return a name or value of a form decoded: `+` is a space, `%2B` a plus."""
    return unquote_plus(text, errors="surrogateescape")
