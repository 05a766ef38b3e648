import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakebackend.diagnostics.location import LineIndex
from fakebackend.diagnostics.location import Location


@pytest.mark.parametrize(
    ("place", "text"),
    [
        pytest.param(Location("a.json", 12, 7), "a.json:12:7", id="line-and-column"),
        pytest.param(Location("a.json"), "a.json", id="whole-file"),
    ],
)
def test_a_place_is_written_as_editors_open_it(place: Location, text: str) -> None:
    assert str(place) == text


def test_places_are_ordered_as_in_the_file() -> None:
    places = [Location("a", 10, 1), Location("a", 9, 5), Location("a", 9, 2), Location("a")]
    assert sorted(places) == [Location("a"), Location("a", 9, 2), Location("a", 9, 5), Location("a", 10, 1)]


def location_step_by_step(text: str, offset: int, line_ends: Sequence[str]) -> Location:
    """Return where an offset lies, found by going there character by character."""
    line, column, at = 1, 1, 0
    while at < offset:
        end = next((e for e in line_ends if text.startswith(e, at) and at + len(e) <= offset), None)
        if end is None:
            at, column = at + 1, column + 1
        else:
            at, line, column = at + len(end), line + 1, 1
    return Location("f", line, column)


@pytest.mark.parametrize(
    ("line_end", "line_ends"),
    [
        pytest.param(None, ["\n"], id="json"),
        pytest.param(re.compile(r"\r\n|[\r\n]"), ["\r\n", "\r", "\n"], id="yaml"),
    ],
)
@given(text=st.text(st.sampled_from("ab\r\n\n\r\u2028\x85é😀")))
def test_every_offset_lies_where_going_there_step_by_step_ends(
    line_end: re.Pattern[str] | None, line_ends: Sequence[str], text: str
) -> None:
    index = LineIndex("f", text, line_end)
    for offset in range(len(text) + 1):
        if line_end is not None and text[max(offset - 1, 0) : offset + 1] == "\r\n":
            continue  # nothing begins inside a line end
        expected = location_step_by_step(text, offset, line_ends)
        assert index.location(offset) == expected
        assert index.line(offset) == expected.line


@pytest.mark.parametrize(
    ("text", "offset", "line_end", "place"),
    [
        pytest.param("", 0, None, "f:1:1", id="empty"),
        pytest.param("ab", 2, None, "f:1:3", id="the-end"),
        pytest.param("a\nb", 1, None, "f:1:2", id="a-line-end-belongs-to-its-line"),
        pytest.param("a\nb\n", 4, None, "f:3:1", id="behind-the-last-line-end"),
        pytest.param("a\r\nb", 3, None, "f:2:1", id="carriage-return-before-line-feed"),
        pytest.param("a\rb", 2, None, "f:1:3", id="json-knows-no-carriage-return-alone"),
        pytest.param("a\rb", 2, re.compile(r"\r\n|[\r\n]"), "f:2:1", id="yaml-does"),
        pytest.param("a\r\nb", 2, re.compile(r"\r\n|[\r\n]"), "f:1:3", id="inside-a-line-end"),
    ],
)
def test_an_offset_becomes_line_and_column(
    text: str, offset: int, line_end: re.Pattern[str] | None, place: str
) -> None:
    assert str(LineIndex("f", text, line_end).location(offset)) == place
