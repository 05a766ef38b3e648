"""A request as the core sees it, whatever stands in front: mitmproxy, a command line, another server."""

import copy
import json
import logging
from collections.abc import Sequence
from functools import cached_property
from typing import Any
from typing import Never
from typing import Self
from urllib.parse import unquote

from fakebackend.diagnostics.escaping import abbreviated
from fakebackend.messages.content_codings import LARGEST_BODY
from fakebackend.messages.form import MultiItems
from fakebackend.messages.form import Part
from fakebackend.messages.form import decode_form
from fakebackend.messages.origin import Origin
from fakebackend.messages.prefer import Preference
from fakebackend.messages.prefer import parse_preference
from fakebackend.messages.url_path import canonical_path
from fakebackend.messages.url_path import readable

logger = logging.getLogger(__name__)


class Missing:
    """The type of `MISSING`."""

    def __repr__(self) -> str:
        return "missing"


MISSING = Missing()
"""Stands for a JSON value that is not there; `None` is JSON's null."""


class Request:
    """The parts of a request that matching looks at, each worked out when first asked for.

    Nothing is ever written into it, so several may match and answer the same one at once. A front subclasses
    it and fills in what it knows. `target` is the request target in origin-form (`/users?page=2`) or `*`; bytes
    of it that are no UTF-8 are lone surrogates, as in mitmproxy's `http.Request.path`.
    """

    method: str
    target: str

    def __init__(self, method: str, target: str) -> None:
        fields = self.__dict__  # past `__setattr__`, as cached properties go
        fields["method"] = method
        fields["target"] = target

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError(f"nothing is written into a request, not {name} either")

    @cached_property
    def path(self) -> str:
        """Return the canonical path."""
        return canonical_path(self.target)

    @cached_property
    def query(self) -> MultiItems:
        """Return the pairs of the query."""
        return decode_form(self.target.partition("?")[2])

    @cached_property
    def origin(self) -> Origin | None:
        """Return where the request goes, or None if it was sent to us as if we were the backend."""
        return None

    @cached_property
    def headers(self) -> MultiItems:
        """Return names and values of the header fields."""
        return []

    @cached_property
    def content(self) -> bytes | None:
        """Return the body with its content coding undone, or None if that fails or there is none."""
        return None

    @cached_property
    def form(self) -> MultiItems:
        """Return names and values of a urlencoded or multipart body; none if it is neither."""
        return []

    @cached_property
    def parts(self) -> list[Part]:
        """Return the parts of a multipart body; none if it is none."""
        return []

    def files(self, name: str) -> list[Part]:
        """Return the files that a multipart body brings in a field."""
        return [part for part in self.parts if part.filename is not None and part.name == name]

    @cached_property
    def text(self) -> str | None:
        """Return the body decoded by its charset, or None if that fails."""
        return None

    @cached_property
    def cookies(self) -> MultiItems:
        """Return names and values of the cookies, the values percent-decoded.

        By hand, as werkzeug drops the values with spaces that browsers send, and stumbles over surrogates.
        """
        pieces = (piece.strip().partition("=") for value in self.header_values("cookie") for piece in value.split(";"))
        return [(name, unquote(_unquoted(value), errors="surrogateescape")) for name, _, value in pieces if name]

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
        content = self.content or b""
        if len(content) > LARGEST_BODY:
            self.warn_of_body(f"it has more than {LARGEST_BODY >> 20} MiB")
            return MISSING
        try:
            return parse_json(content)
        except ValueError:
            return MISSING
        except RecursionError:
            self.warn_of_body("it is nested too deep")
            return MISSING

    @property
    def url(self) -> str:
        """Return the URL; without an origin only the target."""
        return self.target

    @property
    def host(self) -> str:
        """Return the host that the request is for, or an empty string."""
        return self.origin.host if self.origin else ""

    @property
    def port(self) -> int | None:
        """Return the port that the request is for, or None if that is not known."""
        return self.origin.port if self.origin else None

    @property
    def client_ip(self) -> str:
        """Return the address of the client, or an empty string."""
        return ""

    @property
    def is_secure(self) -> bool:
        """Tell whether the client's side of the connection is TLS, so that it takes a `Secure` cookie back."""
        return self.url.startswith("https:")

    def warn_of_body(self, why: str) -> None:
        """Say in the log why the body is taken for none."""
        line = abbreviated(f"{self.method} {self.target}")
        logger.warning(f"{line}: the body is not looked at, no condition on it holds: {why}")

    def header_values(self, name: str) -> Sequence[str]:
        """Return the values of all header fields of a name in any letter case."""
        folded = name.lower()
        return [value for key, value in self.headers if key.lower() == folded]

    def with_method(self, method: str) -> Self:
        """Return the same request with another method."""
        return self._with("method", method)

    def with_path(self, path: str) -> Self:
        """Return the same request with another canonical path, but the target that it had."""
        return self._with("path", path)

    def _with(self, name: str, value: str) -> Self:
        other = copy.copy(self)
        other.__dict__[name] = value
        return other


def parse_json(content: str | bytes) -> Any:
    """Return a body parsed as JSON, which has no NaN and no infinity.

    Raises `ValueError` for what is none, `RecursionError` for what is nested too deep.
    """
    return json.loads(content, parse_constant=_refuse)


def values_of(pairs: MultiItems, name: str) -> list[str]:
    """Return all values of a name, readable."""
    return [readable(value) for key, value in pairs if key == name]


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value
