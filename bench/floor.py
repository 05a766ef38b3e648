"""The least that an addon which answers can do; everything else is measured against it."""

from mitmproxy import http

BODY = b'{"id": 17, "name": "item 17", "left": 7}'


class Floor:
    """Answers every request alike."""

    def request(self, flow: http.HTTPFlow) -> None:
        """Answer the request."""
        flow.response = http.Response.make(200, BODY, {"Content-Type": "application/json"})


addons = [Floor()]
