"""`$fault: "reset"`: whose connection is broken off, and what happens where there is none."""

import socket
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
from mitmproxy import ctx
from mitmproxy.test import taddons

from fakebackend.proxy.reset_connection import reset
from tests.conftest import http_flow


class Transport:
    """Notes what is done to it."""

    def __init__(self, sock: Any) -> None:
        self.sock = sock
        self.aborted = False

    def get_extra_info(self, name: str) -> Any:
        return self.sock if name == "socket" else None

    def abort(self) -> None:
        self.aborted = True


def flow_on(writer: Any, *, version: str = "HTTP/1.1", replay: bool = False) -> Any:
    """Return a flow whose client's connection has this writer."""
    flow = http_flow()
    flow.request.http_version = version
    flow.is_replay = "request" if replay else None
    other = SimpleNamespace(client=http_flow().client_conn, transports={})
    handler = SimpleNamespace(client=flow.client_conn, transports={flow.client_conn: SimpleNamespace(writer=writer)})
    ctx.master.addons.get = lambda _: SimpleNamespace(connections={1: other, 2: handler})  # type: ignore[method-assign]
    return flow


@pytest.mark.parametrize(
    ("sock", "version", "replay", "aborted"),
    [
        pytest.param(Mock(spec=socket.socket), "HTTP/1.1", False, True, id="tcp"),
        pytest.param(None, "HTTP/1.1", False, True, id="no-socket"),
        pytest.param(Mock(spec=socket.socket), "HTTP/2.0", False, False, id="http2"),
        pytest.param(Mock(spec=socket.socket), "HTTP/3", False, False, id="http3"),
        pytest.param(Mock(spec=socket.socket), "HTTP/1.1", True, False, id="replay"),
    ],
)
def test_the_clients_own_connection_is_broken_off(
    tctx: taddons.context, sock: Any, version: str, replay: bool, aborted: bool
) -> None:
    transport = Transport(sock)
    flow = flow_on(SimpleNamespace(transport=transport), version=version, replay=replay)
    reset(flow)
    assert transport.aborted is aborted
    assert flow.error is not None
    if sock is not None:
        assert (sock.setsockopt.call_count == 1) is aborted


def test_a_socket_that_does_not_linger_is_closed_all_the_same(tctx: taddons.context) -> None:
    transport = Transport(Mock(spec=socket.socket, setsockopt=Mock(side_effect=OSError)))
    reset(flow_on(SimpleNamespace(transport=transport)))
    assert transport.aborted


@pytest.mark.parametrize("writer", [object(), None], ids=["a-stream-of-another-kind", "none"])
def test_where_there_is_no_tcp_connection_the_flow_ends_as_by_close(tctx: taddons.context, writer: Any) -> None:
    flow = flow_on(writer)
    reset(flow)
    assert flow.error is not None


def test_where_there_is_no_proxy_server_the_flow_ends_as_by_close(tctx: taddons.context) -> None:
    flow = http_flow()
    reset(flow)
    assert flow.error is not None
