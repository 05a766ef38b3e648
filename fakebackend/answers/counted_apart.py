"""`$by`: what is counted apart for each value of a template."""

from typing import NamedTuple

from fakebackend.state.counts import Counts
from fakebackend.state.request_context import RequestContext
from fakebackend.templating.template import RenderingError
from fakebackend.templating.template import Template
from fakebackend.templating.writing import written


class CountedBy(NamedTuple):
    """A `$by` as it is written; `key` is what its definition is remembered by."""

    key: str
    template: Template


class ApartByValue:
    """What counts for the value that `$by` has in one request; that is worked out when something counts."""

    def __init__(self, by: CountedBy, context: RequestContext) -> None:
        self._by = by
        self._context = context
        self._is_asked = False
        self._counts: Counts | None = None

    def counts(self) -> Counts:
        """Return what is counted for the value.

        Raises `RenderingError` if the value cannot be worked out.
        """
        if self._counts is None:
            if self._is_asked:
                raise RenderingError("needs a counter that it counts apart itself")
            self._is_asked = True
            try:
                value = written(self._by.template.render(self._context))
            except RenderingError as e:
                raise RenderingError(f"$by: {e}") from None
            finally:
                self._is_asked = False
            self._counts = self._context.state.counts_apart(self._by.key, value)
        return self._counts
