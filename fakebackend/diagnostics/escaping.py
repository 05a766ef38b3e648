"""Text from the network or a file, made safe for a log line or a header field."""

import re

_UNSAFE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\ud800-\udfff"  # control bytes, and what cannot be encoded
    r"\u200e\u200f\u2028-\u202e\u2066-\u2069]"  # line ends and changes of the writing direction
)
_LONGEST = 200


def abbreviated(text: str) -> str:
    r"""Escape what would move the cursor, colour a terminal or fail to encode, and cut what is very long.

    The escape character becomes the four characters `\x1b`.
    """
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}... ({len(text)} characters)"
    return escape_control(text)


def escape_control(text: str) -> str:
    """Do what `abbreviated` does, at full length."""
    return _UNSAFE.sub(_escape, text)


def ascii_header_value(text: str) -> bytes:
    """Return the text as the value of a header field: one line of visible ASCII."""
    return abbreviated(text).replace("…", "...").encode("ascii", "backslashreplace").strip()


def _escape(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape", "surrogatepass").decode("ascii")
