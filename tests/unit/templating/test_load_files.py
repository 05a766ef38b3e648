"""`load`: files beside the responses file."""

import os
from pathlib import Path
from typing import Any

import pytest

from fakebackend.templating.load_files import LARGEST_FILE
from fakebackend.templating.load_files import LoadError
from fakebackend.templating.load_files import LoadFolder
from tests.answering import Core
from tests.answering import errors_of
from tests.conftest import age


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a folder with files in it, and one outside."""
    folder = tmp_path / "site"
    (folder / "data").mkdir(parents=True)
    (folder / "a.json").write_text('{"n": 1, "t": "{{ 7 * 7 }}"}')
    (folder / "data" / "b.csv").write_text("id,name\n1,Ann\n")
    (folder / ".hidden").write_text("secret")
    (tmp_path / "outside.json").write_text("1")
    (folder / "link.json").symlink_to(tmp_path / "outside.json")
    (folder / "inner.json").symlink_to(folder / "a.json")
    return folder


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("a.json", {"n": 1, "t": "{{ 7 * 7 }}"}),
        ("./data/../a.json", {"n": 1, "t": "{{ 7 * 7 }}"}),
        ("data/b.csv", [{"id": "1", "name": "Ann"}]),
        ("inner.json", {"n": 1, "t": "{{ 7 * 7 }}"}),
    ],
)
def test_a_file_of_the_folder_is_loaded(site: Path, name: str, value: Any) -> None:
    assert LoadFolder(str(site)).load(name) == value


def test_a_changed_file_is_loaded_again_and_an_unchanged_one_is_not(site: Path) -> None:
    folder, file = LoadFolder(str(site)), site / "a.json"
    age(file)
    first = folder.load("a.json")
    assert folder.load("a.json") is first
    file.write_text("2")
    assert folder.load("a.json") == 2
    file.unlink()
    with pytest.raises(LoadError, match="there is no such file"):
        folder.load("a.json")


@pytest.mark.parametrize(
    ("name", "error"),
    [
        pytest.param("none.json", 'load("none.json"): there is no such file', id="missing"),
        pytest.param(
            "../outside.json", 'load("../outside.json") leads out of the folder of the responses file', id="above"
        ),
        pytest.param("/etc/passwd", 'load("/etc/passwd") leads out of the folder of the responses file', id="absolute"),
        pytest.param("link.json", 'load("link.json") leads out of the folder of the responses file', id="link"),
        pytest.param("", 'load takes the name of a file, got ""', id="empty"),
        pytest.param("a\0b", 'load takes the name of a file, got "a\\u0000b"', id="null-byte"),
        pytest.param(1, "load takes the name of a file, got 1", id="number"),
        pytest.param(".hidden", 'load(".hidden"): there is no such file', id="hidden"),
        pytest.param("data", "load: data: is a folder, expected a file", id="folder"),
        pytest.param("handlers.py", 'load("handlers.py"): there is no such file', id="private"),
        pytest.param("bad.json", "load: bad.json:1:4: expected a value, the file ends here", id="wrong"),
        pytest.param("large.txt", f'load("large.txt"): the file is larger than {LARGEST_FILE:,} bytes', id="large"),
    ],
)
def test_what_cannot_be_loaded_is_told(site: Path, name: Any, error: str) -> None:
    (site / "handlers.py").write_text("SECRET = 1")
    (site / "bad.json").write_text("[1,")
    with (site / "large.txt").open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    private = {os.path.realpath(site / "handlers.py")}
    with pytest.raises(LoadError) as caught:
        LoadFolder(str(site), private).load(name)
    assert str(caught.value).startswith(error[:40])


def test_what_the_responses_file_names_itself_may_be_any_file_of_the_folder(site: Path) -> None:
    folder = LoadFolder(str(site), {os.path.realpath(site / "a.json")})
    for name in (".hidden", "a.json"):
        folder.name(name)
        assert folder.load(name)


def test_only_so_many_files_are_kept(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fakebackend.templating.load_files._MOST_FILES", 2)
    folder = LoadFolder(str(site))
    for number in range(5):
        (site / f"{number}.txt").write_text(str(number))
        age(site / f"{number}.txt")
        assert folder.load(f"{number}.txt") == str(number)
    assert len(folder._kept) == 2


async def test_templates_load_what_is_then_data(site: Path) -> None:
    data = {
        "GET /": {"$template": True, "$body": "{{ load('a.json') }}"},
        "GET /users": {"$template": True, "$body": {"$each": "{{ load('data/b.csv') }}", "name": "{{ item.name }}"}},
        "GET /by/{name}": {
            "$template": True,
            "$let": {"found": "{{ load(path.name ~ '.json') }}"},
            "$body": "{{ found.n }}",
        },
    }
    core = Core(site, data)
    assert await core.json() == {"n": 1, "t": "{{ 7 * 7 }}"}
    assert await core.json("GET /users") == [{"name": "Ann"}]
    assert await core.json("GET /by/a") == 1


def test_a_file_in_quotes_is_looked_for_when_the_responses_file_is_read(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(site)
    (site / "bad.json").write_text("[1,")

    def errors(template: str) -> list[str]:
        found = errors_of({"GET /": {"$template": True, "$body": template}})
        return [error.partition("GET /: ")[2].partition(",")[0] for error in found]

    assert errors("{{ load('a.json') }}") == []
    assert errors("{{ load(query.a) }}") == []
    assert errors("{{ load('none.json') }}") == ['load("none.json"): there is no such file']
    assert errors("{{ load('bad.json').a }}")[0].startswith("load: bad.json:1:4: ")
    assert errors("{{ load }}") == []


async def test_a_request_cannot_get_at_the_responses_file(site: Path) -> None:
    core = Core(site, {"GET /{name}": {"$template": True, "$body": "{{ load(path.name) }}"}})
    (site / "responses.json").write_text("{}")
    with pytest.raises(Exception, match="there is no such file"):
        await core.ask("GET /responses.json")
