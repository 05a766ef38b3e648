"""Requests that browsers send by themselves, whatever the page says."""

from fakebackend.messages.request import Request

BROWSERS_OWN = ("/favicon.ico", "/apple-touch-icon", "/.well-known/")
"""How their paths begin."""


def is_browsers_own(request: Request) -> bool:
    """Tell whether a request is one that nobody wrote, and that hardly anybody wants to read of."""
    return request.method == "GET" and request.path.startswith(BROWSERS_OWN)
