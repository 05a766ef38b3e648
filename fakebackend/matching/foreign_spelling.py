"""URL keys as other tools spell them: we take them literally, and say how we would write what is meant."""

import re

from fakebackend.diagnostics.wording import format_value
from fakebackend.messages.origin import split_origin

_PARAMETER = re.compile(r"/:([A-Za-z_]\w*)(?=/|\Z)")
_WILDCARD = re.compile(r"/(\*\*?)(?=/|\Z)")
_IN_BRACKETS = re.compile(r"/(?:<(?:(?P<type>[a-z]+):)?(\w+)>|\[(\w+)\]|\$\{(\w+)\})(?=/|\Z)")
"""A segment as Flask, Next.js and template strings have it."""

_TYPES = {"int": ":int", "uuid": ":uuid", "path": ":path"}


def may_be_foreign(url: str) -> bool:
    """Tell whether a URL key could be meant otherwise, quickly: nearly none is."""
    return "/:" in url or "*" in url or "//" in url or "/<" in url or "/[" in url or "/$" in url


def foreign_spelling(url: str) -> str | None:
    """Return what is to be said of a URL key that is spelled as elsewhere, or None."""
    if url.startswith("~") or not may_be_foreign(url):
        return None
    origin, rest = split_origin(url)
    path = rest.partition("?")[0]
    meant = None
    if origin is not None and "*" in origin.host:
        meant = f"a key without a host, as {format_value(path)}, is for all of them"
    elif url.startswith("//") and "/" not in url[2:]:
        host, path = format_value(url[2:]), format_value(url[1:])
        return f"{format_value(url)} is the host {host} without a path; a path is written {path}"
    elif found := _PARAMETER.search(path):
        meant = f"a parameter is written {{{found[1]}}}"
    elif found := _IN_BRACKETS.search(path):
        meant = f"a parameter is written {{{found[found.lastindex or 0]}{_TYPES.get(found['type'], '')}}}"
    elif found := _WILDCARD.search(path):
        one, rest = "one segment is written {name}", "the rest {rest:path}"
        if found[1] == "**":
            meant = rest.replace("rest ", "rest is written ", 1)
        else:
            meant = f"{one}, {rest}" if found.end() == len(path) else one
    elif "//" in path:
        before = url[: len(url) - len(rest)]
        meant = f"with an empty segment; without one it is {format_value(before + re.sub('/+', '/', path))}"
    return f"{format_value(url)} is taken literally: {meant}" if meant else None
