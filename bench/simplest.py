"""What one writes who needs a fake backend by noon: one dictionary by method and path."""

import json
from pathlib import Path
from typing import Any

from mitmproxy import http


class Simplest:
    """Answers from a JSON file of methods and paths, read again when its time changes."""

    def __init__(self, file: Path = Path("responses.json")) -> None:
        self.file = file
        self.mtime = 0.0
        self.responses: dict[str, dict[str, Any]] = {}

    def request(self, flow: http.HTTPFlow) -> None:
        """Answer the request."""
        mtime = self.file.stat().st_mtime
        if mtime != self.mtime:
            self.responses = json.loads(self.file.read_text(encoding="utf-8"))
            self.mtime = mtime
        path = flow.request.path.partition("?")[0]
        responses = self.responses.get(flow.request.method, {})
        if path in responses:
            body = json.dumps(responses[path])
            flow.response = http.Response.make(200, body, {"Content-Type": "application/json"})
        else:
            flow.response = http.Response.make(404, "Not found", {"Content-Type": "text/plain"})


addons = [Simplest()]
