"""What entries that came with a request may name: compiled as such entries are."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.format.added_entries import AddedEntries
from fakebackend.format.compile import compile_file
from fakebackend.table.entry_table import EntryTable
from tests.answering import answered
from tests.answering import context_for
from tests.conftest import canned


@pytest.fixture
def site(folder: Path) -> Path:
    """Return a folder with files that may be named, and beside them some that may not."""
    inside = folder / "site"
    (inside / "sub").mkdir(parents=True)
    (inside / ".git").mkdir()
    for name in ("ok.txt", "sub/index.html", "sub/a.txt", ".env", ".git/config", "responses.json", "handlers.py"):
        (inside / name).write_text(name)
    (folder / "outside.txt").write_text("outside")
    (folder / "site2").mkdir()
    (folder / "site2" / "outside.txt").write_text("outside")
    (inside / "link.txt").symlink_to(folder / "outside.txt")
    (inside / "out").symlink_to(folder)
    for name, target in (("linked", folder / "outside.txt"), ("secret", inside / ".env")):
        (inside / name).mkdir()
        (inside / name / "index.html").symlink_to(target)
    return inside


def add(site: Path, data: dict[str, Any]) -> AddedEntries:
    added = AddedEntries()
    private = {os.path.realpath(site / name) for name in ("responses.json", "handlers.py")}
    added.add(json.dumps(data).encode(), str(site), private)
    return added


def error_of(site: Path, data: dict[str, Any]) -> str:
    with pytest.raises(ResponsesFileError) as refused:
        add(site, data)
    [error] = refused.value.errors
    return str(error)


def body_of(site: Path, data: dict[str, Any], path: str) -> bytes | None:
    """Return the body of an added entry, or None if it has none for this path."""
    table = add(site, data).on_top_of(EntryTable())
    answer = answered(table, context_for("GET", path))
    return None if answer is None else canned(answer).body


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({"$handler": "handlers.py:greet"}, id="python"),
        pytest.param({"$handler": "echo"}, id="built-in"),
        pytest.param({"$handler": "login", "$users": {"a": "b"}}, id="with-users"),
        pytest.param({"$cases": [{"$when": {"query": {"a": 1}}, "$handler": "echo"}, 1]}, id="case"),
        pytest.param({"$sequence": [{"$handler": "echo"}]}, id="item"),
        pytest.param({"$limit": {"requests": 1, "per": "1m", "answer": {"$handler": "echo"}}, "$body": 1}, id="limit"),
    ],
)
@pytest.mark.parametrize("within", [None, "$before"], ids=["", "before"])
def test_there_are_no_handlers(site: Path, value: Any, within: str | None) -> None:
    data = {"GET /a": value}
    error = error_of(site, data if within is None else {within: data})
    assert error.endswith("GET /a: $handler is not taken from a request; write it into the responses file")


OUTSIDE = "which lies outside the responses file's folder"
PRIVATE = "which is not given away to a request"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        pytest.param("../outside.txt", OUTSIDE, id="above"),
        pytest.param("../site2/outside.txt", OUTSIDE, id="a-folder-whose-name-begins-alike"),
        pytest.param("sub/../../outside.txt", OUTSIDE, id="above-by-a-detour"),
        pytest.param("/etc/passwd", OUTSIDE, id="absolute"),
        pytest.param("link.txt", OUTSIDE, id="link"),
        pytest.param("out/outside.txt", OUTSIDE, id="folder-that-is-a-link"),
        pytest.param("linked", OUTSIDE, id="folder-whose-index-is-a-link"),
        pytest.param("linked/", OUTSIDE, id="the-same-with-a-slash"),
        pytest.param("secret", PRIVATE, id="folder-whose-index-is-hidden"),
        pytest.param("out/{x}", OUTSIDE, id="filled-in-a-link"),
        pytest.param("../{x}", OUTSIDE, id="filled-above"),
        pytest.param(".env", PRIVATE, id="hidden"),
        pytest.param("sub/../.git/config", PRIVATE, id="in-a-hidden-folder"),
        pytest.param(".git/{x}", PRIVATE, id="filled-in-a-hidden-folder"),
        pytest.param("responses.json", PRIVATE, id="responses-file"),
        pytest.param("./sub/../handlers.py", PRIVATE, id="handlers"),
    ],
)
@pytest.mark.parametrize("nested", [False, True], ids=["", "case"])
def test_no_file_outside_the_folder_and_none_that_is_private_can_be_named(
    site: Path, name: str, why: str, nested: bool
) -> None:
    value: Any = {"$file": name}
    error = error_of(site, {"GET /{x}": {"$cases": [value]} if nested else value})
    assert error.endswith(f'GET /{{x}}: $file names "{name}", {why}')


@pytest.mark.parametrize(
    ("name", "path", "body"),
    [
        pytest.param("ok.txt", "/a", b"ok.txt", id="file"),
        pytest.param("sub", "/a", b"sub/index.html", id="folder"),
        pytest.param("{x}", "/ok.txt", b"ok.txt", id="filled"),
        pytest.param("sub/{x}", "/a.txt", b"sub/a.txt", id="filled-in-a-folder"),
        pytest.param("{x}", "/.env", None, id="filled-hidden"),
        pytest.param(".{x}", "/env", None, id="filled-behind-the-dot"),
        pytest.param("{x}/config", "/.git", None, id="filled-hidden-folder"),
        pytest.param("{x}", "/responses.json", None, id="filled-responses-file"),
        pytest.param("{x}.py", "/handlers", None, id="filled-handlers"),
        pytest.param("{x}", "/link.txt", None, id="filled-link"),
        pytest.param("{x}", "/linked", None, id="filled-folder-whose-index-is-a-link"),
        pytest.param("{x}/outside.txt", "/out", None, id="filled-folder-that-is-a-link"),
        pytest.param("{x}/../outside.txt", "/sub", None, id="filled-above"),
    ],
)
def test_files_below_the_folder_answer_and_what_is_filled_in_leads_nowhere_else(
    site: Path, name: str, path: str, body: bytes | None
) -> None:
    assert body_of(site, {"GET /{x}": {"$file": name}}, path) == body


@pytest.mark.parametrize(
    "name", ["{{ 'responses.json' }}", "{{ '.env' }}", "{{ '../outside.txt' }}", "a{{ '/../../outside.txt' }}"]
)
def test_a_template_leads_nowhere_else_either(site: Path, name: str) -> None:
    assert body_of(site, {"GET /a": {"$template": True, "$file": name}}, "/a") is None


@pytest.mark.parametrize("name", [".env", ".git/config", "responses.json", "sub/../handlers.py"])
@pytest.mark.parametrize("place", ["body", "let", "defaults"])
def test_a_template_loads_no_private_file_by_a_name_of_its_own(site: Path, name: str, place: str) -> None:
    """The responses file itself may name any in its folder; what came with a request may not."""
    text = f"{{{{ load('{name}') }}}}"
    data: dict[str, Any] = {"GET /a": {"$template": True, "$text": text}}
    if place == "let":
        data = {"GET /a": {"$template": True, "$let": {"x": text}, "$text": "{{ x }}"}}
    elif place == "defaults":
        data = {
            "$defaults": {"$template": True, "$let": {"x": text}},
            "GET /a": {"$template": True, "$text": "{{ x }}"},
        }
    assert error_of(site, data).endswith(f'load("{name}"): there is no such file')


def test_a_template_loads_what_may_be_named(site: Path) -> None:
    data = {"GET /a": {"$template": True, "$text": "{{ load('sub/a.txt') }}"}}
    assert body_of(site, data, "/a") == b"sub/a.txt"


@pytest.mark.parametrize(
    ("value", "error"),
    [
        pytest.param(1, "$file must be a file name, got a number", id="no-text"),
        pytest.param("a\0", '$file must be a file name, got "a\\u0000"', id="nul"),
        pytest.param("none.txt", '$file names "none.txt", and there is no such file', id="not-there"),
    ],
)
def test_what_is_wrong_in_a_file_is_wrong_here_too(site: Path, value: Any, error: str) -> None:
    assert error in error_of(site, {"GET /a": {"$file": value}})


def test_a_responses_file_itself_is_not_confined(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site)
    data = {"GET /a": {"$file": "../outside.txt"}, "GET /b": {"$file": ".env"}, "GET /c": {"$handler": "echo"}}
    assert len(compile_file(json.dumps(data).encode(), "responses.json").table) == 3
