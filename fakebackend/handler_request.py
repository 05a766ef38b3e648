"""The request that a handler gets."""

from collections.abc import MutableMapping
from typing import Any

from fakebackend.field_map import FieldMap
from fakebackend.request_view import MISSING
from fakebackend.request_view import RequestView
from fakebackend.url_path import readable


class HandlerRequest:
    """A request for handlers: everything decoded, and `state` to read and change.

    `method`, `url`, `host` and `path` (without query) are text; `path_params` have integers for `:int`.
    `query`, `headers`, `cookies` and `form` give the first value of a name and `.getlist(name)` all of them.
    `json` is the parsed body or None, `text` the decoded body or None, `content` its bytes.
    """

    def __init__(self, request: RequestView) -> None:
        self.method = request.method
        self.url = readable(request.url)
        self.host = request.host
        self.path = readable(request.path)
        self.path_params = request.typed_path_params
        self.query = FieldMap(request.query)
        self.headers = FieldMap(request.headers, ignore_case=True)
        self.cookies = FieldMap(request.cookies)
        self.form = FieldMap(request.form)
        self.json: Any = None if request.json is MISSING else request.json
        self.text = request.text
        self.content = request.content or b""
        self.state: MutableMapping[str, Any] = request.memory.state

    def __repr__(self) -> str:
        return f"{self.method} {self.url}"
