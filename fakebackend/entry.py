"""An entry: what one URL key of a file stands for, ready to be looked up."""

from dataclasses import dataclass

from fakebackend.problems import Place
from fakebackend.static_answer import StaticAnswer


@dataclass(frozen=True, slots=True)
class Entry:
    """A method (`*` for any), a URL key as it stands in the file, and the answer."""

    method: str
    url: str
    path: str  # canonical
    file: str
    line: int
    answer: StaticAnswer

    @property
    def label(self) -> str:
        """Return the name people know it by: `GET /users/{id}`."""
        return f"{self.method} {self.url}"

    @property
    def place(self) -> Place:
        """Return where it stands."""
        return Place(self.file, self.line)

    def __str__(self) -> str:
        return f"{self.method} {self.url} ({self.file}:{self.line})"
