"""A content view that explains a flow: who has answered it, and who would and why."""

import logging
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

from mitmproxy import contentviews
from mitmproxy import flow as mitm_flow
from mitmproxy import http

logger = logging.getLogger(__name__)

Explain = Callable[[http.HTTPFlow], Iterator[str]]
"""Explains a flow line by line; raises `ValueError` where that is not possible."""

NAME = "fakebackend"

_NEVER_CHOSEN = -1.0  # it explains whatever is looked at, so it must be asked for

_registry: Any = contentviews  # its types differ between mitmproxy's versions


class ExplainingView:
    """The view as mitmproxy 12 wants it (`prettify`) and as mitmproxy 11 does (`__call__`)."""

    name = NAME
    syntax_highlight = "none"

    def __init__(self, explain: Explain) -> None:
        self._explain: Explain | None = explain

    def prettify(self, data: bytes, metadata: Any) -> str:
        """Return the explanation of the flow that the data belong to."""
        return "\n".join(self._lines(metadata.flow))

    def __call__(
        self, data: bytes, *, flow: mitm_flow.Flow | None = None, **metadata: Any
    ) -> tuple[str, Iterator[list[tuple[str, str]]]]:
        """Return how the view is called and the lines, each a list of a style and a text."""
        return "Explained by fakebackend", iter([[("text", line)] for line in self._lines(flow)])

    def render_priority(self, data: bytes, *args: Any, **metadata: Any) -> float:
        """Return that it is never what is best for some data."""
        return _NEVER_CHOSEN

    def __lt__(self, other: Any) -> bool:
        return bool(self.name < other.name)

    def forget(self) -> None:
        """Explain nothing any more: mitmproxy 12 has no way to take a view away."""
        self._explain = None

    def _lines(self, flow: mitm_flow.Flow | None) -> Iterator[str]:
        if self._explain is None:
            yield "fakebackend is not loaded any more"
        elif not isinstance(flow, http.HTTPFlow):
            yield "fakebackend answers HTTP requests only"
        else:
            yield f"at the time: {flow.comment or 'nothing is known of who answered'}"
            yield ""
            yield "asked now:"
            try:
                yield from self._explain(flow)
            except ValueError as e:
                yield str(e)


def add_view(explain: Explain) -> ExplainingView:
    """Add the view to what can be chosen; one that is there already gives way."""
    view = ExplainingView(explain)
    remove_view()
    _registry.add(view)
    return view


def remove_view() -> None:
    """Take the view away where that can be done: in mitmproxy 12 a new one takes the place of the old one."""
    views = getattr(_registry, "views", ())
    for view in [view for view in views if view.name == NAME]:
        _registry.remove(view)
