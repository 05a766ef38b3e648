"""What is found while a value is checked."""

from dataclasses import dataclass
from dataclasses import field

from fakebackend.diagnostics.validation_error import ValidationError


@dataclass(slots=True)
class Diagnostics:
    """What is found while one value is checked: errors refuse the file, warnings do not."""

    errors: list[ValidationError] = field(default_factory=list)
    warnings: list[ValidationError] = field(default_factory=list)

    def warn(self, text: str, *path: str | int) -> None:
        """Add a warning about a key."""
        self.warnings.append(ValidationError(text, *path, at_key=True))

    def add(self, found: "Diagnostics", *path: str | int) -> None:
        """Add what was found in a part."""
        self.errors += [e.prefixed(*path) for e in found.errors]
        self.warnings += [e.prefixed(*path) for e in found.warnings]
