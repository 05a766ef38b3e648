"""Query constraints in URL keys, and the query of a request: both decoded as a form."""

from urllib.parse import unquote_to_bytes

Pairs = list[tuple[str, str]]

Constraint = tuple[str, str | None]
"""A name with the value it must have, or None for any: `?q=cats` and `?debug`."""


def decode_form(text: str) -> Pairs:
    """Return the pairs of a query or an urlencoded body; bytes that are no UTF-8 become lone surrogates."""
    pairs = (piece.partition("=") for piece in text.split("&") if piece)
    return [(decode_form_text(name), decode_form_text(value)) for name, _, value in pairs]


def decode_form_text(text: str) -> str:
    """Return a name or value of a form decoded: `+` is a space, `%2B` a plus."""
    if "%" not in text and "+" not in text:
        return text
    content = unquote_to_bytes(text.replace("+", " ").encode("utf-8", "surrogateescape"))
    return content.decode("utf-8", "surrogateescape")


def parse_constraints(query: str) -> tuple[Constraint, ...]:
    """Return the constraints of a URL key's query, in alphabetical order and each once.

    `a=1&b&a` is `a=1` and `b`: that `a` has any value goes without saying.
    """
    pieces = [piece.partition("=") for piece in query.split("&") if piece]
    constraints = {(decode_form_text(n), decode_form_text(v) if equals else None) for n, equals, v in pieces}
    valued = {name for name, value in constraints if value is not None}
    kept = [c for c in constraints if c[1] is not None or c[0] not in valued]
    return tuple(sorted(kept, key=lambda constraint: (constraint[0], constraint[1] or "")))


def constraint_holds(constraint: Constraint, query: Pairs) -> bool:
    """Tell whether a request's query has what a constraint asks for."""
    name, value = constraint
    return any(n == name and value in (None, v) for n, v in query)
