"""The request that a handler gets."""

from collections.abc import MutableMapping
from functools import cached_property
from typing import Any

from fakebackend.messages.multidict import MultiDict
from fakebackend.messages.request import MISSING
from fakebackend.messages.uploaded_files import UploadedFiles
from fakebackend.messages.url_path import readable
from fakebackend.state.request_context import RequestContext
from fakebackend.state.sessions import session_of


class HandlerRequest:
    """A request for handlers: everything decoded when it is asked for, and `state` to read and change."""

    def __init__(self, context: RequestContext) -> None:
        self._request = context.request
        self._sessions = context.state.sessions
        self.method = context.request.method
        self.path_params = context.params.typed
        """The path parameters by name, `:int` as integers."""
        self.state: MutableMapping[str, Any] = context.state.variables
        """The state variables by name."""

    @cached_property
    def url(self) -> str:
        """Return the URL, query included."""
        return readable(self._request.url)

    @cached_property
    def host(self) -> str:
        """Return the host, or an empty string."""
        return self._request.host

    @cached_property
    def path(self) -> str:
        """Return the path without query, decoded."""
        return readable(self._request.path)

    @cached_property
    def query(self) -> MultiDict:
        """Return the first value of each name; `.getlist(name)` has all."""
        return MultiDict(self._request.query)

    @cached_property
    def headers(self) -> MultiDict:
        """Return the header fields, their names in any letter case."""
        return MultiDict(self._request.headers, ignore_case=True)

    @cached_property
    def cookies(self) -> MultiDict:
        """Return the cookies."""
        return MultiDict(self._request.cookies)

    @cached_property
    def form(self) -> MultiDict:
        """Return the fields of a urlencoded or multipart body."""
        return MultiDict(self._request.form)

    @cached_property
    def files(self) -> UploadedFiles:
        """Return the first file of each field of a multipart body."""
        return UploadedFiles(self._request.parts)

    @cached_property
    def raw_path(self) -> str:
        """Return the path without query as it came, still encoded."""
        return readable(self._request.target.partition("?")[0])

    @cached_property
    def session(self) -> dict[str, str | None] | None:
        """Return the live session of the `login` handler, which has a `user`, or None."""
        return session_of(self._request, self._sessions)

    @cached_property
    def json(self) -> Any:
        """Return the body parsed as JSON, or None where it is none."""
        return None if self._request.json is MISSING else self._request.json

    @cached_property
    def text(self) -> str | None:
        """Return the body decoded by its charset, or None where it is no text."""
        return self._request.text

    @cached_property
    def content(self) -> bytes:
        """Return the bytes of the body, its content coding undone."""
        return self._request.content or b""

    def __repr__(self) -> str:
        return f"{self.method} {self.url}"
