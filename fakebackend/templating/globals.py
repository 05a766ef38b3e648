"""The names that templates know."""

import datetime
import importlib.util
import string
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.messages.multidict import MultiDict
from fakebackend.messages.request import MISSING
from fakebackend.messages.request import Request
from fakebackend.messages.uploaded_files import UploadedFiles
from fakebackend.messages.url_path import readable
from fakebackend.state.request_context import RequestContext
from fakebackend.state.sessions import session_of
from fakebackend.templating.fake_names import FakeNames
from fakebackend.templating.jwt_token import jwt
from fakebackend.templating.limits import LARGEST_PADDING
from fakebackend.templating.writing import UtcDatetime

_UNITS = ("weeks", "days", "hours", "minutes", "seconds")
_LETTERS = string.ascii_letters + string.digits


REQUEST_PARTS = ("method", "url", "scheme", "host", "port", "path", "raw_path", "client_ip")
"""What `request` has in templates."""


class TemplateRequest:
    """`request` in templates."""

    def __init__(self, request: Request) -> None:
        scheme, _, _ = request.url.partition("://")
        self.method = request.method
        self.url = readable(request.url)
        self.scheme = scheme if scheme != request.url else "http"
        self.host = request.host
        self.port = request.port
        self.path = readable(request.path)
        self.raw_path = readable(request.target.partition("?")[0])
        self.client_ip = request.client_ip

    def __repr__(self) -> str:
        return f"{self.method} {self.url}"


def _fake(context: RequestContext) -> Any:
    state = context.state
    if state.fake is None:
        state.fake = FakeNames(state.random)
    return state.fake


def _random_int(context: RequestContext) -> Callable[[int, int], int]:
    def random_int(a: int, b: int) -> int:
        if a > b:
            raise ValueError(f"random_int goes from the lesser to the greater, got {a} and {b}")
        return context.state.random.randint(a, b)

    return random_int


def _random_float(context: RequestContext) -> Callable[[float, float], float]:
    def random_float(a: float, b: float) -> float:
        return context.state.random.uniform(a, b)

    return random_float


def _random_choice(context: RequestContext) -> Callable[[Sequence[Any]], Any]:
    def random_choice(values: Sequence[Any]) -> Any:
        if not values:
            raise ValueError("random_choice takes a list with something in it")
        return context.state.random.choice(values)

    return random_choice


def _random_string(context: RequestContext) -> Callable[[int], str]:
    def random_string(length: int) -> str:
        if not 0 <= length <= LARGEST_PADDING:
            raise ValueError(f"random_string takes a length up to {LARGEST_PADDING:,}")
        return "".join(context.state.random.choices(_LETTERS, k=length))

    return random_string


def _now(_: RequestContext) -> Callable[..., UtcDatetime]:
    def now(**later: float) -> UtcDatetime:
        """Return the time, or one so many `days`, `hours`, `minutes`, `seconds` or `weeks` later."""
        for unit in later:
            if unit not in _UNITS:
                raise ValueError(f"now takes {', '.join(_UNITS)}, got {unit}")
        return UtcDatetime.now(datetime.UTC) + datetime.timedelta(**later)

    return now


def _counter(context: RequestContext) -> Callable[[str], int]:
    def counter(name: str) -> int:
        return context.state.count(name, context.counts)

    return counter


TEMPLATE_NAMES: dict[str, Callable[[RequestContext], Any]] = {
    "request": lambda context: TemplateRequest(context.request),
    "path": lambda context: context.params.typed,
    "query": lambda context: MultiDict(context.request.query),
    "headers": lambda context: MultiDict(context.request.headers, ignore_case=True),
    "cookies": lambda context: MultiDict(context.request.cookies),
    "form": lambda context: MultiDict(context.request.form),
    "files": lambda context: UploadedFiles(context.request.parts),
    "json": lambda context: context.request.json,
    "text": lambda context: MISSING if context.request.text is None else context.request.text,
    "state": lambda context: context.variables,
    "session": lambda context: session_of(context.request, context.state.sessions),
    "now": _now,
    "uuid": lambda context: lambda: str(context.state.uuid()),
    "random_int": _random_int,
    "random_float": _random_float,
    "random_choice": _random_choice,
    "random_string": _random_string,
    "counter": _counter,
    "load": lambda _: MISSING,  # put there by the template, which knows its folder
    "jwt": lambda _: jwt,
    "fake": _fake,
}
"""Each name with the function that makes what it stands for; `MISSING` leaves the name undefined."""

_EXTRAS = {"fake": ("faker", "Faker"), "jwt": ("jwt", "PyJWT")}
"""Names that need an extra, the module of that, and what pip knows it by."""


def template_context(names: frozenset[str], context: RequestContext) -> Mapping[str, Any]:
    """Return what the names of a template stand for; names that it does not use cost nothing."""
    own = context.names
    values = {name: own[name].get() if name in own else TEMPLATE_NAMES[name](context) for name in names}
    return {name: value for name, value in values.items() if value is not MISSING}


def check_names(names: frozenset[str]) -> None:
    """Refuse a name that needs an extra which is not installed."""
    for name in sorted(names.intersection(_EXTRAS)):
        module, package = _EXTRAS[name]
        if importlib.util.find_spec(module) is None:
            raise ValidationError(f"{name} needs {package}: pip install {package} (the extra fakebackend[{name}])")
