from pathlib import Path

import pytest

from fakebackend.cli.files_in_folder import files_in

OURS = {
    "flat.json": '{"GET /a": 1}',
    "any.yaml": '"*": {/a: 1}',
    "comments.jsonc": '// first\n{"POST": {"/a": 1}}',
    "word.yml": "$include: [parts/*.json]",
    "other-method.json": '{"PROPFIND": {}}',
    "before.YAML": "$before: {}",
    "broken.json": '{\n  "GET": {"/a": 1},,\n}',
    "broken.yaml": "GET:\n\t/a: 1\n",
    "broken-flat.yaml": "GET /a: [\n",
    "broken-any.yaml": "'* /a': [\n",
    "one-line.json": '{"$state": {"a": }}',
    "not-utf-8.json": '{"GET": "ü"}',
}
OTHERS = {
    "package.json": '{"name": "x", "version": "1"}',
    "schema.json": '{"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "x"}',
    "openapi.yaml": "openapi: 3.1.0\npaths: {}\n",
    "list.json": "[1]",
    "text.yaml": "just words\n",
    "tsconfig.json": '{\n  // comments\n  "compilerOptions": {}\n}',
    "lower.json": '{"get": {}}',
    "empty.json": "",
    "docker-compose.yml": "services: {\n",
}


@pytest.fixture
def filled(folder: Path) -> Path:
    for name, text in (OURS | OTHERS).items():
        (folder / name).write_text(text, "latin-1" if name.startswith("not-") else "utf-8")
    (folder / "GET.txt").write_text('{"GET": {}}')
    (folder / "below").mkdir()
    (folder / "below" / "a.json").write_text('{"GET": {}}')
    (folder / "folder.json").mkdir()
    return folder


def test_responses_files_are_told_apart_from_others(filled: Path) -> None:
    found = files_in(".")
    assert {Path(name).name for name in found.files} == set(OURS)
    assert {Path(name).name for name in found.skipped} == set(OTHERS)
    assert list(found.files) == sorted(found.files)


def test_names_lead_into_the_folder(filled: Path) -> None:
    assert files_in("below").files == (str(Path("below", "a.json")),)


def test_what_cannot_be_read_is_ours_so_that_it_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a.json").write_text("{}")
    monkeypatch.setattr("fakebackend.cli.files_in_folder.read_watched", lambda path, name: (None, ValueError("no")))
    assert files_in(".").files == ("a.json",)
