"""How a request that nobody answers is named in the log."""

from fakebackend.diagnostics.escaping import abbreviated
from fakebackend.proxy.flow_request import FlowRequest
from fakebackend.table.request_line import request_line


def unmatched_line(request: FlowRequest) -> str:
    """Return `GET https://api.example.com/users`; a preflight also says what it is for."""
    line = request_line(request.with_method(request.flow.request.method))
    asked = request.preflight_method
    return line if asked is None else f"{line}, a preflight for {abbreviated(asked)}"
