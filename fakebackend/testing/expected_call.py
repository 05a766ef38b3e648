"""A call that a test asks for, and how near the requests come that there were."""

import difflib
import json
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.diagnostics.wording import format_value
from fakebackend.format.compile import compile_file
from fakebackend.messages.methods import ANY
from fakebackend.state.mock_state import MockState
from fakebackend.table.near_miss import near_misses
from fakebackend.testing.recorded_request import RecordedRequest


class ExpectedCall:
    """A key of a responses file, and conditions as `$when` has them.

    It is an entry of a file that has no other, so that what matches, and how a difference is put, is the same as
    there. Raises `ValueError` for a key or a condition that is wrong.
    """

    def __init__(self, key: str, conditions: Mapping[str, Any]) -> None:
        __tracebackhide__ = True
        self.method, space, _ = str(key).partition(" ")
        if not space:
            raise ValueError(f'expected a call like "GET /user", got {format_value(key)}')
        self._title = key + "".join(f" with {name} {format_value(value)}" for name, value in conditions.items())
        when = {"$when": dict(conditions)} if conditions else {}
        try:
            file = json.dumps({key: {**when, "$body": None}}).encode()
        except TypeError as e:
            raise ValueError(f"expected conditions as JSON has them: {e}") from None
        try:
            self._table = compile_file(file, "call").table
        except ResponsesFileError as e:
            raise ValueError("; ".join(error.text for error in e.errors)) from None

    def __str__(self) -> str:
        return self._title

    def matches(self, request: RecordedRequest) -> bool:
        """Tell whether a request is such a call; HEAD is not GET here."""
        if self.method not in (ANY, request.method):
            return False
        return self._table.find(request.as_asked, MockState()).match is not None

    def difference(self, request: RecordedRequest) -> str:
        """Return the first thing in which a request differs."""
        found = self._table.find(request.as_asked, MockState())
        if found.match is not None:
            return f"it is {request.method}"
        near = near_misses(self._table, request.as_asked, found.passed_over)
        return near[0].difference if near else "nothing of it is alike"

    def nearest(self, requests: Sequence[RecordedRequest]) -> RecordedRequest | None:
        """Return the request that comes nearest, of equally near ones the last."""
        return max(reversed(requests), key=self._nearness, default=None)

    def _nearness(self, request: RecordedRequest) -> tuple[bool, bool, float]:
        found = self._table.find(request.as_asked, MockState())
        is_alike = bool(near_misses(self._table, request.as_asked, found.passed_over))
        line = f"{request.method} {request.path}"
        likeness = difflib.SequenceMatcher(None, self._title[:200], line[:200]).ratio()
        return bool(found.passed_over), is_alike, likeness
