"""What is found while a value is checked."""

from dataclasses import dataclass
from dataclasses import field

from fakebackend.problems import FieldError


@dataclass(slots=True)
class Findings:
    """What is found while one value is checked: errors refuse the file, warnings do not."""

    errors: list[FieldError] = field(default_factory=list)
    warnings: list[FieldError] = field(default_factory=list)

    def warn(self, text: str, *path: str | int) -> None:
        """Add a warning about a key."""
        self.warnings.append(FieldError(text, *path, at_key=True))

    def add(self, found: "Findings", *path: str | int) -> None:
        """Add what was found in a part."""
        self.errors += [e.under(*path) for e in found.errors]
        self.warnings += [e.under(*path) for e in found.warnings]
