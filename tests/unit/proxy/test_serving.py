import json
import os
from pathlib import Path

import pytest

from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.proxy.serving import Serving
from fakebackend.responses_file import ResponsesFile
from tests.answering import flow_of
from tests.conftest import body_of
from tests.conftest import response_of
from tests.conftest import write


@pytest.fixture
def serving(folder: Path) -> Serving:
    write(folder / "responses.json", {"$state": {"n": 1}, "GET": {"/": 1}})
    serving = Serving("responses.json")
    serving.serve(serving.opened("responses.json", keep_broken=True))
    return serving


@pytest.mark.parametrize("name", ["", "  "])
def test_a_name_that_is_none_is_refused(serving: Serving, name: str) -> None:
    with pytest.raises(ValueError, match="responsesfile must name a file, got nothing"):
        serving.opened(name, keep_broken=True)


def test_the_file_that_is_served_is_not_read_again(serving: Serving, folder: Path) -> None:
    (folder / "responses.json").write_text("{")
    assert serving.opened("responses.json", keep_broken=False) is serving.file


def test_a_name_may_begin_at_home(serving: Serving, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    write(folder / "home.json", {})
    assert serving.opened(os.path.join("~", "home.json"), keep_broken=False).path == str(folder / "home.json")


@pytest.mark.parametrize("keep", [False, True])
def test_a_wrong_file_is_served_only_where_there_was_none(serving: Serving, folder: Path, keep: bool) -> None:
    before = serving.file
    (folder / "wrong.json").write_text("{")
    with pytest.raises(ResponsesFileError):
        serving.opened("wrong.json", keep_broken=keep)
    assert (serving.file is before) is not keep


def test_a_file_that_was_never_good_has_no_table(serving: Serving, folder: Path) -> None:
    serving.file = ResponsesFile(str(folder / "none.json"))
    with pytest.raises(ValueError, match=r"none\.json has not been read yet"):
        serving.table()
    with pytest.raises(ResponsesFileError):
        serving.file.read()
    with pytest.raises(ValueError, match="there is no such file"):
        serving.table()


def test_memory_belongs_to_the_file_and_keeps_its_seed(serving: Serving, folder: Path) -> None:
    serving.answerer.states.shared.reseed("7")
    serving.table()
    serving.answerer.states.shared.variables["n"] = 2
    serving.table()
    serving.serve(serving.file)
    serving.table()
    assert (serving.answerer.states.shared.variables, serving.answerer.states.shared.seed) == ({"n": 2}, "7")
    write(folder / "other.json", {"$state": {"m": 1}})
    serving.serve(serving.opened("other.json", keep_broken=False))
    serving.table()
    assert (serving.answerer.states.shared.variables, serving.answerer.states.shared.seed) == ({"m": 1}, "7")


def test_a_reset_before_anything_was_served_leaves_nothing_to_serve_behind(serving: Serving) -> None:
    serving.reset()
    serving.add_entries(b'{"GET /added": 1}')
    assert "GET /added" in [entry.label for entry in serving.table()]
    serving.reset()
    assert "GET /added" not in [entry.label for entry in serving.table()]


async def test_a_request_after_a_change_waits_for_the_reading(serving: Serving, folder: Path) -> None:
    write(folder / "responses.json", {"GET": {"/": {"$delay": "1ms", "$body": 2}}})
    flow = flow_of()
    waiting = serving.answer(flow)
    assert waiting is not None
    assert flow.response is None
    await waiting
    assert body_of(flow) == 2


@pytest.mark.parametrize("changed", [False, True], ids=["at-once", "after-reading"])
async def test_a_failure_is_a_500(
    serving: Serving, folder: Path, monkeypatch: pytest.MonkeyPatch, changed: bool
) -> None:
    monkeypatch.setattr(Serving, "table", lambda _: 1 / 0)
    if changed:
        write(folder / "responses.json", {"GET": {"/": 2}})
    flow = flow_of()
    if (waiting := serving.answer(flow)) is not None:
        await waiting
    assert response_of(flow).headers["X-Fakebackend"] == "division by zero"


def test_a_saved_flow_is_answered_at_once_or_not_at_all(serving: Serving, folder: Path) -> None:
    flow, other = flow_of(live=False), flow_of(path="/none", live=False)
    assert [serving.answer_saved_now(flow), serving.answer_saved_now(other)] == [True, False]
    assert (json.loads(response_of(flow).content or b""), other.response) == (1, None)


def test_an_explanation_knows_what_is_remembered(serving: Serving, folder: Path) -> None:
    write(folder / "responses.json", {"GET": {"/": {"$sequence": [1, 2]}}})
    serving.file.refresh_sync()
    [key] = serving.table().remembered_keys()
    serving.answerer.states.shared.counts.advance(key)
    assert any("item 2 of 2" in line for line in serving.explained(flow_of()))
