import pytest

from fakebackend.state.pages import PAGES_SIZE
from fakebackend.state.pages import Page
from fakebackend.state.pages import has_room
from fakebackend.state.pages import pages_size


def test_names_contents_and_types_count_in_bytes() -> None:
    assert pages_size({}) == 0
    assert pages_size({"é": Page(b"abc", "a/b"), "n": Page(b"", "")}) == 2 + 3 + 3 + 1


@pytest.mark.parametrize(("more", "fits"), [pytest.param(0, True, id="just"), pytest.param(1, False, id="one-more")])
def test_all_pages_share_their_size(more: int, fits: bool) -> None:
    full = {"a": Page(b"x" * (PAGES_SIZE - 9), "a/b")}
    assert has_room(full, "bb", Page(b"x" * more, "c/d")) is fits


def test_a_cleared_page_keeps_its_name_alone() -> None:
    page = Page(b"abc", "a/b")
    page.clear()
    assert (page.cleared, pages_size({"name": page})) == (True, 4)


def test_a_name_that_is_no_unicode_counts_as_well() -> None:
    assert pages_size({"\udcff": Page(b"", "")}) == 3
