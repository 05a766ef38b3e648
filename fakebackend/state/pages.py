"""What the built-in handler `page` keeps."""

from collections.abc import Mapping
from dataclasses import dataclass

PAGES_SIZE = 2 * 1024 * 1024
"""Bytes that the contents of all pages may take together."""

LABELS_SIZE = 2 * 1024 * 1024
"""Bytes that their names and types may take beside that."""


@dataclass(slots=True)
class Page:
    """The content of a page as it was posted; a cleared one is empty and its name stays used."""

    content: bytes
    content_type: str
    cleared: bool = False

    def clear(self) -> None:
        """Forget what was posted."""
        self.content, self.content_type, self.cleared = b"", "", True


def has_room(pages: Mapping[str, Page], name: str, page: Page) -> bool:
    """Tell whether one more page fits in; the names of cleared ones stay used."""
    contents, labels = _sizes(pages)
    more, label = _sizes({name: page})
    return contents + more <= PAGES_SIZE and labels + label <= LABELS_SIZE


def _sizes(pages: Mapping[str, Page]) -> tuple[int, int]:
    contents = sum(len(page.content) for page in pages.values())
    return contents, sum(_text_size(name) + _text_size(page.content_type) for name, page in pages.items())


def _text_size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
