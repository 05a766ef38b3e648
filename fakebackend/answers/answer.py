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
from fakebackend.diagnostics.wording import appended
from fakebackend.messages.canned_response import CannedResponse
from fakebackend.messages.header_fields import Fields
from fakebackend.messages.prefer import Preference
from fakebackend.state.counts import Counts
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

    def why_it_passes(self, context: RequestContext) -> str | None:
        """Return why there is no answer to this request, or None if there is one or only `resolve` can tell."""

    def summary(self) -> str:
        """Return what can be said before it is asked, as the status, with space before it, or nothing."""


class SureSource:
    """A source that answers every request."""

    __slots__ = ()

    may_pass = False

    def why_it_passes(self, context: RequestContext) -> None:
        """Return that it does not."""


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

    def why_it_passes(self, context: RequestContext) -> None:
        """Return that it does not."""

    def summary(self) -> str:
        """Return what there is to say of the outcome."""
        return self.outcome.summary()


class PassingSource(NamedTuple):
    """A source of no answer: of a definition that only guards what others answer."""

    @property
    def may_pass(self) -> bool:
        """Return that it always does."""
        return True

    def resolve(self, context: RequestContext) -> None:
        """Return nothing."""

    def why_it_passes(self, context: RequestContext) -> str:
        """Return that this is what it is for."""
        return "it passes the request on"

    def summary(self) -> str:
        """Return what it does."""
        return " passed on"


PASSING = PassingSource()

ABOVE_LIMIT = "above its $limit"
"""What an answer is called that a limit gives in place of another."""

NO_ASSIGNMENTS: Mapping[str, Any] = MappingProxyType({})


class Turn(NamedTuple):
    """A sequence that moves on when its item has answered."""

    counts: Counts
    sequence: str

    def end(self) -> None:
        """Make it the next one's."""
        self.counts.advance(self.sequence)


class Quota(Protocol):
    """A `$limit` for one request."""

    @property
    def remaining(self) -> int:
        """Return how many more requests will be answered for now."""

    @property
    def is_open(self) -> bool:
        """Tell whether one more request may be answered."""

    def take(self) -> bool:
        """Count the request, and tell whether it may be answered."""

    def give_back(self) -> None:
        """Count it no longer: there was no answer."""

    def refusal(self) -> "Offer":
        """Return what is answered to a request above."""

    def fields(self, *, refused: bool) -> Fields:
        """Return the header fields that say how many requests are left."""


class Answer(NamedTuple):
    """A source with what goes on around it.

    `assignments` are the state variables to set (values may be templates), `preference` is what the request has
    chosen it by. The rest is put around it when it is offered to a request, from the outside in: the sequences whose
    turn it is, the limits it counts for, what `$name` calls the values it stands in, and the context with their names.
    """

    source: Source
    delay: Delay | None = None
    assignments: Mapping[str, Any] = NO_ASSIGNMENTS
    preference: Preference | None = None
    turns: tuple[Turn, ...] = ()
    quotas: tuple[Quota, ...] = ()
    labels: tuple[str, ...] = ()
    context: RequestContext | None = None

    @property
    def always_answers(self) -> bool:
        """Tell whether there is sure to be an answer."""
        return not self.source.may_pass

    @property
    def ready(self) -> CannedResponse | None:
        """Return the response if it only has to be sent: there is nothing to wait for, to work out or to count."""
        source, delay, assignments, preference, turns, quotas, _, _ = self
        if delay or assignments or preference or turns or quotas or type(source) is not FixedSource:
            return None
        return source.outcome if type(source.outcome) is CannedResponse else None

    @property
    def closed_quota(self) -> Quota | None:
        """Return a limit that refuses the request for now, if there is one."""
        return next((quota for quota in self.quotas if not quota.is_open), None)

    def as_it_stands(self) -> "Answer":
        """Return the answer, or what a limit says in its place for now."""
        if (closed := self.closed_quota) is None:
            return self
        refusal = as_answer(closed.refusal())
        return refusal._replace(labels=(ABOVE_LIMIT, *refusal.labels))

    def why_it_passes(self, context: RequestContext) -> str | None:
        """Return why it will turn out to be none, as far as that can be seen beforehand, or None."""
        if self.closed_quota is not None:
            return None
        return self.source.why_it_passes(self.context or context)

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

    def remembered_keys(self) -> Iterator[Never]:
        """Return nothing: what counts is around it."""
        return iter(())

    def preferred(self, preference: Preference) -> "Answer":
        """Return the answer as it is for who has preferred it."""
        return self._replace(preference=preference)

    def summary(self) -> str:
        """Return what can be said before it is worked out."""
        return self.source.summary() + appended(self.labels)

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


def as_answer(offer: Offer) -> Answer:
    """Return an offer as an answer, around which something can be put."""
    return Answer(FixedSource(offer)) if isinstance(offer, CannedResponse) else offer
