import pytest

from fakebackend.state.pages import LABELS_SIZE
from fakebackend.state.pages import PAGES_SIZE
from fakebackend.state.pages import Page
from fakebackend.state.pages import has_room


@pytest.mark.parametrize(("more", "fits"), [pytest.param(1, True, id="just"), pytest.param(2, False, id="one-more")])
def test_all_contents_share_their_size(more: int, fits: bool) -> None:
    full = {"a": Page(b"x" * (PAGES_SIZE - 1), "a/b")}
    assert has_room(full, "b", Page(b"x" * more, "c/d")) is fits


@pytest.mark.parametrize(
    ("name", "content_type", "fits"),
    [
        pytest.param("é", "a/b", True, id="just"),
        pytest.param("éx", "a/b", False, id="longer-name"),
        pytest.param("é", "a/bc", False, id="longer-type"),
        pytest.param("\udcff", "a/b", False, id="no-unicode"),
    ],
)
def test_all_names_and_types_share_theirs_in_bytes(name: str, content_type: str, fits: bool) -> None:
    full = {"n" * (LABELS_SIZE - 8): Page(b"", "a/b")}
    assert has_room(full, name, Page(b"", content_type)) is fits


def test_a_cleared_page_keeps_its_name_alone() -> None:
    page = Page(b"x" * PAGES_SIZE, "a/b")
    pages = {"n" * (LABELS_SIZE - 4): page}
    page.clear()
    assert page.cleared
    assert has_room(pages, "bb", Page(b"x" * PAGES_SIZE, "cc"))
    assert not has_room(pages, "bb", Page(b"", "ccc"))
