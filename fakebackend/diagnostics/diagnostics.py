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

    def take(self, found: "Diagnostics", *path: str | int) -> None:
        """Take over what was found in a part; what is found there belongs to nobody else afterwards."""
        for each in (*found.errors, *found.warnings):
            each.path = (*path, *each.path)  # in place: parts stand in parts, and there may be very many errors
        self.errors += found.errors
        self.warnings += found.warnings
