"""The request that a handler gets."""

from collections.abc import MutableMapping
from typing import Any

from fakebackend.messages.multidict import MultiDict
from fakebackend.messages.request import MISSING
from fakebackend.messages.url_path import readable
from fakebackend.state.request_context import RequestContext


class HandlerRequest:
    """A request for handlers: everything decoded, and `state` to read and change.

    `method`, `url`, `host` and `path` (without query) are text; `path_params` have integers for `:int`.
    `query`, `headers`, `cookies` and `form` give the first value of a name and `.getlist(name)` all of them.
    `json` is the parsed body or None, `text` the decoded body or None, `content` its bytes.
    """

    def __init__(self, context: RequestContext) -> None:
        request = context.request
        self.method = request.method
        self.url = readable(request.url)
        self.host = request.host
        self.path = readable(request.path)
        self.path_params = context.params.typed
        self.query = MultiDict(request.query)
        self.headers = MultiDict(request.headers, ignore_case=True)
        self.cookies = MultiDict(request.cookies)
        self.form = MultiDict(request.form)
        self.json: Any = None if request.json is MISSING else request.json
        self.text = request.text
        self.content = request.content or b""
        self.state: MutableMapping[str, Any] = context.state.variables

    def __repr__(self) -> str:
        return f"{self.method} {self.url}"
