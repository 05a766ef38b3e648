"""From an answer to mitmproxy's response."""

import time

from mitmproxy import http

from fakebackend.diagnostics.escaping import ascii_header_value
from fakebackend.messages.canned_response import CannedResponse
from fakebackend.messages.canned_response import canned_response
from fakebackend.messages.header_fields import Fields
from fakebackend.messages.header_fields import HeaderFields

NOTE = b"X-Fakebackend"
"""The header field in which our own 404, 500 and 502 say why."""


def make_response(answer: CannedResponse, *, method: str, more: Fields = ()) -> http.Response:
    """Return a fresh response with `more` header fields behind the answer's own.

    To HEAD it has the length but not the body (RFC 9110 section 9.3.2).
    """
    # Put together by attribute: the constructors convert and check types once more, which is most of what a
    # canned answer costs, and here everything has been checked when the file was read.
    headers = http.Headers.__new__(http.Headers)
    headers.fields = answer.fields + more
    data = http.ResponseData.__new__(http.ResponseData)
    data.http_version = b"HTTP/1.1"
    data.status_code = answer.status
    data.reason = answer.reason
    data.headers = headers
    data.content = b"" if method == "HEAD" else answer.body
    data.trailers = None
    data.timestamp_start = data.timestamp_end = time.time()
    response = http.Response.__new__(http.Response)
    response.data = data
    return response


def plain_response(status: int, text: str, note: str) -> CannedResponse:
    """Return one of our own answers: a line of text, and the reason in a header field."""
    headers = HeaderFields(((NOTE, ascii_header_value(note)),), frozenset({NOTE.lower()}))
    return canned_response(status, text.encode("utf-8", "backslashreplace"), b"text/plain", headers)
