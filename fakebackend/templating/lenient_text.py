"""The template of `$by`: always one, and what is undefined in it is the empty text."""

from typing import Any

import jinja2
from jinja2.exceptions import UndefinedError

from fakebackend.state.request_context import RequestContext
from fakebackend.templating.compiled_text import CompiledTexts
from fakebackend.templating.sandbox import TemplateEnvironment
from fakebackend.templating.template import RenderingError
from fakebackend.templating.template_text import TemplateText


class _EmptyValue(jinja2.ChainableUndefined):
    """What is missing: its parts are missing, too, and so is what its methods would give."""

    __slots__ = ()

    def __call__(self, *_: Any, **__: Any) -> Any:
        return self


class LenientText(TemplateText):
    """A template in which what is missing is written as nothing."""

    environment = TemplateEnvironment(_EmptyValue)
    texts = CompiledTexts(environment)

    def render(self, context: RequestContext) -> Any:
        """Return what the template makes of a matched request; nothing, where it works with what is missing.

        Raises `RenderingError` if it fails in another way.
        """
        try:
            return super().render(context)
        except RenderingError as e:
            if isinstance(e.__cause__, UndefinedError):
                return ""
            raise
