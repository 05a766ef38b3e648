"""OPTIONS without an entry of its own: what a path allows, and CORS preflights."""

from collections.abc import Iterable

from fakebackend.entry_table import EntryTable
from fakebackend.http_method import ANY
from fakebackend.printable import header_value
from fakebackend.request_view import RequestView
from fakebackend.static_answer import Headers
from fakebackend.static_answer import StaticAnswer
from fakebackend.static_answer import static_answer

_ANY_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
"""What a `*` entry counts as where methods are listed."""


def options_answer(table: EntryTable, request: RequestView, *, cors: bool) -> StaticAnswer | None:
    """Return the automatic answer to OPTIONS, or None if there is no entry that it could be about.

    A preflight is about the method it asks for; it gets what `cors` needs beside the usual fields.
    """
    found = {entry.method for entry in table.entries_at(request)}
    asked = request.preflight_method
    methods = _listed(found)
    if not found or (asked is not None and asked not in methods and ANY not in found):
        return None
    fields = [(b"Allow", header_value(", ".join(methods)))]
    if asked is not None and cors:
        fields = _preflight_fields(request, sorted({*methods, asked}))
    return static_answer(204, headers=Headers(tuple(fields), frozenset(name.lower() for name, _ in fields)))


def _listed(methods: Iterable[str]) -> list[str]:
    listed = {"OPTIONS", *methods}
    if ANY in listed:
        listed = {*listed, *_ANY_METHODS} - {ANY}
    if "GET" in listed:
        listed.add("HEAD")
    return sorted(listed)


def _preflight_fields(request: RequestView, methods: Iterable[str]) -> list[tuple[bytes, bytes]]:
    fields = [(b"Access-Control-Allow-Methods", header_value(", ".join(methods)))]
    if asked := ", ".join(request.header_values("access-control-request-headers")):
        fields.append((b"Access-Control-Allow-Headers", asked.encode("latin-1", "replace")))
    if "true" in request.header_values("access-control-request-private-network"):
        fields.append((b"Access-Control-Allow-Private-Network", b"true"))
    # Asked again before every request, so that a changed file is seen at once.
    fields.append((b"Access-Control-Max-Age", b"0"))
    return fields
