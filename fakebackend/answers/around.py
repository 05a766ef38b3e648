"""What stands around an alternative and changes what its answers see, or what goes on with them."""

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace
from typing import Self

from fakebackend.answers.answer import Answer
from fakebackend.answers.answer import Offer
from fakebackend.answers.answer import as_answer
from fakebackend.answers.selection import Alternative
from fakebackend.answers.selection import Conditional
from fakebackend.matching.mismatch import ConditionResult
from fakebackend.matching.mismatch import Mismatch
from fakebackend.messages.canned_response import CannedResponse
from fakebackend.state.request_context import RequestContext


@dataclass(frozen=True, slots=True)
class Around:
    """An alternative with something around it; by itself it changes nothing."""

    alternative: Alternative

    @property
    def always_answers(self) -> bool:
        """Tell whether what is inside always does."""
        return self.alternative.always_answers

    @property
    def unconditional(self) -> Self:
        """Return the same around what is inside without its conditions."""
        return replace(self, alternative=self.alternative.unconditional)

    def inside(self, context: RequestContext) -> RequestContext:
        """Return the context as it is inside."""
        return context

    def around(self, answer: Answer, context: RequestContext) -> Answer:
        """Return an answer from inside with what is around it; an inner context knows more, so it stays."""
        return answer if answer.context is not None else answer._replace(context=context)

    def candidates(self, context: RequestContext) -> Iterator[Offer | Mismatch]:
        """Offer what is inside."""
        inner = self.inside(context)
        for candidate in self.alternative.candidates(inner):
            yield candidate if isinstance(candidate, Mismatch) else self.around(as_answer(candidate), inner)

    def condition_results(self, context: RequestContext, depth: int = 0) -> Iterator[ConditionResult]:
        """Put the conditions inside to the request."""
        return self.alternative.condition_results(self.inside(context), depth)

    def remembered_keys(self) -> Iterator[str]:
        """Yield what definitions inside are remembered by."""
        return self.alternative.remembered_keys()


def labelled(alternative: Alternative, label: str) -> Alternative:
    """Return an alternative whose answers say which it is; one that is ready does so without any work later on."""
    if isinstance(alternative, Conditional):
        return alternative._replace(alternative=labelled(alternative.alternative, label))
    if isinstance(alternative, CannedResponse | Answer):
        answer = as_answer(alternative)
        return answer._replace(labels=(label, *answer.labels))
    return Labelled(alternative, label)


@dataclass(frozen=True, slots=True)
class Labelled(Around):
    """One of several values, as a case is, or one inside another that has a `$name`."""

    label: str

    def around(self, answer: Answer, context: RequestContext) -> Answer:
        """Return an answer from inside that says where it comes from."""
        return answer._replace(labels=(self.label, *answer.labels))
