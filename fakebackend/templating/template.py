"""Templates and what they are rendered to."""

from abc import ABC
from abc import abstractmethod
from typing import Any

from fakebackend.state.request_context import RequestContext
from fakebackend.templating.writing import written_json


class RenderingError(Exception):
    """A template could not be rendered; the text says which and why."""


class Template(ABC):
    """A value, or a string of one, with a template in it."""

    @abstractmethod
    def render(self, context: RequestContext) -> Any:
        """Return the value for a matched request.

        Raises `RenderingError` if there is none.
        """

    def evaluate(self, context: RequestContext) -> Any:
        """Return the value for something else than an answer: it may be undefined, and its size does not count.

        Raises `RenderingError` if it cannot be worked out.
        """
        return self.render(context)

    @property
    def names(self) -> frozenset[str]:
        """Return the names that it uses, beside those that it sets itself."""
        return frozenset()


class Missing(ABC):
    """A value that is not there, for `default`, `is defined` and `$if`; using it otherwise is an error."""

    __slots__ = ()

    @abstractmethod
    def called(self, name: str) -> "Missing":
        """Return the same, with what it is a value of."""


def evaluated(value: Any, context: RequestContext) -> Any:
    """Return what `compile_templates` made, as a part of the work on an answer."""
    return value.evaluate(context) if isinstance(value, Template) else value


def rendered(value: Any, context: RequestContext) -> Any:
    """Return what `compile_templates` made, rendered; a value without templates is returned as it is."""
    return value.render(context) if isinstance(value, Template) else value


def is_dynamic(value: Any) -> bool:
    """Tell whether `compile_templates` found a template."""
    return isinstance(value, Template)


def rendered_json(value: Any) -> bytes:
    """Return a rendered value as JSON.

    Raises `RenderingError` for what JSON cannot say.
    """
    try:
        text = written_json(value)
    except (TypeError, ValueError, RecursionError) as e:
        raise RenderingError(f"the rendered body is no JSON: {e}") from None
    return text.encode("utf-8", "replace")
