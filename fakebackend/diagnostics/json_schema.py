"""What the records of the format say in JSON Schema: of what shape a value is, and what an editor shows of a word."""

from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any
from typing import NamedTuple

Schema = Mapping[str, Any]
"""A JSON Schema (2020-12); its keywords are those that editors of the draft before know, too."""

NOTHING: Schema = {"not": {}}
"""That of a word that is kept free: no value is right."""


def ref(name: str) -> Schema:
    """Return the schema that stands in `$defs` under a name."""
    return {"$ref": f"#/$defs/{name}"}


def text(pattern: str, expected: str) -> dict[str, Any]:
    """Return the schema of strings that a pattern matches as a whole; editors show what is `expected` of others."""
    return {"pattern": f"^(?:{pattern})$", "patternErrorMessage": expected}


def one_of(words: Iterable[str], expected: str) -> dict[str, Any]:
    """Return the schema of a few words; editors show what is `expected` of others."""
    return {"enum": list(words), "errorMessage": expected}


class Hover(NamedTuple):
    """What an editor shows of a word: a title, what it means in a sentence or two, and values that it may have."""

    title: str
    description: str
    examples: tuple[Any, ...] = ()

    def over(self, schema: Schema) -> dict[str, Any]:
        """Return a schema with this on top."""
        examples = {"examples": list(self.examples)} if self.examples else {}
        return {"title": self.title, "description": self.description, **schema, **examples}


NO_HOVER = Hover("", "")
"""That of a word that is kept free, and has no meaning yet."""
