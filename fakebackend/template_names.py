"""The names that templates know."""

import datetime
import importlib.util
from collections.abc import Callable
from collections.abc import Mapping
from typing import Any

from fakebackend.field_map import FieldMap
from fakebackend.problems import FieldError
from fakebackend.request_view import MISSING
from fakebackend.request_view import RequestView
from fakebackend.url_path import readable


class IsoDatetime(datetime.datetime):
    """A date and time that is written as ISO 8601."""

    def __str__(self) -> str:
        return self.isoformat()


class TemplateRequest:
    """`request` in templates."""

    def __init__(self, request: RequestView) -> None:
        self.method = request.method
        self.url = readable(request.url)
        self.host = request.host
        self.path = readable(request.path)

    def __repr__(self) -> str:
        return f"{self.method} {self.url}"


def _fake(request: RequestView) -> Any:
    if "fake" not in request.memory.extras:
        from faker import Faker  # noqa: PLC0415  # an extra, so only where it is used

        fake = Faker()
        fake.seed_instance(request.memory.random.getrandbits(64))
        request.memory.extras["fake"] = fake
    return request.memory.extras["fake"]


TEMPLATE_NAMES: dict[str, Callable[[RequestView], Any]] = {
    "request": TemplateRequest,
    "path": lambda request: request.typed_path_params,
    "query": lambda request: FieldMap(request.query),
    "headers": lambda request: FieldMap(request.headers, ignore_case=True),
    "cookies": lambda request: FieldMap(request.cookies),
    "form": lambda request: FieldMap(request.form),
    "json": lambda request: request.json,
    "text": lambda request: MISSING if request.text is None else request.text,
    "state": lambda request: request.state,
    "now": lambda _: lambda: IsoDatetime.now(datetime.UTC),
    "uuid": lambda request: lambda: str(request.memory.uuid()),
    "random_int": lambda request: request.memory.random.randint,
    "counter": lambda request: request.memory.count,
    "fake": _fake,
}
"""Each name with the function that makes what it stands for; `MISSING` leaves the name undefined."""


def template_context(names: frozenset[str], request: RequestView) -> Mapping[str, Any]:
    """Return what the names of a template stand for; names that it does not use cost nothing."""
    values = {name: TEMPLATE_NAMES[name](request) for name in names}
    return {name: value for name, value in values.items() if value is not MISSING}


def check_names(names: frozenset[str]) -> None:
    """Refuse a name that needs an extra which is not installed."""
    if "fake" in names and importlib.util.find_spec("faker") is None:
        raise FieldError("fake needs Faker: pip install 'fakebackend[fake]'")
