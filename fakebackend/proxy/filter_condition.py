"""`$when.filter`: a filter expression of mitmproxy's, the one condition that needs its flow."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mitmproxy import flowfilter

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.wording import format_value
from fakebackend.diagnostics.wording import json_type_name
from fakebackend.matching.conditions import Condition
from fakebackend.matching.when import register_part
from fakebackend.proxy.flow_request import FlowRequest
from fakebackend.state.request_context import RequestContext

_OF_BODIES = (flowfilter.FBod, flowfilter.FBodRequest, flowfilter.FBodResponse)


@dataclass(frozen=True, slots=True)
class FilterCondition:
    """A filter expression, and what applies it to a flow."""

    expression: str
    matches: Callable[[Any], Any]
    reads_body: bool

    @property
    def label(self) -> str:
        """Return its place in the definition."""
        return "$when.filter"

    def difference(self, context: RequestContext) -> str | None:
        """Return that the flow does not match; a body that cannot be decoded, or is too large for that, never does."""
        request = context.request
        if isinstance(request, FlowRequest):
            # mitmproxy would decode it to any size, with whatever Python has a codec for.
            if self.reads_body and request.content is None:
                return f"{self.label} {format_value(self.expression)} asks for a body that cannot be decoded"
            if self.matches(request.flow):
                return None
        return f"{self.label} {format_value(self.expression)} does not match"


def parse_filter(value: Any) -> list[Condition]:
    """Return the condition that a filter expression is.

    Raises `ValidationError` if it is none.
    """
    if not isinstance(value, str):
        raise ValidationError(f"filter takes a filter expression of mitmproxy's, got {json_type_name(value)}")
    try:
        parsed = flowfilter.parse(value)
    except (ValueError, RecursionError) as e:
        raise ValidationError(f"filter {format_value(value)} is no filter expression of mitmproxy's: {e}") from None
    return [FilterCondition(value, parsed, _reads_body(parsed))]


def _reads_body(expression: Any) -> bool:
    inner = [*getattr(expression, "lst", ()), *filter(None, [getattr(expression, "itm", None)])]
    return isinstance(expression, _OF_BODIES) or any(map(_reads_body, inner))


register_part("filter", parse_filter)
