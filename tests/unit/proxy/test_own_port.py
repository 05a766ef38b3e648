from typing import Any

import pytest
from mitmproxy import http

from fakebackend.proxy.own_port import is_for_own_port
from tests.conftest import http_flow


def flow_to(
    host: str, port: int, mode: str = "regular", *, authority: str = "", behind: Any = None, **client: Any
) -> http.HTTPFlow:
    """Return a flow of a client that is connected to 127.0.0.1:8080; `behind` is where CONNECT leads."""
    flow = http_flow(host=host, port=port, mode=mode)
    flow.request.authority, flow.server_conn.address = authority, behind
    for name, value in client.items():
        setattr(flow.client_conn, name, value)
    return flow


@pytest.mark.parametrize(
    ("flow", "own"),
    [
        pytest.param(flow_to("a.example", 80, "reverse:http://a.example"), True, id="reverse"),
        pytest.param(flow_to("127.0.0.1", 8080), True, id="address"),
        pytest.param(flow_to("localhost", 8080), True, id="name"),
        pytest.param(flow_to("127.0.0.1", 8080, authority="localhost:8080"), True, id="leads-back"),
        pytest.param(flow_to("proxy.example", 8080), True, id="whatever-it-is-called"),
        pytest.param(flow_to("a.example", 80, authority="a.example"), False, id="as-a-proxy"),
        pytest.param(flow_to("localhost", 9090), True, id="by-a-mapped-port"),
        pytest.param(flow_to("a.example", 443, behind=("a.example", 443)), False, id="behind-connect"),
        pytest.param(flow_to("a.example", 80, "upstream:http://up.example"), True, id="upstream-asked-directly"),
        pytest.param(
            flow_to("a.example", 80, "upstream:http://up.example", authority="a.example"), False, id="upstream"
        ),
        pytest.param(flow_to("a.example", 80, "transparent"), False, id="transparent"),
        pytest.param(flow_to("a.example", 80, "socks5"), False, id="socks"),
        pytest.param(flow_to("a.example", 80, sockname=None), False, id="no-socket"),
        pytest.param(flow_to("p.example", 8080, authority="p.example:8080", sni="p.example"), True, id="over-tls"),
        pytest.param(flow_to("localhost", 9090, behind=("localhost", 9090)), False, id="behind-connect-to-here"),
        pytest.param(flow_to("p.example", 443, authority="p.example", sni="p.example"), False, id="tls-another-port"),
    ],
)
def test_what_was_sent_to_the_proxys_own_port_is_told(flow: http.HTTPFlow, own: bool) -> None:
    assert is_for_own_port(flow) is own
