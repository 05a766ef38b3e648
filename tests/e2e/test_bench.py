"""The benchmarks run, in sizes that say nothing about speed: they check every answer and print their tables."""

import itertools
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from bench.load import clients
from bench.load import put_load
from bench.measured import Measured
from bench.measured import verdict
from bench.proxy import Proxy
from bench.sample import KINDS
from bench.sample import LANGUAGE
from bench.sample import as_yaml
from bench.sample import kind_of
from bench.sample import requests
from bench.sample import responses_text
from bench.sample import write_sample
from fakebackend.format.compile import compile_file
from fakebackend.reading.detect import parse_document

REPOSITORY = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what the kernel knows of a process is read from /proc")


def run(module: str, *arguments: str) -> str:
    """Run a benchmark as people do, in a process of its own, and return what it prints."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    return done.stdout


def tables(output: str) -> list[list[list[str]]]:
    """Return the cells of each Markdown table, without the line below its header."""
    found = re.findall(r"(?:^\|.*\|\n?)+", output, re.MULTILINE)
    rows = [[row.strip("| ").split(" | ") for row in text.splitlines()] for text in found]
    assert all(len({len(row) for row in rows_of_one}) == 1 for rows_of_one in rows)
    return [[header, *body] for header, _, *body in rows]


def test_hook_prints_a_row_for_each_kind_of_request() -> None:
    costs, growth, language = tables(run("bench.hook", "--sizes", "10", "--rounds", "1", "--calls", "5"))
    assert [row[:2] for row in costs[1:]] == [["10", kind] for kind in KINDS]
    assert [row[0] for row in growth[1:]] == list(KINDS)
    assert [row[0] for row in language[1:]] == list(LANGUAGE)


def test_reload_prints_times_hold_ups_and_memory() -> None:
    compiled, hold_ups, memory = tables(run("bench.reload", "--size", "10", "--rounds", "1"))
    assert compiled[0][-1] == "target"
    assert [row[0] for row in hold_ups[1:3]] == ["nothing", "json.loads in the loop"]
    assert [row[0] for row in memory[1:]] == ["bare", "simplest", "ours", "ours / simplest"]


def test_syntaxes_prints_a_row_for_each_way_to_read() -> None:
    [times] = tables(run("bench.syntaxes", "--size", "10", "--rounds", "1"))
    assert [row[0] for row in times[1:]] == [
        "JSON",
        "YAML, libyaml",
        "JSON in a .yaml, libyaml",
        "YAML, ruamel.yaml alone",
    ]


@pytest.mark.parametrize("client", clients())
def test_each_client_puts_load_on_a_proxy(client: str, tmp_path: Path) -> None:
    write_sample(tmp_path, 10)
    asked = list(itertools.islice(requests("exact", 10), 10))
    with Proxy("ours", tmp_path) as proxy:
        done = put_load(client, proxy, asked, 0.05)
    assert done.per_second > 0


def test_a_wrong_answer_under_load_is_an_error(tmp_path: Path) -> None:
    write_sample(tmp_path, 10)
    missing = list(itertools.islice(requests("exact", 1000), 10))
    with Proxy("ours", tmp_path) as proxy, pytest.raises(click.ClickException):
        put_load("asyncio", proxy, missing, 0.05)


@pytest.mark.parametrize("count", [10, 1000])
def test_the_sample_is_a_good_file_with_all_kinds_of_entries(count: int) -> None:
    compiled = compile_file(responses_text(count).encode(), "responses.json")
    assert len(compiled.table) == count
    assert not compiled.warnings
    assert {kind_of(number) for number in range(count)} == {"exact", "template", "conditional"}


def test_the_sample_is_the_same_in_yaml() -> None:
    in_json, in_yaml = (
        list(parse_document(text.encode(), file).items(lambda _: None))
        for text, file in ((responses_text(50), "a.json"), (as_yaml(responses_text(50)), "a.yaml"))
    )
    assert [(item.key, item.value) for item in in_json] == [(item.key, item.value) for item in in_yaml]


@pytest.mark.parametrize("kind", KINDS)
def test_each_call_has_another_path_until_all_had_their_turn(kind: str) -> None:
    targets = [request.target for request in itertools.islice(requests(kind, 1000), 200)]
    assert len(set(targets)) == len(targets)


def test_a_number_is_shown_with_the_range_of_its_middle_half() -> None:
    measured = Measured([4, 1, 2, 3, 5])
    assert f"{measured:.1f}" == "3.0 (2.0–4.0)"
    assert f"{measured.over(Measured([2, 1, 1, 1, 1])):.0f}" == "2 (2–3)"
    assert f"{Measured([7]):.0f}" == "7 (7–7)"


def test_a_missed_target_stands_out() -> None:
    assert verdict(1.3, 1.3) == "≤ 1.30 met"
    assert verdict(1.31, 1.3) == "≤ 1.30 **missed**"


def test_throughput_prints_what_each_script_reaches() -> None:
    load, start = tables(
        run("bench.throughput", "--sizes", "10", "--rounds", "1", "--seconds", "0.05", "--client", "asyncio")
    )
    assert [row[1] for row in load[1:]] == ["floor", "floor again", "simplest", "ours"]
    assert start[1][0] == "10"
