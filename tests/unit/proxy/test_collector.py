import gc

import pytest

from fakebackend.proxy import collector
from fakebackend.proxy.collector import collector_paused


@pytest.mark.parametrize("enabled", [False, True], ids=["off-before", "on-before"])
def test_the_collector_is_off_inside_and_as_before_outside(enabled: bool) -> None:
    (gc.enable if enabled else gc.disable)()
    try:
        with collector_paused():
            assert not gc.isenabled()
        assert gc.isenabled() is enabled
    finally:
        gc.enable()


@pytest.mark.parametrize("many", [0, 10**9], ids=["many-objects", "few-objects"])
def test_what_came_to_stay_is_kept_from_the_collector(monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    frozen: list[bool] = []
    monkeypatch.setattr(collector, "_MANY", many)
    monkeypatch.setattr(gc, "freeze", lambda: frozen.append(True))
    with collector_paused():
        kept: list[list[int]] = [[] for _ in range(10)]
    assert len(kept) == 10
    assert frozen == ([] if many else [True])
    assert gc.isenabled()
