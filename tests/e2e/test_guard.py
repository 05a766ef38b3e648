"""Where mitmproxy would run on without the addon, nothing gets out and whoever asks is told."""

import shutil
import sys
from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest
from mitmdump import MITMDUMP
from mitmdump import REPOSITORY
from mitmdump import Backend
from mitmdump import Launcher
from mitmdump import arguments_of
from process import Process
from process import wait_until
from real_server import RealServer
from unused_port import unused_port

from fakebackend.proxy.options import OPTIONS

MITMWEB = [sys.executable, "-c", "from mitmproxy.tools.main import mitmweb; mitmweb()"]
TOOLS = {"mitmdump": MITMDUMP, "mitmweb": [*MITMWEB, "--no-web-open-browser", "--web-port", "0"]}


def ask(port: int, url: str) -> int | None:
    """Return the status of a request by way of the proxy, or None if there is no answer."""
    try:
        with httpx.Client(proxy=f"http://127.0.0.1:{port}", trust_env=False, timeout=10) as client:
            return client.get(url).status_code
    except httpx.HTTPError:
        return None


def started(tool: str, folder: Path, port: int, options: Sequence[str]) -> Process:
    (folder / "responses.json").write_text('{"GET": {"/user": 1}}')
    listening = ["--listen-host", "127.0.0.1", "--listen-port", str(port)]
    return Process([*TOOLS[tool], *arguments_of(folder), *listening, *options], folder)


GIVEN = {"nothing": [""], "two": ["=a", "=b"], "wrong": ["=\x1b[31m"]}
"""What an option is given, behind its name."""


@pytest.mark.parametrize("given", GIVEN)
@pytest.mark.parametrize("name", OPTIONS)
def test_no_value_of_an_option_opens_the_proxy(name: str, given: str, tmp_path: Path, real_server: RealServer) -> None:
    """Either it ends with 1, or it runs and keeps its doors closed; `forward` alone opens them."""
    tool, port = "mitmweb" if name == "responsesfile" else "mitmdump", unused_port()
    options = [part for value in GIVEN[given] for part in ("--set", f"{name}{value}")]
    process = started(tool, tmp_path, port, options)
    wait_until(lambda: "listening at" in process.output or process.has_ended, "a sign of life")
    status = ask(port, f"http://127.0.0.1:{real_server.port}/")
    assert status in (None, 404, 503), process.output
    process.stop()
    assert not real_server.requests


def test_an_option_without_a_value_ends_with_1_and_says_what_may_be_wrong(tmp_path: Path) -> None:
    for tool in TOOLS:
        process = started(tool, tmp_path, unused_port(), ["--set", "responsesfile"])
        assert process.wait() == 1
        process.stop()
        assert "is one of its options given without a value, twice, or with a wrong one?" in process.output


def test_a_script_that_cannot_be_loaded_again_leaves_a_guard(tmp_path: Path, real_server: RealServer) -> None:
    shutil.copytree(REPOSITORY / "fakebackend", tmp_path / "copy" / "fakebackend")
    addon = tmp_path / "copy" / "fakebackend" / "addon.py"
    backend = Backend(tmp_path, {"GET": {"/user": 1}}, addon=addon)
    good, url = addon.read_text(), f"http://127.0.0.1:{real_server.port}/"
    assert ask(backend.port, url) == 404
    with backend.expect_log("error in script"):
        replace(addon, "def (")
    assert ask(backend.port, url) == 503
    with backend.expect_log("Answering from"):
        replace(addon, good)
    assert ask(backend.port, url) == 404
    with backend.expect_log("mitmproxy no longer looks at that file: start it again"):
        addon.unlink()
    assert ask(backend.port, url) == 503
    assert not real_server.requests
    backend.stop(tracebacks=True)  # mitmproxy's own, of the file that was no Python


def link_to_file(folder: Path) -> tuple[str, Path]:
    link = folder / "link.py"
    link.symlink_to(folder / "copy" / "fakebackend" / "addon.py")
    return str(link), link


def link_to_folder(folder: Path) -> tuple[str, Path]:
    link = folder / "current"
    link.symlink_to(folder / "copy")
    return str(link / "fakebackend" / "addon.py"), link


def wrapper(folder: Path) -> tuple[str, Path]:
    script = folder / "mine.py"
    script.write_text("import sys\nsys.path.insert(0, 'copy')\nfrom fakebackend.addon import addons\n")
    return str(script), script


def quoted(folder: Path) -> tuple[str, Path]:
    addon = folder / "copy" / "fakebackend" / "addon.py"
    return f"'{addon}' ", addon


@pytest.mark.parametrize("make", [link_to_file, link_to_folder, wrapper, quoted])
def test_a_script_by_any_name_leaves_a_guard_when_it_is_gone(
    make: Callable[[Path], tuple[str, Path]], tmp_path: Path, real_server: RealServer
) -> None:
    shutil.copytree(REPOSITORY / "fakebackend", tmp_path / "copy" / "fakebackend")
    name, file = make(tmp_path)
    port, url = unused_port(), f"http://127.0.0.1:{real_server.port}/"
    (tmp_path / "responses.json").write_text('{"GET": {"/user": 1}}')
    process = Process([*MITMDUMP, "--listen-host", "127.0.0.1", "-p", str(port), "-s", name], tmp_path)
    wait_until(lambda: "Answering from" in process.output, "the addon at work")
    assert ask(port, url) == 404
    file.rename(file.with_name("elsewhere"))
    wait_until(lambda: "start it again" in process.output, "the guard")
    assert ask(port, url) == 503
    process.stop()
    assert not real_server.requests


def replace(file: Path, text: str) -> None:
    """Save a file all at once, with a time that mitmproxy sees."""
    new = file.with_suffix(".new")
    new.write_text(text)
    wait_until(lambda: touched(new) > file.stat().st_mtime, "another second")
    new.replace(file)


def touched(file: Path) -> float:
    file.touch()
    return file.stat().st_mtime


def test_a_request_that_comes_back_is_refused_after_one_round(start: Launcher) -> None:
    backend = start({"GET": {"/user": 1}}, options={"responses_unmatched": "forward"})
    for name in ("127.1", "2130706433", "0x7f.1"):
        with backend.client() as client:
            answer = client.get("/nowhere", headers={"Host": f"{name}:{backend.port}"})
        assert answer.status_code == 502
        assert "no destination" in answer.text or "has come back" in answer.text


def test_entries_are_answered_while_the_real_server_is_down(start: Launcher) -> None:
    backend = start({"GET": {"/user": {"a": 1}}}, options={"responses_unmatched": "forward"})
    dead = f"http://127.0.0.1:{unused_port()}"
    with backend.proxied() as client:
        assert client.get(f"{dead}/user").json() == {"a": 1}
        assert client.get("http://no-such-host.invalid/user").json() == {"a": 1}
        assert client.get("https://no-such-host.invalid/user").json() == {"a": 1}
        assert client.get(f"{dead}/other").status_code == 502
