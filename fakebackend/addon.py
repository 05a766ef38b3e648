"""The entry file: `mitmproxy -s fakebackend/addon.py`.

mitmproxy runs this file outside any package, so it makes the package importable first: from a plain
checkout, through a symlink, and where another fakebackend is installed, the one beside this file wins.
"""

import os
import sys

_PACKAGE = os.path.dirname(os.path.realpath(__file__))
# mitmproxy has put this folder on the search path, where its modules would stand before others of their names.
sys.path[:] = [path for path in sys.path if os.path.realpath(path) != _PACKAGE]
if os.path.dirname(_PACKAGE) not in sys.path:
    sys.path.insert(0, os.path.dirname(_PACKAGE))

from fakebackend.proxy.addon import DummyBackend  # noqa: E402  # only importable from here on

addons = [DummyBackend()]
