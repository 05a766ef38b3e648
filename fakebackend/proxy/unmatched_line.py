"""How a request that nobody answers is named in the log."""

from fakebackend.diagnostics.escaping import abbreviated
from fakebackend.proxy.flow_request import FlowRequest


def unmatched_line(request: FlowRequest) -> str:
    """Return `GET https://api.example.com/users`; asked directly it is `GET /users`.

    The host counts in who answers, and one proxy is asked for many. A preflight also says what it is for.
    """
    method, target = request.flow.request.method, request.target
    origin = request.origin if target.startswith("/") else None
    line = abbreviated(f"{method} {origin or ''}{target}")
    asked = request.preflight_method
    return line if asked is None else f"{line}, a preflight for {abbreviated(asked)}"
