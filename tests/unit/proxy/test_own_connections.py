import pytest
from mitmproxy.proxy import server_hooks
from mitmproxy.test import tflow

from fakebackend.proxy.own_connections import OwnConnections


def opened(*sockname: object) -> server_hooks.ServerConnectionHookData:
    server = tflow.tserver_conn()
    server.sockname = sockname or None  # type: ignore[assignment]  # any family's
    return server_hooks.ServerConnectionHookData(server, tflow.tclient_conn())


@pytest.mark.parametrize(
    ("ours", "client", "brought"),
    [
        pytest.param(("127.0.0.1", 5000), ("127.0.0.1", 5000), True, id="the-same"),
        pytest.param(("127.0.0.1", 5000), ("127.0.0.1", 5001), False, id="another-port"),
        pytest.param(("127.0.0.1", 5000), ("127.0.0.2", 5000), False, id="another-address"),
        pytest.param(("127.0.0.1", 5000), ("::ffff:127.0.0.1", 5000, 0, 0), True, id="ipv4-spelled-as-ipv6"),
        pytest.param(("fe80::1%eth0", 5000, 0, 2), ("fe80::1", 5000, 0, 0), True, id="ipv6-with-its-interface"),
        pytest.param(("127.0.0.1", 5000), None, False, id="a-client-without-an-address"),
        pytest.param(("127.0.0.1", 5000), ("client", 5000), False, id="a-client-with-a-name"),
        pytest.param(("server", 5000), ("server", 5000), True, id="names"),
    ],
)
def test_a_request_by_a_connection_of_ours_is_known(
    ours: tuple[object, ...], client: tuple[str, int] | None, brought: bool
) -> None:
    client_conn = tflow.tclient_conn()
    client_conn.peername = client  # type: ignore[assignment]  # there may be none
    connections = OwnConnections()
    assert not connections.brought(client_conn)
    connections.add(opened(*ours))
    assert connections.brought(client_conn) is brought
    connections.remove(opened(*ours))
    assert not connections.brought(client_conn)


def test_a_connection_that_never_came_about_has_no_address() -> None:
    connections = OwnConnections()
    connections.add(opened())
    connections.remove(opened())
    assert not connections.brought(tflow.tclient_conn())
