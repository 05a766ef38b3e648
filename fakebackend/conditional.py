"""Conditional and range requests (RFC 9110 sections 13 and 14) for answers from files."""

import datetime
import hashlib

from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wrappers import Response

from fakebackend.request_view import RequestView
from fakebackend.static_answer import StaticAnswer
from fakebackend.static_answer import reason_phrase

_ASKED = ("If-None-Match", "If-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range", "Range")


def conditional(answer: StaticAnswer, request: RequestView, modified: float) -> StaticAnswer:
    """Return what a file's answer comes to for a request: all of it, a part (206), 304, 412 or 416.

    `modified` is when the file was changed, in seconds since the epoch. Answers other than 200 stay as they are.
    """
    if answer.status != 200 or request.method not in ("GET", "HEAD"):
        return answer
    response = Response(answer.body, 200)
    response.headers.clear()
    for name, value in answer.fields:
        response.headers.add(name.decode("latin-1"), value.decode("latin-1"))
    if b"etag" not in answer.headers.named:
        response.set_etag(hashlib.blake2b(answer.body, digest_size=12).hexdigest())
    if b"last-modified" not in answer.headers.named:
        response.last_modified = datetime.datetime.fromtimestamp(modified, datetime.UTC)
    try:
        response.make_conditional(_environ(request), accept_ranges=True, complete_length=len(answer.body))
    except RequestedRangeNotSatisfiable:
        response.status_code = 416
        response.headers["Accept-Ranges"] = "bytes"
        response.headers["Content-Range"] = f"bytes */{len(answer.body)}"
        response.headers.pop("Content-Type", None)
        response.set_data(b"")
    body = response.get_data()
    if response.status_code == 304:
        response.headers.pop("Content-Length", None)
        response.headers.pop("Content-Type", None)
    else:
        response.headers["Content-Length"] = str(len(body))
    fields = tuple((n.encode("latin-1"), v.encode("latin-1")) for n, v in response.headers.items())
    return answer._replace(
        status=response.status_code, reason=reason_phrase(response.status_code), fields=fields, body=body
    )


def _environ(request: RequestView) -> dict[str, str]:
    environ = {"REQUEST_METHOD": request.method}
    for name in _ASKED:
        if values := request.header_values(name):
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = ", ".join(values)
    # Several ranges at once would take a multipart answer; leaving Range out of account is always right.
    if request.method == "HEAD" or "," in environ.get("HTTP_RANGE", ""):
        environ.pop("HTTP_RANGE", None)
    return environ
