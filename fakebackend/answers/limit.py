"""`$limit`: so many requests in a stretch of time, and what is answered to those above."""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass

from fakebackend.answers.answer import Answer
from fakebackend.answers.answer import Offer
from fakebackend.answers.around import Around
from fakebackend.answers.selection import Alternative
from fakebackend.answers.selection import first_answer
from fakebackend.matching.mismatch import ConditionResult
from fakebackend.matching.mismatch import Mismatch
from fakebackend.messages.canned_response import canned_response
from fakebackend.messages.header_fields import Fields
from fakebackend.state.counts import Window
from fakebackend.state.request_context import RequestContext

TOO_MANY = canned_response(429, b"Too many requests", b"text/plain; charset=utf-8")
"""What is answered where the file says nothing that answers."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How many requests are answered in a window of so many seconds.

    `key` is what its windows are remembered by, `answer` what is said to those above, and `passes` tells that those
    below are left to other entries, and counted all the same.
    """

    requests: int
    seconds: float
    key: str
    answer: Alternative = TOO_MANY
    passes: bool = False

    def window(self, context: RequestContext) -> Window:
        """Return the window that is open, or a new one."""
        return context.counts.window(self.key, self.seconds, time.monotonic())


@dataclass(slots=True)
class LimitQuota:
    """A limit for one request."""

    limit: Limit
    context: RequestContext
    window: Window | None = None
    """The one that is open, once it has been looked at."""

    @property
    def is_open(self) -> bool:
        """Tell whether one more request may be answered."""
        return self.limit.window(self.context).used < self.limit.requests

    def take(self) -> bool:
        """Count the request, and tell whether it may be answered."""
        self.window = self.limit.window(self.context)
        if self.window.used >= self.limit.requests:
            return False
        self.window.used += 1
        return True

    def give_back(self) -> None:
        """Count it no longer: there was no answer."""
        assert self.window is not None  # it has been taken
        self.window.used -= not self.limit.passes

    @property
    def remaining(self) -> int:
        """Return how many more requests will be answered in this window."""
        return self.limit.requests - (self.window or self.limit.window(self.context)).used

    def refusal(self) -> Offer:
        """Return what is answered to a request above."""
        offer = first_answer(self.limit.answer, self.context)
        return TOO_MANY if isinstance(offer, Mismatch) else offer

    def fields(self, *, refused: bool) -> Fields:
        """Return what says how many requests are left, and how many seconds later there are new ones."""
        window = self.window or self.limit.window(self.context)
        seconds = b"%d" % max(math.ceil(window.ends - time.monotonic()), 0)
        again: Fields = ((b"Retry-After", seconds),) if refused else ()
        return (
            *again,
            (b"RateLimit-Limit", b"%d" % self.limit.requests),
            (b"RateLimit-Remaining", b"%d" % self.remaining),
            (b"RateLimit-Reset", seconds),
        )


@dataclass(frozen=True, slots=True)
class Limited(Around):
    """A definition that answers so many requests only."""

    limit: Limit

    def around(self, answer: Answer, context: RequestContext) -> Answer:
        """Return an answer that counts."""
        return answer._replace(quotas=(LimitQuota(self.limit, context), *answer.quotas))

    def condition_results(self, context: RequestContext, depth: int = 0) -> Iterator[ConditionResult]:
        """Say how many requests are left."""
        left = self.limit.requests - self.limit.window(context).used
        yield ConditionResult(depth, f"$limit: {left} of {self.limit.requests} left", left > 0)
        yield from Around.condition_results(self, context, depth)

    def remembered_keys(self) -> Iterator[str]:
        """Yield its own key and those inside."""
        yield self.limit.key
        yield from self.limit.answer.remembered_keys()
        yield from Around.remembered_keys(self)
