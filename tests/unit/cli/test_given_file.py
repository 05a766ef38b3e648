import os
from pathlib import Path

import pytest

from fakebackend.cli.given_file import DEFAULT_FILE
from fakebackend.cli.given_file import given_file
from fakebackend.cli.given_file import looks_like_file
from fakebackend.cli.given_file import only_one
from fakebackend.cli.given_file import read_table
from tests.conftest import write


@pytest.mark.parametrize(
    ("name", "path"),
    [
        pytest.param(DEFAULT_FILE, "{folder}/responses.json", id="in-the-working-directory"),
        pytest.param("../a.json", "{parent}/a.json", id="beside-it"),
        pytest.param("/etc/a.json", "/etc/a.json", id="absolute"),
        pytest.param("~/a.json", "/home/ann/a.json", id="in-the-home-folder"),
    ],
)
def test_a_name_is_that_of_a_file_as_a_shell_takes_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, path: str
) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    expected = path.format(folder=os.getcwd(), parent=os.path.dirname(os.getcwd()))
    assert given_file(name, "--file {}").path == expected


@pytest.mark.parametrize(
    ("word", "is_file"),
    [
        ("a.json", True),
        ("a/b.JSONC", True),
        ("no.yaml", True),
        ("no.yml", True),
        ("-", True),
        ("there", True),
        ("not-there", False),
        ("a.txt", False),
        ("-p", False),
        ("--file=a.json", False),
    ],
)
def test_a_word_is_told_to_be_a_file(folder: Path, word: str, is_file: bool) -> None:
    (folder / "there").touch()
    assert looks_like_file(word) is is_file


@pytest.mark.parametrize(
    ("names", "name"), [pytest.param((), "responses.json", id="none"), pytest.param(("a",), "a", id="one")]
)
def test_without_a_name_it_is_the_default(names: tuple[str, ...], name: str) -> None:
    assert only_one(names) == name


def test_a_file_is_not_read_before_it_is_asked_for(folder: Path) -> None:
    file = given_file("later.json", "--file {}")
    assert file.table is None
    write(folder / "later.json", {"GET /a": 1})
    file.read()
    assert file.table is not None


def test_the_table_of_a_good_file_is_given(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder / "a.json", {"GET /a": 1, "PSOT /a": 2})
    assert [entry.label for entry in read_table("a.json", "--file {}")] == ["GET /a", "PSOT /a"]
    assert capsys.readouterr() == ("", "")


def test_a_wrong_file_ends_the_command_with_2_and_every_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder / "a.json", {"GET": {"/a": {"$status": 1}, "b": 1}})
    with pytest.raises(SystemExit) as caught:
        read_table("a.json", "--file {}")
    out, err = capsys.readouterr()
    assert (caught.value.code, out) == (2, "")
    assert [line.partition(" ")[0] for line in err.splitlines()] == ["a.json:1:28:", "a.json:1:32:"]
