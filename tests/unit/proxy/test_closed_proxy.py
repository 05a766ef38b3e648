import logging

import pytest
from mitmproxy.proxy import server_hooks
from mitmproxy.test import taddons
from mitmproxy.test import tflow

from fakebackend.proxy.closed_proxy import REFUSED
from fakebackend.proxy.closed_proxy import ClosedProxy


def connecting() -> server_hooks.ServerConnectionHookData:
    return server_hooks.ServerConnectionHookData(tflow.tserver_conn(), tflow.tclient_conn())


def strategy(tctx: taddons.context) -> object:
    return tctx.options.connection_strategy


def test_every_connection_is_refused_until_it_is_opened(tctx: taddons.context) -> None:
    proxy = ClosedProxy()
    first, second, third = connecting(), connecting(), connecting()
    proxy.check_connection(first)
    proxy.set(closed=False)
    proxy.check_connection(second)
    proxy.set(closed=True)
    proxy.check_connection(third)
    assert [data.server.error for data in (first, second, third)] == [REFUSED, None, REFUSED]


def test_closing_makes_the_strategy_lazy_and_says_so_once(
    tctx: taddons.context, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    proxy = ClosedProxy()
    proxy.set(closed=True)
    proxy.set(closed=True)
    assert strategy(tctx) == "lazy"
    assert len([message for message in caplog.messages if "lazy" in message]) == 1


def test_opening_puts_the_strategy_back(tctx: taddons.context) -> None:
    proxy = ClosedProxy()
    proxy.set(closed=True)
    proxy.set(closed=False)
    assert strategy(tctx) == "eager"


def test_the_strategy_of_a_user_who_chose_lazy_stays(tctx: taddons.context, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    tctx.options.connection_strategy = "lazy"
    proxy = ClosedProxy()
    proxy.set(closed=True)
    proxy.set(closed=False)
    assert strategy(tctx) == "lazy"
    assert not caplog.messages


def test_opening_what_was_never_closed_changes_nothing(tctx: taddons.context) -> None:
    ClosedProxy().set(closed=False)
    assert strategy(tctx) == "eager"


async def test_without_a_proxy_server_there_is_no_strategy_to_change() -> None:
    with taddons.context() as tctx:
        proxy = ClosedProxy()
        proxy.set(closed=True)
        assert "connection_strategy" not in tctx.options
    data = connecting()
    proxy.check_connection(data)
    assert data.server.error == REFUSED
