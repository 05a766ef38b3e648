"""Keeping mitmproxy from connecting to real servers, unless asked for."""

import ipaddress
import logging

from mitmproxy import ctx
from mitmproxy import http
from mitmproxy.proxy import mode_specs
from mitmproxy.proxy import server_hooks

logger = logging.getLogger(__name__)

REFUSED = "fakebackend lets no connection out; responses_unmatched=forward would"


class ClosedProxy:
    """Holds `connection_strategy` at `lazy` and refuses every outgoing connection while closed.

    mitmproxy's own default, `eager`, dials the server before an addon may answer, so that a host that
    does not exist ends in an error instead (https://github.com/mitmproxy/mitmproxy/issues/6115).
    """

    def __init__(self) -> None:
        self._closed = True
        self._strategy_before: str | None = None

    def set(self, *, closed: bool) -> None:
        """Close or open; opening puts back the strategy that was set before."""
        self._closed = closed
        if "connection_strategy" not in ctx.options:
            return
        strategy = ctx.options.connection_strategy
        if closed and strategy != "lazy":
            self._strategy_before = strategy
            ctx.options.connection_strategy = "lazy"
            logger.info("connection_strategy is now lazy, so that requests are answered without their server.")
        elif not closed and self._strategy_before is not None:
            strategy, self._strategy_before = self._strategy_before, None
            ctx.options.connection_strategy = strategy

    def check_connection(self, data: server_hooks.ServerConnectionHookData) -> None:
        """Refuse the connection that mitmproxy is about to open, if closed."""
        if self._closed:
            data.server.error = REFUSED


def has_no_destination(flow: http.HTTPFlow) -> bool:
    """Tell whether forwarding the request would lead straight back to the port it came in by.

    So it is for a request sent to the proxy's port as if that were the backend: in regular mode only
    its Host header says where it should go, and that is us.
    """
    if not isinstance(flow.client_conn.proxy_mode, mode_specs.RegularMode) or not flow.client_conn.sockname:
        return False
    host, port = flow.client_conn.sockname[:2]
    return flow.request.port == port and (flow.request.host == host or _is_this_machine(flow.request.host))


def _is_this_machine(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host.lower().rstrip(".") == "localhost" or host.lower().endswith(".localhost")
    return address.is_loopback or address.is_unspecified
