"""Entries that can never answer, because another one always wins."""

from collections.abc import Iterable
from collections.abc import Iterator
from itertools import chain
from itertools import islice

from fakebackend.diagnostics.diagnostic import Diagnostic
from fakebackend.messages.methods import ANY
from fakebackend.messages.origin import Origin
from fakebackend.table.entry import Entry
from fakebackend.table.entry_table import EntryTable

_FEW = 50
"""How many others an entry is compared with at the most, so that the time stays in proportion to the file."""

_FEW_RIVALS = 200
"""How many entries of the file itself are compared with each other at the most."""


def find_shadowed(table: EntryTable) -> Iterator[Diagnostic]:
    """Yield a warning for each entry that another, less or equally specific or in `$before`, leaves no request.

    The order of entries sees to it that hardly any can shadow another: what wins matches less. Left are
    `$before`, regular expressions behind a template for every path, and templates that rank the same.
    """
    unusual = [entry for entry in table if not entry.is_simple]
    # Worked out once for each: it may take looking at very many items.
    sure = {id(entry) for entry in (*(table.before or ()), *unusual) if entry.alternative.always_answers}
    rivals = [entry for entry in unusual if id(entry) in sure] if len(unusual) <= _FEW_RIVALS else []
    if table.before is None and not rivals:
        return
    for entry in table if table.before is not None else unusual:
        before = () if table.before is None else islice(_before(table.before, entry), _FEW)
        winner = next((one for one in chain(before, rivals) if id(one) in sure and _shadows(one, entry, table)), None)
        if winner is not None:
            yield Diagnostic(entry.location, entry.label, f"never answers, {winner} always wins")


def _before(before: EntryTable, entry: Entry) -> Iterable[Entry]:
    """Return the entries of `$before` that might match all that an entry does: they match an example of it."""
    origins: list[Origin | None] = [None]
    if entry.origin is not None:
        origins += dict.fromkeys((entry.origin, *chain.from_iterable(entry.origin.generalised())))
    for origin in origins:
        paths = before.any_origin if origin is None else before.by_origin.get(origin)
        if paths is not None:
            yield from paths.covering(entry.path)


def _shadows(one: Entry, other: Entry, table: EntryTable) -> bool:
    # By identity: an entry of `$before` may be equal to one of the file that stands in the same line.
    if one is other or not covers(one, other, in_before=table.is_before(one)):
        return False
    ranks = [(not table.is_before(entry), entry.sort_key) for entry in (one, other)]
    return ranks[0] < ranks[1]


def covers(one: Entry, other: Entry, *, in_before: bool) -> bool:
    """Tell whether every request that matches the other by URL and method matches the one, too."""
    if one.method not in (other.method, ANY) and not (one.method == "GET" and other.method == "HEAD"):
        return False
    if other.method == "OPTIONS" and (one.method == ANY or in_before):
        return False  # preflights are left to it
    if not all(c in other.query or (c[1] is None and c[0] in dict(other.query)) for c in one.query):
        return False
    return _origin_covers(one.origin, other.origin) and one.path.covers(other.path)


def _origin_covers(one: Origin | None, other: Origin | None) -> bool:
    if one is None or one == other:
        return True
    if other is None or one.host != other.host:
        return False
    return one.scheme in (None, other.scheme) and one.port in (None, other.port)
