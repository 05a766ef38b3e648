"""Conditional and range requests (RFC 9110 sections 13 and 14) for answers from files."""

import datetime
import hashlib
import re

from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wrappers import Response

from fakebackend.messages.canned_response import CannedResponse
from fakebackend.messages.canned_response import reason_phrase
from fakebackend.messages.request import Request

_ASKED = ("If-None-Match", "If-Match", "If-Modified-Since", "If-Range")
_ONE_RANGE = re.compile(r"bytes\s*=\s*[0-9]*\s*-\s*[0-9]*\s*\Z", re.IGNORECASE)


def conditional_response(answer: CannedResponse, request: Request, modified: float) -> CannedResponse:
    """Return what a file's answer comes to for a request: all of it, a part (206), 304, 412 or 416.

    `modified` is when the file was changed, in seconds since the epoch. Answers other than 200 stay as they are.
    """
    if answer.status != 200 or request.method not in ("GET", "HEAD"):
        return answer
    response, environ = _whole(answer, modified), _environ(request)
    response.make_conditional(environ)
    if response.status_code != 200:
        _empty(response)
    elif b"accept-ranges" not in answer.headers.named:
        # Only now, as the other conditions come first (RFC 9110 section 13.2.2).
        _take_part(response, {**environ, **_range(request)}, len(answer.body))
    body = response.get_data()
    if response.status_code == 304:
        response.headers.pop("Content-Length", None)
    else:
        response.headers["Content-Length"] = str(len(body))
    fields = tuple((n.encode("latin-1"), v.encode("latin-1")) for n, v in response.headers.items())
    return answer._replace(
        status=response.status_code, reason=reason_phrase(response.status_code), fields=fields, body=body
    )


def _whole(answer: CannedResponse, modified: float) -> Response:
    response = Response(answer.body, 200)
    response.headers.clear()
    for name, value in answer.fields:
        response.headers.add(name.decode("latin-1"), value.decode("latin-1"))
    if b"etag" not in answer.headers.named:
        response.set_etag(hashlib.blake2b(answer.body, digest_size=12).hexdigest())
    if b"vary" not in answer.headers.named:
        # What a cache keeps for a page of one origin, or for none, lacks the CORS fields that another needs.
        response.headers["Vary"] = "Origin"
    if b"last-modified" not in answer.headers.named:
        response.last_modified = datetime.datetime.fromtimestamp(modified, datetime.UTC)
    return response


def _take_part(response: Response, environ: dict[str, str], length: int) -> None:
    try:
        response.make_conditional(environ, accept_ranges=True, complete_length=length)
    except RequestedRangeNotSatisfiable:
        response.status_code = 416
        response.headers["Content-Range"] = f"bytes */{length}"
        _empty(response)
    response.headers["Accept-Ranges"] = "bytes"


def _empty(response: Response) -> None:
    response.set_data(b"")
    response.headers.pop("Content-Type", None)


def _environ(request: Request) -> dict[str, str]:
    environ = {"REQUEST_METHOD": request.method}
    for name in _ASKED:
        if values := request.header_values(name):
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = ", ".join(values)
    if environ.get("HTTP_IF_MATCH", "").strip() == "*":
        del environ["HTTP_IF_MATCH"]  # there is a file; werkzeug would look for a tag of that name
    return environ


def _range(request: Request) -> dict[str, str]:
    """Return the range that is asked for, if it is one that we know.

    Several at once would take a multipart answer; leaving Range out of account is always right.
    """
    asked = ", ".join(request.header_values("Range"))
    return {"HTTP_RANGE": asked} if request.method == "GET" and _ONE_RANGE.match(asked) else {}
