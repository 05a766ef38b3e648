"""Keeping mitmproxy from connecting to real servers, unless asked for."""

import logging
from typing import Any

from mitmproxy import connection
from mitmproxy import ctx
from mitmproxy.proxy import server_hooks

logger = logging.getLogger(__name__)

REFUSED = "fakebackend lets no connection out; responses_unmatched=forward would"


class ClosedProxy:
    """Holds `connection_strategy` at `lazy`, and refuses every outgoing connection while closed.

    mitmproxy's own default, `eager`, dials the server before an addon may answer, so that a host that
    does not exist ends in an error instead (https://github.com/mitmproxy/mitmproxy/issues/6115). While open it
    stays lazy, too: what has an entry is answered although the server is down or not yet built.
    """

    def __init__(self) -> None:
        self._closed = True
        self.strategy_before: str | None = None

    def set(self, *, closed: bool) -> None:
        """Close or open; closing ends what is open to real servers, raw tunnels included."""
        if closed and not self._closed:
            _close_server_connections()
        self._closed = closed
        if "connection_strategy" in ctx.options and ctx.options.connection_strategy != "lazy":
            self.strategy_before = ctx.options.connection_strategy
            ctx.options.connection_strategy = "lazy"
            logger.info("connection_strategy is now lazy, so that requests are answered without their server.")

    def restore(self) -> None:
        """Put back the `connection_strategy` that was set before."""
        if self.strategy_before is not None:
            strategy, self.strategy_before = self.strategy_before, None
            ctx.options.connection_strategy = strategy

    def check_connection(self, data: server_hooks.ServerConnectionHookData) -> None:
        """Refuse the connection that mitmproxy is about to open, if closed."""
        if self._closed:
            data.server.error = REFUSED

    def check_connected(self, data: server_hooks.ServerConnectionHookData) -> None:
        """Close a connection that was on its way when the proxy was closed, before anything is sent."""
        if self._closed:
            for handler in _handlers():
                if (transport := handler.transports.get(data.server)) is not None:
                    transport.writer.close()


def _close_server_connections() -> None:
    for handler in _handlers():
        for peer, transport in list(handler.transports.items()):
            if isinstance(peer, connection.Server) and transport.writer is not None:
                transport.writer.close()


def _handlers() -> list[Any]:
    return list(getattr(ctx.master.addons.get("proxyserver"), "connections", {}).values())
