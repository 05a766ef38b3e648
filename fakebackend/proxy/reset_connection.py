"""`$fault: "reset"`: a connection that breaks off as if the backend had crashed."""

import socket
import struct
from contextlib import suppress
from typing import Any

from mitmproxy import ctx
from mitmproxy import http

from fakebackend.proxy.flow_edits import kill

_NO_LINGER = struct.pack("ii", 1, 0)
"""SO_LINGER switched on, with no seconds: closing sends RST and drops what is not sent yet (tcp(7), socket(7))."""


def reset(flow: http.HTTPFlow) -> None:
    """End a flow by a TCP reset towards the client (RFC 9293 section 3.10.7).

    HTTP/2 has other streams on the connection, so there only the flow's is reset, as where there is no TCP socket.
    """
    if not flow.request.is_http2 and not flow.request.is_http3 and not flow.is_replay:
        transport = _transport_of(flow)
        if transport is not None:
            sock = transport.get_extra_info("socket")
            with suppress(OSError, AttributeError):  # no socket, or none that lingers
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            transport.abort()
    kill(flow)


def _transport_of(flow: http.HTTPFlow) -> Any:
    """Return the transport towards the flow's client, or None if mitmproxy has none."""
    proxyserver = ctx.master.addons.get("proxyserver")
    for handler in getattr(proxyserver, "connections", {}).values():
        if handler.client is flow.client_conn and flow.client_conn in handler.transports:
            return getattr(handler.transports[flow.client_conn].writer, "transport", None)
    return None
