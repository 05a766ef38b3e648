"""How a request is named in the log and in explanations."""

from fakebackend.diagnostics.escaping import abbreviated
from fakebackend.messages.request import Request


def request_line(request: Request) -> str:
    """Return `GET https://api.example.com/users`; asked directly it is `GET /users`.

    The host counts in who answers, and one proxy is asked for many.
    """
    origin = request.origin if request.target.startswith("/") else None
    return abbreviated(f"{request.method} {origin or ''}{request.target}")
