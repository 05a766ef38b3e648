"""Conditions on a query name that are never asked, because a key with that name always wins."""

from collections.abc import Iterator
from collections.abc import Sequence
from itertools import chain

from fakebackend.answers.around import Around
from fakebackend.answers.selection import Alternative
from fakebackend.answers.selection import Cases
from fakebackend.answers.selection import Conditional
from fakebackend.answers.selection import Sequence as AnswerSequence
from fakebackend.diagnostics.diagnostic import Diagnostic
from fakebackend.matching.conditions import Condition
from fakebackend.matching.conditions import NamedCondition
from fakebackend.matching.conditions import WholeCondition
from fakebackend.matching.templated_condition import TemplatedCondition
from fakebackend.matching.templated_condition import checkable
from fakebackend.table.entry import Entry
from fakebackend.table.entry_table import EntryTable
from fakebackend.table.shadowing import covers

_FEW = 50
"""How many keys of one path an entry is compared with at the most, so that the time grows with the file alone."""


def find_shadowed_conditions(table: EntryTable) -> Iterator[Diagnostic]:
    """Yield a warning for each entry with a `$when.query` that asks for what a key of the same path always answers.

    Of `/search?page` and `/search` with `{"query": {"page": {"$gt": 9}}}` the first wins wherever there is a page.
    """
    rivals: dict[object, list[Entry]] = {}
    for entry in table:
        if entry.query and any(value is None for _, value in entry.query) and entry.alternative.always_answers:
            rivals.setdefault(entry.path.dedup_key, []).append(entry)
    if not rivals:
        return
    for entry in table:
        for winner in rivals.get(entry.path.dedup_key, ())[:_FEW]:
            if (name := _lost_name(entry, winner, table)) is not None:
                text = (
                    f"$when.query.{name} never holds, {winner} answers whatever has '{name}' in its query: "
                    "write both as $cases under one of the two keys"
                )
                yield Diagnostic(entry.location, entry.label, text)
                break


def _lost_name(entry: Entry, winner: Entry, table: EntryTable) -> str | None:
    """Return a name that conditions of an entry ask for although a request with it belongs to the winner."""
    ranks = [(not table.is_before(each), each.sort_key) for each in (winner, entry)]
    if ranks[0] >= ranks[1]:
        return None
    own = dict(entry.query)
    for conditions in _conditions_of(entry.alternative):
        names = set(chain.from_iterable(map(_names_needed, conditions)))
        asking = entry._replace(query=(*entry.query, *((name, None) for name in names)))
        if covers(winner, asking, in_before=table.is_before(winner)):
            lost = [name for name, _ in winner.query if name in names and name not in own]
            if lost:
                return lost[0]
    return None


def _conditions_of(alternative: Alternative) -> Iterator[Sequence[Condition]]:
    """Yield each `$when` inside, with all that must hold for it."""
    if isinstance(alternative, Around):
        yield from _conditions_of(alternative.alternative)
    elif isinstance(alternative, Conditional):
        yield alternative.conditions
        yield from _conditions_of(alternative.alternative)
    elif isinstance(alternative, Cases):
        for case in alternative.cases:
            yield from _conditions_of(case.alternative)
    elif isinstance(alternative, AnswerSequence):
        for item in alternative.items:
            yield from _conditions_of(item)


def _names_needed(condition: Condition) -> Iterator[str]:
    """Yield the names without which a condition on the query cannot hold; `$exists: false` and `$ne` need none."""
    if isinstance(condition, NamedCondition):
        if condition.part == "query" and condition.matcher.difference(()) is not None:
            yield condition.name
    elif isinstance(condition, WholeCondition) and condition.part == "query":
        yield from condition.expected
    elif isinstance(condition, TemplatedCondition):
        known = condition.parse(checkable(condition.written))
        yield from chain.from_iterable(map(_names_needed, known))
