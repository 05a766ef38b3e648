import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from fakebackend.matching.converters import CONVERTERS
from fakebackend.matching.converters import REST
from fakebackend.matching.converters import SEGMENT
from fakebackend.matching.converters import Converter
from fakebackend.matching.path_template import parse_path_template
from fakebackend.matching.segment import Captures
from fakebackend.matching.segment import Segment
from fakebackend.matching.segment import segment_matches

UUID = "123e4567-e89b-12d3-a456-426614174000"

INT, ANY_UUID = CONVERTERS["int"], CONVERTERS["uuid"]

TEXTS = {SEGMENT: ["a", "7", "7-7", "a.b", "-"], INT: ["7", "77", "007"], ANY_UUID: [UUID], REST: ["", "a", "a/7", "/"]}
"""Texts that a parameter may stand for."""

literals = st.sampled_from(["", "", "", "a", "7", "-", ".", "a-"])


def segment_of(text: str) -> Segment:
    """Return the one segment of a path `/…`."""
    [_, segment] = parse_path_template("/" + text).segments
    assert isinstance(segment, Segment)
    return segment


@pytest.mark.parametrize(
    ("pattern", "text", "captures"),
    [
        pytest.param("{id}", "a", ("a",), id="whole"),
        pytest.param("{id}", "", None, id="whole-empty"),
        pytest.param("{id}", "a.b-c", ("a.b-c",), id="whole-takes-all"),
        pytest.param("{id}.json", "7.json", ("7",), id="suffix"),
        pytest.param("{id}.json", ".json", None, id="suffix-empty"),
        pytest.param("{id}.json", "7.jsonx", None, id="suffix-is-the-end"),
        pytest.param("{id}.json", "a.json.json", ("a.json",), id="suffix-is-the-last"),
        pytest.param("report-{n:int}.csv", "report-12.csv", ("12",), id="both-sides"),
        pytest.param("report-{n:int}.csv", "report-x.csv", None, id="both-sides-no-integer"),
        pytest.param("aba{x}ba", "aba1ba", ("1",), id="ends-alike"),
        pytest.param("ab{x}ba", "aba", None, id="ends-may-not-overlap"),
        pytest.param("ab{x}ba", "abba", None, id="nothing-between-the-ends"),
        pytest.param("{a}.{b}", "x.y", ("x", "y"), id="two"),
        pytest.param("{a}.{b}", "x.y.z", ("x", "y.z"), id="first-takes-little"),
        pytest.param("{a}.{b}", "..y", (".", "y"), id="first-is-not-empty"),
        pytest.param("{a}.{b}", "x.", None, id="last-is-not-empty"),
        pytest.param("{a}.{b}", ".y", None, id="first-empty"),
        pytest.param("{a}-{n:int}", "x-y-7", ("x-y", "7"), id="takes-more-for-a-later-integer"),
        pytest.param("{a:int}-{b}", "1-2-3", ("1", "2-3"), id="integer-first"),
        pytest.param("{a:int}-{b}", "x-1", None, id="integer-first-missing"),
        pytest.param("{a}{b}", "xyz", ("x", "yz"), id="side-by-side"),
        pytest.param("{a}{b}", "x", None, id="side-by-side-too-short"),
        pytest.param("{a:int}{b:int}", "123", ("1", "23"), id="integers-side-by-side"),
        pytest.param("{a:uuid}-{b}", f"{UUID}-x", (UUID, "x"), id="uuid-with-its-own-hyphens"),
        pytest.param("{a:uuid}-{b}", f"{UUID}0-x", None, id="uuid-is-no-longer-than-it-is"),
        pytest.param("{a}-{b}.{c}", "1-2-3.4.5", ("1", "2-3", "4.5"), id="three"),
        pytest.param("{a}--{b:int}", "x--y--1", ("x--y", "1"), id="long-literal-between"),
        pytest.param("{id}:archive", "7:archive", ("7",), id="colon-suffix"),
        pytest.param("v{p:path}", "v", ("",), id="rest-empty"),
        pytest.param("v{p:path}", "v1/a/", ("1/a/",), id="rest-with-slashes"),
        pytest.param("{a}.{p:path}", "x.y/z", ("x", "y/z"), id="rest-after-a-parameter"),
        pytest.param("{a}.{p:path}", "x/y.z", None, id="no-slash-in-a-parameter-before-the-rest"),
        pytest.param("{a}{p:path}", "x/y", ("x", "/y"), id="rest-side-by-side"),
        pytest.param("{a}{p:path}", "x", ("x", ""), id="rest-side-by-side-empty"),
    ],
)
def test_parameters_take_as_little_as_they_can_from_left_to_right(
    pattern: str, text: str, captures: tuple[str, ...] | None
) -> None:
    assert segment_of(pattern).match(text) == captures


def test_a_path_that_fits_in_a_hundred_ways_is_refused_at_once() -> None:
    [segment] = [s for s in parse_path_template("/{a}-{b}-{c}-{d:int}-{e:int}").segments if isinstance(s, Segment)]
    assert segment.match("-" * 300) is None
    assert segment.match("-" * 300 + "1-2") == ("-", "-", "-" * 295, "1", "2")


@st.composite
def segments(draw: st.DrawFn, last: tuple[Converter, ...] = (SEGMENT, INT, ANY_UUID)) -> Segment:
    """Draw a segment of one to three parameters; `last` is what the last of them may be."""
    converters = [*draw(st.lists(st.sampled_from([SEGMENT, INT, ANY_UUID]), max_size=2)), draw(st.sampled_from(last))]
    texts = [draw(literals) for _ in converters]
    return Segment((*texts, "" if converters[-1] is REST else draw(literals)), tuple(converters))


@st.composite
def texts_for(draw: st.DrawFn, segment: Segment) -> str:
    """Draw a text that is likely to match a segment."""
    values = [draw(st.sampled_from(TEXTS[converter])) for converter in segment.converters]
    return "".join(f"{literal}{value}" for literal, value in zip(segment.literals, [*values, ""], strict=True))


@st.composite
def wider(draw: st.DrawFn, segment: Segment) -> Segment:
    """Draw a segment that may cover another: some of its parameters take any text, or it is one for any text."""
    if draw(st.integers(0, 4)) == 0:
        return Segment(("", ""), (SEGMENT,))
    return Segment(segment.literals, tuple(draw(st.sampled_from([SEGMENT, one])) for one in segment.converters))


@given(st.data())
def test_what_covers_a_segment_matches_every_text_that_it_matches(data: st.DataObject) -> None:
    narrow = data.draw(segments())
    wide = data.draw(st.one_of(wider(narrow), wider(narrow), segments()))
    text = data.draw(st.one_of(texts_for(narrow), st.text("a7-.", max_size=6)))
    assume(wide.covers(narrow) and narrow.match(text) is not None)
    assert wide.match(text) is not None


@given(st.data())
def test_a_segment_covers_exactly_the_literals_that_it_matches(data: st.DataObject) -> None:
    segment = data.draw(segments())
    text = data.draw(st.one_of(texts_for(segment), st.text("a7-.", max_size=6)))
    assert segment.covers(text) is (segment.match(text) is not None)
    assert segment_matches(segment, text) is (segment.match(text) is not None)


@given(st.data())
def test_what_covers_a_rest_takes_every_one_that_begins_with_the_segment(data: st.DataObject) -> None:
    following = data.draw(st.one_of(segments(last=(SEGMENT, INT, REST)), literals))
    before = following if isinstance(following, str) else following.literals[0]
    wide = Segment((data.draw(st.sampled_from(["", before, before[:1], "a"])), ""), (REST,))
    text = data.draw(texts_for(following)) if isinstance(following, Segment) else following
    behind = data.draw(st.sampled_from(["", "/", "/a", "/a/7"]))
    assume(wide.covers_rest(following) and segment_matches(following, text))
    assert wide.match(text + behind) is not None


@given(st.data())
def test_what_is_captured_stands_between_the_literals_and_is_of_its_kind(data: st.DataObject) -> None:
    segment = data.draw(segments(last=(SEGMENT, INT, ANY_UUID, REST)))
    text = data.draw(texts_for(segment))
    captures = segment.match(text)
    assert captures is not None
    assert "".join(map("".join, zip(segment.literals, [*captures, ""], strict=True))) == text
    assert all(converter.matches(each) for converter, each in zip(segment.converters, captures, strict=True))


@given(segments(last=(SEGMENT, INT, ANY_UUID, REST)))
def test_the_example_of_a_segment_is_matched_by_it(segment: Segment) -> None:
    assert segment.match(segment.example) is not None


@pytest.mark.parametrize(
    ("wide", "narrow", "covers"),
    [
        pytest.param("{x}", "{x}", True, id="itself"),
        pytest.param("{x}", "{x:int}", True, id="any-and-integer"),
        pytest.param("{x}", "a{x}.{y}", True, id="any-and-text-around"),
        pytest.param("{x}", "{p:path}", False, id="any-and-rest"),
        pytest.param("{x}", "a{p:path}", False, id="any-and-text-before-rest"),
        pytest.param("{x:int}", "{x}", False, id="integer-and-any"),
        pytest.param("{x:int}", "{x:uuid}", False, id="integer-and-uuid"),
        pytest.param("{x:int}", "{y:int}", True, id="integers"),
        pytest.param("a{x}", "a{x:int}", True, id="text-around-any-and-integer"),
        pytest.param("a{x}", "b{x}", False, id="other-text-around"),
        pytest.param("a{x}", "a{x}b", False, id="more-text-around-is-not-decided"),
        pytest.param("{x}-{y}", "{x:int}-{y:uuid}", True, id="each-parameter"),
        pytest.param("{x}-{y:int}", "{x:int}-{y}", False, id="not-each-parameter"),
        pytest.param("{x}-{y}", "{x}-{y}-{z}", False, id="more-parameters-are-not-decided"),
        pytest.param("{p:path}", "{p:path}", False, id="a-rest-is-asked-otherwise"),
    ],
)
def test_which_segments_a_segment_covers(wide: str, narrow: str, covers: bool) -> None:
    assert segment_of(wide).covers(segment_of(narrow)) is covers


@pytest.mark.parametrize(
    ("wide", "following", "covers"),
    [
        pytest.param("{p:path}", "a", True, id="literal"),
        pytest.param("{p:path}", "", True, id="empty"),
        pytest.param("{p:path}", "{x}", True, id="parameter"),
        pytest.param("{p:path}", "a{q:path}", True, id="rest"),
        pytest.param("a{p:path}", "ab", True, id="same-beginning"),
        pytest.param("a{p:path}", "a{x}", True, id="same-text-before"),
        pytest.param("ab{p:path}", "a{x}", False, id="more-text-before"),
        pytest.param("a{p:path}", "b", False, id="other-beginning"),
        pytest.param("{x}.{p:path}", "a.b", False, id="parameters-before-the-rest-are-not-decided"),
    ],
)
def test_which_segments_a_rest_covers_whatever_follows(wide: str, following: str, covers: bool) -> None:
    segment = segment_of(following) if "{" in following else following
    assert segment_of(wide).covers_rest(segment) is covers


@pytest.mark.parametrize(
    ("pattern", "is_any", "is_rest"),
    [
        pytest.param("{x}", True, False, id="any"),
        pytest.param("{x:int}", False, False, id="integer"),
        pytest.param("a{x}", False, False, id="text-before"),
        pytest.param("{x}a", False, False, id="text-behind"),
        pytest.param("{x}{y}", False, False, id="two"),
        pytest.param("{p:path}", False, True, id="rest"),
        pytest.param("a{x}.{p:path}", False, True, id="text-before-rest"),
    ],
)
def test_one_parameter_is_any_and_a_rest_is_at_the_end(pattern: str, is_any: bool, is_rest: bool) -> None:
    segment = segment_of(pattern)
    assert (segment.is_any, segment.is_rest) == (is_any, is_rest)


def test_more_text_is_more_specific_and_parameters_rank_by_their_kind() -> None:
    patterns = ["abc{x}d", "a{x}b", "a{x}", "{x:int}", "{x}", "{p:path}"]
    ranks = [segment_of(pattern).specificity for pattern in patterns]
    assert ranks == sorted(set(ranks))
    assert ranks[0] > 0
    assert segment_of("{x:int}{y:int}").specificity == segment_of("{x}").specificity


@pytest.mark.parametrize(("text", "matches"), [("a", True), ("A", False), ("", False), ("ab", False)])
def test_a_literal_segment_matches_itself(text: str, matches: bool) -> None:
    assert segment_matches("a", text) is matches


UUID_TEXT = "123e4567-e89b-12d3-a456-426614174000"


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
def several_parameters(draw: st.DrawFn) -> str:
    count = draw(st.integers(2, 4))
    pieces = [draw(between)]
    for index in range(count):
        pieces += [draw(parameters) % f"p{index}", draw(between)]
    if draw(st.booleans()):
        pieces += ["/" * 0, "{rest:path}"]
    return "".join(pieces)


@settings(max_examples=300)
@given(
    template=several_parameters(),
    pieces=st.lists(st.sampled_from(["-", ".", "a", "1", "23", UUID_TEXT, "é"]), max_size=8),
)
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


ADVERSARIAL = ["-", "1-", "-1", "1", "a-1-", "--", "a", f"{UUID_TEXT}-"]


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
