"""Load on a proxy, from wrk where it is installed and else from a client of ours."""

import asyncio
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from bench import client
from bench.proxy import Proxy
from bench.sample import Request

CONNECTIONS = 16

_PATHS_LUA = Path(__file__).with_name("paths.lua")


@dataclass(frozen=True, slots=True)
class Throughput:
    """What a proxy did under load."""

    per_second: float
    processor_seconds: float
    """Of the proxy, for one request."""


def clients() -> list[str]:
    """Return what can be used as client here, the best first."""
    return ["wrk", "asyncio"] if shutil.which("wrk") else ["asyncio"]


def put_load(client_name: str, proxy: Proxy, requests: Sequence[Request], seconds: float) -> Throughput:
    """Send the requests again and again for so many seconds, as fast as they are answered."""
    before = proxy.processor_seconds()
    if client_name == "wrk":
        count, passed = _wrk(proxy, requests, seconds)
    else:
        count, passed = asyncio.run(client.load(proxy.port, requests, CONNECTIONS, seconds))
    return Throughput(count / passed, (proxy.processor_seconds() - before) / max(count, 1))


def _wrk(proxy: Proxy, requests: Sequence[Request], seconds: float) -> tuple[int, float]:
    paths = proxy.folder / "paths.txt"
    paths.write_text("".join(f"{request.target}\n" for request in requests), encoding="utf-8")
    # wrk knows whole seconds only.
    options = ["-t1", f"-c{CONNECTIONS}", f"-d{max(round(seconds), 1)}s", "-s", str(_PATHS_LUA)]
    output = subprocess.run(
        ["wrk", *options, f"http://127.0.0.1:{proxy.port}"],
        env={**os.environ, "BENCH_PATHS": str(paths)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    match = re.search(r"(\d+) requests in ([\d.]+)s", output)
    if not match or "Non-2xx" in output or "Socket errors" in output:
        raise click.ClickException(f"{proxy.name} failed under load:\n{output}")
    return int(match[1]), float(match[2])
