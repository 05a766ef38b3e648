"""The corpus of broken files, by each of the three ways in which a file is read."""

import json
from pathlib import Path

import pytest
from mitmproxy.test import taddons

from fakebackend.cli.run import ADDON
from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.messages.canned_response import CannedResponse
from fakebackend.messages.canned_response import canned_response
from fakebackend.proxy.addon import DummyBackend
from fakebackend.proxy.flow_request import FlowRequest
from fakebackend.responses_file import ResponsesFile
from fakebackend.table.entry_table import EntryTable
from tests.broken_files import BROKEN_FILES
from tests.broken_files import BrokenFile
from tests.conftest import ask
from tests.conftest import errors_in
from tests.conftest import http_flow
from tests.conftest import look_up
from tests.conftest import response_of
from tests.conftest import write

pytestmark = pytest.mark.slow


@pytest.fixture(params=BROKEN_FILES, ids=lambda file: file.id)
def case(request: pytest.FixtureRequest) -> BrokenFile:
    file: BrokenFile = request.param
    if file.skip:
        pytest.skip(file.skip)
    return file


GOOD = '{"GET": {"/good": 1}}'  # in JSON and in YAML


def assert_answers(table: EntryTable | None, body: str) -> None:
    assert table is not None
    answer = look_up(table, FlowRequest(http_flow(path="/a"))).answer
    if body:
        assert isinstance(answer, CannedResponse)
        assert json.loads(answer.body) == json.loads(body)
    else:
        assert answer is None


def swap_back(path: Path, text: str) -> None:
    new = path.with_name("new")
    new.write_text(text)
    if path.is_dir():
        path.rmdir()
    new.replace(path)


def test_there_are_enough_of_both_kinds() -> None:
    usable = [file for file in BROKEN_FILES if file.is_usable]
    assert len(usable) >= 10
    assert len(BROKEN_FILES) - len(usable) >= 60
    assert len({file.id for file in BROKEN_FILES}) == len(BROKEN_FILES)


def test_read_gives_an_error_with_its_place_or_a_table(case: BrokenFile, folder: Path) -> None:
    path = case.make_in(folder)
    file = ResponsesFile(str(path))
    if case.is_usable:
        file.read()
        assert_answers(file.table, case.body)
        return
    with pytest.raises(ResponsesFileError) as caught:
        file.read()
    assert case.error in str(caught.value)
    assert all(line.startswith(case.name) for line in str(caught.value).splitlines())
    assert len(str(caught.value)) < 1000
    assert file.table is None


async def test_swapped_in_while_running_the_last_good_answers_stay_until_the_next_good_save(
    case: BrokenFile, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = folder / case.name
    swap_back(path, GOOD)
    file = ResponsesFile(str(path))
    file.read()
    last_good = file.table
    case.make_in(folder)
    for _ in range(2):
        if not file.is_fresh():
            await file.refresh()
    if case.is_usable:
        assert not errors_in(caplog)
        assert_answers(file.table, case.body)
    else:
        [record] = errors_in(caplog)
        assert case.error in record.getMessage()
        assert not record.exc_info
        assert file.table is last_good
    swap_back(path, GOOD.replace("1", "2"))
    assert not file.is_fresh()
    await file.refresh()
    assert file.error is None
    assert file.table is not None
    assert [entry.alternative for entry in file.table] == [canned_response(200, b"2", b"application/json")]


@pytest.mark.usefixtures("unchanged_path")
async def test_at_start_a_broken_file_is_one_error_without_traceback(
    case: BrokenFile, folder: Path, tctx: taddons.context, caplog: pytest.LogCaptureFixture
) -> None:
    case.make_in(folder)
    tctx.options.set(f"responsesfile={case.name}", defer=True)
    module = tctx.script(ADDON)
    [backend] = module.addons
    assert isinstance(backend, DummyBackend)
    backend.running()
    records = errors_in(caplog)
    response = response_of(await ask(backend, http_flow(path="/a")))
    if case.is_usable:
        assert records == []
        assert response.status_code == (200 if case.body else 404)
    else:
        [record] = records
        assert case.error in record.getMessage()
        assert not record.exc_info
        assert response.status_code == 500


@pytest.mark.usefixtures("unchanged_path")
async def test_a_good_file_at_start_is_no_error(
    folder: Path, tctx: taddons.context, caplog: pytest.LogCaptureFixture
) -> None:
    write(folder / "responses.json", json.loads(GOOD))
    tctx.script(ADDON).addons[0].running()
    assert not errors_in(caplog)
