"""Every place from which the addon can be loaded, and loading it again."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from mitmdump import ADDON
from mitmdump import REPOSITORY
from mitmdump import Launcher
from mitmdump import arguments_of
from mitmdump import write_responses

RESPONSES = {"GET": {"/user": {"name": "John"}}}


def _copy_of_the_package(folder: Path) -> Path:
    """Copy the package alone, as a checkout elsewhere, and return its addon.py."""
    shutil.copytree(ADDON.parent, folder / "fakebackend", ignore=shutil.ignore_patterns("__pycache__"))
    return folder / "fakebackend" / "addon.py"


def _asks(start: Launcher, **settings: object) -> str:
    """Start with the settings, ask, and return the log."""
    backend = start(RESPONSES, **settings)
    assert backend.client().get("/user").json() == {"name": "John"}
    return backend.output


def test_another_working_folder_and_the_default_file(start: Launcher, tmp_path: Path) -> None:
    """The responses file is looked for where mitmproxy was started, not where the addon lies."""
    folder = tmp_path / "front-end"
    folder.mkdir()
    write_responses(folder / "responses.json", {"GET": {"/user": "from the working folder"}})
    backend = start(options={"responsesfile": "responses.json"}, working_folder=folder)
    assert backend.client().get("/user").json() == "from the working folder"
    assert "Answering from responses.json (1 entry)" in backend.output


def test_relative_script_path(start: Launcher, tmp_path: Path) -> None:
    addon = _copy_of_the_package(tmp_path)
    _asks(start, addon=Path("fakebackend") / "addon.py", working_folder=addon.parents[1])


def test_tilde_in_responsesfile(start: Launcher, tmp_path: Path) -> None:
    write_responses(tmp_path / "mine.json", {"GET": {"/user": "at home"}})
    backend = start(options={"responsesfile": "~/mine.json"}, environment={"HOME": str(tmp_path)})
    assert backend.client().get("/user").json() == "at home"


@pytest.mark.parametrize("linked", ["file", "folder"])
def test_symlink(start: Launcher, tmp_path: Path, linked: str) -> None:
    """A link to the addon file, or to the folder of the package, is as good as the place itself."""
    link = tmp_path / "somewhere" / ("backend.py" if linked == "file" else "linked")
    link.parent.mkdir()
    link.symlink_to(ADDON if linked == "file" else ADDON.parent)
    _asks(start, addon=link if linked == "file" else link / "addon.py")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param(["--version"], "version 0.1.0", id="version"),
        pytest.param(["--help"], "run  ", id="help"),
        pytest.param(["run", "--help"], "--ui [dump|console|web]", id="help of run"),
    ],
)
def test_command_explains_itself(arguments: list[str], expected: str, tmp_path: Path) -> None:
    main = "import sys; sys.argv[0] = 'fakebackend'; from fakebackend.cli.main import main; main()"
    shown = subprocess.run(
        [sys.executable, "-c", main, *arguments], check=True, capture_output=True, text=True, cwd=REPOSITORY
    )
    assert expected in shown.stdout


def test_wrong_file_ends_the_command(tmp_path: Path) -> None:
    main = "from fakebackend.cli.main import main; main()"
    ended = subprocess.run(
        [sys.executable, "-c", main, "run", *arguments_of(tmp_path)[2:], "--set", f"responsesfile={tmp_path}/no.json"],
        check=False,
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
    )
    assert ended.returncode == 1
    assert "there is no such file" in ended.stdout
    assert "Traceback" not in ended.stdout + ended.stderr


def test_script_reload(start: Launcher, tmp_path: Path) -> None:
    """Touching addon.py loads it anew: it answers from the file and the options as they are then."""
    addon = _copy_of_the_package(tmp_path)
    backend = start(RESPONSES, addon=addon)
    client = backend.client()
    backend.execute("set responses_unmatched 418")
    for name in ("Ann", "Bob"):
        backend.write({"GET": {"/user": name}})
        changed = addon.stat().st_mtime + 10
        with backend.expect_log("Loading script", "Answering from", "other requests are answered 418"):
            os.utime(addon, (changed, changed))
        assert client.get("/user").json() == name
        assert client.get("/missing").status_code == 418


def test_two_scripts_one_import(start: Launcher, tmp_path: Path) -> None:
    """Another script may import the addon's class; and no file of the package shadows a library."""
    other = tmp_path / "other.py"
    other.write_text("import fakebackend\nimport json, types, html, string\nprint('seen', fakebackend.__version__)\n")
    backend = start(RESPONSES, arguments=["-s", str(other)])
    backend.wait_for_log("seen 0.1.0")
    assert backend.client().get("/user").status_code == 200
