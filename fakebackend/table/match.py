"""An entry that matches a request by its URL key and method."""

from typing import NamedTuple

from fakebackend.messages.path_params import NO_PARAMS
from fakebackend.messages.path_params import PathParams
from fakebackend.table.entry import Entry


class Match(NamedTuple):
    """The entry, with what its path parameters stand for in the request."""

    entry: Entry
    params: PathParams = NO_PARAMS


class PassedOver(NamedTuple):
    """An entry that matched by its URL but whose conditions did not hold."""

    entry: Entry
    difference: str

    def __str__(self) -> str:
        return f"{self.entry.title}: {self.difference}"
