"""What the functions that make answers are given: one definition while it is put together."""

from collections.abc import Callable
from collections.abc import Mapping
from typing import Any
from typing import Protocol
from typing import TypeAlias

from fakebackend.answers.selection import Alternative
from fakebackend.diagnostics.diagnostics import Diagnostics
from fakebackend.format.scope import Defaults
from fakebackend.format.scope import Scope

ParseValue: TypeAlias = Callable[[Any, Diagnostics, Scope], Alternative | None]
"""Makes an alternative of a value of the file, or returns None after adding to the errors."""


class Builder(Protocol):
    """A definition whose keys have been prepared."""

    scope: Scope
    diagnostics: Diagnostics
    parse_value: ParseValue

    @property
    def value(self) -> Mapping[str, Any]:
        """Return the definition as it stands in the file."""

    @property
    def parts(self) -> Mapping[str, Any]:
        """Return what its keys have been prepared to."""

    def is_definition(self, value: Any) -> bool:
        """Tell whether a value is an object with at least one reserved key."""

    def item(self, key: str, index: int | str, value: Any, defaults: Defaults) -> Alternative | None:
        """Return what a value inside answers with, or None after adding to the errors."""

    def error(self, text: str, *path: str | int) -> None:
        """Add an error about a key."""


Make: TypeAlias = Callable[[Builder, str, Defaults], Alternative | None]
"""Makes what a definition answers with by the key given, or returns None after adding to the errors."""
