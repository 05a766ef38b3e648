"""Path templates: `/users/{id:int}`, `/{name}.json`, `/static/{file:path}`."""

import re
from collections.abc import Mapping
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.wording import did_you_mean
from fakebackend.diagnostics.wording import format_value
from fakebackend.matching.converters import CONVERTERS
from fakebackend.matching.converters import REST
from fakebackend.matching.converters import SEGMENT
from fakebackend.matching.converters import Converter
from fakebackend.matching.path import Path
from fakebackend.matching.path import SortKey
from fakebackend.matching.path_difference import path_difference
from fakebackend.matching.segment import Captures
from fakebackend.matching.segment import Segment
from fakebackend.matching.segment import Segments
from fakebackend.messages.path_params import PathParams
from fakebackend.messages.url_path import decode_segment
from fakebackend.messages.url_path import without_dots

_PARAMETER = re.compile(r"\{([^{}:/]*)(?::([^{}/]*))?\}")


class PathTemplate(NamedTuple):
    """A path with parameters, `text` as it is written; two with equal segments match the same paths.

    In a simple one each parameter stands for one whole segment.
    """

    text: str
    segments: Segments
    names: tuple[str, ...]
    is_simple: bool

    @property
    def example(self) -> str:
        """Return a canonical path that it matches."""
        return "/".join(segment if isinstance(segment, str) else segment.example for segment in self.segments)

    @property
    def sort_key(self) -> SortKey:
        """Return how specific each segment is; of two templates the one with the lesser numbers wins."""
        return tuple([0 if isinstance(s, str) else s.specificity for s in self.segments])

    @property
    def dedup_key(self) -> Segments:
        """Return what is equal for two templates that match exactly the same paths."""
        return self.segments

    @property
    def parameters(self) -> Sequence[str]:
        """Return the names of its parameters."""
        return self.names

    @property
    def parameters_with_slashes(self) -> Sequence[str]:
        """Return the name of the `:path` parameter, if there is one."""
        last = self.segments[-1]
        return self.names[-1:] if isinstance(last, Segment) and last.is_rest else ()

    def match(self, path: str) -> PathParams | None:
        """Return what the parameters stand for in a canonical path, or None if it does not match."""
        captures = match_segments(self.segments, path.split("/"))
        return None if captures is None else self.params(captures)

    def params(self, captures: Captures) -> PathParams:
        """Return the parameters that have been found in a path."""
        return PathParams(dict(zip(self.names, captures, strict=True)), self.to_python, self.spans)

    def spans(self, texts: Mapping[str, str]) -> dict[str, tuple[int, int]]:
        """Return where in a canonical path the parameters stand that take these texts."""
        found: dict[str, tuple[int, int]] = {}
        names = iter(self.names)
        offset = 0
        for segment in self.segments:
            if isinstance(segment, str):
                offset += len(segment) + 1
                continue
            for literal, _ in zip(segment.literals, segment.converters, strict=False):
                name, offset = next(names), offset + len(literal)
                found[name] = (offset, offset := offset + len(texts[name]))
            offset += len(segment.literals[-1]) + 1
        return found

    def to_python(self, texts: Mapping[str, str]) -> dict[str, str | int]:
        """Return parameters, given as text by name, as templates and handlers see them."""
        converters = [c for segment in self.segments if isinstance(segment, Segment) for c in segment.converters]
        return {name: c.to_python(texts[name]) for name, c in zip(self.names, converters, strict=True)}

    def covers(self, other: Path) -> bool:
        """Tell whether it matches every path that another one does."""
        if not other.segments:  # a regular expression's
            return len(self.segments) == 2 and _is_any_rest(self.segments[1])
        for index, segment in enumerate(self.segments):
            if index >= len(other.segments):
                return False
            following = other.segments[index]
            if isinstance(segment, str):
                if segment != following:
                    return False
            elif segment.is_rest:
                return segment.covers_rest(following)
            elif not segment.covers(following):
                return False
        return len(self.segments) == len(other.segments)

    def difference(self, path: str) -> str | None:
        """Return the first thing in which a canonical path differs, or None."""
        return path_difference(self.segments, without_dots(self.text.split("/")), path)


def match_segments(wanted: Segments, segments: Sequence[str], start: int = 0) -> Captures | None:
    """Return what the parameters from a segment on take, if the segments of a path go on as they must."""
    captures: Captures = ()
    for segment, text in zip(wanted[start:], segments[start:], strict=False):
        if isinstance(segment, str):
            if segment != text:
                return None
            continue
        rest = segment.is_rest
        if (more := segment.match("/".join(segments[len(wanted) - 1 :]) if rest else text)) is None:
            return None
        captures += more
        if rest:
            return captures
    return captures if len(wanted) == len(segments) else None


def _is_any_rest(segment: str | Segment) -> bool:
    return isinstance(segment, Segment) and segment.is_rest and segment.covers_rest("")


_SIMPLE = frozenset(Segment(("", ""), (kind,)) for kind in (SEGMENT, *CONVERTERS.values()) if kind is not REST)


def parse_path_template(path: str) -> PathTemplate:
    """Return the template of a URL key's path: `/a/{id:int}` has the segments `""`, `a` and an integer.

    Raises `ValidationError` for parameters that are misspelled or in the wrong place.
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
            raise ValidationError(f"{{{names[-1]}:path}} takes the rest of the path, so it must stand at its end")
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
        raise ValidationError(f"the parameter {{{twice}}} is named twice")
    return PathTemplate(path, tuple(segments), tuple(names), is_simple)


@lru_cache(maxsize=4096)  # a file names few kinds of parameters many times
def _parse_segment(text: str) -> tuple[Segment, tuple[str, ...]]:
    literals: list[str] = []
    names: list[str] = []
    converters: list[Converter] = []
    end = 0
    for match in _PARAMETER.finditer(text):
        literals.append(_literal(text[end : match.start()]))
        names.append(_checked_name(match[1]))
        converters.append(_parse_converter(match[2]))
        end = match.end()
    literals.append(_literal(text[end:]))
    if REST in converters and (converters.index(REST) < len(converters) - 1 or literals[-1]):
        raise ValidationError("a :path parameter takes the rest of the path, so it must stand at its end")
    return Segment(tuple(literals), tuple(converters)), tuple(names)


def _literal(text: str) -> str:
    if "{" in text or "}" in text:
        raise ValidationError(f"a brace without its other half in {format_value(text)}; a literal one is %7B or %7D")
    return decode_segment(text)


def _checked_name(name: str) -> str:
    if not name:
        raise ValidationError("a parameter needs a name, as in {id}")
    return name


def _parse_converter(word: str | None) -> Converter:
    if word is None:
        return SEGMENT
    if word not in CONVERTERS:
        known = ", ".join(CONVERTERS)
        raise ValidationError(
            f"unknown parameter type {format_value(word)}, expected {known}{did_you_mean(word, CONVERTERS)}"
        )
    return CONVERTERS[word]
