"""Where a flow's request goes, as mitmproxy's modes have it."""

import ipaddress

from mitmproxy import http
from mitmproxy.proxy import mode_specs

from fakebackend.messages.origin import Origin
from fakebackend.messages.origin import canonical_host


def loops_back(flow: http.HTTPFlow) -> bool:
    """Tell whether forwarding the request would lead straight back to the port it came in by.

    So it is for a request sent to the proxy's port as if that were the backend: in regular mode only
    its Host header says where it should go, and that is us.
    """
    if not isinstance(flow.client_conn.proxy_mode, mode_specs.RegularMode) or not flow.client_conn.sockname:
        return False
    host, port = flow.client_conn.sockname[:2]
    return flow.request.port == port and (flow.request.host == host or is_this_machine(flow.request.host))


def origin_of(flow: http.HTTPFlow) -> Origin | None:
    """Return the origin that the request is for, or None if we were asked as if we were the backend.

    It is that of the request's target, else of `Host` or `:authority`; in reverse mode the upstream's.
    """
    if loops_back(flow):
        return None
    request = flow.request
    host = request.host if _target_names_host(flow) else request.pretty_host
    return Origin(request.scheme, canonical_host(host), request.port)


def _target_names_host(flow: http.HTTPFlow) -> bool:
    mode = flow.client_conn.proxy_mode
    if isinstance(mode, mode_specs.ReverseMode):
        return True
    # Behind CONNECT, and in modes that know an address only, mitmproxy has the server's address before the request.
    asked_in_the_open = flow.server_conn.address is None
    return isinstance(mode, mode_specs.RegularMode | mode_specs.UpstreamMode) and asked_in_the_open


def is_this_machine(host: str) -> bool:
    """Tell whether a name or an address always means the machine that asks."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host.lower().rstrip(".") == "localhost" or host.lower().endswith(".localhost")
    return address.is_loopback or address.is_unspecified
