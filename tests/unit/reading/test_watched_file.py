import os
from pathlib import Path

import pytest

from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.reading import watched_file
from fakebackend.reading.watched_file import FileSnapshot
from fakebackend.reading.watched_file import read_watched
from tests.conftest import age


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "a.json"
    file.write_bytes(b"one")
    return file


def watched(path: Path) -> FileSnapshot:
    return read_watched(str(path), path.name)[0]


def error_of(path: str) -> str:
    outcome = read_watched(path, "a.json")[1]
    assert isinstance(outcome, ResponsesFileError)
    return str(outcome)


def test_an_old_file_is_known_by_its_signature_alone(path: Path) -> None:
    age(path)
    file, content = read_watched(str(path), "a.json")
    assert (content, file.content) == (b"one", None)
    assert file.is_fresh()


def test_a_newer_time_is_a_change(path: Path) -> None:
    age(path)
    file = watched(path)
    age(path, seconds=-5)
    assert not file.is_fresh()


def test_an_older_time_is_a_change_too(path: Path) -> None:
    file = watched(path)
    age(path)
    assert not file.is_fresh()


def test_another_size_is_a_change(path: Path) -> None:
    age(path)
    file, time = watched(path), path.stat().st_mtime_ns
    path.write_bytes(b"three")
    os.utime(path, ns=(time, time))
    assert not file.is_fresh()


def test_a_file_swapped_in_with_the_same_time_and_size_is_a_change(path: Path) -> None:
    age(path)
    file, time = watched(path), path.stat().st_mtime_ns
    other = path.with_name("other")
    other.write_bytes(b"two")
    os.utime(other, ns=(time, time))
    other.replace(path)
    assert not file.is_fresh()


def test_a_file_that_goes_is_a_change_and_so_is_one_that_comes(path: Path) -> None:
    age(path)
    file = watched(path)
    path.unlink()
    assert not file.is_fresh()
    missing = watched(path)
    assert missing.is_fresh()
    path.write_bytes(b"one")
    assert not missing.is_fresh()


@pytest.fixture
def always_young(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched_file, "_YOUNG", 10**18)


def rewrite_unseen(path: Path, content: bytes) -> None:
    """Write content of the same size so that neither time nor inode shows it, as on a coarse clock."""
    time = path.stat().st_mtime_ns
    path.write_bytes(content)
    os.utime(path, ns=(time, time))


def test_a_young_file_is_compared_by_its_bytes(path: Path, always_young: None) -> None:
    file = watched(path)
    assert file.is_fresh()
    rewrite_unseen(path, b"two")
    assert not file.is_fresh()


def test_the_bytes_are_let_go_once_the_file_is_old(
    path: Path, always_young: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = watched(path)
    assert file.is_fresh()
    assert file.content == b"one"
    monkeypatch.setattr(watched_file, "_YOUNG", 0)
    assert file.is_fresh()
    assert file.content is None


def test_a_change_between_reading_and_growing_old_is_seen(
    path: Path, always_young: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = watched(path)
    rewrite_unseen(path, b"two")
    monkeypatch.setattr(watched_file, "_YOUNG", 0)
    assert not file.is_fresh()


def test_a_young_file_that_cannot_be_read_again_has_changed(
    path: Path, always_young: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = watched(path)

    def refuse(*_: object) -> int:
        raise PermissionError

    monkeypatch.setattr(os, "open", refuse)
    assert not file.is_fresh()


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    assert error_of(str(tmp_path / "no.json")) == "a.json: there is no such file"


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert error_of(str(tmp_path)) == "a.json: is a folder, expected a file"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no FIFOs")
def test_a_fifo_is_refused_without_waiting_for_its_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    assert error_of(str(tmp_path / "fifo")) == "a.json: cannot be read: is no regular file"


def test_a_name_that_no_file_can_have_is_refused() -> None:
    assert error_of("a\0b").startswith("a.json: cannot be read: ")
    assert "embedded null" in error_of("a\0b")
    assert watched(Path("a\0b")).is_fresh()


def test_what_the_system_says_is_passed_on(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    assert error_of(str(path)) == "a.json: cannot be read: permission denied"
