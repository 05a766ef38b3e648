"""Query constraints in URL keys, decoded as a request's query is."""

from fakebackend.messages.form import MultiItems
from fakebackend.messages.form import decode_form_text

Constraint = tuple[str, str | None]
"""A name with the value it must have, or None for any: `?q=cats` and `?debug`."""


def parse_constraints(query: str) -> tuple[Constraint, ...]:
    """Return the constraints of a URL key's query, in alphabetical order and each once.

    `a=1&b&a` is `a=1` and `b`: that `a` has any value goes without saying.
    """
    pieces = [piece.partition("=") for piece in query.split("&") if piece]
    constraints = {(decode_form_text(n), decode_form_text(v) if equals else None) for n, equals, v in pieces}
    valued = {name for name, value in constraints if value is not None}
    kept = [c for c in constraints if c[1] is not None or c[0] not in valued]
    return tuple(sorted(kept, key=lambda constraint: (constraint[0], constraint[1] or "")))


def constraint_holds(constraint: Constraint, query: MultiItems) -> bool:
    """Tell whether a request's query has what a constraint asks for."""
    name, value = constraint
    return any(n == name and value in (None, v) for n, v in query)
