"""Answers that are more than ready bytes: delayed, setting state, rendered or made by a handler."""

import json
from collections.abc import Awaitable
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from typing import NamedTuple
from typing import Never
from typing import Protocol
from typing import Self
from typing import TypeAlias

from fakebackend.answers.delay import Delay
from fakebackend.answers.outcome import Outcome
from fakebackend.messages.canned_response import CannedResponse
from fakebackend.messages.prefer import Preference
from fakebackend.state.request_context import RequestContext
from fakebackend.templating.template import rendered
from fakebackend.templating.template import rendered_json

SourceResult: TypeAlias = "Outcome | Answer | None"
"""What a source comes to: an outcome, another answer to be worked out in turn, or nothing."""


ToAnswer: TypeAlias = "Callable[[Any, RequestContext], SourceResult]"
"""Makes what a handler returned into an answer; None stays None."""


class Source(Protocol):
    """Where an answer comes from; one that may pass does not answer every request."""

    @property
    def may_pass(self) -> bool:
        """Tell whether `resolve` may return None."""

    def resolve(self, context: RequestContext) -> "SourceResult | Awaitable[SourceResult]":
        """Return what is to be done, or None if there is no answer to this request after all."""


class FixedSource(NamedTuple):
    """A source that always gives the same."""

    outcome: Outcome

    @property
    def may_pass(self) -> bool:
        """Return that it never does."""
        return False

    def resolve(self, context: RequestContext) -> Outcome:
        """Return the outcome, whatever the request."""
        return self.outcome


NO_ASSIGNMENTS: Mapping[str, Any] = MappingProxyType({})


class Answer(NamedTuple):
    """A source with what goes on around it.

    `assignments` are the state variables to set (values may be templates), `sequences` those that move on,
    `preference` what the request has chosen it by.
    """

    source: Source
    delay: Delay | None = None
    assignments: Mapping[str, Any] = NO_ASSIGNMENTS
    sequences: tuple[str, ...] = ()
    preference: Preference | None = None

    @property
    def always_answers(self) -> bool:
        """Tell whether there is sure to be an answer."""
        return not self.source.may_pass

    @property
    def unconditional(self) -> Self:
        """Return itself: it has no conditions that could be taken away."""
        return self

    def candidates(self, context: RequestContext) -> Iterator["Answer"]:
        """Offer itself, whatever the request."""
        return iter((self,))

    def condition_results(self, context: RequestContext, depth: int = 0) -> Iterator[Never]:
        """Return nothing: there is no condition."""
        return iter(())

    def sequence_keys(self) -> Iterator[Never]:
        """Return nothing: the sequences that move on with it are around it."""
        return iter(())

    def preferred(self, preference: Preference) -> "Answer":
        """Return the answer as it is for who has preferred it."""
        return self._replace(preference=preference)

    def summary(self) -> str:
        """Return that there is nothing to say before it is worked out."""
        return ""

    def variables(self, context: RequestContext) -> dict[str, Any]:
        """Return the state variables as this answer leaves them; each `$set` sees those before it.

        They are JSON: a date is text, for `$when.state` too, and no handler that changes a list changes the file's.
        """
        variables = dict(context.state.variables)
        context = context._replace(variables=variables)
        for name, value in self.assignments.items():
            variables[name] = json.loads(rendered_json(rendered(value, context)))
        return variables


Offer: TypeAlias = CannedResponse | Answer
"""What an entry may come to answer with."""
