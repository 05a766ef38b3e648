"""Whole mitmdump processes under load, and how long they take to start.

Prints two Markdown tables: requests per second and processor time per request against the floor,
and the time until "listening at" against a mitmdump without a script.
"""

import asyncio
import itertools
import random
import tempfile
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import click

from bench import client
from bench.load import Throughput
from bench.load import clients
from bench.load import put_load
from bench.measured import Measured
from bench.measured import conditions
from bench.measured import table
from bench.measured import verdict
from bench.options import rounds_option
from bench.options import sizes_option
from bench.proxy import Proxy
from bench.sample import requests
from bench.sample import write_sample

NAMES = ("floor", "floor again", "simplest", "ours")
STARTING = ("bare", "bare again", "floor", "ours")
START_TARGET = 1.15

_PATHS = 5000
_CHECKED = 200


def measure_load(size: int, rounds: int, seconds: float, client_name: str) -> dict[str, list[Throughput]]:
    """Return what each proxy did in each round; all run all the time, and are asked one after the other."""
    asked = list(itertools.islice(requests("exact", size), _PATHS))
    results: dict[str, list[Throughput]] = {name: [] for name in NAMES}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        write_sample(Path(folder), size)
        proxies = [stack.enter_context(Proxy(name, Path(folder))) for name in NAMES]
        for proxy in proxies:
            if "floor" not in proxy.name:
                asyncio.run(client.check(proxy.name, proxy.port, asked[:_CHECKED]))
            put_load(client_name, proxy, asked, min(seconds, 1))  # warms up
        for _ in range(rounds):
            for proxy in random.sample(proxies, len(proxies)):
                results[proxy.name].append(put_load(client_name, proxy, asked, seconds))
    return results


def measure_start(size: int, rounds: int) -> dict[str, Measured]:
    """Return the seconds that each takes to start, in each round."""
    seconds: dict[str, list[float]] = {name: [] for name in STARTING}
    with tempfile.TemporaryDirectory() as folder:
        write_sample(Path(folder), size)
        Proxy("ours", Path(folder)).stop()  # makes certificates and warms the disk's cache
        for _ in range(rounds):
            for name in random.sample(STARTING, len(STARTING)):
                with Proxy(name, Path(folder)) as proxy:
                    seconds[name].append(proxy.seconds_to_start)
    return {name: Measured(values) for name, values in seconds.items()}


def load_table(results: Mapping[int, Mapping[str, Sequence[Throughput]]]) -> str:
    """Return the table of throughput."""
    rows = []
    for size, by_name in results.items():
        rates = {name: Measured([t.per_second for t in found]) for name, found in by_name.items()}
        costs = {name: Measured([t.processor_seconds for t in found]) for name, found in by_name.items()}
        for name in NAMES:
            over_floor = [f"{m[name].over(m['floor']):.2f}" if name != "floor" else "1" for m in (rates, costs)]
            rows.append(
                [
                    f"{size:,}",
                    name,
                    f"{rates[name].median:.0f}",
                    over_floor[0],
                    f"{costs[name].median * 1e6:.0f}",
                    over_floor[1],
                ]
            )
    header = ["entries", "script", "requests/s", "× floor", "processor time per request, µs", "× floor"]
    return table(header, rows)


def start_table(results: Mapping[int, Mapping[str, Measured]]) -> str:
    """Return the table of start-up times."""
    rows = []
    for size, seconds in results.items():
        bare = seconds["bare"]
        ours = seconds["ours"].over(bare)
        rows.append(
            [
                f"{size:,}",
                f"{bare.median:.2f}",
                f"{seconds['ours'].median:.2f}",
                f"{seconds['bare again'].over(bare):.2f}",
                f"{seconds['floor'].over(bare):.2f}",
                f"{ours:.2f}",
                verdict(ours.median, START_TARGET) if size == 10 else "–",
            ]
        )
    return table(["entries", "bare, s", "ours, s", "bare again", "floor", "ours", "target"], rows)


@click.command(help=__doc__)
@sizes_option
@rounds_option(10)
@click.option("--seconds", default=2.0, show_default=True, help="Of load, for each proxy in each round.")
@click.option("--client", "client_name", type=click.Choice(clients()), default=clients()[0], show_default=True)
def main(sizes: tuple[int, ...], rounds: int, seconds: float, client_name: str) -> None:
    loads = {size: measure_load(size, rounds, seconds, client_name) for size in sizes}
    starts = {size: measure_start(size, rounds) for size in sizes}
    click.echo(f"{conditions(rounds)[:-1]} of {seconds:g} s, client {client_name}.\n")
    click.echo(f"{load_table(loads)}\n\n{start_table(starts)}")


if __name__ == "__main__":
    main()
