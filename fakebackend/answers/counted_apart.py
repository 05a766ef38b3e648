"""`$by`: what is counted apart for each value of a template."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from fakebackend.answers.around import Around
from fakebackend.state.counts import Counts
from fakebackend.state.request_context import RequestContext
from fakebackend.templating.template import RenderingError
from fakebackend.templating.template import Template
from fakebackend.templating.writing import written


class ApartByValue:
    """What counts for the value that `$by` has in one request; that is worked out when something counts."""

    def __init__(self, key: str, template: str | Template, context: RequestContext) -> None:
        self._key = key
        self._template = template
        self._context = context
        self._is_asked = False
        self._counts: Counts | None = None

    def counts(self) -> Counts:
        """Return what is counted for the value.

        Raises `RenderingError` if the value cannot be worked out.
        """
        if self._counts is None:
            if self._is_asked:
                raise RenderingError("$by cannot use a counter that it counts apart itself")
            self._is_asked = True
            try:
                self._counts = self._context.state.counts_apart(self._key, self._value())
            except RenderingError as e:
                raise RenderingError(f"$by: {e}") from None
            finally:
                self._is_asked = False
        return self._counts

    def _value(self) -> str:
        return self._template if isinstance(self._template, str) else written(self._template.render(self._context))


@dataclass(frozen=True, slots=True)
class CountedApart(Around):
    """A definition whose sequences, limits and counters are counted apart; `key` is what it is remembered by."""

    key: str
    template: str | Template

    def inside(self, context: RequestContext) -> RequestContext:
        """Return the context in which everything is counted apart."""
        return context._replace(apart=ApartByValue(self.key, self.template, context._replace(apart=None)))

    def remembered_keys(self) -> Iterator[str]:
        """Yield its own key and those inside."""
        return chain((self.key,), Around.remembered_keys(self))
