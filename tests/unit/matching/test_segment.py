"""One segment with several parameters: what each takes, and how long finding out may take."""

import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from fakebackend.matching.converters import REST
from fakebackend.matching.path_template import parse_path_template
from fakebackend.matching.segment import Captures
from fakebackend.matching.segment import Segment

UUID = "123e4567-e89b-12d3-a456-426614174000"


def segment_of(text: str) -> Segment:
    """Return the last segment of a template."""
    segment = parse_path_template("/" + text).segments[-1]
    assert isinstance(segment, Segment)
    return segment


def slow_split(segment: Segment, text: str, index: int = 0) -> Captures | None:
    """Return what the parameters take, by trying each way in turn: the shortest first, from left to right."""
    if index == 0:
        if not text.startswith(segment.literals[0]):
            return None
        text = text[len(segment.literals[0]) :]
    converter, literal = segment.converters[index], segment.literals[index + 1]
    if index == len(segment.converters) - 1:
        if not text.endswith(literal):
            return None
        value = text[: len(text) - len(literal)]
        return (value,) if converter.matches(value) else None
    for end in range(len(text) + 1):
        value = text[:end]
        if text.startswith(literal, end) and converter.matches(value) and ("/" not in value or converter is REST):
            following = slow_split(segment, text[end + len(literal) :], index + 1)
            if following is not None:
                return (value, *following)
    return None


parameters = st.sampled_from(["{%s}", "{%s:int}", "{%s:uuid}"])
between = st.sampled_from(["", "-", ".", "--", "a", "1"])


@st.composite
def templates(draw: st.DrawFn) -> str:
    count = draw(st.integers(2, 4))
    pieces = [draw(between)]
    for index in range(count):
        pieces += [draw(parameters) % f"p{index}", draw(between)]
    if draw(st.booleans()):
        pieces += ["/" * 0, "{rest:path}"]
    return "".join(pieces)


@settings(max_examples=300)
@given(template=templates(), pieces=st.lists(st.sampled_from(["-", ".", "a", "1", "23", UUID, "é"]), max_size=8))
def test_parameters_take_what_trying_every_way_finds_first(template: str, pieces: list[str]) -> None:
    segment, text = segment_of(template), "".join(pieces)
    assert segment.match(text) == slow_split(segment, text)


def calls_in(work: Callable[[], Any]) -> int:
    """Return how many functions are called, Python's and built-in ones."""
    count = 0

    def profile(_: Any, event: str, __: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


ADVERSARIAL = ["-", "1-", "-1", "1", "a-1-", "--", "a", f"{UUID}-"]


@pytest.mark.parametrize(
    "template",
    [
        "{a}-{b:int}-{c}-{d:int}",
        "{a}-{b}-{c}-{d:int}-{e:int}",
        "{a}{b:int}{c}{d}x",
        "{a:int}{b:int}{c:int}",
        "{a}-{b:uuid}-{c}",
    ],
)
@pytest.mark.parametrize("unit", ADVERSARIAL)
def test_the_steps_are_in_proportion_to_the_text(template: str, unit: str) -> None:
    segment = segment_of(template)
    steps = [calls_in(lambda n=n: segment.match((unit * n)[:n] + "!")) for n in (1_000, 8_000)]  # type: ignore[misc]
    assert steps[1] <= 12 * steps[0] + 100
    assert steps[1] <= 8_000 * 60
