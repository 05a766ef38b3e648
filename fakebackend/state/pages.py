"""What the built-in handler `page` keeps."""

from collections.abc import Mapping
from dataclasses import dataclass

PAGES_SIZE = 2 * 1024 * 1024
"""Bytes that all pages may take together, with their names and types."""


@dataclass(slots=True)
class Page:
    """The content of a page as it was posted; a cleared one is empty and its name stays used."""

    content: bytes
    content_type: str
    cleared: bool = False

    def clear(self) -> None:
        """Forget what was posted."""
        self.content, self.content_type, self.cleared = b"", "", True


def pages_size(pages: Mapping[str, Page]) -> int:
    """Return how many bytes of `PAGES_SIZE` are used; the names of cleared pages stay so."""
    return sum(_text_size(name) + len(page.content) + _text_size(page.content_type) for name, page in pages.items())


def has_room(pages: Mapping[str, Page], name: str, page: Page) -> bool:
    """Tell whether one more page fits in."""
    return pages_size(pages) + pages_size({name: page}) <= PAGES_SIZE


def _text_size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
