"""Sessions of the built-in handler `login`."""

from collections.abc import Container
from collections.abc import Mapping

from fakebackend.messages.request import Request
from fakebackend.messages.request import values_of

SESSION_COOKIE = "SESSION"
"""The name of the cookie that carries a session's token."""

MOST_SESSIONS = 100_000
"""How many sessions may be open at the same time."""


def has_live_session(request: Request, sessions: Container[str]) -> bool:
    """Tell whether one of the request's session cookies is the token of a live session."""
    return any(token in sessions for token in values_of(request.cookies, SESSION_COOKIE))


def session_of(request: Request, sessions: Mapping[str, str | None]) -> dict[str, str | None] | None:
    """Return the live session of a request, which knows its `user` (null where none was named), or None."""
    for token in values_of(request.cookies, SESSION_COOKIE):
        if token in sessions:
            return {"user": sessions[token]}
    return None
