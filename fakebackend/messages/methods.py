"""Method names (RFC 9110 section 9), and `*` for any."""

import re

ANY = "*"

STANDARD_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
"""RFC 9110 and RFC 5789, less CONNECT, which a proxy answers itself."""

_ANY_ELSEWHERE = ("ANY", "ALL")

TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"  # noqa: S105  # what RFC 9110 section 5.6.2 calls so
METHOD_SHAPE = r"(?:\*|(?!\$)(?=[^ ]*[A-Z])[!#$%&'*+\-.^_`|~0-9A-Z]+)"
"""What `is_method` says, for a JSON Schema."""

_TOKEN_IN_UPPER_CASE = re.compile(r"(?=.*[A-Z])[!#$%&'*+\-.^_`|~0-9A-Z]+\Z")


def is_method(word: str) -> bool:
    """Tell whether the word names a method in a responses file: `*` or a token in upper case."""
    return word == ANY or (word[:1] != "$" and _TOKEN_IN_UPPER_CASE.match(word) is not None)


def misspelled(method: str) -> str | None:
    """Return the standard method that is one edit away from an unknown one: `PSOT` gives `POST`, `ANY` gives `*`."""
    if method in STANDARD_METHODS or method == ANY:
        return None
    if method in _ANY_ELSEWHERE:
        return ANY
    return next((standard for standard in STANDARD_METHODS if _one_edit_apart(method, standard)), None)


def several_methods(method: str) -> list[str]:
    """Return the standard methods that are written as one, as in `GET|POST`, or nothing."""
    words = method.split("|")
    return words if len(words) > 1 and all(word in STANDARD_METHODS for word in words) else []


def _one_edit_apart(one: str, other: str) -> bool:
    """Tell whether one inserted, removed, changed letter or one swapped pair leads from one to the other."""
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    swapped = len(one) == 2 and one == other[::-1]
    return swapped or (len(one) <= 1 and len(other) <= 1)
