"""What an answer costs: the request hook called in one process, without a proxy around it.

Prints three Markdown tables: the cost of an answer against the floor, how it grows with the file, and what single
things that a file may say cost.
"""

import asyncio
import gc
import itertools
import logging
import random
import tempfile
import time
from collections.abc import Awaitable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import contextmanager
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import click
from mitmproxy import http
from mitmproxy import log
from mitmproxy.test import taddons
from mitmproxy.test import tflow
from mitmproxy.test import tutils

from bench.floor import BODY
from bench.floor import Floor
from bench.measured import Measured
from bench.measured import conditions
from bench.measured import table
from bench.measured import verdict
from bench.options import rounds_option
from bench.options import sizes_option
from bench.sample import KINDS
from bench.sample import LANGUAGE
from bench.sample import Request
from bench.sample import requests
from bench.sample import write_sample
from bench.simplest import Simplest
from fakebackend.proxy.addon import DummyBackend

TARGETS = {"exact": 0.7, "template": 0.9}
GROWTH = 1.3

_UNKNOWN_TO_SIMPLEST = ("template", "conditional")

Costs = dict[str, Measured]
"""Seconds per call of each contestant."""


class Addon(Protocol):
    """What is measured."""

    def request(self, flow: http.HTTPFlow) -> Awaitable[None] | None:
        """Answer the request."""


class _Dropping(logging.Handler):
    """Formats a record as mitmdump would and drops it: the terminal's speed is not what is measured."""

    def emit(self, record: logging.LogRecord) -> None:
        self.format(record)


@contextmanager
def dropped_log() -> Iterator[None]:
    """Let log records cost what they cost, but show none."""
    logger, handler = logging.getLogger("fakebackend"), _Dropping()
    handler.setFormatter(log.MitmFormatter(colorize=False))
    propagated, logger.propagate = logger.propagate, False
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagated


def backend_on(file: Path) -> DummyBackend:
    """Return our addon, loaded and running on a file."""
    context = taddons.context()
    context.options.add_option("connection_strategy", str, "eager", "As the addon Proxyserver adds it.")
    backend = DummyBackend()
    context.master.addons.add(backend)
    context.configure(backend, responsesfile=str(file))
    backend.running()
    return backend


def new_flow() -> http.HTTPFlow:
    """Return a live flow as it comes in by a proxy's port."""
    flow = tflow.tflow(req=tutils.treq(host="api.example.com", port=80, content=b""), live=True)
    flow.client_conn.sockname = ("127.0.0.1", 8080)
    return flow


def prepare(flow: http.HTTPFlow, request: Request) -> None:
    """Make a used flow a fresh one with the request."""
    flow.response = None
    flow.comment = ""
    flow.metadata.clear()
    flow.request.path = request.target
    flow.request.headers = http.Headers([(b"Host", b"api.example.com"), *request.headers])
    flow.request.raw_content = request.content


def cost(addon: Addon, flows: Sequence[http.HTTPFlow]) -> float:
    """Return the processor time in seconds that the hook takes per flow."""
    gc.collect()
    start = time.process_time()
    for flow in flows:
        if (waiting := addon.request(flow)) is not None:
            _finish(waiting)
    return (time.process_time() - start) / len(flows)


def _finish(waiting: Awaitable[None]) -> None:
    """Run what never waits for anything, as an event loop would."""
    with suppress(StopIteration):
        next(waiting.__await__())


def check(name: str, flow: http.HTTPFlow, request: Request) -> None:
    """Fail unless the flow has the right answer."""
    response = flow.response
    if response is None:
        raise click.ClickException(f"{name} left {request.target} without an answer")
    right = (
        response.content == BODY if "floor" in name else request.is_answered_by(response.status_code, response.content)
    )
    if not right:
        raise click.ClickException(f"{name} answered {request.target} with {response.status_code} {response.content!r}")


def measure(addons: Mapping[str, Addon], kind: str, size: int, rounds: int, calls: int) -> Costs:
    """Return what each addon takes per call; all are measured in each round, in random order."""
    flows = [new_flow() for _ in range(calls)]
    source = requests(kind, size)
    costs: dict[str, list[float]] = {name: [] for name in addons}
    for number in range(rounds + 1):
        for name in random.sample(sorted(addons), len(addons)):
            batch = list(itertools.islice(source, calls))
            for flow, request in zip(flows, batch, strict=True):
                prepare(flow, request)
            seconds = cost(addons[name], flows)
            for flow, request in zip(flows, batch, strict=True):
                check(name, flow, request)
            if number:  # the first round warms up
                costs[name].append(seconds)
    return {name: Measured(values) for name, values in costs.items()}


def measure_size(size: int, rounds: int, calls: int) -> dict[str, Costs]:
    """Return the costs for each kind of request with a file of a size."""
    with tempfile.TemporaryDirectory() as folder:
        file = write_sample(Path(folder), size)
        addons: dict[str, Addon] = {
            "floor": Floor(),
            "floor again": Floor(),
            "simplest": Simplest(file),
            "ours": backend_on(file),
        }
        return {
            kind: measure(
                {n: a for n, a in addons.items() if n != "simplest" or kind not in _UNKNOWN_TO_SIMPLEST},
                kind,
                size,
                rounds,
                calls,
            )
            for kind in KINDS
        }


def cost_table(results: Mapping[int, Mapping[str, Costs]]) -> str:
    """Return the table of costs: microseconds, and ratios to the floor."""
    rows = []
    for size, kinds in results.items():
        for kind, costs in kinds.items():
            floor, ours = costs["floor"], costs["ours"].over(costs["floor"])
            rows.append(
                [
                    f"{size:,}",
                    kind,
                    f"{floor.median * 1e6:.1f}",
                    f"{costs['ours'].median * 1e6:.1f}",
                    f"{costs['floor again'].over(floor):.2f}",
                    f"{costs['simplest'].over(floor):.2f}" if "simplest" in costs else "–",
                    f"{ours:.2f}",
                    verdict(ours.median, TARGETS[kind]) if kind in TARGETS else "–",
                ]
            )
    header = ["entries", "request", "floor, µs", "ours, µs", "floor again", "simplest", "ours", "target"]
    return table(header, rows)


def measure_language(size: int, rounds: int, calls: int) -> dict[str, Costs]:
    """Return the costs for each thing that a file may say, with a file of a size that says only that."""
    results: dict[str, Costs] = {}
    for kind in LANGUAGE:
        with tempfile.TemporaryDirectory() as folder:
            addons: dict[str, Addon] = {
                "floor": Floor(),
                "ours": backend_on(write_sample(Path(folder), size, only=kind)),
            }
            results[kind] = measure(addons, kind, size, rounds, calls)
    return results


def language_table(results: Mapping[str, Costs], size: int) -> str:
    """Return the table of what the language costs: microseconds, and ratios to the floor."""
    rows = [
        [
            kind,
            f"{costs['floor'].median * 1e6:.1f}",
            f"{costs['ours'].median * 1e6:.1f}",
            f"{costs['ours'].over(costs['floor']):.2f}",
        ]
        for kind, costs in results.items()
    ]
    return table([f"{size:,} entries with", "floor, µs", "ours, µs", "ours"], rows)


def growth_table(results: Mapping[int, Mapping[str, Costs]]) -> str:
    """Return the table of what the largest file costs more than the smallest, each measured against the floor."""
    smallest, largest = min(results), max(results)
    rows = []
    for kind in KINDS:
        before, after = (results[s][kind]["ours"].over(results[s][kind]["floor"]).median for s in (smallest, largest))
        rows.append([kind, f"{before:.2f}", f"{after:.2f}", f"{after / before:.2f}", verdict(after / before, GROWTH)])
    return table(["request", f"{smallest:,} entries", f"{largest:,} entries", "growth", "target"], rows)


async def run(sizes: Sequence[int], rounds: int, calls: int) -> str:
    """Measure everything and return the tables; mitmproxy wants a running event loop."""
    with dropped_log():
        results = {size: measure_size(size, rounds, calls) for size in sizes}
        language = measure_language(min(sizes), rounds, calls)
    tables = [cost_table(results), growth_table(results), language_table(language, min(sizes))]
    return "\n\n".join([f"{conditions(rounds)[:-1]} of {calls} calls.", *tables])


@click.command(help=__doc__)
@sizes_option
@rounds_option(30)
@click.option("--calls", default=500, show_default=True, type=click.IntRange(1), help="Calls per round.")
def main(sizes: tuple[int, ...], rounds: int, calls: int) -> None:
    click.echo(asyncio.run(run(sizes, rounds, calls)))


if __name__ == "__main__":
    main()
