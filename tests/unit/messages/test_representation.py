import os
from pathlib import Path

import pytest

from fakebackend.messages.representation import MOST_SENT
from fakebackend.messages.representation import READ_AT_ONCE
from fakebackend.messages.representation import FileTooLargeError
from fakebackend.messages.representation import file_representation
from fakebackend.messages.representation import representation_in_memory


def sparse(path: Path, size: int) -> str:
    """Return the name of a file of any size that takes no room on the disk."""
    with path.open("wb") as file:
        file.write(b"begin")
        file.truncate(size)
    return str(path)


@pytest.mark.parametrize(
    "size",
    [pytest.param(5, id="small"), pytest.param(READ_AT_ONCE, id="limit"), pytest.param(READ_AT_ONCE + 1, id="large")],
)
def test_any_part_and_the_whole_can_be_read(tmp_path: Path, size: int) -> None:
    content = file_representation(sparse(tmp_path / "f", size))
    assert (content.length, content.read(1, 4), content.read(0, 0)) == (size, b"egi", b"")
    assert content.whole() == b"begin".ljust(size, b"\0")
    assert content.modified == (tmp_path / "f").stat().st_mtime


@pytest.mark.parametrize("size", [0, 3])
def test_a_small_content_is_known_by_its_bytes_whatever_the_time(tmp_path: Path, size: int) -> None:
    (tmp_path / "f").write_bytes(b"x" * size)
    assert file_representation(str(tmp_path / "f")).tag == representation_in_memory(b"x" * size, 0).tag
    assert representation_in_memory(b"other", 0).tag != representation_in_memory(b"x" * size, 0).tag


def test_a_large_one_is_known_by_time_size_and_place(tmp_path: Path) -> None:
    path = sparse(tmp_path / "f", READ_AT_ONCE + 1)
    tags = [file_representation(path).tag]
    os.utime(path, ns=(0, 1))
    tags.append(file_representation(path).tag)
    os.truncate(path, READ_AT_ONCE + 2)
    os.utime(path, ns=(0, 1))
    tags.append(file_representation(path).tag)
    os.utime(sparse(tmp_path / "g", READ_AT_ONCE + 2), ns=(0, 1))
    tags.append(file_representation(str(tmp_path / "g")).tag)
    assert len(set(tags)) == 4
    assert file_representation(path).tag == tags[2]


def test_more_than_a_response_may_have_is_never_read_as_a_whole(tmp_path: Path) -> None:
    content = file_representation(sparse(tmp_path / "f", MOST_SENT + 1))
    with pytest.raises(FileTooLargeError, match="the file has 67,108,865 bytes"):
        content.whole()
    assert content.read(MOST_SENT, MOST_SENT + 1) == b"\0"
