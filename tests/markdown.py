"""The fenced blocks and headings of a Markdown page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
PAGES = (REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").rglob("*.md")))

REFERENCE = tuple(
    REPOSITORY / "docs" / f"{name}.md"
    for name in ("responses-file", "url-keys", "answers", "conditions", "templates", "handlers", "browsers")
)
"""The pages that explain what may stand in a responses file."""

_FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ `(.+)`$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the file it is the content of (or nothing), and its text."""

    language: str
    file: str
    text: str

    def save(self, folder: Path) -> None:
        """Write the file that it is the content of."""
        file = folder / self.file
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(self.text, "utf-8")

    @property
    def commands(self) -> Iterator[tuple[str, str]]:
        """Return the commands of a console session with what each prints."""
        for piece in self.text.split("$ ")[1:] if self.text.startswith("$ ") else ():
            command, _, output = piece.partition("\n")
            yield command, output


def blocks_of(page: Path) -> list[Block]:
    """Return the blocks of a page in their order."""
    return [Block(*match) for match in _FENCE.findall(page.read_text("utf-8"))]


def pairs_of(page: Path) -> list[tuple[Block, Block]]:
    """Return the blocks of a page that say the same twice: a file in YAML, and right behind it the file in JSON."""
    blocks = blocks_of(page)
    return [
        (yaml, json)
        for yaml, json in pairwise(blocks)
        if yaml.file.endswith(".yaml") and json.file == yaml.file.removesuffix(".yaml") + ".json"
    ]


def page_id(page: Path) -> str:
    """Return how a page is called in the name of a test: its path in the repository."""
    return page.relative_to(REPOSITORY).as_posix()


def headings_of(*pages: Path) -> set[str]:
    """Return the headings that are nothing but a name in code type."""
    return set(_HEADING.findall(text_of(*pages)))


def text_of(*pages: Path) -> str:
    """Return the text of pages, one behind the other."""
    return "\n".join(page.read_text("utf-8") for page in pages)
