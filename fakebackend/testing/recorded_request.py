"""A request that the fake backend has had, as a test looks at it."""

import re
from base64 import b64decode
from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from werkzeug.http import parse_options_header

from fakebackend.messages.charsets import decode
from fakebackend.messages.form import MultiItems
from fakebackend.messages.form import Part
from fakebackend.messages.form import decode_form
from fakebackend.messages.form import decode_multipart
from fakebackend.messages.multidict import MultiDict
from fakebackend.messages.origin import Origin
from fakebackend.messages.origin import split_origin
from fakebackend.messages.request import MISSING
from fakebackend.messages.request import Request
from fakebackend.messages.url_path import readable

_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"


class GivenRequest(Request):
    """The request as conditions see it; one that came straight to `own_host` has no origin."""

    given: Mapping[str, Any]
    own_host: str

    def __init__(self, given: Mapping[str, Any], own_host: str) -> None:
        rest = given["url"].partition("://")[2]
        start = re.search("[/?]", rest)
        target = rest[start.start() :] if start else "/"
        super().__init__(given["method"], target if target.startswith("/") else f"/{target}")
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

    @property
    def length_only(self) -> int | None:
        """Return how long a body is that was not kept, or None."""
        length: int | None = (self.given["body"] or {}).get("length")
        return length

    @cached_property
    def text(self) -> str | None:
        """Return the body decoded by its charset."""
        return None if self.content is None else decode(self.content, self._content_type[1].get("charset", ""))

    @cached_property
    def form(self) -> MultiItems:
        """Return names and values of a urlencoded or multipart body."""
        if self._content_type[0] == _FORM:
            return decode_form((self.content or b"").decode("utf-8", "surrogateescape"))
        return [(part.name, part.text) for part in self.parts]

    @cached_property
    def parts(self) -> list[Part]:
        """Return the parts of a multipart body."""
        kind, parameters = self._content_type
        if kind != _MULTIPART or self.content is None:
            return []
        return decode_multipart(self.content, parameters.get("boundary", ""))

    @property
    def _content_type(self) -> tuple[str, dict[str, str]]:
        kind, parameters = parse_options_header(next(iter(self.header_values("content-type")), ""))
        return kind.lower(), parameters


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
