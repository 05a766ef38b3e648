"""What a record of a reserved key says."""

from typing import NamedTuple

from fakebackend.diagnostics.json_schema import NO_HOVER
from fakebackend.diagnostics.json_schema import NOTHING
from fakebackend.diagnostics.json_schema import Hover
from fakebackend.diagnostics.json_schema import Schema
from fakebackend.format.building import Make
from fakebackend.format.key_parsers import Parse
from fakebackend.format.key_parsers import not_supported


class ReservedKey(NamedTuple):
    """A word that makes an object a definition.

    `schema` is the JSON Schema (2020-12) of its value and `hover` what editors show of it, `parse` checks and prepares
    that value, `make` answers with it where the key says on its own what is answered (such keys exclude each other),
    `companion` is the key it stands beside, and `inherited` says that it holds for the values inside, too.
    """

    name: str
    schema: Schema
    parse: Parse
    hover: Hover = NO_HOVER
    make: Make | None = None
    companion: str | None = None
    inherited: bool = False


def unsupported(name: str) -> ReservedKey:
    """Return the record of a word that is kept free."""
    return ReservedKey(name, NOTHING, not_supported(name))
