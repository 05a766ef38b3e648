"""What the parts of `$when` read from a request, where that is more than one of its attributes."""

from typing import Any

from fakebackend.matching.value_matchers import steps_of
from fakebackend.matching.value_matchers import value_at
from fakebackend.messages.request import MISSING
from fakebackend.messages.url_path import readable
from fakebackend.state.request_context import RequestContext


def path_values(context: RequestContext, name: str) -> list[str]:
    """Return the text of a path parameter, if there is one."""
    texts = context.params.texts
    return [readable(texts[name])] if name in texts else []


def state_values(context: RequestContext, name: str) -> list[Any]:
    """Return the value of a state variable, or what lies at the end of a way with dots."""
    if name in context.variables:
        return [context.variables[name]]
    return value_at(context.variables, steps_of(name))


def files_of(context: RequestContext, name: str) -> list[Any]:
    """Return the files of a field, as patterns see them."""
    return [
        {
            "name": readable(file.filename or ""),
            "type": file.type,
            "text": readable(file.text),
            "size": len(file.content),
        }
        for file in context.request.files(name)
    ]


def text_of(context: RequestContext) -> Any:
    """Return the body as text, or that it is none."""
    return MISSING if context.request.text is None else context.request.text
