import runpy
import sys

import pytest

from fakebackend import __version__


def test_the_package_can_be_run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["fakebackend", "--version"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("fakebackend", run_name="__main__")
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"fakebackend, version {__version__}\n"
