"""Which requests are for the fake backend itself, and not for a host behind the proxy."""

from mitmproxy import http
from mitmproxy.proxy import mode_specs

from fakebackend.proxy.destination import loops_back


def is_for_own_port(flow: http.HTTPFlow) -> bool:
    """Tell whether a request was sent to the proxy's own port as to a server, whatever the proxy is called there.

    In reverse mode all are. As a proxy it is told by a target without a host, which no request to a proxy has (RFC
    9112 section 3.2.1), or one that leads back; over TLS by a host that is the one the client connected to.
    """
    client = flow.client_conn
    if isinstance(client.proxy_mode, mode_specs.ReverseMode):
        return True
    if not isinstance(client.proxy_mode, mode_specs.RegularMode | mode_specs.UpstreamMode) or not client.sockname:
        return False
    if loops_back(flow):
        return True
    if flow.server_conn.address is not None:  # behind CONNECT
        return False
    if not flow.request.authority:
        return True
    return client.sni is not None and (client.sni, client.sockname[1]) == (flow.request.host, flow.request.port)
