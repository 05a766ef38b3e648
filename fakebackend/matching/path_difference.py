"""The first thing in which a path differs from what a URL key asks for, in words."""

from collections.abc import Sequence

from fakebackend.diagnostics.wording import nearest
from fakebackend.matching.segment import Segment
from fakebackend.matching.segment import Segments
from fakebackend.matching.segment import segment_matches
from fakebackend.messages.url_path import readable


def path_difference(wanted: Segments, texts: Sequence[str], path: str) -> str | None:
    """Return how a canonical path differs from segments, of which `texts` is how they are written, or None."""
    segments = path.split("/")
    for index in range(1, max(len(segments), len(wanted))):
        if index >= len(wanted):
            extra = readable(segments[index])
            return f"the path goes on with '{extra}'" if extra else "the path has a slash more at its end"
        if index >= len(segments):
            lacking = texts[index]
            return f"the path ends before '{lacking}'" if lacking else "the path lacks the slash at its end"
        segment = wanted[index]
        if isinstance(segment, Segment) and segment.is_rest and segment.match("/".join(segments[index:])) is not None:
            return None
        if not segment_matches(segment, segments[index]):
            return f"path differs at segment {index}: {_expected(readable(segments[index]), texts[index])}"
    return None


def _expected(got: str, text: str) -> str:
    return f"'{got}', did you mean '{text}'?" if nearest(got, [text]) else f"'{got}', expected '{text}'"
