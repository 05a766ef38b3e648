import asyncio
import logging
import os
import threading
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fakebackend import responses_file
from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.format.compile import Compiled
from fakebackend.format.compile import compile_tree
from fakebackend.reading.includes import SourceTree
from fakebackend.reading.includes import display_name
from fakebackend.responses_file import ResponsesFile
from tests.conftest import age
from tests.conftest import errors_in
from tests.conftest import write

ONE = {"GET": {"/a": 1}}
TWO = {"GET": {"/a": 1, "/b": 2}}


@pytest.fixture
def path(folder: Path, caplog: pytest.LogCaptureFixture) -> Path:
    caplog.set_level(logging.DEBUG)
    return write(folder / "responses.json", ONE)


@pytest.fixture
def file(path: Path) -> ResponsesFile:
    file = ResponsesFile(str(path))
    file.read()
    return file


def entries(file: ResponsesFile) -> int:
    assert file.table is not None
    return len(file.table)


def write_broken(path: Path, text: str) -> None:
    path.write_text(text)


class SlowCompiler:
    """Compiles as ever, but only once `go` is set; `started` says that it has begun."""

    def __init__(self, compile_tree: Callable[[SourceTree], Compiled]) -> None:
        self.calls = 0
        self.started = threading.Event()
        self.go = threading.Event()
        self._compile_tree = compile_tree

    def __call__(self, tree: SourceTree, *, runs_handlers: bool) -> Compiled:
        self.calls += 1
        self.started.set()
        assert self.go.wait(30)
        return self._compile_tree(tree)


@pytest.fixture
def compiler(file: ResponsesFile, monkeypatch: pytest.MonkeyPatch) -> SlowCompiler:
    compiler = SlowCompiler(compile_tree)
    monkeypatch.setattr(responses_file, "compile_tree", compiler)
    return compiler


def test_a_file_is_not_read_until_it_is(path: Path) -> None:
    file = ResponsesFile(str(path))
    assert (file.table, file.error, file.is_read(), file.is_fresh()) == (None, None, False, False)
    assert file.summary() == "responses.json (0 entries)"
    file.read()
    assert (entries(file), file.error, file.is_read(), file.is_fresh()) == (1, None, True, True)
    assert file.summary() == "responses.json (1 entry)"


def test_reading_a_wrong_file_raises_and_keeps_the_table(path: Path, file: ResponsesFile) -> None:
    table = file.table
    path.write_text("[")
    with pytest.raises(ResponsesFileError) as caught:
        file.read()
    assert (file.table, file.error) == (table, caught.value)
    assert file.is_fresh()


def test_a_missing_file_has_been_read_and_is_fresh_until_it_comes(folder: Path) -> None:
    file = ResponsesFile(str(folder / "no.json"))
    with pytest.raises(ResponsesFileError, match="there is no such file"):
        file.read()
    assert file.is_read()
    assert file.is_fresh()
    write(folder / "no.json", ONE)
    assert not file.is_fresh()


async def test_refreshing_takes_the_change_and_says_so(
    path: Path, file: ResponsesFile, caplog: pytest.LogCaptureFixture
) -> None:
    write(path, TWO)
    await file.refresh()
    assert entries(file) == 2
    assert "Read responses.json (2 entries) again." in caplog.messages


async def test_a_broken_save_is_logged_and_the_last_good_answers_stay(
    path: Path, file: ResponsesFile, caplog: pytest.LogCaptureFixture
) -> None:
    write_broken(path, '{"GET": ')
    await file.refresh()
    assert entries(file) == 1
    [record] = errors_in(caplog)
    assert record.getMessage().startswith("responses.json:1:9: expected a value, the file ends here\n")
    assert record.getMessage().endswith("responses.json is not used, the last good answers stay.")
    write(path, TWO)
    await file.refresh()
    assert (entries(file), file.error) == (2, None)


def test_a_file_that_was_never_good_has_no_answers_yet(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path.write_text("[")
    file = ResponsesFile(str(path))
    file.refresh_sync()
    assert file.table is None
    [record] = errors_in(caplog)
    assert record.getMessage().endswith("responses.json is not used, there are no answers yet.")


def test_refreshing_at_once_reads_only_what_has_changed(
    path: Path, file: ResponsesFile, caplog: pytest.LogCaptureFixture
) -> None:
    file.refresh_sync()
    assert not caplog.messages
    write(path, TWO)
    file.refresh_sync()
    assert entries(file) == 2


def test_an_older_file_swapped_in_is_taken(path: Path, file: ResponsesFile) -> None:
    new = write(path.with_name("older"), TWO)
    age(new, seconds=10_000)
    new.replace(path)
    file.refresh_sync()
    assert entries(file) == 2


async def test_concurrent_requests_share_one_reading_that_leaves_the_loop_free(
    path: Path, file: ResponsesFile, compiler: SlowCompiler
) -> None:
    write(path, TWO)
    requests = [asyncio.create_task(file.refresh()) for _ in range(20)]
    await asyncio.to_thread(compiler.started.wait, 30)
    assert not any(request.done() for request in requests)
    compiler.go.set()
    await asyncio.gather(*requests)
    assert (compiler.calls, entries(file)) == (1, 2)


async def test_a_save_during_a_reading_is_seen_by_the_request_after_it(
    path: Path, file: ResponsesFile, compiler: SlowCompiler
) -> None:
    write_broken(path, "[")
    early = asyncio.create_task(file.refresh())
    await asyncio.to_thread(compiler.started.wait, 30)
    write(path, TWO)
    late = [asyncio.create_task(file.refresh()) for _ in range(20)]
    await asyncio.sleep(0)
    compiler.go.set()
    await asyncio.gather(early, *late)
    assert (compiler.calls, entries(file), file.error) == (2, 2, None)


async def test_a_request_given_up_does_not_end_the_reading_for_others(
    path: Path, file: ResponsesFile, compiler: SlowCompiler
) -> None:
    write(path, TWO)
    given_up, other = (asyncio.create_task(file.refresh()) for _ in range(2))
    await asyncio.to_thread(compiler.started.wait, 30)
    given_up.cancel()
    compiler.go.set()
    await other
    assert given_up.cancelled()
    assert entries(file) == 2


async def test_a_fault_of_ours_is_an_error_without_traceback_and_keeps_the_table(
    path: Path, file: ResponsesFile, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> Compiled:
        raise KeyError("oops")

    monkeypatch.setattr(responses_file, "compile_tree", fail)
    write(path, TWO)
    await file.refresh()
    [record] = errors_in(caplog)
    assert record.getMessage().startswith("responses.json: cannot be used, KeyError: 'oops'\n")
    assert not record.exc_info
    assert entries(file) == 1


def test_warnings_are_logged_with_their_place(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    write(path, {"PSOT": {"/a": 1}})
    file = ResponsesFile(str(path))
    file.read()
    assert not caplog.records
    file.log_warnings()
    [warning] = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert warning.getMessage().startswith("responses.json:1:")
    assert 'did you mean "POST"?' in warning.getMessage()


def test_a_path_below_the_working_directory_is_shown_relative(folder: Path) -> None:
    assert display_name(str(folder / "a" / "b.json")) == str(Path("a", "b.json"))


def test_a_path_elsewhere_is_shown_as_it_is(folder: Path) -> None:
    elsewhere = str(folder.parent / "b.json")
    assert display_name(elsewhere) == elsewhere


def test_a_path_on_another_drive_is_shown_as_it_is(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def relpath(path: str) -> str:
        raise ValueError(f"{path} is on another drive, as Windows has them")

    monkeypatch.setattr(os.path, "relpath", relpath)
    assert display_name("D:b.json") == "D:b.json"


def test_a_name_with_control_characters_is_escaped(folder: Path) -> None:
    assert ResponsesFile(str(folder / "a\x1b[31m.json")).summary() == r"a\x1b[31m.json (0 entries)"


def test_a_reading_takes_place_inside_what_its_front_asks_for(path: Path) -> None:
    steps = []

    @contextmanager
    def around() -> Iterator[None]:
        steps.append("before")
        yield
        steps.append("after")

    ResponsesFile(str(path), around).read()
    assert steps == ["before", "after"]
