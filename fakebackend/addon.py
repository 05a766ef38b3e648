"""The entry file: `mitmproxy -s fakebackend/addon.py`.

mitmproxy runs this file outside any package, so it makes the package importable first: from a plain
checkout, through a symlink, and where another fakebackend is installed, the one beside this file wins.
"""

import os
import sys

_PARENT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
if _PARENT not in sys.path:
    sys.path.insert(0, _PARENT)

from fakebackend.dummy_backend import DummyBackend  # noqa: E402  # only importable from here on

addons = [DummyBackend()]
