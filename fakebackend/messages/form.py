"""Names and values as forms and queries write them (WHATWG URL, application/x-www-form-urlencoded)."""

from urllib.parse import parse_qsl
from urllib.parse import unquote_plus

MultiItems = list[tuple[str, str]]
"""Pairs of names and values in their order; a name may come several times."""


def decode_form(text: str) -> MultiItems:
    """Return the pairs of a query or an urlencoded body; bytes that are no UTF-8 become lone surrogates."""
    return parse_qsl(text, keep_blank_values=True, errors="surrogateescape") if text else []


def decode_form_text(text: str) -> str:
    """Return a name or value of a form decoded: `+` is a space, `%2B` a plus."""
    return unquote_plus(text, errors="surrogateescape")
