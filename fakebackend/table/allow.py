"""OPTIONS without an entry of its own: what a path allows, and CORS preflights."""

import re
from collections.abc import Iterable

from fakebackend.diagnostics.escaping import ascii_header_value
from fakebackend.messages.canned_response import CannedResponse
from fakebackend.messages.canned_response import canned_response
from fakebackend.messages.header_fields import fields_of
from fakebackend.messages.methods import ANY
from fakebackend.messages.methods import TOKEN
from fakebackend.messages.request import Request
from fakebackend.table.entry_table import EntryTable

_NAMES = re.compile(rf" *(?:{TOKEN})? *(?:, *(?:{TOKEN})? *)*+")

_ANY_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
"""What a `*` entry counts as where methods are listed."""


def options_answer(table: EntryTable, request: Request, *, cors: bool, forward: bool = False) -> CannedResponse | None:
    """Return the automatic answer to OPTIONS, or None if there is no entry that it could be about.

    A preflight is about the method it asks for; it gets what `cors` needs beside the usual fields. It may also be
    about a request without an entry: the browser then sends that, and shows the 404 that says why, and not a CORS
    error that says nothing. Unless the real server is to be asked: then it is, with `forward`.
    """
    found = {entry.method for entry in table.entries_at(request)}
    asked = request.preflight_method
    methods = _listed(found)
    named = bool(found) and (asked is None or asked in methods or ANY in found)
    if not named and (asked is None or not cors or forward):
        return None
    fields = [(b"Allow", ascii_header_value(", ".join(methods)))]
    if asked is not None and cors:
        fields = _preflight_fields(request, sorted({*methods, asked}))
    return canned_response(204, headers=fields_of(*fields))


def _listed(methods: Iterable[str]) -> list[str]:
    listed = {"OPTIONS", *methods}
    if ANY in listed:
        listed = {*listed, *_ANY_METHODS} - {ANY}
    if "GET" in listed:
        listed.add("HEAD")
    return sorted(listed)


def _preflight_fields(request: Request, methods: Iterable[str]) -> list[tuple[bytes, bytes]]:
    fields = [(b"Access-Control-Allow-Methods", ascii_header_value(", ".join(methods)))]
    asked = ", ".join(request.header_values("access-control-request-headers"))
    # What is no list of names, as a folded line, is not sent back: it could be a line of its own there.
    if asked and re.fullmatch(_NAMES, asked):
        fields.append((b"Access-Control-Allow-Headers", asked.encode("ascii")))
    if "true" in request.header_values("access-control-request-private-network"):
        fields.append((b"Access-Control-Allow-Private-Network", b"true"))
    # Asked again before every request, so that a changed file is seen at once.
    fields.append((b"Access-Control-Max-Age", b"0"))
    return fields
