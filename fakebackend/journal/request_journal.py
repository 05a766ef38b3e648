"""The last requests, with who answered each or why nobody did."""

import base64
import hashlib
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fakebackend.messages.form import MultiItems
from fakebackend.messages.request import Request

LARGEST_BODY = 64 * 1024
"""Bytes of a body that are kept; of a longer one the length and the hash are."""

ALL_BODIES = 16 * 1024 * 1024
"""Bytes of all kept bodies together; above that the oldest are kept as length and hash only."""

ALL_HEADS = 16 * 1024 * 1024
"""Characters of all URLs and header fields together; above that the oldest requests are kept no longer."""


@dataclass(slots=True)
class Recorded:
    """One request as it came in, and what became of it.

    `content` is the body with its content coding undone, as long as it is kept; `length` is that of the body.
    """

    method: str
    url: str
    headers: MultiItems
    content: bytes | None
    length: int
    digest: str = ""
    """The SHA-256 of a body that is not kept, in hexadecimal digits."""
    status: int | None = None
    """None where there was no answer."""
    entry: str | None = None
    explanation: str | None = None
    """Why no entry answered; None if one did."""
    is_unmatched: bool = False

    @property
    def head_size(self) -> int:
        """Return how many characters its URL and header fields take."""
        return len(self.url) + sum(len(name) + len(value) for name, value in self.headers)

    def forget_content(self) -> None:
        """Keep of the body its length and hash only."""
        if self.content is not None:
            self.digest, self.content = hashlib.sha256(self.content).hexdigest(), None

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON, without headers and body."""
        return {
            "method": self.method,
            "url": self.url,
            "status": self.status,
            "entry": self.entry,
            "explanation": self.explanation,
        }

    def as_data_with_body(self) -> dict[str, Any]:
        """Return it as JSON, with `headers` (a list of pairs) and `body`.

        That is null, or an object with `text`, or `base64` where it is no UTF-8, or `length` and `sha256`.
        """
        return {**self.as_data(), "headers": [list(pair) for pair in self.headers], "body": self._body_as_data()}

    def _body_as_data(self) -> dict[str, Any] | None:
        if self.digest:
            return {"length": self.length, "sha256": self.digest}
        if not self.content:
            return None
        try:
            return {"text": self.content.decode("utf-8")}
        except UnicodeDecodeError:
            return {"base64": base64.b64encode(self.content).decode("ascii")}


def record(request: Request) -> Recorded:
    """Return what is kept of a request."""
    content = request.content
    recorded = Recorded(request.method, request.url, request.headers, content, len(content or b""))
    if recorded.length > LARGEST_BODY:
        recorded.forget_content()
    return recorded


class RequestJournal:
    """The last requests, of which it keeps `size`; what they take together is bounded."""

    def __init__(self, size: int = 0) -> None:
        self.size = size
        self.reset()

    def reset(self) -> None:
        """Forget all requests."""
        self._requests: deque[Recorded] = deque()
        self._with_content: deque[Recorded] = deque()
        self._kept = self._heads = 0

    def resize(self, size: int) -> None:
        """Keep another number of requests from now on."""
        self.size = size
        self._drop_oldest()

    @property
    def requests(self) -> Sequence[Recorded]:
        """Return the requests, the oldest first."""
        return tuple(self._requests)

    def add(self, recorded: Recorded) -> None:
        """Keep one more request, in place of the oldest if there are as many as are kept."""
        if not self.size:
            return
        self._requests.append(recorded)
        self._heads += recorded.head_size
        if recorded.content:
            self._with_content.append(recorded)
            self._kept += len(recorded.content)
        self._drop_oldest()
        while self._kept > ALL_BODIES:
            oldest = self._with_content.popleft()
            self._kept -= oldest.length
            oldest.forget_content()

    def _drop_oldest(self) -> None:
        while len(self._requests) > self.size or self._heads > ALL_HEADS:
            oldest = self._requests.popleft()
            self._heads -= oldest.head_size
            if self._with_content and self._with_content[0] is oldest:
                self._with_content.popleft()
                self._kept -= oldest.length
