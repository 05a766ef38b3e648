"""A responses file of any size, and requests for which the right answer is known."""

import itertools
import json
import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KINDS = ("exact", "template", "conditional", "miss")

LANGUAGE = ("or", "dotted", "rendered", "let", "each")
"""What a file may say beside that: conditions with `$or` and with a dotted name, a rendered body, `$let`, `$each`."""

_MIX = ("exact", "exact", "template", "exact", "conditional")
"""Of each ten entries six are exact, two are templates and two have conditions, each two of different shapes."""


@dataclass(frozen=True, slots=True)
class Request:
    """A GET request, and what must come back; there is no body to expect with a 404."""

    target: str
    headers: tuple[tuple[bytes, bytes], ...] = ()
    status: int = 200
    body: Any = None
    content: bytes = b""

    def is_answered_by(self, status: int, content: bytes | None) -> bool:
        """Tell whether an answer is the right one."""
        return status == self.status and (status == 404 or json.loads(content or b"") == self.body)


def kind_of(number: int) -> str:
    """Return the kind of an entry."""
    return _MIX[number % len(_MIX)]


def responses_text(count: int, only: str | None = None) -> str:
    """Return a responses file with so many entries, all of one kind or mixed, each on a line of its own.

    100,000 are about 6 MB.
    """
    kinds = (only or kind_of(number) for number in range(count))
    lines = (f"{json.dumps(_path(n, kind))}: {json.dumps(_value(n, kind))}" for n, kind in enumerate(kinds))
    return '{"GET": {\n' + ",\n".join(lines) + "\n}}\n"


def as_yaml(text: str) -> str:
    """Return JSON as people write it in YAML: a line for each key, quotes only around text that is a value."""
    return "\n".join(_yaml_lines(json.loads(text), "")) + "\n"


def write_sample(folder: Path, count: int, only: str | None = None) -> Path:
    """Write the responses file, old enough for its time to prove that it has not changed."""
    file = folder / "responses.json"
    file.write_text(responses_text(count, only), encoding="utf-8")
    set_age(file, seconds=60)
    return file


def set_age(file: Path, seconds: int) -> None:
    """Set the time of the file's last change; a reload follows when it differs from the one before."""
    then = time.time() - seconds
    os.utime(file, (then, then))


def requests(kind: str, count: int, seed: int = 0) -> Iterator[Request]:
    """Yield requests of a kind for ever, the entries in random order and each as often as the others.

    Parameters and misses have a new value each time; a literal path comes back when all others had their turn.
    """
    generator = random.Random(seed)
    numbers = [n for n in range(count) if kind in LANGUAGE or kind_of(n) == kind] or list(range(count))
    generator.shuffle(numbers)
    for number in itertools.cycle(numbers):
        yield _request(kind, number, generator.randrange(10**6, 10**7))


def _yaml_lines(values: dict[str, Any], indent: str) -> Iterator[str]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield f"{indent}{key}:"
            yield from _yaml_lines(value, indent + "  ")
        else:
            yield f"{indent}{key}: {json.dumps(value)}"


def _request(kind: str, number: int, parameter: int) -> Request:
    if kind == "miss":
        return Request(f"/item/{parameter}", status=404)
    if kind == "template":
        target = _path(number, kind).replace("{order}", str(parameter)).replace("{user}", str(parameter))
        return Request(target, body=_body(number))
    if kind == "conditional":
        return Request(f"{_path(number, kind)}?page=2", ((b"X-Role", b"admin"),), body=_body(number))
    if kind in LANGUAGE:
        return Request(f"{_path(number, kind)}?page=2", body=_language_body(number, kind), content=_ANN)
    return Request(_path(number, kind), body=_body(number))


def _path(number: int, kind: str) -> str:
    match kind:
        case "template":
            return f"/users/{{user}}/lists/{number}" if _is_second(number) else f"/shops/{number}/orders/{{order}}"
        case "conditional":
            return f"/search/{number}"
        case _:
            return f"/items/{number}"


def _is_second(number: int) -> bool:
    return number // len(_MIX) % 2 == 1


def _body(number: int) -> dict[str, Any]:
    return {"id": number, "name": f"item {number}"}


_ANN = b'{"user": {"name": "ann"}}'


def _language_body(number: int, kind: str) -> Any:
    """Return what the answer to `?page=2` is."""
    if kind == "each":
        return [{"id": index} for index in range(10)]
    return {**_body(number), "page": 2} if kind in ("rendered", "let") else _body(number)


def _language_value(number: int, kind: str) -> dict[str, Any]:
    match kind:
        case "or":
            return {"$when": {"$or": [{"query": {"page": "1"}}, {"query": {"page": "2"}}]}, "$body": _body(number)}
        case "dotted":
            return {"$when": {"json": {"user.name": "ann"}}, "$body": _body(number)}
        case "rendered":
            return {"$template": True, "$body": {**_body(number), "page": "{{ query.page | int }}"}}
        case "let":
            named = {"$let": {"page": "{{ query.page | int }}"}, "$body": {**_body(number), "page": "{{ page }}"}}
            return {"$template": True, **named}
        case _:
            return {"$template": True, "$body": [{"$each": 10, "id": "{{ index }}"}]}


def _value(number: int, kind: str) -> dict[str, Any]:
    if kind in LANGUAGE:
        return _language_value(number, kind)
    if kind == "conditional":
        when = {"headers": {"X-Role": "admin"}} if _is_second(number) else {"query": {"page": "2"}}
        return {"$when": when, "$body": _body(number)}
    return _body(number)
