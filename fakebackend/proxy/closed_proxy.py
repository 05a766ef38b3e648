"""Keeping mitmproxy from connecting to real servers, unless asked for."""

import logging

from mitmproxy import ctx
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
        elif not closed:
            self.restore()

    def restore(self) -> None:
        """Put back the `connection_strategy` that was set before."""
        if self._strategy_before is not None:
            strategy, self._strategy_before = self._strategy_before, None
            ctx.options.connection_strategy = strategy

    def check_connection(self, data: server_hooks.ServerConnectionHookData) -> None:
        """Refuse the connection that mitmproxy is about to open, if closed."""
        if self._closed:
            data.server.error = REFUSED
