import runpy
import sys

import pytest

from fakebackend import __version__
from tests.markdown import REPOSITORY


def test_the_package_can_be_run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["fakebackend", "--version"])
    with pytest.raises(SystemExit) as ended:
        # By its path: pytest rewrites the assertions of a package that brings a plugin, which `run_module` cannot do.
        runpy.run_path(str(REPOSITORY / "fakebackend" / "__main__.py"), run_name="__main__")
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"fakebackend, version {__version__}\n"
