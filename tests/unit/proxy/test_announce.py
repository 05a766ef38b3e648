import logging

import pytest
from mitmproxy.log import ALERT
from mitmproxy.test import taddons

from fakebackend.proxy.announce import announce


def test_what_must_be_seen_is_an_alert_and_in_mitmweb_an_information(
    tctx: taddons.context, caplog: pytest.LogCaptureFixture
) -> None:
    announce("one")
    tctx.options.add_option("web_port", int, 8081, "As mitmweb adds it.")
    announce("two")
    assert [(record.getMessage(), record.levelno) for record in caplog.records] == [
        ("one", ALERT),
        ("two", logging.INFO),
    ]
