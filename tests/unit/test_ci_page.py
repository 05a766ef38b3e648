"""The reports that docs/ci.md shows are those of the requests that it names."""

import json
from pathlib import Path

import pytest
from mitmproxy.test import taddons

from fakebackend.journal.report_file import FORMS
from fakebackend.journal.summary import summary_lines
from fakebackend.proxy.addon import DummyBackend
from tests.answering import flow_of
from tests.conftest import ask
from tests.markdown import REPOSITORY
from tests.markdown import blocks_of

PAGE = REPOSITORY / "docs" / "ci.md"
BLOCKS = {block.file: block.text for block in reversed(blocks_of(PAGE)) if block.file}  # of each name the first
REQUESTS = ["/user", "/usr", "/avatar", "/user"]


@pytest.fixture
async def asked(tctx: taddons.context, backend: DummyBackend, folder: Path) -> DummyBackend:
    """Return a backend that was asked what the page says."""
    (folder / "responses.json").write_text(BLOCKS["responses.json"], "utf-8")
    tctx.configure(backend, responses_fail_on="unmatched,unused")
    for path in REQUESTS:
        flow = flow_of("GET", path, port=8080)
        flow.request.host = "localhost"
        await ask(backend, flow)
    return backend


@pytest.mark.parametrize("ending", FORMS)
async def test_each_form_is_shown_as_it_is(asked: DummyBackend, ending: str) -> None:
    assert BLOCKS[f"report{ending}"] == FORMS[ending](asked._serving.report())


async def test_the_summary_is_shown_as_it_is(asked: DummyBackend) -> None:
    assert BLOCKS["summary"] == "\n".join(summary_lines(asked._serving.report())) + "\n"


async def test_each_field_is_explained(asked: DummyBackend) -> None:
    data = json.loads(BLOCKS["report.json"])
    table = PAGE.read_text("utf-8").partition("| field | is |")[2].partition("\n\n")[0]
    explained = {line.split("`")[1] for line in table.splitlines() if line.startswith("| `")}
    assert explained == {*data, *(f"requests.{name}" for name in data["requests"])} - {"requests"}
