"""URL keys: which requests an entry is for."""

import re
from dataclasses import dataclass
from typing import NamedTuple
from typing import TypeAlias

from fakebackend.origin import Origin
from fakebackend.origin import split_origin
from fakebackend.path_pattern import PathPattern
from fakebackend.path_pattern import parse_path_pattern
from fakebackend.problems import FieldError
from fakebackend.problems import shown
from fakebackend.query_constraint import Constraint
from fakebackend.query_constraint import parse_constraints
from fakebackend.quick_tuple import maker_of
from fakebackend.url_path import canonical_path


@dataclass(frozen=True, slots=True)
class PathRegex:
    """A regular expression for a path; what stands before it as `$base` is taken literally."""

    prefix: str
    source: str
    compiled: re.Pattern[str]


PathMatcher: TypeAlias = str | PathPattern | PathRegex
"""A canonical path, a path with parameters, or a regular expression."""


class UrlKey(NamedTuple):
    """What a URL key asks of a request; `text` is the key in full, `$base` included."""

    text: str
    path: PathMatcher
    query: tuple[Constraint, ...] = ()
    origin: Origin | None = None

    @property
    def identity(self) -> object:
        """Return what is equal for two keys that match exactly the same requests."""
        path: object = self.path
        if isinstance(path, PathPattern):
            path = path.segments
        elif isinstance(path, PathRegex):
            path = (path.prefix, path.source)
        return (path, self.query, self.origin) if self.query or self.origin else path


_new_key = maker_of(UrlKey)


@dataclass(frozen=True, slots=True)
class Base:
    """`$base`: what is put before every URL key of a file."""

    origin: Origin | None = None
    path: str = ""


NO_BASE = Base()

_match_literal = re.compile(r"/(?!/)[^{}?#%]*\Z").match
_match_path = re.compile(r"/(?!/)[^?#%]*\Z").match  # maybe with parameters
_NO_UTF8 = re.compile("[\udc80-\udcff]")


def parse_base(value: object) -> Base:
    """Return the base that `/api/v1` or `https://api.example.com/v1` stands for."""
    if not isinstance(value, str) or not value.startswith(("/", "http://", "https://")):
        raise FieldError(f'$base must be a path like "/api" or an origin like "https://host", got {shown(value)}')
    if any(char in value for char in "?#"):
        raise FieldError(f"$base has neither query nor fragment, got {shown(value)}")
    origin, path = split_origin(value)
    path = path.rstrip("/")
    _check_encoding(value, parse_path_pattern(path), ())
    return Base(origin, path)


def is_plain_path(text: str) -> bool:
    """Tell whether a URL key is a path that is its own canonical form."""
    return _match_literal(text) is not None and "/." not in text


def parse_url_key(text: str, base: Base = NO_BASE) -> UrlKey:
    """Return what a URL key means: `/a%20b?c=1` asks for the path `/a b` and for `c` to be `1`.

    Raises `FieldError` for a key that is wrong.
    """
    if base is NO_BASE and _match_path(text):
        return _new_key((text, _path_matcher(text), (), None))
    if text.startswith("~"):
        return _regex_key(text, base)
    origin, path = split_origin(text)
    if origin and base.origin:
        raise FieldError(f"{shown(text)} names a host, and so does $base, {base.origin}")
    own_origin = text[: len(text) - len(path)]
    path = base.path + (_checked_path(path) if not origin or path else "/")
    bare_path, query = _split_query(path)
    matcher = _path_matcher(bare_path)
    constraints = parse_constraints(query)
    _check_encoding(text, matcher, constraints)
    return UrlKey((own_origin or _origin_text(base)) + path, matcher, constraints, origin or base.origin)


def _path_matcher(path: str) -> PathMatcher:
    if "{" not in path and "}" not in path:
        return canonical_path(path)
    pattern = parse_path_pattern(path)
    if not pattern.names:  # a dot segment took its parameters away: /a/{b}/../c
        return "/".join(map(str, pattern.segments))
    return pattern


def _regex_key(text: str, base: Base) -> UrlKey:
    try:
        compiled = re.compile(text[1:])
    except (re.error, OverflowError, RecursionError) as e:
        raise FieldError(f"{shown(text)} is no regular expression: {e}") from None
    if "{" in base.path:
        raise FieldError("a ~regex key takes no parameters from $base")
    prefix = canonical_path(base.path) if base.path else ""
    return UrlKey(_origin_text(base) + base.path + text, PathRegex(prefix, text[1:], compiled), (), base.origin)


def _origin_text(base: Base) -> str:
    return str(base.origin) if base.origin else ""


def _checked_path(text: str) -> str:
    if not text.startswith("/"):
        hint = "" if not text or text != text.strip() else f", did you mean {shown('/' + text)}?"
        raise FieldError(f'a URL key starts with "/", "http://", "https://", "//" or "~", got {shown(text)}{hint}')
    return text


def _split_query(path: str) -> tuple[str, str]:
    """Split at the first question mark that is not part of a parameter's name."""
    if "?" not in path and "#" not in path:
        return path, ""
    bare = re.sub(r"\{[^{}/]*\}", lambda match: "_" * len(match[0]), path)
    if "#" in bare:
        raise FieldError(f"a URL key has no fragment, got {shown(path)}; a literal # is %23")
    end = bare.find("?")
    return (path, "") if end < 0 else (path[:end], path[end + 1 :])


def _check_encoding(text: str, matcher: PathMatcher, query: tuple[Constraint, ...]) -> None:
    # Such bytes match no literal, so the entry could never answer.
    if "%" not in text:
        return
    segments = matcher.segments if isinstance(matcher, PathPattern) else (matcher,)
    literals = [text for s in segments for text in ([s] if isinstance(s, str) else getattr(s, "literals", ()))]
    if any(_NO_UTF8.search(part) for part in (*literals, *(p for pair in query for p in pair if p))):
        raise FieldError(f"{shown(text)} has percent-encoded bytes that are no UTF-8")
