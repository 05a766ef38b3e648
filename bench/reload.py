"""What reading a large responses file costs: time, hold-ups of the event loop and memory.

Prints three Markdown tables, each against `json.loads` of the same text or the simplest script.
"""

import asyncio
import gc
import itertools
import json
import random
import tempfile
import time
from collections.abc import Awaitable
from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path

import click

from bench import client
from bench.hold_up import HoldUp
from bench.hold_up import longest_hold_up
from bench.measured import Measured
from bench.measured import conditions
from bench.measured import table
from bench.measured import verdict
from bench.options import rounds_option
from bench.proxy import Proxy
from bench.sample import requests
from bench.sample import set_age
from bench.sample import write_sample
from fakebackend.responses_file import ResponsesFile

COMPILE_TARGET = 6.0
HOLD_UP_TARGET = 1.0
MEMORY_TARGET = 2.0

_MOMENTS = ("start", "start, peak", "reload", "reload, peak")
_ages = itertools.count(100)


SAMPLES = {"literal paths": "exact", "mixed": None}
"""The files that are read, and the one kind of their entries, if there is but one."""


def measure_compile(file: Path, rounds: int) -> tuple[Measured, Measured]:
    """Return the processor seconds that `json.loads` and our reading take, round by round."""
    text = file.read_text(encoding="utf-8")
    results: tuple[list[float], list[float]] = ([], [])
    works: Sequence[Callable[[], object]] = (lambda: json.loads(text), lambda: _read(file))
    for _ in range(rounds):
        for index in random.sample(range(2), 2):
            gc.collect()
            start = time.process_time()
            kept = works[index]()
            results[index].append(time.process_time() - start)
            del kept
    return Measured(results[0]), Measured(results[1])


def compile_table(folder: Path, size: int, rounds: int) -> str:
    """Measure the reading times and return their table."""
    rows = []
    for name, only in SAMPLES.items():
        file = write_sample(folder, size, only)
        loads, ours = measure_compile(file, rounds)
        ratio = ours.over(loads)
        times = [f"{loads.scaled(1e3):.0f}", f"{ours.scaled(1e3):.0f}", f"{ratio:.1f}"]
        rows.append([name, f"{file.stat().st_size / 1e6:.1f}", *times, verdict(ratio.median, COMPILE_TARGET, ".0f")])
    return table(["entries", "MB", "json.loads, ms", "ours, ms", "ratio", "target"], rows)


async def nothing(_file: Path) -> HoldUp:
    """Return how long the loop is held up by other programs."""
    return await longest_hold_up(asyncio.sleep(0.5))


async def loads(file: Path) -> HoldUp:
    """Return how long the simplest script's reload holds up the loop."""
    text = file.read_text(encoding="utf-8")  # noqa: ASYNC240  # nobody waits yet
    kept = [json.loads(text)]

    async def work() -> None:
        kept[0] = json.loads(text)

    gc.collect()
    return await longest_hold_up(work())


async def refresh(file: Path) -> HoldUp:
    """Return how long our reload holds up the loop."""
    return await _refresh(file, lambda: None)


async def frozen(file: Path) -> HoldUp:
    """Return how long it does with all that was read kept from the garbage collector."""
    try:
        return await _refresh(file, gc.freeze)
    finally:
        gc.unfreeze()


HOLD_UPS: dict[str, Callable[[Path], Awaitable[HoldUp]]] = {
    "nothing": nothing,
    "json.loads in the loop": loads,
    "ours": refresh,
    "ours, gc.freeze() after each reading": frozen,
}


async def measure_hold_ups(file: Path, rounds: int) -> dict[str, list[HoldUp]]:
    """Return what held up the loop in each round."""
    results: dict[str, list[HoldUp]] = {name: [] for name in HOLD_UPS}
    for _ in range(rounds):
        for name in random.sample(list(HOLD_UPS), len(HOLD_UPS)):
            results[name].append(await HOLD_UPS[name](file))
            gc.collect()
    return results


def hold_up_table(results: dict[str, list[HoldUp]]) -> str:
    """Return the table of hold-ups."""
    gaps = {name: Measured([hold_up.gap for hold_up in found]) for name, found in results.items()}
    rows = []
    for name, gap in gaps.items():
        ratio = gap.over(gaps["json.loads in the loop"])
        collection = Measured([hold_up.collection for hold_up in results[name]])
        rows.append(
            [
                name,
                f"{gap.scaled(1e3):.0f}",
                f"{max(gap.values) * 1e3:.0f}",
                f"{collection.scaled(1e3):.0f}",
                f"{ratio:.2f}",
                verdict(ratio.median, HOLD_UP_TARGET) if name.startswith("ours") else "–",
            ]
        )
    return table(["during", "hold-up, ms", "worst, ms", "longest collection, ms", "× json.loads", "target"], rows)


def measure_collection(file: Path, rounds: int) -> tuple[Measured, Measured]:
    """Return the seconds of a full garbage collection with the file loaded, as it is and frozen."""
    kept = _read(file)
    plain, frozen = [], []
    for _ in range(rounds):
        plain.append(_full_collection())
        gc.freeze()
        frozen.append(_full_collection())
        gc.unfreeze()
    del kept
    return Measured(plain), Measured(frozen)


def measure_memory(name: str, file: Path, size: int) -> list[float]:
    """Return what a mitmdump holds in megabytes, at rest and at most, after the start and after a reload."""
    source = requests("exact", size)
    megabytes = []
    with Proxy(name, file.parent) as proxy:
        for _ in range(2):
            if name != "bare":
                asyncio.run(client.check(name, proxy.port, itertools.islice(source, 100)))
            megabytes += [proxy.megabytes(), proxy.peak_megabytes()]
            set_age(file, next(_ages))
    return megabytes


def memory_table(file: Path, size: int, rounds: int) -> str:
    """Measure the memory and return its table."""
    found = {name: [measure_memory(name, file, size) for _ in range(rounds)] for name in ("bare", "simplest", "ours")}
    columns = {name: [Measured(values) for values in zip(*rows, strict=True)] for name, rows in found.items()}
    rows = [[name, *(f"{column.median:.0f}" for column in of_name)] for name, of_name in columns.items()]
    ratios = [ours.over(simplest).median for ours, simplest in zip(columns["ours"], columns["simplest"], strict=True)]
    rows.append(["ours / simplest", *(f"{ratio:.2f}, {verdict(ratio, MEMORY_TARGET, '.0f')}" for ratio in ratios)])
    return table(["MB", *_MOMENTS], rows)


async def _refresh(file: Path, after: Callable[[], object]) -> HoldUp:
    ours = _read(file)
    gc.collect()
    after()
    set_age(file, next(_ages))

    async def work() -> None:
        await ours.refresh()
        after()

    return await longest_hold_up(work())


def _read(file: Path) -> ResponsesFile:
    ours = ResponsesFile(str(file))
    ours.read()
    return ours


def _full_collection() -> float:
    start = time.perf_counter()
    gc.collect()
    return time.perf_counter() - start


@click.command(help=__doc__)
@click.option("--size", default=100_000, show_default=True, type=click.IntRange(10), help="Number of entries.")
@rounds_option(10)
def main(size: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        click.echo(f"{conditions(rounds)[:-1]} with {size:,} entries.\n")
        click.echo(compile_table(Path(folder), size, rounds) + "\n")
        file = write_sample(Path(folder), size)
        click.echo(hold_up_table(asyncio.run(measure_hold_ups(file, rounds))) + "\n")
        plain, frozen = measure_collection(file, rounds)
        click.echo(
            f"A full garbage collection takes {plain.scaled(1e3):.0f} ms, "
            f"after gc.freeze() {frozen.scaled(1e3):.1f} ms.\n"
        )
        click.echo(memory_table(file, size, rounds))


if __name__ == "__main__":
    main()
