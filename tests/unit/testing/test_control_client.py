import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from typing import Any

import pytest

from fakebackend.testing.control_client import ControlClient

TOKEN = "0123456789abcdef"


class Server(ThreadingHTTPServer):
    """Answers what it was told to, and keeps what it was asked."""

    answers: list[tuple[int, Any] | None]
    asked: list[tuple[str, str, str, bytes]]


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append((self.command, self.path, self.headers["Authorization"], content))
        answer = self.server.answers.pop(0)
        if answer is None:
            self.close_connection = True
            return
        body = json.dumps(answer[1]).encode()
        self.send_response(answer[0])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815  # the name that the base class looks for

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the overridden name
        """Keep quiet."""


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as running:
        running.daemon_threads = True
        running.answers, running.asked = [], []
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def client(server: Server) -> Iterator[ControlClient]:
    made = ControlClient(server.server_port, TOKEN)
    yield made
    made.close()


def test_a_call_carries_the_token_and_json(server: Server, client: ControlClient) -> None:
    server.answers = [(200, [1]), (200, {})]
    assert client.call("GET", "entries") == [1]
    assert client.call("POST", "entries", {"GET /ä": 1}) == {}
    assert server.asked == [
        ("GET", "/__fakebackend/entries", f"Bearer {TOKEN}", b""),
        ("POST", "/__fakebackend/entries", f"Bearer {TOKEN}", '{"GET /ä": 1}'.encode()),
    ]


def test_a_refusal_is_an_error_with_its_reason(server: Server, client: ControlClient) -> None:
    server.answers = [(400, {"error": "no good"})]
    with pytest.raises(ValueError, match="no good"):
        client.call("POST", "entries", {})


def test_what_json_does_not_have_is_told(client: ControlClient) -> None:
    with pytest.raises(ValueError, match="expected what JSON has: Object of type set"):
        client.call("POST", "entries", {"GET /a": {1}})


def test_a_connection_that_breaks_is_an_error_and_the_next_call_opens_another(
    server: Server, client: ControlClient
) -> None:
    server.answers = [None, (200, 1)]
    with pytest.raises(OSError, match="without response"):
        client.call("GET", "state")
    assert client.call("GET", "state") == 1
