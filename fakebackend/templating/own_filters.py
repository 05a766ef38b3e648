"""Filters that Jinja2 has not: each a function and what looks beforehand at what it is given."""

import base64
import binascii
import datetime
import hashlib
import hmac
import json
import re
from collections.abc import Callable
from typing import Any
from typing import NamedTuple

import jinja2

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.wording import format_value
from fakebackend.templating import bounds
from fakebackend.templating.bounds import Bound
from fakebackend.templating.slow_regex import NESTED
from fakebackend.templating.slow_regex import check_foreign
from fakebackend.templating.slow_regex import has_nested_quantifiers

_ALGORITHMS = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")


class OwnFilter(NamedTuple):
    """A filter of ours."""

    function: Callable[..., Any]
    bound: Bound


def _b64encode(value: str | bytes, url: bool = False) -> str:
    encode = base64.urlsafe_b64encode if url else base64.standard_b64encode
    text = encode(_bytes(value)).decode("ascii")
    return text.rstrip("=") if url else text


def _b64decode(value: str, url: bool = False) -> str:
    text = "".join(value.split())
    padded = text + "=" * (-len(text) % 4)
    try:
        content = base64.b64decode(padded, altchars=b"-_" if url else None, validate=True)
    except (binascii.Error, ValueError) as e:
        raise ValueError(f"b64decode: no base64: {e}") from None
    return content.decode("utf-8", "replace")


def _hash(value: str | bytes, algorithm: str = "sha256") -> str:
    return hashlib.new(_known(algorithm), _bytes(value), usedforsecurity=False).hexdigest()


def _hmac(value: str | bytes, algorithm: str, key: str | bytes) -> str:
    return hmac.new(_bytes(key), _bytes(value), _known(algorithm)).hexdigest()


def _from_json(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError as e:
        raise ValueError(f"from_json: {e}") from None


def _jwt_claims(value: str) -> Any:
    """Return what a JSON Web Token (RFC 7519) says; its signature is not looked at."""
    parts = value.removeprefix("Bearer ").split(".")
    if len(parts) != 3:
        raise ValueError("jwt_claims: a token has three parts with dots between them")
    return _from_json(_b64decode(parts[1], url=True))


WRITTEN_PATTERNS: set[str] = set()
"""Regular expressions that stand in a template itself, and so are its author's own."""


def vet_pattern(pattern: str) -> None:
    """Take a regular expression that stands in a template.

    Raises `ValidationError` if it is none, or may take for ever.
    """
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as e:
        raise ValidationError(f"regex({format_value(pattern)}) is no regular expression: {e}") from None
    if has_nested_quantifiers(pattern):
        raise ValidationError(f"regex({format_value(pattern)}) {NESTED}")
    WRITTEN_PATTERNS.add(pattern)


@jinja2.pass_environment
def _regex(environment: jinja2.Environment, value: str, pattern: str) -> Any:
    if pattern not in WRITTEN_PATTERNS:
        check_foreign(pattern, len(value))
    match = re.search(pattern, value)
    if match is None:
        return environment.undefined(f"nothing matches {pattern!r}")
    return match[1] if match.re.groups else match[0]


def _timestamp(value: datetime.datetime) -> int:
    return int(value.timestamp())


def _strftime(value: datetime.date, format: str) -> str:  # noqa: A002  # as Python calls it
    return value.strftime(format)


OWN_FILTERS = {
    "b64decode": OwnFilter(_b64decode, bounds.as_text),
    "b64encode": OwnFilter(_b64encode, bounds.as_text),
    "from_json": OwnFilter(_from_json, bounds.as_text),
    "hash": OwnFilter(_hash, bounds.as_text),
    "hmac": OwnFilter(_hmac, bounds.as_text),
    "jwt_claims": OwnFilter(_jwt_claims, bounds.as_text),
    "regex": OwnFilter(_regex, bounds.as_text),
    "strftime": OwnFilter(_strftime, bounds.as_date),
    "timestamp": OwnFilter(_timestamp, bounds.free),
}
"""The filters by name; what is looked for and what it is looked for in are the author's and the client's."""


def _bytes(value: str | bytes) -> bytes:
    return value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value


def _known(algorithm: str) -> str:
    if algorithm not in _ALGORITHMS:
        raise ValueError(f"an algorithm is one of {', '.join(_ALGORITHMS)}, got {algorithm!r}")
    return algorithm
