"""Path templates: `/users/{id:int}`, `/{name}.json`, `/static/{file:path}`."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from fakebackend.path_parameter import PARAMETER_KINDS
from fakebackend.path_parameter import REST
from fakebackend.path_parameter import SEGMENT
from fakebackend.path_parameter import ParameterKind
from fakebackend.problems import FieldError
from fakebackend.problems import did_you_mean
from fakebackend.problems import shown
from fakebackend.quick_tuple import maker_of
from fakebackend.url_path import decode_segment
from fakebackend.url_path import without_dots

Captures = tuple[str, ...]
"""What the parameters of a pattern stand for in one path, in the pattern's order."""

_LITERAL_RANK = 0
_PARAMETER_RANK = 1_000_000

_PARAMETER = re.compile(r"\{([^{}:/]*)(?::([^{}/]*))?\}")


class Segment(NamedTuple):
    """A segment with parameters: `literals` stand around `kinds`, one more than those.

    `report-{id:int}.json` has the literals `report-` and `.json` around an integer.
    """

    literals: tuple[str, ...]
    kinds: tuple[ParameterKind, ...]

    @property
    def is_rest(self) -> bool:
        """Tell whether it takes all segments that follow, too."""
        return self.kinds[-1] is REST

    @property
    def rank(self) -> int:
        """Return how specific it is; a literal segment has 0, more is less specific."""
        characters = sum(map(len, self.literals))
        if characters:
            return _PARAMETER_RANK - min(characters, _PARAMETER_RANK - 1)
        # Several without text between them say no more than one `{name}`.
        least = SEGMENT.rank if len(self.kinds) > 1 else 0
        return _PARAMETER_RANK + max(least, *(kind.rank for kind in self.kinds))

    def match(self, text: str) -> Captures | None:
        """Return what each parameter takes of the text: as little as it can, from left to right."""
        prefix, suffix = self.literals[0], self.literals[-1]
        if len(text) < len(prefix) + len(suffix) or not (text.startswith(prefix) and text.endswith(suffix)):
            return None
        return self._split(text[len(prefix) : len(text) - len(suffix)], 0, set())

    def _split(self, text: str, index: int, failed: set[tuple[int, int]]) -> Captures | None:
        kind = self.kinds[index]
        if index == len(self.kinds) - 1:
            return (text,) if kind.accepts(text) else None
        if (index, len(text)) in failed:
            return None  # what is left was tried after another split before it, too
        literal = self.literals[index + 1]
        end = text.find(literal, 1)
        # Before a :path at the end stand parameters of one segment only, so they take no slash.
        while end >= 0 and (kind.longest is None or end <= kind.longest) and "/" not in text[:end]:
            if kind.accepts(text[:end]):
                if (following := self._split(text[end + len(literal) :], index + 1, failed)) is not None:
                    return (text[:end], *following)
                if all(later in (SEGMENT, REST) for later in self.kinds[index + 1 :]):
                    return None  # taking more here leaves them even less
            end = text.find(literal, end + 1)
        failed.add((index, len(text)))
        return None


Segments = tuple[str | Segment, ...]


class PathPattern(NamedTuple):
    """A path with parameters; two patterns with equal segments match the same paths.

    In a simple one each parameter stands for one whole segment.
    """

    segments: Segments
    names: tuple[str, ...]
    is_simple: bool

    @property
    def ranks(self) -> tuple[int, ...]:
        """Return how specific each segment is; of two patterns the one with the lesser ranks wins."""
        return tuple(_LITERAL_RANK if isinstance(s, str) else s.rank for s in self.segments)

    def typed(self, texts: Mapping[str, str]) -> dict[str, str | int]:
        """Return parameters, given as text by name, as templates and handlers see them."""
        kinds = [kind for segment in self.segments if isinstance(segment, Segment) for kind in segment.kinds]
        return {name: kind.value(texts[name]) for name, kind in zip(self.names, kinds, strict=True)}


_new_pattern = maker_of(PathPattern)

_SIMPLE = frozenset(Segment(("", ""), (kind,)) for kind in (SEGMENT, *PARAMETER_KINDS.values()) if kind is not REST)


def parse_path_pattern(path: str) -> PathPattern:
    """Return the pattern of a URL key's path: `/a/{id:int}` has the segments `""`, `a` and an integer.

    Raises `FieldError` for parameters that are misspelled or in the wrong place.
    """
    names: list[str] = []
    segments: list[str | Segment] = []
    rest: Segment | None = None
    is_simple = True
    parts = path.split("/")
    if escaped := "%" in path or "/." in path:
        parts = without_dots(parts)
    for part in parts:
        if rest is not None:
            raise FieldError(f"{{{names[-1]}:path}} takes the rest of the path, so it must stand at its end")
        if "{" in part or "}" in part:
            segment, own_names = _parse_segment(part)
            segments.append(segment)
            names += own_names
            if segment not in _SIMPLE:
                is_simple = False
                rest = segment if segment.is_rest else None
        else:
            segments.append(decode_segment(part) if escaped else part)
    if len(names) > 1 and len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise FieldError(f"the parameter {{{twice}}} is named twice")
    return _new_pattern((tuple(segments), tuple(names), is_simple))


@lru_cache(maxsize=4096)  # a file names few kinds of parameters many times
def _parse_segment(text: str) -> tuple[Segment, tuple[str, ...]]:
    literals: list[str] = []
    names: list[str] = []
    kinds: list[ParameterKind] = []
    end = 0
    for match in _PARAMETER.finditer(text):
        literals.append(_literal(text[end : match.start()]))
        names.append(_checked_name(match[1]))
        kinds.append(_parse_kind(match[2]))
        end = match.end()
    literals.append(_literal(text[end:]))
    if REST in kinds and (kinds.index(REST) < len(kinds) - 1 or literals[-1]):
        raise FieldError("a :path parameter takes the rest of the path, so it must stand at its end")
    return Segment(tuple(literals), tuple(kinds)), tuple(names)


def _literal(text: str) -> str:
    if "{" in text or "}" in text:
        raise FieldError(f"a brace without its other half in {shown(text)}; a literal one is %7B or %7D")
    return decode_segment(text)


def _checked_name(name: str) -> str:
    if not name:
        raise FieldError("a parameter needs a name, as in {id}")
    return name


def _parse_kind(word: str | None) -> ParameterKind:
    if word is None:
        return SEGMENT
    if word not in PARAMETER_KINDS:
        known = ", ".join(PARAMETER_KINDS)
        raise FieldError(f"unknown parameter type {shown(word)}, expected {known}{did_you_mean(word, PARAMETER_KINDS)}")
    return PARAMETER_KINDS[word]
