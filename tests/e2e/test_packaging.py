"""What is published is complete, and does its job where nothing else of this checkout is."""

import sys
import tarfile
import zipfile
from importlib.metadata import PathDistribution
from pathlib import Path

import httpx
import pytest
from mitmdump import MITMDUMP
from mitmdump import REPOSITORY
from mitmdump import Launcher
from mitmdump import write_responses
from packages import NO_CHECKOUT
from packages import Built
from packages import build
from packages import build_wheel
from packages import install
from packages import printed
from process import Process
from required import require_module
from unused_port import unused_port

import fakebackend

RESPONSES = {"GET": {"/user": {"name": "John"}}}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Build what is published."""
    return build(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def metadata(built: Built) -> PathDistribution:
    """Read what the wheel says of itself."""
    return PathDistribution(zipfile.Path(built.wheel, f"fakebackend-{fakebackend.__version__}.dist-info/"))


@pytest.fixture(scope="module")
def commands(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel, and return the folder of the environment's commands."""
    return install(built.wheel, tmp_path_factory.mktemp("installed"))


def files_below(*names: str) -> set[str]:
    """Return all files in folders of this checkout, less what Python and the tools leave behind there."""
    paths = (path for name in names for path in (REPOSITORY / name).rglob("*") if path.is_file())
    files = (path.relative_to(REPOSITORY) for path in paths)
    return {file.as_posix() for file in files if not any(part.startswith((".", "__pycache__")) for part in file.parts)}


def contents_of(wheel: Path) -> dict[str, int]:
    """Return the checksums of the files in a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return {info.filename: info.CRC for info in archive.infolist()}


def test_twine_finds_nothing_wrong(built: Built, tmp_path: Path) -> None:
    require_module("twine")
    said = printed([sys.executable, "-m", "twine", "--no-color", "check", "--strict", *map(str, built)], tmp_path)
    assert said.count("PASSED") == 2


def test_the_wheel_holds_the_whole_package_and_nothing_else(built: Built) -> None:
    """All files that are not Python's, too, such as `py.typed`."""
    inside = {name for name in contents_of(built.wheel) if ".dist-info/" not in name}
    assert inside == files_below("fakebackend")
    assert "fakebackend/py.typed" in inside


def test_the_sdist_holds_what_tests_docs_and_checks_need(built: Built) -> None:
    with tarfile.open(built.sdist) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    alone = ".ci/run .pre-commit-config.yaml LICENSE noxfile.py pyproject.toml responses.json"
    pages = "CHANGELOG.md CONTRIBUTING.md README.md"
    assert files_below("bench", "docs", "fakebackend", "tests") | {*alone.split(), *pages.split()} <= inside


def test_the_wheel_is_the_same_whatever_it_is_built_from(built: Built, tmp_path: Path) -> None:
    assert contents_of(build_wheel(tmp_path)) == contents_of(built.wheel)


def test_the_metadata_are_complete(metadata: PathDistribution) -> None:
    said = metadata.metadata
    extras = {"docs", "fake", "jwt", "lint", "pytest", "test", "yaml"}
    assert set(said.get_all("Provides-Extra", [])) == extras
    urls = dict(line.split(", ") for line in said.get_all("Project-URL", []))
    assert urls == dict.fromkeys(("Homepage", "Documentation", "Changelog"), "https://pypi.org/project/fakebackend/")
    assert (said["Version"], said["Requires-Python"]) == (fakebackend.__version__, ">=3.11")
    assert (said["License-Expression"], said.get_all("License-File")) == ("MIT", ["LICENSE"])
    assert said["Author"] == "The fakebackend developers"
    assert "Typing :: Typed" in said.get_all("Classifier", [])
    entry_points = {each.group: each.value for each in metadata.entry_points}
    assert entry_points == {
        "console_scripts": "fakebackend.cli.main:main",
        "pytest11": "fakebackend.testing.pytest_plugin",
    }


@pytest.mark.parametrize(
    ("extra", "requirement"),
    [("fake", "faker"), ("jwt", "pyjwt"), ("pytest", "pytest"), ("test", "twine"), ("yaml", "pyyaml")],
)
def test_an_extra_brings_what_it_is_for(metadata: PathDistribution, extra: str, requirement: str) -> None:
    required = [each for each in metadata.requires or () if each.endswith(f"extra == '{extra}'")]
    assert any(each.lower().startswith(f"{requirement}>=") for each in required), required


def test_the_readme_is_the_description(metadata: PathDistribution) -> None:
    readme = (REPOSITORY / "README.md").read_text("utf-8")
    assert metadata.metadata["Description-Content-Type"] == "text/markdown"
    assert (metadata.read_text("METADATA") or "").rstrip().endswith(readme.rstrip())


def test_the_first_file_is_written_checked_and_served(commands: Path, tmp_path: Path) -> None:
    """The main job, by the commands that were installed."""
    find = "import fakebackend; print(fakebackend.__file__)"
    assert Path(printed([str(commands / "python"), "-c", find], tmp_path)).is_relative_to(commands.parent)
    command, port = str(commands / "fakebackend"), str(unused_port())
    assert "responses.json is written" in printed([command, "init"], tmp_path)
    assert printed([command, "check"], tmp_path) == "responses.json: good\n"
    options = ["--listen-host", "127.0.0.1", "--set", f"confdir={tmp_path / 'conf'}"]
    process = Process([command, "run", "responses.json", "-p", port, *options], tmp_path, NO_CHECKOUT)
    try:
        assert printed([command, "wait", "--port", port], tmp_path) == f"localhost:{port} accepts requests\n"
        answer = httpx.get(f"http://127.0.0.1:{port}/users/7", trust_env=False)
        assert answer.json() == {"id": 7, "name": "User 7"}
    finally:
        process.stop()
    assert "Traceback" not in process.output


def test_mitmdump_loads_the_installed_addon(start: Launcher, commands: Path) -> None:
    """By the path that Python knows, which is not this checkout's."""
    python = str(commands / "python")
    find = "import fakebackend, fakebackend.addon as a; assert fakebackend.DummyBackend is a.DummyBackend"
    addon = Path(printed([python, "-c", f"{find}; print(a.__file__)"], commands).strip())
    assert addon.is_relative_to(commands.parent)
    backend = start(RESPONSES, addon=addon, command=[python, *MITMDUMP[1:]], environment=NO_CHECKOUT)
    assert backend.client().get("/user").json() == {"name": "John"}


def test_the_installed_command_hands_on_what_mitmproxy_is_told(commands: Path, tmp_path: Path) -> None:
    write_responses(tmp_path / "other.json", RESPONSES)
    where = ["-p", "0", "--listen-host", "127.0.0.1"]
    options = ["--set", "responsesfile=other.json", "--set", f"confdir={tmp_path / 'conf'}"]
    process = Process([str(commands / "fakebackend"), "run", *where, *options], tmp_path, NO_CHECKOUT)
    try:
        log = process.wait_for_log("listening at 127.0.0.1:", "Answering from other.json (1 entry)")
        port = log.partition("listening at 127.0.0.1:")[2].split(".")[0]
        assert httpx.get(f"http://127.0.0.1:{port}/user", trust_env=False).json() == {"name": "John"}
    finally:
        process.stop()
    assert "Traceback" not in process.output
