import runpy
import sys
from pathlib import Path

import pytest
from mitmproxy.addons import script
from mitmproxy.test import taddons

from fakebackend.cli.run import ADDON
from fakebackend.proxy.addon import DummyBackend
from tests.conftest import ask
from tests.conftest import body_of
from tests.conftest import errors_in
from tests.conftest import http_flow
from tests.conftest import write

pytestmark = pytest.mark.usefixtures("unchanged_path")


def loaded(tctx: taddons.context, path: str) -> DummyBackend:
    module = tctx.script(path)
    [backend] = module.addons
    assert isinstance(backend, DummyBackend)
    return backend


async def test_the_script_answers_from_the_file_in_the_working_directory(
    tctx: taddons.context, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(folder / "responses.json", {"GET": {"/user": 1}})
    backend = loaded(tctx, ADDON)
    assert body_of(await ask(backend, http_flow())) == 1
    assert not errors_in(caplog)


async def test_the_script_works_through_a_symlink(tctx: taddons.context, folder: Path) -> None:
    write(folder / "responses.json", {"GET": {"/user": 1}})
    link = folder / "link.py"
    link.symlink_to(ADDON)
    assert body_of(await ask(loaded(tctx, str(link)), http_flow())) == 1


def test_the_script_makes_its_own_package_importable() -> None:
    parent = str(Path(ADDON).resolve().parent.parent)
    sys.path[:] = [entry for entry in sys.path if entry != parent]
    runpy.run_path(ADDON)
    assert sys.path[0] == parent


def test_a_package_that_is_importable_already_keeps_its_place() -> None:
    parent = str(Path(ADDON).resolve().parent.parent)
    sys.path[:] = ["first", *(entry for entry in sys.path if entry != parent), parent]
    runpy.run_path(ADDON)
    assert sys.path[0] == "first"
    assert sys.path.count(parent) == 1


async def test_the_script_can_be_loaded_again_while_running(
    tctx: taddons.context, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(folder / "responses.json", {"GET": {"/user": 1}})
    running = script.Script(ADDON, False)
    running.running()
    running.loadscript()
    running.loadscript()
    assert running.ns is not None
    assert body_of(await ask(running.ns.addons[0], http_flow())) == 1
    assert not errors_in(caplog)
    assert len([each for each in tctx.master.addons.chain if type(each).__name__ == "AfterIntercept"]) == 1
