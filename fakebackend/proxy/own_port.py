"""Which requests are for the fake backend itself, and not for a host behind the proxy."""

from mitmproxy import http
from mitmproxy.proxy import mode_specs

from fakebackend.proxy.destination import is_this_machine
from fakebackend.proxy.destination import loops_back


def is_for_own_port(flow: http.HTTPFlow) -> bool:
    """Tell whether a request was sent to the proxy's own port as to a server, whatever the proxy is called there.

    In reverse mode all are. In regular mode mitmproxy makes no difference any more between a request to a proxy and
    one to a server (https://github.com/mitmproxy/mitmproxy/issues/1759), so it is told by the port, or the host: those
    of another server would have to be the same.
    """
    client, request = flow.client_conn, flow.request
    if isinstance(client.proxy_mode, mode_specs.ReverseMode):
        return True
    if not isinstance(client.proxy_mode, mode_specs.RegularMode | mode_specs.UpstreamMode) or not client.sockname:
        return False
    if loops_back(flow):
        return True
    if flow.server_conn.address is not None:  # behind CONNECT
        return False
    if isinstance(client.proxy_mode, mode_specs.UpstreamMode) and not request.authority:
        return True
    return request.port == client.sockname[1] or is_this_machine(request.host)
