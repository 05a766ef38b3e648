"""What a front-end asks a backend, whichever client it is, and what it is answered."""

import io
import json
import wave
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any

from mitmdump import Backend
from mitmdump import Launcher

TONE_SECONDS = 4
API = "https://api.example.com"

BROKEN = (
    'fakebackend could not answer: responses.json:43: GET /broken: in "{{ query.nope }}": '
    "'nope' is not in the query (which is empty); default('…') gives one"
)

RESPONSES: dict[str, Any] = {
    "GET": {
        "/user": {"firstName": "Jöhn"},
        "/login": {
            # What a page of another site needs; clients trust this machine without TLS.
            "$headers": {"Set-Cookie": "session=s1; Path=/; HttpOnly; SameSite=None; Secure"},
            "$body": {"ok": True},
        },
        "/me": {
            "$cases": [
                {"$when": {"cookies": {"session": "s1"}}, "$body": {"name": "Ann"}},
                {"$status": 401, "$body": {"error": "log in first"}},
            ]
        },
        "/items": {"$headers": {"X-Total-Count": 42}, "$body": ["a", "b"]},
        "/broken": {"$template": True, "$body": "{{ query.nope }}"},
        "/order": {
            "$cases": [
                {"$body": {"state": "shipped"}},
                {"$status": 404, "$body": {"error": "no such order"}},
                {"$status": 503, "$name": "busy", "$body": {"error": "come back later"}},
            ]
        },
        "/tone.wav": {"$file": "tone.wav"},
        f"{API}/rates": {"EUR": 1},
    },
    "PUT": {
        "/users/1": {
            "$when": {"headers": {"Authorization": "Bearer t1"}, "json": {"name": "Ann"}},
            "$status": 201,
            "$body": {"saved": True},
        }
    },
    "PURGE": {"/cache": {"$status": 202, "$body": {"purged": 3}}},
}


@dataclass(frozen=True)
class Call:
    """A request and the answer that every client must get."""

    name: str
    path: str
    status: int
    answer: Any
    """The JSON body, or the text of one that is no JSON."""
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None
    read: dict[str, str] = field(default_factory=dict)
    """Header fields that a page may read, with their values."""

    def as_fetched(self, base: str) -> dict[str, Any]:
        """Return what the scripts that call `fetch` take."""
        init = {"method": self.method, "headers": self.headers}
        if self.body is not None:
            init["body"] = self.body
        return {"url": base + self.path, "init": init, "read": list(self.read)}

    def check(self, answered: dict[str, Any]) -> None:
        """Fail if a client got anything else."""
        assert answered["status"] == self.status, (self.name, answered)
        text = answered["text"]
        assert (text if isinstance(self.answer, str) else json.loads(text)) == self.answer, (self.name, text)
        assert answered["read"] == self.read, self.name


CALLS = [
    Call("get", "/user", 200, {"firstName": "Jöhn"}, read={"Content-Type": "application/json"}),
    Call(
        "put",
        "/users/1",
        201,
        {"saved": True},
        method="PUT",
        headers={"Authorization": "Bearer t1", "Content-Type": "application/json"},
        body='{"name": "Ann"}',
    ),
    Call("before-login", "/me", 401, {"error": "log in first"}),
    Call("login", "/login", 200, {"ok": True}),
    Call("after-login", "/me", 200, {"name": "Ann"}),
    Call("custom-method", "/cache", 202, {"purged": 3}, method="PURGE"),
    Call("exposed-header", "/items", 200, ["a", "b"], read={"X-Total-Count": "42"}),
    Call("unmatched", "/nothing", 404, "Path not found"),
    Call("broken-template", "/broken", 500, BROKEN),
    Call("first-case", "/order", 200, {"state": "shipped"}),
    Call(
        "case-by-status",
        "/order",
        404,
        {"error": "no such order"},
        headers={"Prefer": "code=404"},
        read={"Preference-Applied": "code=404"},
    ),
    Call(
        "case-by-name",
        "/order",
        503,
        {"error": "come back later"},
        headers={"Prefer": "example=busy"},
        read={"Preference-Applied": "example=busy"},
    ),
]
"""In this order, by a client that keeps cookies."""


def start_backend(start: Launcher) -> Backend:
    """Start a backend that answers all of this."""
    backend = start({})
    write_tone(backend.folder / "tone.wav")
    backend.write(RESPONSES)
    return backend


def write_tone(file: Path) -> None:
    """Write a few seconds of a square wave, more than a browser reads ahead to know how long it lasts."""
    rate, content = 44_100, io.BytesIO()
    with wave.open(content, "wb") as tone:
        tone.setnchannels(2)
        tone.setsampwidth(2)
        tone.setframerate(rate)
        half = rate // 880
        tone.writeframes((b"\x00\x10" * 2 * half + b"\x00\xf0" * 2 * half) * (TONE_SECONDS * rate // (2 * half)))
    file.write_bytes(content.getvalue())
