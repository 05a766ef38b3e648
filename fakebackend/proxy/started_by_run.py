"""What `fakebackend run` changes about mitmproxy beside adding the addon, and puts back when that is gone."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from mitmproxy import ctx

from fakebackend.journal.admin import PREFIX
from fakebackend.proxy.announce import announce

_CONNECTIONS = "mitmproxy.proxy.server"
"""The logger that says of each connection when it begins and ends."""

COMMENT_COLUMN = "comment"

_ALL_ADDRESSES = ("", "0.0.0.0", "::", "127.0.0.1", "::1")  # noqa: S104  # or those that localhost means

NAMED_WITH = "fakebackend run {}"
"""How another file is named then; the braces stand for the file."""

OTHER_DEFAULTS = {"responses_log": "true"}
"""The defaults of our options that are others then."""


@dataclass
class RunSettings:
    """What is left as it is because whoever started it has set it."""

    keeps_flow_detail: bool = False
    keeps_columns: bool = False
    file: str | None = None
    """The responses file that it was given."""
    token: str | None = None
    """The token that it has made for control over HTTP."""
    _before: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    _level_before: int | None = None

    def set_options(self) -> None:
        """Have what was given before mitmproxy's config.yaml, which would win over `--set` of our options."""
        for option, value in (("responsesfile", self.file), ("responses_admin", self.token)):
            if value is not None and option not in ctx.options:
                ctx.options.deferred[option] = value

    def say_how_to_control(self) -> None:
        """Say with which command of the shell the report can be asked for."""
        if self.token is None:
            return
        addresses = ctx.master.addons.get("proxyserver").listen_addrs()
        for host, port in sorted({(_name_of(host), port) for host, port, *_ in addresses}):
            said = f"Control: curl -H 'Authorization: Bearer {self.token}' http://{host}:{port}{PREFIX}report"
            if ctx.master.addons.get("dumper") is None:
                announce(said)
            else:
                print(said, flush=True)  # noqa: T201  # nobody knows the token otherwise, however quiet the log is

    def begin(self) -> None:
        """Leave mitmdump's own lines out, as each request has one of ours; show the comments in mitmweb."""
        if not self.keeps_flow_detail and _is_default("flow_detail"):
            self._set("flow_detail", 0)
            connections = logging.getLogger(_CONNECTIONS)
            self._level_before = connections.level
            connections.setLevel(logging.WARNING)
        if not self.keeps_columns and _is_default("web_columns"):
            columns: Sequence[str] = ctx.options.web_columns
            self._set("web_columns", [*columns, COMMENT_COLUMN])

    def end(self) -> None:
        """Put everything back."""
        # What has been set otherwise meanwhile stays so.
        ctx.options.update(
            **{o: before for o, (before, ours) in self._before.items() if getattr(ctx.options, o) == ours}
        )
        self._before = {}
        if self._level_before is not None:
            logging.getLogger(_CONNECTIONS).setLevel(self._level_before)
            self._level_before = None

    def _set(self, option: str, value: Any) -> None:
        self._before[option] = (getattr(ctx.options, option), value)
        ctx.options.update(**{option: value})


settings: RunSettings | None = None
"""The settings of this process, if it was started that way: there is one mitmproxy in it."""


def _name_of(host: str) -> str:
    """Return what a URL calls an address that mitmproxy listens on."""
    if host in _ALL_ADDRESSES:
        return "localhost"
    return f"[{host}]" if ":" in host else host


def _is_default(option: str) -> bool:
    """Tell whether the tool that runs has an option, and nobody has set it."""
    return option in ctx.options and not ctx.options.has_changed(option)
