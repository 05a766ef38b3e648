"""Files of saved flows, as mitmproxy writes and reads them."""

from pathlib import Path

from mitmproxy import connection
from mitmproxy import http
from mitmproxy import io


def saved_flow(url: str, answer: str | None = "recorded", method: str = "GET") -> http.HTTPFlow:
    """Make a flow as it comes out of a capture, with its answer or without one."""
    client = connection.Client(peername=("127.0.0.1", 50_000), sockname=("127.0.0.1", 8080), timestamp_start=1.0)
    flow = http.HTTPFlow(client, connection.Server(address=None))
    flow.request = http.Request.make(method, url)
    if answer is not None:
        flow.response = http.Response.make(200, answer, {"Content-Type": "text/plain"})
    return flow


def write_flows(file: Path, *flows: http.HTTPFlow) -> Path:
    """Save flows."""
    with file.open("wb") as opened:
        writer = io.FlowWriter(opened)
        for flow in flows:
            writer.add(flow)
    return file


def read_flows(file: Path) -> list[http.HTTPFlow]:
    """Read what was saved."""
    with file.open("rb") as opened:
        return [flow for flow in io.FlowReader(opened).stream() if isinstance(flow, http.HTTPFlow)]
