"""What can be set, typed or written has its heading in the docs, and what the docs show is right."""

import json
from pathlib import Path

import pytest
from mitmproxy.test import taddons

from fakebackend.command_line import main
from fakebackend.compile_file import compile_file
from fakebackend.dummy_backend import DummyBackend
from fakebackend.problems import FieldError
from fakebackend.reserved_keys import RESERVED_KEYS
from fakebackend.top_level import TOP_LEVEL_KEYS
from tests.markdown import PAGES
from tests.markdown import REPOSITORY
from tests.markdown import blocks_of
from tests.markdown import headings_of

FILE_PAGE = REPOSITORY / "docs" / "responses-file.md"
OPTIONS_PAGE = REPOSITORY / "docs" / "options-and-commands.md"


def _is_supported(key: str) -> bool:
    try:
        RESERVED_KEYS[key](None, False)
    except FieldError as e:
        return "not supported yet" not in str(e)
    return True


@pytest.mark.parametrize("key", [*TOP_LEVEL_KEYS, *(key for key in RESERVED_KEYS if _is_supported(key))])
def test_every_reserved_key_has_its_heading(key: str) -> None:
    assert key in headings_of(FILE_PAGE)


async def test_every_option_and_command_of_mitmproxy_has_its_heading() -> None:
    with taddons.context() as plain, taddons.context(DummyBackend()) as ours:
        options = set(ours.options.keys()) - set(plain.options.keys())
        commands = set(ours.master.commands.commands) - set(plain.master.commands.commands)
    assert len(options) >= 3
    assert len(commands) >= 4
    assert options | commands <= headings_of(OPTIONS_PAGE)


@pytest.mark.parametrize("command", list(main.commands))
def test_every_subcommand_has_its_heading(command: str) -> None:
    assert f"fakebackend {command}" in headings_of(OPTIONS_PAGE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_shown_can_be_used(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks that are a whole responses file are one; other JSON is at least JSON."""
    monkeypatch.chdir(tmp_path)
    for block in blocks_of(page):
        if block.file:
            Path(block.file).parent.mkdir(exist_ok=True)
            Path(block.file).write_text(block.text)
        if block.file.startswith("responses."):
            assert compile_file(block.text.encode(), block.file).table is not None
        elif block.language == "json":
            json.loads(block.text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_to_files_lead_somewhere(page: Path) -> None:
    for target in (piece.split(")")[0].split("#")[0] for piece in page.read_text("utf-8").split("](")[1:]):
        assert target.startswith("http") or (page.parent / target).exists(), target


def test_the_readme_shows_the_sample() -> None:
    shown = json.loads(next(block.text for block in blocks_of(REPOSITORY / "README.md") if block.language == "json"))
    sample = json.loads((REPOSITORY / "responses.json").read_text())
    for method, entries in shown.items():
        assert entries.items() <= sample[method].items()


def test_the_sample_is_good() -> None:
    compiled = compile_file((REPOSITORY / "responses.json").read_bytes(), "responses.json")
    assert not compiled.warnings
