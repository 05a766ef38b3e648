"""A request that the fake backend has had, as a test looks at it."""

from base64 import b64decode
from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from fakebackend.messages.charsets import decode
from fakebackend.messages.form import MultiItems
from fakebackend.messages.form import decode_form
from fakebackend.messages.multidict import MultiDict
from fakebackend.messages.origin import Origin
from fakebackend.messages.origin import split_origin
from fakebackend.messages.request import MISSING
from fakebackend.messages.request import Request
from fakebackend.messages.url_path import readable

_FORM = "application/x-www-form-urlencoded"


class GivenRequest(Request):
    """The request as conditions see it; one that came straight to `own_host` has no origin."""

    given: Mapping[str, Any]
    own_host: str

    def __init__(self, given: Mapping[str, Any], own_host: str) -> None:
        parts = urlsplit(given["url"])
        super().__init__(given["method"], (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        self.__dict__.update(given=given, own_host=own_host)

    @property
    def url(self) -> str:
        """Return the URL."""
        return str(self.given["url"])

    @cached_property
    def origin(self) -> Origin | None:
        """Return where the request was to go."""
        return None if urlsplit(self.url).netloc == self.own_host else split_origin(self.url)[0]

    @cached_property
    def headers(self) -> MultiItems:
        """Return names and values of the header fields."""
        return [(name, value) for name, value in self.given["headers"]]

    @cached_property
    def content(self) -> bytes | None:
        """Return the body, or None if there is none, or if it was too long to be kept."""
        body = self.given["body"] or {"text": ""}
        if "base64" in body:
            return b64decode(body["base64"])
        return body["text"].encode("utf-8") if "text" in body else None

    @cached_property
    def text(self) -> str | None:
        """Return the body decoded by its charset."""
        return None if self.content is None else decode(self.content, self._parameters.get("charset", ""))

    @cached_property
    def form(self) -> MultiItems:
        """Return the pairs of a urlencoded body."""
        return decode_form(self.text or "") if self._type == _FORM else []

    @property
    def _type(self) -> str:
        return self._content_type.partition(";")[0].strip().lower()

    @property
    def _parameters(self) -> dict[str, str]:
        pieces = (piece.strip().partition("=") for piece in self._content_type.split(";")[1:])
        return {name.lower(): value.strip('"') for name, _, value in pieces}

    @property
    def _content_type(self) -> str:
        return next(iter(self.header_values("content-type")), "")


class RecordedRequest:
    """A request and what became of it: `status` (None without an answer), `entry`, and why none answered."""

    def __init__(self, given: Mapping[str, Any], own_host: str) -> None:
        self.as_asked = GivenRequest(given, own_host)
        self.method: str = given["method"]
        self.url: str = given["url"]
        self.status: int | None = given["status"]
        self.entry: str | None = given["entry"]
        self.explanation: str | None = given["explanation"]

    @property
    def path(self) -> str:
        """Return the path without query, decoded."""
        return readable(self.as_asked.path)

    @property
    def query(self) -> MultiDict:
        """Return the first value of each name; `.getlist(name)` has all."""
        return MultiDict(self.as_asked.query)

    @property
    def headers(self) -> MultiDict:
        """Return the header fields, their names in any letter case."""
        return MultiDict(self.as_asked.headers, ignore_case=True)

    @property
    def json(self) -> Any:
        """Return the body parsed as JSON, or None where it is none."""
        return None if self.as_asked.json is MISSING else self.as_asked.json

    @property
    def text(self) -> str | None:
        """Return the body as text, or None where it is none, or was too long to be kept."""
        return self.as_asked.text

    def __repr__(self) -> str:
        return f"<{self.method} {self.url} → {self.status}>"
