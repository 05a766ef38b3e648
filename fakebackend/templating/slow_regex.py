"""Regular expressions that may take for ever: a quantifier without a limit inside another one, as in `(a+)+`."""

import re._constants as constants
import re._parser as parser
from collections.abc import Iterator
from typing import Any

from fakebackend.reading.parts import Way
from fakebackend.reading.parts import parts_of

NESTED = "has a quantifier inside another one, as (a+)+: for some texts it takes for ever"

_LONGEST_FOREIGN = 100  # characters
_MOST_STEPS = 1_000_000

_QUANTIFIERS = frozenset({constants.MAX_REPEAT, constants.MIN_REPEAT})


def has_nested_quantifiers(source: str) -> bool:
    """Tell whether a regular expression that compiles has a quantifier without a limit inside another one."""
    return _is_nested(list(parser.parse(source)), inside=False)


def check_foreign(source: str, length: int) -> None:
    """Refuse a regular expression that came with a request, if searching so many characters could take long.

    Raises `ValueError`.
    """
    if len(source) > _LONGEST_FOREIGN:
        raise ValueError(f"a regular expression of more than {_LONGEST_FOREIGN} characters is too much")
    repeats = _repeats(list(parser.parse(source)), inside=False)
    if repeats is None or length**repeats > _MOST_STEPS:
        raise ValueError("the regular expression may take too long; one that is written in the template itself may")


def _repeats(nodes: list[Any], *, inside: bool) -> int | None:
    """Return how many quantifiers there are, or None if one has another, or a choice, inside."""
    total = 0
    for node in nodes:
        operation, argument = node if isinstance(node, tuple) and len(node) == 2 else (None, node)
        is_quantifier = operation in _QUANTIFIERS and argument[1] > 1
        if inside and (is_quantifier or operation is constants.BRANCH):
            return None
        found = _repeats(list(_parts(argument)), inside=inside or is_quantifier)
        if found is None:
            return None
        total += found + is_quantifier
    return total


def slow_regexes(value: Any) -> Iterator[Way]:
    """Yield the way to each `$regex` of a `$when` whose quantifiers are nested."""
    if "$regex" not in str(value):  # most have none
        return
    for way, part in parts_of(value):
        if way[-1:] == ("$regex",) and isinstance(part, str) and has_nested_quantifiers(part):
            yield way


def _is_nested(nodes: list[Any], *, inside: bool) -> bool:
    for node in nodes:
        operation, argument = node if isinstance(node, tuple) and len(node) == 2 else (None, node)
        is_quantifier = operation in _QUANTIFIERS and argument[1] is constants.MAXREPEAT
        if is_quantifier and inside:
            return True
        if _is_nested(list(_parts(argument)), inside=inside or is_quantifier):
            return True
    return False


def _parts(argument: Any) -> Iterator[Any]:
    """Yield the nodes in the argument of a node, however deep in lists and tuples."""
    if isinstance(argument, parser.SubPattern):
        yield from argument
    elif isinstance(argument, list | tuple):
        for part in argument:
            yield from _parts(part)
