import importlib.metadata
import pkgutil
import re
import sys

import pytest

import fakebackend
from fakebackend import addon
from fakebackend.dummy_backend import DummyBackend

MODULES = [module.name for module in pkgutil.iter_modules(fakebackend.__path__)]

INSTALLED = {
    name
    for name, distributions in importlib.metadata.packages_distributions().items()
    if set(distributions) != {"fakebackend"}
}


def test_the_modules_are_found() -> None:
    assert {"addon", "dummy_backend", "json_reader"} <= set(MODULES)
    assert {"mitmproxy", "ruamel", "click"} <= INSTALLED


@pytest.mark.parametrize("name", MODULES)
def test_no_module_shadows_another_while_the_folder_is_on_the_search_path(name: str) -> None:
    assert name not in sys.stdlib_module_names
    assert name not in INSTALLED


def test_the_addon_is_importable_from_the_package_and_its_entry_file() -> None:
    assert fakebackend.DummyBackend is DummyBackend
    assert [type(each) for each in addon.addons] == [DummyBackend]


def test_the_version_is_one_that_python_packages_have() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", fakebackend.__version__)
