"""What an interactive user must see, said where that tool shows it."""

import logging

from mitmproxy import ctx
from mitmproxy.log import ALERT

logger = logging.getLogger(__name__)


def announce(text: str) -> None:
    """Say something as an alert; in mitmweb as an information, as its event log shows no alerts."""
    logger.log(logging.INFO if "web_port" in ctx.options else ALERT, text)
