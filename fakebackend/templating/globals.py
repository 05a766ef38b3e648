"""The names that templates know."""

import datetime
import importlib.util
from collections.abc import Callable
from collections.abc import Mapping
from typing import Any

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.messages.multidict import MultiDict
from fakebackend.messages.request import MISSING
from fakebackend.messages.request import Request
from fakebackend.messages.url_path import readable
from fakebackend.state.request_context import RequestContext
from fakebackend.templating.fake_names import FakeNames


class IsoDatetime(datetime.datetime):
    """A date and time that is written as ISO 8601."""

    def __str__(self) -> str:
        return self.isoformat()


class TemplateRequest:
    """`request` in templates."""

    def __init__(self, request: Request) -> None:
        self.method = request.method
        self.url = readable(request.url)
        self.host = request.host
        self.path = readable(request.path)

    def __repr__(self) -> str:
        return f"{self.method} {self.url}"


def _fake(context: RequestContext) -> Any:
    state = context.state
    if state.fake is None:
        state.fake = FakeNames(state.random)
    return state.fake


def _random_int(context: RequestContext) -> Callable[[int, int], int]:
    def random_int(a: int, b: int) -> int:
        return context.state.random.randint(a, b)

    return random_int


def _counter(context: RequestContext) -> Callable[[str], int]:
    def counter(name: str) -> int:
        return context.state.count(name)

    return counter


TEMPLATE_NAMES: dict[str, Callable[[RequestContext], Any]] = {
    "request": lambda context: TemplateRequest(context.request),
    "path": lambda context: context.params.typed,
    "query": lambda context: MultiDict(context.request.query),
    "headers": lambda context: MultiDict(context.request.headers, ignore_case=True),
    "cookies": lambda context: MultiDict(context.request.cookies),
    "form": lambda context: MultiDict(context.request.form),
    "json": lambda context: context.request.json,
    "text": lambda context: MISSING if context.request.text is None else context.request.text,
    "state": lambda context: context.variables,
    "now": lambda _: lambda: IsoDatetime.now(datetime.UTC),
    "uuid": lambda context: lambda: str(context.state.uuid()),
    "random_int": _random_int,
    "counter": _counter,
    "fake": _fake,
}
"""Each name with the function that makes what it stands for; `MISSING` leaves the name undefined."""


def template_context(names: frozenset[str], context: RequestContext) -> Mapping[str, Any]:
    """Return what the names of a template stand for; names that it does not use cost nothing."""
    values = {name: TEMPLATE_NAMES[name](context) for name in names}
    return {name: value for name, value in values.items() if value is not MISSING}


def check_names(names: frozenset[str]) -> None:
    """Refuse a name that needs an extra which is not installed."""
    if "fake" in names and importlib.util.find_spec("faker") is None:
        raise ValidationError("fake needs Faker: pip install 'fakebackend[fake]'")
