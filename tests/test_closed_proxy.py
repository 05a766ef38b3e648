import logging

import pytest
from mitmproxy.proxy import server_hooks
from mitmproxy.test import taddons
from mitmproxy.test import tflow

from fakebackend.closed_proxy import REFUSED
from fakebackend.closed_proxy import ClosedProxy
from fakebackend.closed_proxy import has_no_destination
from tests.conftest import http_flow


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


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1.2.3", "localhost", "LOCALHOST.", "api.localhost", "::1", "0.0.0.0"]
)
def test_a_request_sent_to_the_proxy_itself_has_no_destination(host: str) -> None:
    assert has_no_destination(http_flow(host=host, port=8080))


def test_the_address_that_the_client_reached_is_the_proxy_too() -> None:
    flow = http_flow(host="192.0.2.7", port=8080)
    flow.client_conn.sockname = ("192.0.2.7", 8080)
    assert has_no_destination(flow)


@pytest.mark.parametrize(
    ("host", "port", "mode"),
    [
        pytest.param("localhost", 8081, "regular", id="another-port"),
        pytest.param("api.example.com", 8080, "regular", id="another-host"),
        pytest.param("192.0.2.1", 8080, "regular", id="another-address"),
        pytest.param("notlocalhost", 8080, "regular", id="a-name-that-ends-alike"),
        pytest.param("localhost", 8080, "reverse:http://localhost:8080", id="reverse"),
        pytest.param("localhost", 8080, "upstream:http://localhost:8080", id="upstream"),
    ],
)
def test_other_requests_have_a_destination(host: str, port: int, mode: str) -> None:
    assert not has_no_destination(http_flow(host=host, port=port, mode=mode))


def test_a_flow_without_an_address_of_ours_is_left_alone() -> None:
    flow = http_flow(host="localhost", port=8080)
    flow.client_conn.sockname = ()  # type: ignore[assignment]  # as in flows made by other addons
    assert not has_no_destination(flow)
