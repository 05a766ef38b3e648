"""What reading YAML costs, against the same data in JSON.

Prints one Markdown table. Reading is from bytes to items with their places, before anything is made of them.
"""

import gc
import random
import time
from collections.abc import Callable
from unittest import mock

import click

from bench.measured import Measured
from bench.measured import conditions
from bench.measured import table
from bench.measured import verdict
from bench.options import rounds_option
from bench.sample import as_yaml
from bench.sample import responses_text
from fakebackend.reading import yaml_events
from fakebackend.reading.detect import parse_document
from fakebackend.reading.libyaml import libyaml

YAML_TARGET = 10.0


def read(text: str, file: str) -> list[object]:
    """Return the items of a file, its methods opened."""
    document = parse_document(text.encode(), file)
    items: list[object] = list(document.items(lambda path: None if path else lambda _: True))
    assert items
    assert not document.errors
    return items


def read_without_libyaml(text: str) -> list[object]:
    """Return the items of a YAML file by ruamel.yaml's parser alone."""
    with mock.patch.object(yaml_events, "libyaml", return_value=None):
        return read(text, "a.yaml")


def contestants(size: int) -> dict[str, Callable[[], object]]:
    """Return what is measured, JSON first."""
    in_json = responses_text(size)
    in_yaml = as_yaml(in_json)
    works: dict[str, Callable[[], object]] = {"JSON": lambda: read(in_json, "a.json")}
    if libyaml() is not None:
        works["YAML, libyaml"] = lambda: read(in_yaml, "a.yaml")
        works["JSON in a .yaml, libyaml"] = lambda: read(in_json, "a.yaml")
    works["YAML, ruamel.yaml alone"] = lambda: read_without_libyaml(in_yaml)
    return works


def measure(works: dict[str, Callable[[], object]], rounds: int) -> dict[str, Measured]:
    """Return the processor seconds of each, round by round."""
    results: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name in random.sample(list(works), len(works)):
            gc.collect()
            start = time.process_time()
            kept = works[name]()
            results[name].append(time.process_time() - start)
            del kept
    return {name: Measured(values) for name, values in results.items()}


@click.command(help=__doc__)
@click.option("--size", default=20_000, show_default=True, type=click.IntRange(10), help="Number of entries.")
@rounds_option(10)
def main(size: int, rounds: int) -> None:
    results = measure(contestants(size), rounds)
    rows = []
    for name, measured in results.items():
        ratio = measured.over(results["JSON"])
        target = verdict(ratio.median, YAML_TARGET, ".0f") if "libyaml" in name else "–"
        rows.append([name, f"{measured.scaled(1e3):.0f}", f"{ratio:.1f}", target])
    click.echo(f"{conditions(rounds)[:-1]} with {size:,} entries.\n")
    click.echo(table(["file", "reading, ms", "× JSON", "target"], rows))


if __name__ == "__main__":
    main()
