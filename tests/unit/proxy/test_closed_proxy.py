import logging
from types import SimpleNamespace
from unittest.mock import Mock

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


def test_the_strategy_stays_lazy_while_open_and_is_put_back_at_the_end(tctx: taddons.context) -> None:
    """What has an entry is answered although the server is down."""
    proxy = ClosedProxy()
    proxy.set(closed=True)
    proxy.set(closed=False)
    assert strategy(tctx) == "lazy"
    proxy.restore()
    proxy.restore()
    assert strategy(tctx) == "eager"


def test_the_strategy_of_a_user_who_chose_lazy_stays(tctx: taddons.context, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    tctx.options.connection_strategy = "lazy"
    proxy = ClosedProxy()
    proxy.set(closed=True)
    proxy.set(closed=False)
    assert strategy(tctx) == "lazy"
    assert not caplog.messages


def test_opening_at_the_start_makes_the_strategy_lazy_too(tctx: taddons.context) -> None:
    ClosedProxy().set(closed=False)
    assert strategy(tctx) == "lazy"


def test_closing_ends_what_is_open_to_real_servers_and_nothing_else(tctx: taddons.context) -> None:
    server, client, not_yet = (Mock(writer=Mock()), Mock(writer=Mock()), Mock(writer=None))
    transports = {tflow.tserver_conn(): server, tflow.tclient_conn(): client, tflow.tserver_conn(): not_yet}
    tctx.master.addons.add(SimpleNamespace(name="proxyserver", connections={1: Mock(transports=transports)}))
    proxy = ClosedProxy()
    proxy.set(closed=False)
    assert not server.writer.close.called
    proxy.set(closed=True)
    assert (server.writer.close.called, client.writer.close.called) == (True, False)


@pytest.mark.parametrize("closed", [True, False])
def test_a_connection_that_comes_about_after_closing_is_closed(tctx: taddons.context, closed: bool) -> None:
    data, mine, other = connecting(), Mock(), Mock()
    handlers = {1: Mock(transports={}), 2: Mock(transports={data.server: mine, tflow.tserver_conn(): other})}
    tctx.master.addons.add(SimpleNamespace(name="proxyserver", connections=handlers))
    proxy = ClosedProxy()
    proxy.set(closed=closed)
    proxy.check_connected(data)
    assert (mine.writer.close.called, other.writer.close.called) == (closed, False)


async def test_without_a_proxy_server_there_is_no_strategy_to_change() -> None:
    with taddons.context() as tctx:
        proxy = ClosedProxy()
        proxy.set(closed=True)
        assert "connection_strategy" not in tctx.options
    data = connecting()
    proxy.check_connection(data)
    assert data.server.error == REFUSED
