import json
import os
from pathlib import Path
from xml.etree import ElementTree

import pytest

from fakebackend.journal.junit import as_junit
from fakebackend.journal.markdown import as_markdown
from fakebackend.journal.report import EntryCount
from fakebackend.journal.report import Report
from fakebackend.journal.report_file import ReportFile
from fakebackend.journal.report_file import ReportWriter
from fakebackend.journal.report_file import as_json
from fakebackend.journal.report_file import parse_report_file
from tests.unit.journal.reports import FULL
from tests.unit.journal.reports import NASTY
from tests.unit.journal.reports import report_of


def parsed(text: str) -> ReportFile:
    file = parse_report_file(text)
    assert file is not None
    return file


@pytest.mark.parametrize("text", ["", "  "], ids=["empty", "blank"])
def test_nothing_is_written_nowhere(text: str) -> None:
    assert parse_report_file(text) is None


@pytest.mark.parametrize(
    ("text", "form"),
    [
        pytest.param("r.json", as_json, id="json"),
        pytest.param("out/r.XML", as_junit, id="xml-in-capitals"),
        pytest.param("r.json.md", as_markdown, id="the-last-ending"),
    ],
)
def test_the_ending_says_the_form(folder: Path, text: str, form: ReportWriter) -> None:
    assert parsed(text) == ReportFile(str(folder / text), form)


def test_a_name_may_begin_at_home(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    assert parsed(os.path.join("~", "r.md")).path == str(folder / "r.md")


@pytest.mark.parametrize("text", ["report", "r.txt", "r.yaml", ".json", "r.xml\x1b"])
def test_another_ending_is_refused_naming_the_three(text: str) -> None:
    with pytest.raises(ValueError, match=r"^responses_report must end in \.json, \.xml or \.md, got "):
        parse_report_file(text)


@pytest.mark.parametrize("name", ["r.json", "r.xml", "r.md"])
def test_a_report_takes_the_place_of_an_older_one_as_a_whole(folder: Path, name: str) -> None:
    (folder / name).write_text("an older one, " * 10_000)
    parsed(name).write(FULL)
    assert (folder / name).read_text("utf-8") == parsed(name).form(FULL)
    assert os.listdir(folder) == [name]


def test_json_is_read_as_it_was_meant(folder: Path) -> None:
    report = report_of(file="ü 😀", entries=[EntryCount(NASTY, NASTY, 1)])
    parsed("r.json").write(report)
    content = (folder / "r.json").read_bytes()
    assert "ü 😀".encode() in content
    assert json.loads(content) == report.as_data()


def test_what_no_encoding_holds_is_written_all_the_same(folder: Path) -> None:
    report = report_of(file="\ud800", entries=[EntryCount(NASTY, NASTY, 1)])
    for name in ("r.xml", "r.md"):
        parsed(name).write(report)
    assert ElementTree.fromstring((folder / "r.xml").read_bytes())[0].get("name") == r"\ud800"
    assert r"\\ud800" in (folder / "r.md").read_text("utf-8")


def test_of_a_link_what_it_leads_to_is_replaced(folder: Path) -> None:
    (folder / "reports").mkdir()
    (folder / "r.json").symlink_to(folder / "reports" / "r.json")
    parsed("r.json").write(FULL)
    assert (folder / "r.json").is_symlink()
    assert json.loads((folder / "reports" / "r.json").read_bytes())["version"] == 1


def test_what_is_there_and_no_file_is_left_alone(folder: Path) -> None:
    """A device would be gone, and a link that leads to itself."""
    os.mkfifo(folder / "fifo.json")
    (folder / "loop.json").symlink_to("loop.json")
    for name in ("fifo.json", "loop.json"):
        before = os.lstat(folder / name)
        with pytest.raises(OSError, match="no regular file"):
            parsed(name).write(FULL)
        assert os.lstat(folder / name) == before


def test_a_report_keeps_the_mode_of_the_older_one(folder: Path) -> None:
    (folder / "r.json").write_text("old")
    (folder / "r.json").chmod(0o600)
    parsed("r.json").write(FULL)
    assert (folder / "r.json").stat().st_mode & 0o777 == 0o600


def fails(report: Report) -> str:
    raise RuntimeError(report.file)


@pytest.mark.parametrize(
    ("name", "error"),
    [
        pytest.param("no/folder/r.json", FileNotFoundError, id="no-folder"),
        pytest.param("folder.json", (IsADirectoryError, PermissionError), id="is-a-folder"),
    ],
)
def test_what_cannot_be_written_leaves_nothing_behind(folder: Path, name: str, error: type[OSError]) -> None:
    (folder / "folder.json").mkdir()
    with pytest.raises(error):
        parsed(name).write(FULL)
    assert os.listdir(folder) == ["folder.json"]


def test_a_report_that_fails_leaves_the_old_file_whole(folder: Path) -> None:
    (folder / "r.json").write_text("old")
    with pytest.raises(RuntimeError, match="responses"):
        parsed("r.json")._replace(form=fails).write(FULL)
    assert (os.listdir(folder), (folder / "r.json").read_text()) == (["r.json"], "old")
