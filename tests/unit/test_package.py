import re

import fakebackend
from fakebackend import addon
from fakebackend.proxy.addon import DummyBackend


def test_the_addon_is_importable_from_the_package_and_its_entry_file() -> None:
    assert fakebackend.DummyBackend is DummyBackend
    assert [type(each) for each in addon.addons] == [DummyBackend]


def test_the_version_is_one_that_python_packages_have() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", fakebackend.__version__)
