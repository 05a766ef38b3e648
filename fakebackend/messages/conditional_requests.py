"""Conditional and range requests (RFC 9110 sections 13 and 14) for answers from files."""

import datetime
import re

from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.http import parse_date
from werkzeug.wrappers import Response

from fakebackend.messages.canned_response import CannedResponse
from fakebackend.messages.canned_response import reason_phrase
from fakebackend.messages.representation import MOST_SENT
from fakebackend.messages.representation import Representation
from fakebackend.messages.request import Request

_ASKED = ("If-None-Match", "If-Match", "If-Modified-Since", "If-Range")
# Nothing is given back, or very many spaces would take time with the square of their number.
_ONE_RANGE = re.compile(r"bytes\s*+=\s*+[0-9]*+\s*+-\s*+[0-9]*+\s*+\Z", re.IGNORECASE)

_LONG_AGO = "Thu, 01 Jan 1970 00:00:00 GMT"  # a condition that never holds


def is_conditional(status: int, method: str) -> bool:
    """Tell whether conditions and ranges count for an answer."""
    return status == 200 and method in ("GET", "HEAD")


def conditional_response(answer: CannedResponse, request: Request, content: Representation) -> CannedResponse:
    """Return what a file's answer comes to for a request: all of it, a part (206), 304, 412 or 416.

    `answer` has the header fields alone, for a status and a method that `is_conditional`; read is what is sent only.

    Raises `FileTooLargeError` if all of a large file is asked for.
    """
    response, environ = _headers(answer, content), _environ(request)
    response.make_conditional(environ)
    if response.status_code != 200:
        response.headers.pop("Content-Type", None)
    elif b"accept-ranges" not in answer.headers.named:
        # Only now, as the other conditions come first (RFC 9110 section 13.2.2).
        _take_part(response, {**environ, **_range(request)}, content.length)
    body = _body(response, content, request.method)
    if response.status_code == 304:
        response.headers.pop("Content-Length", None)
    else:
        is_head = response.status_code == 200 and request.method == "HEAD"
        response.headers["Content-Length"] = str(content.length if is_head else len(body))
    fields = tuple((n.encode("latin-1"), v.encode("latin-1")) for n, v in response.headers.items())
    return answer._replace(
        status=response.status_code, reason=reason_phrase(response.status_code), fields=fields, body=body
    )


def _headers(answer: CannedResponse, content: Representation) -> Response:
    response = Response(b"", 200)
    response.headers.clear()
    for name, value in answer.fields:
        response.headers.add(name.decode("latin-1"), value.decode("latin-1"))
    if b"etag" not in answer.headers.named:
        response.set_etag(content.tag)
    if b"vary" not in answer.headers.named:
        # What a cache keeps for a page of one origin, or for none, lacks the CORS fields that another needs.
        response.headers["Vary"] = "Origin"
    if b"last-modified" not in answer.headers.named:
        response.last_modified = datetime.datetime.fromtimestamp(content.modified, datetime.UTC)
    return response


def _take_part(response: Response, environ: dict[str, str], length: int) -> None:
    try:
        response.make_conditional(environ, accept_ranges=True, complete_length=length)
    except RequestedRangeNotSatisfiable:
        response.status_code = 416
        response.headers["Content-Range"] = f"bytes */{length}"
        response.headers.pop("Content-Type", None)
    response.headers["Accept-Ranges"] = "bytes"


def _body(response: Response, content: Representation, method: str) -> bytes:
    """Return what is sent; of a large part the beginning, as its client asks on for the rest."""
    if response.status_code == 206:
        start, stop = response.content_range.start or 0, response.content_range.stop or 0
        stop = min(stop, start + MOST_SENT)
        response.content_range.set(start, stop, content.length)
        return content.read(start, stop)
    return content.whole() if response.status_code == 200 and method == "GET" else b""


def _environ(request: Request) -> dict[str, str]:
    environ = {"REQUEST_METHOD": request.method}
    for name in _ASKED:
        value = ", ".join(request.header_values(name))
        if value:
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = _LONG_AGO if _is_beyond_time(value) else value
    if environ.get("HTTP_IF_MATCH", "").strip() == "*":
        del environ["HTTP_IF_MATCH"]  # there is a file; werkzeug would look for a tag of that name
    return environ


def _range(request: Request) -> dict[str, str]:
    """Return the range that is asked for, if it is one that we know.

    Several at once would take a multipart answer; leaving Range out of account is always right.
    """
    asked = ", ".join(request.header_values("Range"))
    return {"HTTP_RANGE": asked} if request.method == "GET" and _ONE_RANGE.match(asked) else {}


def _is_beyond_time(value: str) -> bool:
    """Tell whether a value is a date that Python has no number for."""
    try:
        parse_date(value)
    except OverflowError:
        return True
    return False
