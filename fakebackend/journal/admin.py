"""Control over HTTP: what tests and scripts in any language see and change while it runs."""

import hmac
import json
import re
from collections.abc import Callable
from collections.abc import Mapping
from typing import Any
from typing import Protocol

from fakebackend.diagnostics.wording import json_type_name
from fakebackend.messages.canned_response import CannedResponse
from fakebackend.messages.canned_response import canned_response
from fakebackend.messages.encoded_json import encoded_json
from fakebackend.messages.header_fields import fields_of
from fakebackend.messages.request import Request
from fakebackend.messages.request import parse_json

PREFIX = "/__fakebackend/"
"""How the paths of control begin."""

LARGEST_BODY = 1024 * 1024
"""Bytes of a body that are taken."""

_TOKEN = re.compile(r"[\x21-\x7e]{16,}")
_UNAUTHORIZED = f"{PREFIX}… needs the header Authorization: Bearer TOKEN, with the value of responses_admin"


class RefusedError(Exception):
    """A request of control that is not done: the status, why, and header fields to say beside it."""

    def __init__(self, status: int, reason: str, *fields: tuple[bytes, bytes]) -> None:
        super().__init__(reason)
        self.status = status
        self.fields = fields


class Controlled(Protocol):
    """What can be seen and changed, as JSON; what is wrong with a value is a `ValueError`."""

    def entries(self) -> Any:
        """Return all entries with their counts."""

    def requests(self, *, bodies: bool) -> Any:
        """Return the journal."""

    def unmatched(self, *, bodies: bool) -> Any:
        """Return the part of the journal that no entry answered."""

    def report(self, *, entries: bool) -> Any:
        """Return the report, with all entries or without."""

    def state(self, request: Request) -> Any:
        """Return the state variables that a request sees."""

    def set_state(self, request: Request, value: Any) -> Any:
        """Replace the state variables that a request sees."""

    def set_responsesfile(self, value: Any) -> Any:
        """Answer from another file."""

    def reset(self, request: Request) -> Any:
        """Forget what has happened."""

    def add_entries(self, content: bytes) -> Any:
        """Take entries that win over the file's."""


_Call = Callable[[Controlled, Request], Any]


def _with_bodies(request: Request) -> bool:
    return ("bodies", "true") in request.query


CALLS: Mapping[str, Mapping[str, _Call]] = {
    "entries": {
        "GET": lambda controlled, _: controlled.entries(),
        "POST": lambda controlled, request: controlled.add_entries(_content(request)),
    },
    "requests": {"GET": lambda controlled, request: controlled.requests(bodies=_with_bodies(request))},
    "unmatched": {"GET": lambda controlled, request: controlled.unmatched(bodies=_with_bodies(request))},
    "report": {"GET": lambda controlled, request: controlled.report(entries=("entries", "false") not in request.query)},
    "state": {
        "GET": lambda controlled, request: controlled.state(request),
        "PUT": lambda controlled, request: controlled.set_state(request, _object(request)),
    },
    "options/responsesfile": {
        "PUT": lambda controlled, request: controlled.set_responsesfile(_text(request)),
    },
    "reset": {"POST": lambda controlled, request: controlled.reset(request)},
}
"""What can be called: the methods of each path behind the prefix."""


def parse_token(text: str) -> str:
    """Return the token that calls must carry, or an empty text where there is no control.

    Raises `ValueError` for one that is too short or cannot stand in a header field; the text does not show it.
    """
    if text and not _TOKEN.fullmatch(text):
        expected = "16 or more visible ASCII characters without spaces"
        raise ValueError(f"responses_admin must be empty or a token of {expected}, got {len(text)} characters")
    return text


def is_for_admin(request: Request) -> bool:
    """Tell whether a path is one of control."""
    return request.path.startswith(PREFIX)


class Admin:
    """Answers the calls that carry the token."""

    def __init__(self, controlled: Controlled, token: str) -> None:
        self._controlled = controlled
        self._token = token.encode("ascii")

    def answer(self, request: Request) -> CannedResponse:
        """Do what a request asks for and return the answer, which is always JSON."""
        try:
            return _answer(200, self._done(request))
        except RefusedError as e:
            return _answer(e.status, {"error": str(e)}, *e.fields)
        except ValueError as e:
            return _answer(400, {"error": str(e)})
        except Exception as e:
            return _answer(500, {"error": f"{type(e).__name__}: {e}"})

    def _done(self, request: Request) -> Any:
        if not self._is_allowed(request):
            raise RefusedError(401, _UNAUTHORIZED, (b"WWW-Authenticate", b"Bearer"))
        name = request.path.removeprefix(PREFIX)
        calls = CALLS.get(name)
        if calls is None:
            known = ", ".join(f"{method} {path}" for path, methods in CALLS.items() for method in methods)
            raise RefusedError(404, f"there is no {PREFIX}{name}, there are {known}")
        call = calls.get("GET" if request.method == "HEAD" else request.method)
        if call is None:
            allowed = ", ".join([*calls, *(["HEAD"] if "GET" in calls else [])])
            raise RefusedError(405, f"{PREFIX}{name} takes {allowed}", (b"Allow", allowed.encode("ascii")))
        return call(self._controlled, request)

    def _is_allowed(self, request: Request) -> bool:
        scheme, _, token = next(iter(request.header_values("authorization")), "").partition(" ")
        given = token.strip().encode("utf-8", "surrogateescape")
        return hmac.compare_digest(given, self._token) and scheme.lower() == "bearer"


def _content(request: Request) -> bytes:
    content = request.content
    if content is None and request.header_values("content-encoding"):
        raise RefusedError(400, "the body's content coding cannot be undone")
    if content is None or len(content) > LARGEST_BODY:
        raise RefusedError(413, "a body has 1 MiB at the most")
    return content


def _json(request: Request) -> Any:
    content = _content(request)
    if not content.strip():
        raise RefusedError(400, "expected JSON, the body is empty")
    try:
        value = parse_json(content)
        json.dumps(value, allow_nan=False)  # 1e999 is read as infinity
    except (ValueError, RecursionError) as e:
        raise RefusedError(400, f"expected JSON, {e}") from None
    return value


def _object(request: Request) -> dict[str, Any]:
    value = _json(request)
    if not isinstance(value, dict):
        raise RefusedError(400, f"expected an object of names and values, got {json_type_name(value)}")
    return value


def _text(request: Request) -> str:
    value = _json(request)
    if not isinstance(value, str):
        raise RefusedError(400, f"expected a name as a JSON string, got {json_type_name(value)}")
    return value


def _answer(status: int, data: Any, *fields: tuple[bytes, bytes]) -> CannedResponse:
    return canned_response(status, encoded_json(data), b"application/json", fields_of(*fields))
