import logging

import pytest
from mitmproxy.test import taddons

from fakebackend.proxy.addon import DummyBackend
from fakebackend.proxy.mistyped_options import mistyped_options


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        pytest.param("responsefile", "responsesfile", id="letter-lacking"),
        pytest.param("responses_file", "responsesfile", id="underscore"),
        pytest.param("responses_unmached", "responses_unmatched", id="slip"),
        pytest.param("response_cors", "responses_cors", id="singular"),
        pytest.param("seed", "responses_seed", id="prefix-lacking"),
        pytest.param("unmatched", "responses_unmatched", id="long-name-without-its-prefix"),
    ],
)
def test_one_that_is_nearly_ours_is_told_with_the_right_name(tctx: taddons.context, name: str, meant: str) -> None:
    tctx.options.set(f"{name}=x", defer=True)
    expected = f"there is no option {name}, so setting it does nothing: did you mean {meant}?"
    assert list(mistyped_options()) == [expected]


@pytest.mark.parametrize("name", ["console_layout", "web_port", "map_responses", "file", "x" * 10_000])
def test_other_tools_options_are_no_business_of_ours(tctx: taddons.context, name: str) -> None:
    tctx.options.set(f"{name}=x", defer=True)
    assert list(mistyped_options()) == []


async def test_it_is_warned_of_when_mitmproxy_runs(tctx: taddons.context, caplog: pytest.LogCaptureFixture) -> None:
    tctx.options.set("responsefile=other.json", defer=True)
    tctx.options.set("responses_delay=1s", defer=True)
    backend = DummyBackend()
    tctx.master.addons.add(backend)
    backend.running()
    warnings = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert warnings == ["there is no option responsefile, so setting it does nothing: did you mean responsesfile?"]
