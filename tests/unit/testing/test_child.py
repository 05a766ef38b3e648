import os
import signal

import pytest

from fakebackend.testing import child


def test_it_ends_once_its_input_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    pieces, killed = iter([b"something", b""]), []
    monkeypatch.setattr(os, "read", lambda *_: next(pieces))
    monkeypatch.setattr(os, "kill", lambda *arguments: killed.append(arguments))
    child.end_with_input()
    assert killed == [(os.getpid(), signal.SIGTERM)]
