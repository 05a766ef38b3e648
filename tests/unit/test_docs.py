"""What can be set, typed or written has its heading in the docs, and what the docs show is right."""

import json
import re
from pathlib import Path

import pytest
from mitmproxy.test import taddons

from fakebackend.answers.builtin_handlers import BUILTIN_HANDLERS
from fakebackend.cli.main import main
from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.format.compile import compile_file
from fakebackend.format.file_keys import FILE_KEYS
from fakebackend.format.keys import RESERVED_KEYS
from fakebackend.proxy.addon import DummyBackend
from fakebackend.reading.data_file import parse_data
from fakebackend.templating.globals import TEMPLATE_NAMES
from fakebackend.templating.template_scope import WITHOUT_TEMPLATES
from fakebackend.testing import FakeBackend
from tests.markdown import PAGES
from tests.markdown import REFERENCE
from tests.markdown import REPOSITORY
from tests.markdown import blocks_of
from tests.markdown import headings_of
from tests.markdown import page_id
from tests.markdown import pairs_of
from tests.markdown import text_of

HANDLERS_PAGE = REPOSITORY / "docs" / "built-in-handlers.md"
EXAMPLES = sorted((REPOSITORY / "docs" / "examples").rglob("*.json"))
OPTIONS_PAGE = REPOSITORY / "docs" / "options-and-commands.md"


def _is_supported(key: str) -> bool:
    try:
        RESERVED_KEYS[key].parse(None, WITHOUT_TEMPLATES)
    except ValidationError as e:
        return "not supported yet" not in str(e)
    return True


@pytest.mark.parametrize("key", [*FILE_KEYS, *(key for key in RESERVED_KEYS if _is_supported(key))])
def test_every_reserved_key_has_its_heading(key: str) -> None:
    assert key in headings_of(*REFERENCE)


async def test_every_option_and_command_of_mitmproxy_has_its_heading() -> None:
    with taddons.context() as plain, taddons.context(DummyBackend()) as ours:
        options = set(ours.options.keys()) - set(plain.options.keys())
        commands = set(ours.master.commands.commands) - set(plain.master.commands.commands)
    assert len(options) >= 3
    assert len(commands) >= 4
    assert options | commands <= headings_of(OPTIONS_PAGE)


def test_the_table_on_top_of_the_reference_has_every_key() -> None:
    page = (REPOSITORY / "docs" / "responses-file.md").read_text("utf-8")
    table = page.partition("## All keys\n")[2].partition("\n## ")[0]
    linked = set(re.findall(r"\[`(\$\w+)`\]", table))
    assert linked == {*FILE_KEYS, *(key for key in RESERVED_KEYS if _is_supported(key))}


@pytest.mark.parametrize("command", list(main.commands))
def test_every_subcommand_has_its_heading(command: str) -> None:
    assert f"fakebackend {command}" in headings_of(OPTIONS_PAGE)


@pytest.mark.parametrize("member", [name for name in vars(FakeBackend) if not name.startswith("_")])
def test_every_member_of_fakebackend_has_its_heading(member: str) -> None:
    assert member in headings_of(REPOSITORY / "docs" / "testing.md")


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_every_file_shown_can_be_used(page: Path, folder: Path) -> None:
    """Blocks that are a whole responses file are one, beside the files shown before; other JSON is at least JSON."""
    for block in blocks_of(page):
        if block.file:
            block.save(folder)
        if block.file.startswith("responses."):
            assert not compile_file(block.text.encode(), block.file).warnings
        elif block.language == "json":
            json.loads(block.text)


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_yaml_and_json_side_by_side_say_the_same(page: Path) -> None:
    for yaml, json_ in pairs_of(page):
        documents = [parse_data(block.text.encode(), block.file) for block in (yaml, json_)]
        assert documents[0] == documents[1]


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_links_to_files_lead_somewhere(page: Path) -> None:
    for target in (piece.split(")")[0].split("#")[0] for piece in page.read_text("utf-8").split("](")[1:]):
        assert target.startswith("http") or (page.parent / target).exists(), target


@pytest.mark.parametrize("name", BUILTIN_HANDLERS)
def test_every_built_in_handler_has_its_heading(name: str) -> None:
    assert name in headings_of(HANDLERS_PAGE)


@pytest.mark.parametrize("name", TEMPLATE_NAMES)
def test_every_name_of_templates_is_explained(name: str) -> None:
    assert re.search(rf"^\|.*`{name}\b.*\|.*\|$", text_of(*REFERENCE), re.MULTILINE)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_is_good(example: Path) -> None:
    compiled = compile_file(example.read_bytes(), str(example))
    assert not compiled.warnings
    assert len(compiled.table) > 0


def test_the_example_of_built_in_handlers_has_them_all() -> None:
    example = REPOSITORY / "docs" / "examples" / "built-in-handlers.json"
    mounted = {value["$handler"] for value in json.loads(example.read_text())["*"].values()}
    assert mounted == set(BUILTIN_HANDLERS)


def test_the_readme_shows_the_sample() -> None:
    shown = json.loads(next(block.text for block in blocks_of(REPOSITORY / "README.md") if block.language == "json"))
    sample = json.loads((REPOSITORY / "responses.json").read_text())
    for method, entries in shown.items():
        assert entries.items() <= sample[method].items()


def test_the_sample_is_good() -> None:
    compiled = compile_file((REPOSITORY / "responses.json").read_bytes(), "responses.json")
    assert not compiled.warnings
