"""Control over HTTP from the other side: calls with the token, and what they return."""

import http.client
import json
import threading
from typing import Any

from fakebackend.journal.admin import PREFIX

_TIMEOUT = 60.0  # seconds


class ControlClient:
    """Calls the fake backend on a port of this machine; one connection serves all calls."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._lock = threading.Lock()

    def call(self, method: str, name: str, data: Any = None) -> Any:
        """Return what a call returns.

        Raises `ValueError` with what is wrong if it is refused.
        """
        __tracebackhide__ = True  # in pytest, where it shows the line of the test
        body = None if data is None else _encoded(data)
        with self._lock:
            status, content = self._sent(method, name, body)
        answer = json.loads(content)
        if status != 200:
            raise ValueError(answer["error"])
        return answer

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _sent(self, method: str, name: str, body: bytes | None) -> tuple[int, bytes]:
        try:
            self._connection.request(method, PREFIX + name, body, self._headers)
            response = self._connection.getresponse()
            return response.status, response.read()
        except (http.client.HTTPException, OSError):
            self._connection.close()  # the next call opens it again
            raise


def _encoded(data: Any) -> bytes:
    """Return data as JSON.

    Raises `ValueError` for what JSON does not have.
    """
    try:
        text = json.dumps(data, ensure_ascii=False)
    except TypeError as e:
        raise ValueError(f"expected what JSON has: {e}") from None
    return text.encode("utf-8", "surrogatepass")
