"""Live requests from when they come in until they have their answer, for those who keep a record of them."""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from mitmproxy import http

from fakebackend.journal.request_journal import Recorded
from fakebackend.journal.request_journal import RequestJournal
from fakebackend.journal.request_journal import record
from fakebackend.journal.tally import shortened
from fakebackend.proxy.access_log import AccessLog
from fakebackend.proxy.flow_request import FlowRequest
from fakebackend.table.answered_by import AnsweredBy
from fakebackend.table.answered_by import noted
from fakebackend.table.request_line import request_line

_OF_OTHERS = noted("not by fakebackend")


@dataclass(slots=True)
class _Exchange:
    """A request that has no answer yet: its line as the client sent it, and what is known of who answers."""

    line: str
    method: str
    recorded: Recorded | None
    who: AnsweredBy = _OF_OTHERS


class Exchanges:
    """Hands each live request that has ended, however it did, to the access log and to the journal, once."""

    def __init__(self) -> None:
        self.access_log = AccessLog()
        self.journal = RequestJournal()
        self.are_kept = False
        """Whether anybody wants to know of requests."""
        # A flow that mitmproxy forgets is forgotten here, too.
        self._open: WeakKeyDictionary[http.HTTPFlow, _Exchange] = WeakKeyDictionary()

    def keep(self, *, access_log: bool, journal: int) -> None:
        """Write an access log, or not, and keep so many requests."""
        self.access_log.is_on = access_log
        self.journal.resize(journal)
        self.are_kept = access_log or journal > 0

    def begin(self, flow: http.HTTPFlow) -> None:
        """Take note of a request, before anything changes it."""
        request = FlowRequest(flow)
        recorded = record(request) if self.journal.size else None
        if recorded is not None:
            self.journal.add(recorded)  # what waits for its answer is listed, too
        self._open[flow] = _Exchange(request_line(request), request.method, recorded)

    def tell(self, flow: http.HTTPFlow, who: AnsweredBy) -> None:
        """Say who answers a request that has begun."""
        if (known := self._open.get(flow)) is not None:
            known.who = who
            if known.recorded is not None:
                _say_who(known.recorded, who)

    def end(self, flow: http.HTTPFlow) -> None:
        """Say that a request is answered, or never will be."""
        if (known := self._open.pop(flow, None)) is None:
            return
        if self.access_log.is_on:
            self.access_log.write(flow, known.line, known.method, known.who)
        if known.recorded is not None:
            known.recorded.status = flow.response.status_code if flow.response else None
            _say_who(known.recorded, known.who)

    def forget(self) -> None:
        """Forget all requests, and what becomes of those on their way."""
        self.journal.reset()
        for known in self._open.values():
            known.recorded = None


def _say_who(recorded: Recorded, who: AnsweredBy) -> None:
    entry = who.entry or who.failed
    recorded.entry = entry.label if entry else None
    recorded.explanation = shortened(who.note) if who.entry is None else None
    recorded.is_unmatched = who.is_unmatched
