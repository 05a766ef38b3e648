from pathlib import Path

import pytest

from fakebackend.format.compile import compile_file
from fakebackend.reading.data_file import parse_data
from tests.conftest import invoke


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        pytest.param([], "responses.json", id="default"),
        pytest.param(["a.jsonc"], "a.jsonc", id="jsonc"),
        pytest.param(["a.YAML"], "a.YAML", id="yaml"),
        pytest.param(["a.yml"], "a.yml", id="yml"),
    ],
)
def test_a_first_file_is_good_and_has_three_entries(folder: Path, arguments: list[str], name: str) -> None:
    result = invoke("init", *arguments)
    assert (result.exit_code, result.output) == (
        0,
        f"{name} is written. Now run: fakebackend run {name} -p 8080\nand ask it: curl localhost:8080/users/7\n"
        "responses.schema.json, by which editors complete and check it, is written beside it\n",
    )
    compiled = compile_file((folder / name).read_bytes(), name)
    assert (len(compiled.table), compiled.warnings) == (3, ())
    assert invoke("explain", "GET /users/7", name).exit_code == 0


def test_both_syntaxes_say_the_same(folder: Path) -> None:
    invoke("init", "a.json")
    invoke("init", "a.yaml")
    data = [parse_data((folder / name).read_bytes(), name) for name in ("a.json", "a.yaml")]
    assert data[0] == {"$schema": "./responses.schema.json", **data[1]}
    assert next(iter(data[0])) == "$schema"
    line = "# yaml-language-server: $schema=./responses.schema.json"
    assert (folder / "a.yaml").read_text().splitlines()[0] == line


def test_the_schema_is_written_beside_it_as_it_is_printed(folder: Path) -> None:
    (folder / "mocks").mkdir()
    invoke("init", "mocks/a.yaml")
    assert (folder / "mocks" / "responses.schema.json").read_bytes() == invoke("schema").stdout_bytes
    assert not (folder / "responses.schema.json").exists()


def test_a_schema_that_is_there_is_left_as_it_is(folder: Path) -> None:
    (folder / "responses.schema.json").write_text("{}")
    result = invoke("init", "a.json")
    assert (result.exit_code, result.output.splitlines()[-1]) == (
        0,
        "responses.schema.json, by which editors complete and check it, exists beside it already and is left as it is",
    )
    assert (folder / "responses.schema.json").read_text() == "{}"


def test_a_folder_is_checked_without_the_schema(folder: Path) -> None:
    invoke("init")
    result = invoke("check", ".")
    assert (result.exit_code, result.output.splitlines()[1:]) == (0, ["responses.json: good"])
    assert result.output.startswith("responses.schema.json: skipped, ")


@pytest.mark.parametrize("content", ["{}", ""], ids=["file", "empty"])
def test_a_file_that_exists_is_left_as_it_is(folder: Path, content: str) -> None:
    (folder / "responses.json").write_text(content)
    result = invoke("init")
    assert (result.exit_code, result.stderr) == (1, "responses.json exists already and is left as it is\n")
    assert not (folder / "responses.schema.json").exists()
    assert (folder / "responses.json").read_text() == content


def test_so_is_what_a_link_leads_to(folder: Path) -> None:
    (folder / "responses.json").symlink_to(folder / "elsewhere.json")
    assert invoke("init").exit_code == 1
    assert not (folder / "elsewhere.json").exists()


@pytest.mark.parametrize(
    ("name", "status", "said"),
    [
        pytest.param("a.txt", 2, "expected a name that ends in .json, .jsonc, .yaml, .yml, got 'a.txt'", id="ending"),
        pytest.param("no/a.json", 1, "no/a.json cannot be written: no such file or directory", id="no-folder"),
    ],
)
def test_what_cannot_be_written_is_told(folder: Path, name: str, status: int, said: str) -> None:
    result = invoke("init", name)
    assert result.exit_code == status
    assert said in result.stderr


def test_a_name_with_a_space_is_quoted_to_be_pasted(folder: Path) -> None:
    assert 'run: fakebackend run "my file.yaml" -p 8080' in invoke("init", "my file.yaml").output
