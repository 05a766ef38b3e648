"""URL keys: which requests an entry is for."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.wording import format_value
from fakebackend.matching.converters import CONVERTERS
from fakebackend.matching.converters import REST_WORD
from fakebackend.matching.literal_path import LiteralPath
from fakebackend.matching.path import Path
from fakebackend.matching.path_regex import PathRegex
from fakebackend.matching.path_template import parse_path_template
from fakebackend.matching.query_constraint import Constraint
from fakebackend.matching.query_constraint import parse_constraints
from fakebackend.messages.origin import AUTHORITY_SHAPE
from fakebackend.messages.origin import Origin
from fakebackend.messages.origin import split_origin
from fakebackend.messages.url_path import canonical_path

_SEGMENT_SHAPE = rf"(?:[^{{}}/?#]|\{{[^{{}}:/]+(?::(?:{'|'.join(c for c in CONVERTERS if c != REST_WORD)}))?\}})*"
_DOTS_SHAPE = r"/(?:[^?#]*/)?(?:\.|%2[eE]){1,2}(?:/[^?#]*)?"  # such segments take away others, braces and all
_PATH_SHAPE = rf"(?:(?:/{_SEGMENT_SHAPE})+(?:\{{[^{{}}:/]+:{REST_WORD}\}})?|{_DOTS_SHAPE})"
_QUERY_SHAPE = r"(?:\?(?:[^#{]|\{[^{}/]*\}|\{(?![^{}/]*\}))*)?"
URL_SHAPE = (
    rf"(?:~[\s\S]*|(?!//){_PATH_SHAPE}{_QUERY_SHAPE}"
    rf"|(?:[Hh][Tt][Tt][Pp][Ss]?:)?//{AUTHORITY_SHAPE}(?:{_PATH_SHAPE}{_QUERY_SHAPE})?)"
)
"""What `parse_url_pattern` takes, for a JSON Schema."""
BASE_SHAPE = rf"(?![\s\S]*[?#])(?:(?!//)(?=/)|(?:https?:)?//{AUTHORITY_SHAPE})(?:(?:/{_SEGMENT_SHAPE})*|{_DOTS_SHAPE})"
"""What `parse_base` takes, for a JSON Schema."""


class UrlPattern(NamedTuple):
    """What a URL key asks of a request; `text` is the key in full, `$base` included."""

    text: str
    path: Path
    query: tuple[Constraint, ...] = ()
    origin: Origin | None = None

    @property
    def dedup_key(self) -> object:
        """Return what is equal for two keys that match exactly the same requests."""
        path = self.path.dedup_key
        return (path, self.query, self.origin) if self.query or self.origin else path


@dataclass(frozen=True, slots=True)
class Base:
    """`$base`: what is put before every URL key of a file."""

    origin: Origin | None = None
    path: str = ""


NO_BASE = Base()

_match_literal = re.compile(r"/(?!/)[^{}?#%]*\Z").match
_match_path = re.compile(r"/(?!/)[^?#%]*\Z").match  # maybe with parameters
_BEGINS_WITH_HOST = re.compile(r"(?:localhost|[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}|\d+(?:\.\d+){3})(?::\d+|/)")
_NO_UTF8 = re.compile("[\udc80-\udcff]")


def parse_base(value: object) -> Base:
    """Return the base that `/api/v1` or `https://api.example.com/v1` stands for."""
    if not isinstance(value, str) or not value.startswith(("/", "http://", "https://")):
        raise ValidationError(
            f'$base must be a path like "/api" or an origin like "https://host", got {format_value(value)}'
        )
    if any(char in value for char in "?#"):
        raise ValidationError(f"$base has neither query nor fragment, got {format_value(value)}")
    origin, path = split_origin(value)
    path = path.rstrip("/")
    parsed = parse_path_template(path)
    if parsed.parameters_with_slashes:
        raise ValidationError(f"$base takes no :path parameter, URL keys stand behind it, got {format_value(value)}")
    _check_encoding(value, parsed, ())
    return Base(origin, path)


def is_plain_path(text: str) -> bool:
    """Tell whether a URL key is a path that is its own canonical form."""
    return _match_literal(text) is not None and "/." not in text


def parse_url_pattern(text: str, base: Base = NO_BASE) -> UrlPattern:
    """Return what a URL key means: `/a%20b?c=1` asks for the path `/a b` and for `c` to be `1`.

    Raises `ValidationError` for a key that is wrong.
    """
    if base is NO_BASE and _match_path(text):
        return UrlPattern(text, _parse_path(text))
    if text.startswith("~"):
        return _regex_key(text, base)
    origin, path = split_origin(text)
    if origin and base.origin:
        raise ValidationError(f"{format_value(text)} names a host, and so does $base, {base.origin}")
    own_origin = text[: len(text) - len(path)]
    path = base.path + (_checked_path(path) if not origin or path else "/")
    bare_path, query = _split_query(path)
    parsed = _parse_path(bare_path)
    constraints = parse_constraints(query)
    _check_encoding(text, parsed, constraints)
    return UrlPattern((own_origin or _origin_text(base)) + path, parsed, constraints, origin or base.origin)


def _parse_path(path: str) -> Path:
    if "{" not in path and "}" not in path:
        return LiteralPath(canonical_path(path))
    template = parse_path_template(path)
    if not template.names:  # a dot segment took its parameters away: /a/{b}/../c
        return LiteralPath("/".join(map(str, template.segments)))
    return template


def _regex_key(text: str, base: Base) -> UrlPattern:
    try:
        compiled = re.compile(text[1:])
    except (re.error, OverflowError, RecursionError) as e:
        raise ValidationError(f"{format_value(text)} is no regular expression: {e}") from None
    if "{" in base.path:
        raise ValidationError("a ~regex key takes no parameters from $base")
    prefix = canonical_path(base.path) if base.path else ""
    return UrlPattern(_origin_text(base) + base.path + text, PathRegex(prefix, text[1:], compiled), (), base.origin)


def _origin_text(base: Base) -> str:
    return str(base.origin) if base.origin else ""


def _checked_path(text: str) -> str:
    if not text.startswith("/"):
        if text.startswith("$"):
            raise ValidationError(f"{format_value(text)} stands in the value of a URL key, not beside it")
        before = "~" if text.startswith("^") else "//" if _BEGINS_WITH_HOST.match(text) else "/"
        meant = f"{before}{text}"
        hint = "" if not text or text != text.strip() else f", did you mean {format_value(meant)}?"
        raise ValidationError(
            f'a URL key starts with "/", "http://", "https://", "//" or "~", got {format_value(text)}{hint}'
        )
    return text


def _split_query(path: str) -> tuple[str, str]:
    """Split at the first question mark that is not part of a parameter's name."""
    if "?" not in path and "#" not in path:
        return path, ""
    bare = re.sub(r"\{[^{}/]*\}", lambda match: "_" * len(match[0]), path)
    if "#" in bare:
        raise ValidationError(f"a URL key has no fragment, got {format_value(path)}; a literal # is %23")
    end = bare.find("?")
    return (path, "") if end < 0 else (path[:end], path[end + 1 :])


def _check_encoding(text: str, path: Path, query: tuple[Constraint, ...]) -> None:
    # Such bytes match no literal, so the entry could never answer.
    if "%" not in text:
        return
    literals = [text for s in path.segments for text in ([s] if isinstance(s, str) else s.literals)]
    if any(_NO_UTF8.search(part) for part in (*literals, *(p for pair in query for p in pair if p))):
        raise ValidationError(f"{format_value(text)} has percent-encoded bytes that are no UTF-8")
