"""What is written into a flow beside its response, and what is written of it into the log."""

from mitmproxy import http

from fakebackend.diagnostics.escaping import abbreviated

COMMENT = "fakebackend"
"""In `flow.metadata`, what we wrote into `flow.comment`; a comment of the user's differs and is kept."""


def comment(flow: http.HTTPFlow, text: str) -> None:
    """Say in a flow's comment what has been done, unless the user has written another one."""
    if flow.comment == flow.metadata.get(COMMENT, ""):
        flow.comment = flow.metadata[COMMENT] = abbreviated(text)


def kill(flow: http.HTTPFlow) -> None:
    """End a flow without an answer; one that has ended already stays as it is."""
    if flow.killable:
        flow.kill()


def request_line(flow: http.HTTPFlow) -> str:
    """Return method and target as they are logged."""
    return abbreviated(f"{flow.request.method} {flow.request.path}")


def origin_header(flow: http.HTTPFlow) -> str | None:
    """Return the origin of the page that asks, if it says one."""
    for name, value in flow.request.headers.fields:
        if name.lower() == b"origin":
            return value.decode("latin-1")
    return None
