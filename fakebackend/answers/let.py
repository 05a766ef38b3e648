"""`$let`: names for values, worked out when first used and once per request; and `$by`, which may use them."""

from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fakebackend.answers.around import Around
from fakebackend.answers.counted_apart import ApartByValue
from fakebackend.answers.counted_apart import CountedBy
from fakebackend.state.request_context import RequestContext
from fakebackend.templating.template import Missing
from fakebackend.templating.template import RenderingError
from fakebackend.templating.template import evaluated


class LetValue:
    """What one name stands for in one request."""

    __slots__ = ("_context", "_is_known", "_name", "_template", "_value")

    def __init__(self, name: str, template: Any, context: RequestContext) -> None:
        self._name = name
        self._template = template
        self._context = context
        self._is_known = False
        self._value: Any = None

    def get(self) -> Any:
        """Return the value; what is undefined stays so, for `default` and `$if`.

        Raises `RenderingError` if it cannot be worked out.
        """
        if not self._is_known:
            try:
                self._value = evaluated(self._template, self._context)
            except RenderingError as e:
                inmost = str(e).startswith("$let.")  # of names that need names the one that fails
                raise RenderingError(str(e) if inmost else f"$let.{self._name}: {e}") from None
            if isinstance(self._value, Missing):
                self._value = self._value.called(f"$let.{self._name}")
            self._is_known = True
        return self._value


@dataclass(frozen=True, slots=True)
class Let(Around):
    """Names that templates inside know, an inner name hiding an outer one, and what a `$by` beside counts apart."""

    values: Mapping[str, Any]
    by: CountedBy | None = None

    def inside(self, context: RequestContext) -> RequestContext:
        """Return the context with the names; they see the state as it is now, whatever an answer sets."""
        names = dict(context.names)
        apart = context.apart if self.by is None else ApartByValue(self.by, context._replace(names=names))
        inner = context._replace(names=names, apart=apart)
        before = inner._replace(variables=dict(context.variables)) if self.values else inner
        names.update((name, LetValue(name, value, before)) for name, value in self.values.items())
        return inner

    def remembered_keys(self) -> Iterator[str]:
        """Yield the key of the `$by` and those inside."""
        if self.by is not None:
            yield self.by.key
        yield from Around.remembered_keys(self)
