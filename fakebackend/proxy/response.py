"""From an answer to mitmproxy's response."""

import time

from mitmproxy import http

from fakebackend.messages.canned_response import CannedResponse
from fakebackend.messages.header_fields import Fields


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
