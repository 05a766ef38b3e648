"""From an answer to mitmproxy's response."""

import time

from mitmproxy import http

from fakebackend.printable import header_value
from fakebackend.static_answer import Headers
from fakebackend.static_answer import StaticAnswer
from fakebackend.static_answer import static_answer

NOTE = b"X-Fakebackend"
"""The header field in which our own 404, 500 and 502 say why."""


def make_response(answer: StaticAnswer, *, method: str) -> http.Response:
    """Return a fresh response; to HEAD it has the length but not the body (RFC 9110 section 9.3.2)."""
    # Built directly: Response.make converts once more what is ready, at twice the cost.
    now = time.time()
    body = b"" if method == "HEAD" else answer.body
    headers = http.Headers()
    headers.fields = answer.fields
    return http.Response(b"HTTP/1.1", answer.status, answer.reason, headers, body, None, now, now)


def plain_answer(status: int, text: str, note: str) -> StaticAnswer:
    """Return one of our own answers: a line of text, and the reason in a header field."""
    headers = Headers(((NOTE, header_value(note)),), frozenset({NOTE.lower()}))
    return static_answer(status, *bodied(status, text), headers)


def bodied(status: int, text: str) -> tuple[bytes, bytes | None]:
    """Return body and Content-Type of a text answer; some status codes have neither."""
    return (b"", None) if status in (204, 205, 304) else (text.encode("utf-8", "backslashreplace"), b"text/plain")
