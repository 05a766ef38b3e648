"""`$let`: names for values, worked out when first used and once per request."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fakebackend.answers.around import Around
from fakebackend.state.request_context import RequestContext
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
                raise RenderingError(f"$let.{self._name}: {e}") from None
            self._is_known = True
        return self._value


@dataclass(frozen=True, slots=True)
class Let(Around):
    """Names that templates inside know; an inner name hides an outer one."""

    values: Mapping[str, Any]

    def inside(self, context: RequestContext) -> RequestContext:
        """Return the context with the names; they see the state as it is now, whatever an answer sets."""
        names = dict(context.names)
        inner = context._replace(names=names, variables=dict(context.variables))
        names.update((name, LetValue(name, value, inner)) for name, value in self.values.items())
        return context._replace(names=names)
