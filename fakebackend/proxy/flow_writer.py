"""Writing into flows: responses of entries and our own, and who has answered, told to all who want to know."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from weakref import WeakKeyDictionary
from weakref import WeakSet

from mitmproxy import http

from fakebackend.diagnostics.escaping import abbreviated
from fakebackend.journal.tally import Tally
from fakebackend.messages.canned_response import CannedResponse
from fakebackend.messages.canned_response import plain_response
from fakebackend.messages.cors import CorsPolicy
from fakebackend.messages.cors import cors_fields
from fakebackend.messages.header_fields import Fields
from fakebackend.proxy.exchanges import Exchanges
from fakebackend.proxy.flow_edits import comment
from fakebackend.proxy.flow_edits import origin_header
from fakebackend.proxy.flow_edits import request_line
from fakebackend.proxy.response import make_response
from fakebackend.table.answer_error import AnswerError
from fakebackend.table.answered_by import AnsweredBy
from fakebackend.table.answered_by import noted
from fakebackend.table.entry import Entry
from fakebackend.table.match import PassedOver

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class FlowWriter:
    """Writes responses, and keeps count of whose they are."""

    cors: CorsPolicy = field(default_factory=CorsPolicy)
    exchanges: Exchanges = field(default_factory=Exchanges)
    tally: Tally = field(default_factory=Tally)
    counted: WeakKeyDictionary[http.HTTPFlow, Entry | None] = field(default_factory=WeakKeyDictionary)
    """The flows that may still fail and are counted already, each with its entry, as each is one request."""

    forgotten: WeakSet[http.HTTPFlow] = field(default_factory=WeakSet)
    """The flows that were counted before the last reset, and that may still be on their way."""

    def forget_counts(self) -> None:
        """Begin to count anew; what is still on its way belongs to what was before."""
        self.tally.reset()
        self.forgotten.update(self.counted)
        self.counted.clear()

    def respond(
        self, flow: http.HTTPFlow, who: AnsweredBy, response: CannedResponse, passed_over: Sequence[PassedOver]
    ) -> None:
        """Give the flow the response of an entry, and say in its comment whose it is."""
        self.set_response(flow, response)
        self.tell(flow, who, passed_over)

    def count(self, flow: http.HTTPFlow, who: AnsweredBy) -> None:
        """Count a request that an entry answers; one without an entry is counted when it is reported."""
        if who.entry is not None:
            self.tally.answered(who.entry)
            self.counted[flow] = who.entry

    def count_failure(self, flow: http.HTTPFlow, entry: Entry | None, message: str) -> None:
        """Count a request that could not be answered, once, be it counted already or not."""
        if flow in self.forgotten:
            return
        counted = flow in self.counted
        self.tally.failed(entry or self.counted.get(flow), message, counted=counted)

    def tell(self, flow: http.HTTPFlow, who: AnsweredBy, passed_over: Sequence[PassedOver] = ()) -> None:
        """Say who has answered a flow, in its comment and to those who keep a record."""
        comment(flow, who.comment(passed_over))
        if self.exchanges.are_kept:
            self.exchanges.tell(flow, who)

    def fail(self, flow: http.HTTPFlow, error: Exception) -> None:
        """Answer 500 with the reason: an exception that left the hook would let the request out."""
        reason = str(error).partition("\n")[0] or type(error).__name__
        logger.error(f"{request_line(flow)}: {abbreviated(reason)}")
        logger.debug("The failure in full", exc_info=error)
        if flow.live:
            entry = error.entry if isinstance(error, AnswerError) else None
            self.count_failure(flow, entry, reason)
            self.respond_plain(flow, 500, f"fakebackend could not answer: {reason}", reason, entry)

    def refuse(self, flow: http.HTTPFlow, reason: str, entry: Entry | None = None) -> None:
        """Answer 502: the real server is to be asked, and cannot be."""
        self.respond_plain(flow, 502, reason[0].upper() + reason[1:], reason, entry)

    def respond_plain(self, flow: http.HTTPFlow, status: int, text: str, note: str, entry: Entry | None = None) -> None:
        """Answer with a line of our own; `entry` is the one that was to answer."""
        self.set_response(flow, plain_response(status, text, note))
        self.tell(flow, noted(note, failed=entry))

    def set_response(self, flow: http.HTTPFlow, response: CannedResponse) -> None:
        """Set the response, with what CORS needs if a page of another origin asks."""
        more: Fields = ()
        if (origin := origin_header(flow)) is not None and self.cors.allows(origin):
            more = cors_fields(origin, response.headers, response.fields)
        flow.response = make_response(response, method=flow.request.method, more=more)
