"""The connections that mitmproxy has opened itself: a request that comes in by one of them has gone in a circle."""

import ipaddress

from mitmproxy import connection
from mitmproxy.proxy import server_hooks

IN_A_CIRCLE = "this request has come back to the proxy that forwarded it: where it should go is the proxy itself"

_Address = tuple[str, int]


class OwnConnections:
    """The local addresses of all outgoing connections.

    By these a request is known as our own whatever name leads back to us, without looking a name up and without
    a header field. Behind a port mapping the addresses differ, and it is not known.
    """

    def __init__(self) -> None:
        self._local: set[_Address] = set()

    def add(self, data: server_hooks.ServerConnectionHookData) -> None:
        """Take note of a connection that has been opened."""
        if data.server.sockname:
            self._local.add(_plain(data.server.sockname))

    def remove(self, data: server_hooks.ServerConnectionHookData) -> None:
        """Forget a connection that has been closed."""
        if data.server.sockname:
            self._local.discard(_plain(data.server.sockname))

    def brought(self, client: connection.Client) -> bool:
        """Tell whether what a client says has come in by one of them."""
        return bool(self._local) and bool(client.peername) and _plain(client.peername) in self._local


def _plain(address: tuple[str, int] | tuple[str, int, int, int]) -> _Address:
    """Return host and port; IPv4 that is spelled as IPv6 counts as IPv4, and what is no address as it is spelled."""
    try:
        host = ipaddress.ip_address(address[0].partition("%")[0])
    except ValueError:
        return address[0], address[1]
    return str(getattr(host, "ipv4_mapped", None) or host), address[1]
