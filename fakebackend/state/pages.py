"""What the built-in handler `page` keeps."""

from dataclasses import dataclass


@dataclass(slots=True)
class Page:
    """The content of a page as it was posted; a cleared one is empty and its name stays used."""

    content: bytes
    content_type: str
    cleared: bool = False
