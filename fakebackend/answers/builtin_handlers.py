"""The handlers that `$handler` knows by name: `echo`, `page`, `uuid`, `login`, `logout`, `goto`."""

import base64
import binascii
import hmac
import re
import secrets
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from fakebackend.answers.answer import SourceResult
from fakebackend.answers.answer import SureSource
from fakebackend.answers.answer import ToAnswer
from fakebackend.answers.handler_definition import definition
from fakebackend.answers.handler_request import HandlerRequest
from fakebackend.state.pages import Page
from fakebackend.state.pages import has_room
from fakebackend.state.request_context import RequestContext
from fakebackend.state.sessions import MOST_SESSIONS
from fakebackend.state.sessions import SESSION_COOKIE

_LONGEST_USER = 200  # characters of a name that are kept with its session

_ATTRIBUTES = "Path=/; HttpOnly; SameSite=Lax"

_HEADER_VALUE = re.compile(r"[\x20-\x7e\x80-\xff]+\Z")
_UNSAFE_IN_URL = re.compile(r"[^\x21-\x7e]")
_HAS_HOST = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?//[^/]")

Builtin = Callable[[HandlerRequest, RequestContext, Mapping[str, str] | None], Any]


class _BadDataError(ValueError):
    """The fields of a request are missing or cannot be decoded."""


def _text(status: int, text: str) -> dict[str, Any]:
    return {"$status": status, "$text": text}


def _wrong_method(allowed: str) -> dict[str, Any]:
    return {"$status": 405, "$headers": {"Allow": allowed}}


def _with_type(content: bytes, content_type: str) -> dict[str, Any]:
    return {"$headers": {"Content-Type": content_type}, "$base64": base64.b64encode(content).decode("ascii")}


def _data_and_type(request: HandlerRequest) -> tuple[bytes, str]:
    """Return the fields `data` and `type` of a form, or of JSON with `data` in base64."""
    if isinstance(request.json, dict):
        data, content_type = request.json.get("data"), request.json.get("type", "text/plain")
        if not isinstance(data, str) or not isinstance(content_type, str):
            raise _BadDataError("data and type must be strings")
        try:
            content = base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError):
            raise _BadDataError("data must be base64") from None
    elif "data" in request.form:
        content, content_type = request.form["data"].encode("utf-8"), request.form.get("type", "text/plain")
    else:
        raise _BadDataError("data is missing")
    if not _HEADER_VALUE.match(content_type):
        raise _BadDataError("type must be a content type")
    return content, content_type


def echo(request: HandlerRequest, context: RequestContext, users: Mapping[str, str] | None) -> Any:
    """Send back what was posted."""
    if request.method != "POST":
        return _wrong_method("POST")
    try:
        return _with_type(*_data_and_type(request))
    except _BadDataError as e:
        return _text(400, str(e))


def page(request: HandlerRequest, context: RequestContext, users: Mapping[str, str] | None) -> Any:
    """Keep pages by name: on `…/{name}`, `…/clear`, `…/clear/{name}` and `…/new`."""
    pages = context.state.pages
    segments = request.path.split("/")
    name = request.path_params.get("name")
    if name is None:
        return uuid(request, context, users) if segments[-1] == "new" else _clear(request, pages.values())
    if segments[-2:-1] == ["clear"]:
        return _clear(request, [pages[str(name)]] if str(name) in pages else [])
    if request.method == "POST":
        return _store(request, pages, str(name))
    if request.method not in ("GET", "HEAD"):
        return _wrong_method("GET, HEAD, POST")
    found = pages.get(str(name))
    return (
        _text(500, "no such page") if found is None or found.cleared else _with_type(found.content, found.content_type)
    )


def _store(request: HandlerRequest, pages: dict[str, Page], name: str) -> Any:
    try:
        posted = Page(*_data_and_type(request))
    except _BadDataError as e:
        return _text(400, str(e))
    if name in pages:
        return _text(500, "the name has been used")
    if not has_room(pages, name, posted):
        return _text(500, "the pages are full")
    pages[name] = posted
    return {"$status": 204}


def _clear(request: HandlerRequest, pages: Any) -> Any:
    if request.method not in ("GET", "POST", "DELETE"):
        return _wrong_method("DELETE, GET, POST")
    for one in pages:
        one.clear()
    return {"$status": 204}


def uuid(request: HandlerRequest, context: RequestContext, users: Mapping[str, str] | None) -> Any:
    """Return a random UUID as text."""
    if request.method not in ("GET", "HEAD"):
        return _wrong_method("GET, HEAD")
    return {"$text": str(context.state.uuid())}


def login(request: HandlerRequest, context: RequestContext, users: Mapping[str, str] | None) -> Any:
    """Begin a session, if user and password are right where `$users` asks for them."""
    if request.method not in ("GET", "HEAD", "POST"):
        return _wrong_method("GET, HEAD, POST")
    if users is not None and not _is_known(request, users):
        return _text(401, "user name or password is wrong")
    if len(context.state.sessions) >= MOST_SESSIONS:
        return _text(503, f"{MOST_SESSIONS:,} sessions are open; responses.reset forgets them")
    token = secrets.token_hex(16)  # whoever guesses it is logged in, so never by a seed
    context.state.sessions[token] = _user(request)
    return _gone_to(request, f"{SESSION_COOKIE}={token}; {_ATTRIBUTES}{_secure(context)}")


def logout(request: HandlerRequest, context: RequestContext, users: Mapping[str, str] | None) -> Any:
    """End the session and take its cookie away."""
    if request.method not in ("GET", "HEAD", "POST"):
        return _wrong_method("GET, HEAD, POST")
    for token in request.cookies.getlist(SESSION_COOKIE):
        context.state.sessions.pop(token, None)
    return _gone_to(request, f"{SESSION_COOKIE}=; {_ATTRIBUTES}; Max-Age=0{_secure(context)}")


def _is_known(request: HandlerRequest, users: Mapping[str, str]) -> bool:
    fields = _fields(request)
    name, password = fields.get("username"), fields.get("password")
    if not isinstance(name, str) or not isinstance(password, str) or name not in users:
        return False
    return hmac.compare_digest(users[name].encode("utf-8"), password.encode("utf-8", "replace"))


def _fields(request: HandlerRequest) -> Mapping[str, Any]:
    return request.json if isinstance(request.json, dict) else request.form


def _user(request: HandlerRequest) -> str | None:
    name = _fields(request).get("username")
    return name[:_LONGEST_USER] if isinstance(name, str) else None


def _secure(context: RequestContext) -> str:
    return "; Secure" if context.request.is_secure else ""


def _gone_to(request: HandlerRequest, cookie: str) -> dict[str, Any]:
    headers: dict[str, Any] = {"Set-Cookie": cookie}
    goto_url = request.query.get("goto") or request.form.get("goto")
    if goto_url is None:
        return {"$headers": headers}
    return {"$status": 302, "$headers": {**headers, "Location": _url_safe(goto_url)}}


def goto(request: HandlerRequest, context: RequestContext, users: Mapping[str, str] | None) -> Any:
    """Redirect to the address in the path, as it was given."""
    address = _raw_rest(context)
    if not _HAS_HOST.match(address):
        origin = _referring_origin(request)
        if origin is None:
            return _text(400, "the address has no host, and no header names one")
        address = f"{origin}/{address.removeprefix('/')}"
    return {"$status": 307, "$headers": {"Location": _url_safe(address)}}


def _raw_rest(context: RequestContext) -> str:
    """Return what the last parameter, `{address:path}`, stands for as it was sent, query included."""
    request, texts = context.request, list(context.params.texts.values())
    before = request.path.count("/") - texts[-1].count("/") if texts else 1
    return request.target.split("/", before)[-1]


def _referring_origin(request: HandlerRequest) -> str | None:
    for name in ("referer", "origin"):
        try:
            parts = urlsplit(request.headers.get(name, ""))
        except ValueError:  # what is no URL names no host
            continue
        if parts.scheme and parts.netloc:
            return f"{parts.scheme}://{parts.netloc}"
    scheme = request.url.partition("://")[0] if "://" in request.url else "http"
    if host := request.headers.get("x-forwarded-host"):
        scheme = request.headers.get("x-forwarded-proto", scheme)
        return f"{scheme.split(',')[0].strip()}://{host.split(',')[0].strip()}"
    forwarded = _forwarded(request.headers.get("forwarded", ""))
    return f"{forwarded.get('proto', scheme)}://{forwarded['host']}" if "host" in forwarded else None


def _forwarded(value: str) -> dict[str, str]:
    """Return the parameters of the first element of a `Forwarded` header (RFC 7239)."""
    pairs = (piece.partition("=") for piece in value.split(",", maxsplit=1)[0].split(";"))
    return {name.strip().lower(): text.strip().strip('"') for name, _, text in pairs if text}


def _url_safe(url: str) -> str:
    """Percent-encode what cannot stand in a header field; all else stays as it was given."""
    return _UNSAFE_IN_URL.sub(
        lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogateescape")), url
    )


BUILTIN_HANDLERS: dict[str, Builtin] = {
    "echo": echo,
    "page": page,
    "uuid": uuid,
    "login": login,
    "logout": logout,
    "goto": goto,
}


@dataclass(frozen=True, slots=True)
class BuiltinSource(SureSource):
    """A call of a built-in handler."""

    function: Builtin
    users: Mapping[str, str] | None
    to_answer: ToAnswer

    def resolve(self, context: RequestContext) -> SourceResult:
        """Return what the handler makes of the request."""
        return self.to_answer(definition(self.function(HandlerRequest(context), context, self.users)), context)

    def summary(self) -> str:
        """Return which handler answers."""
        return f" by {self.function.__name__}"


def builtin_handler(name: str, users: Mapping[str, str] | None, to_answer: ToAnswer) -> BuiltinSource | None:
    """Return the source for a name, or None if no built-in handler has it."""
    return BuiltinSource(BUILTIN_HANDLERS[name], users, to_answer) if name in BUILTIN_HANDLERS else None
