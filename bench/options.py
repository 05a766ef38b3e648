"""The options that the benchmarks share."""

from collections.abc import Callable
from typing import Any

import click

SIZES = "10,1000,10000,100000"


def _numbers(_context: click.Context, _parameter: click.Parameter, value: str) -> tuple[int, ...]:
    try:
        numbers = tuple(map(int, value.split(",")))
    except ValueError as e:
        raise click.BadParameter("expected numbers with commas between them") from e
    if min(numbers) < 10:
        raise click.BadParameter("a sample has at least 10 entries")
    return numbers


def sizes_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--sizes`, the numbers of entries."""
    return click.option("--sizes", default=SIZES, show_default=True, callback=_numbers, help="Numbers of entries.")(
        function
    )


def rounds_option(default: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add `--rounds`, each of which measures every contestant once."""
    return click.option(
        "--rounds", default=default, show_default=True, type=click.IntRange(1), help="Measurements of each number."
    )
