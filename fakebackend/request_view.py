"""A request as the core sees it, whatever stands in front: mitmproxy, a command line, another server."""

import json
from collections.abc import Mapping
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from fakebackend.memory import Memory
from fakebackend.origin import Origin
from fakebackend.path_pattern import PathPattern
from fakebackend.preference import Preference
from fakebackend.preference import parse_preference
from fakebackend.query_constraint import Pairs
from fakebackend.query_constraint import decode_form
from fakebackend.url_key import PathMatcher
from fakebackend.url_path import canonical_path
from fakebackend.url_path import readable


class Missing:
    """The type of `MISSING`."""

    def __repr__(self) -> str:
        return "missing"


MISSING = Missing()
"""Stands for a JSON value that is not there; `None` is JSON's null."""


class RequestView:
    """The parts of a request that matching looks at, each worked out when first asked for.

    A front subclasses it and fills in what it knows. `target` is the request target in origin-form
    (`/users?page=2`) or `*`; bytes of it that are no UTF-8 are lone surrogates, as in `http.Request.path`.
    """

    path_params: Mapping[str, str] = {}
    """What the parameters of the candidate under examination stand for, as text."""
    path_pattern: PathMatcher = ""
    """The path of the candidate's URL key."""
    state: Mapping[str, Any] = {}
    """The state variables, those included that the answer under way has set."""
    preference_applied = False
    """Whether a case was chosen because the request prefers it."""
    flow: Any = None
    """mitmproxy's flow, for the one condition that needs it: `filter`."""

    def __init__(self, method: str, target: str) -> None:
        self.method = method
        self.target = target

    @cached_property
    def memory(self) -> Memory:
        """Return what is remembered between requests; a front gives its own."""
        return Memory()

    @cached_property
    def path(self) -> str:
        """Return the canonical path."""
        return canonical_path(self.target)

    @cached_property
    def query(self) -> Pairs:
        """Return the pairs of the query."""
        return decode_form(self.target.partition("?")[2])

    @cached_property
    def origin(self) -> Origin | None:
        """Return where the request goes, or None if it was sent to us as if we were the backend."""
        return None

    @cached_property
    def headers(self) -> Pairs:
        """Return names and values of the header fields."""
        return []

    @cached_property
    def content(self) -> bytes | None:
        """Return the body with its content coding undone, or None if that fails or there is none."""
        return None

    @cached_property
    def form(self) -> Pairs:
        """Return names and values of a urlencoded or multipart body; none if it is neither."""
        return []

    @cached_property
    def text(self) -> str | None:
        """Return the body decoded by its charset, or None if that fails."""
        return None

    @cached_property
    def cookies(self) -> Pairs:
        """Return names and values of the cookies."""
        pieces = (piece.strip().partition("=") for value in self.header_values("cookie") for piece in value.split(";"))
        return [(name, _unquoted(value)) for name, _, value in pieces if name]

    @cached_property
    def preference(self) -> Preference | None:
        """Return which case the request prefers, if it does."""
        return parse_preference(self.header_values("prefer"))

    @cached_property
    def preflight_method(self) -> str | None:
        """Return the method that a CORS preflight asks for, or None if the request is no preflight."""
        if self.method != "OPTIONS" or not self.header_values("origin"):
            return None
        return next(iter(self.header_values("access-control-request-method")), None)

    @cached_property
    def json(self) -> Any:
        """Return the body parsed as JSON whatever its type, or `MISSING` if it is none."""
        try:
            return json.loads(self.content or b"", parse_constant=_refuse)
        except (ValueError, RecursionError):
            return MISSING

    def chance(self) -> float:
        """Return a number from 0 up to 1 by chance; an explanation overrides it, as it must not use chance up."""
        return self.memory.random.random()

    @property
    def url(self) -> str:
        """Return the URL; without an origin only the target."""
        return self.target

    @property
    def host(self) -> str:
        """Return the host that the request is for, or an empty string."""
        return self.origin.host if self.origin else ""

    @property
    def typed_path_params(self) -> dict[str, str | int]:
        """Return the path parameters as templates and handlers see them: `:int` as integers."""
        texts = {name: readable(text) for name, text in self.path_params.items()}
        return self.path_pattern.typed(texts) if isinstance(self.path_pattern, PathPattern) else dict(texts)

    def header_values(self, name: str) -> Sequence[str]:
        """Return the values of all header fields of a name in any letter case."""
        folded = name.lower()
        return [value for key, value in self.headers if key.lower() == folded]


def values_of(pairs: Pairs, name: str) -> list[str]:
    """Return all values of a name, readable."""
    return [readable(value) for key, value in pairs if key == name]


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value
