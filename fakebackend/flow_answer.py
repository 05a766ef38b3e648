"""Giving a flow its response: an entry's, or our own where there is no entry or something failed."""

import inspect
import logging
from collections.abc import Awaitable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from itertools import chain
from typing import Any

from mitmproxy import http

from fakebackend.answer import Answer
from fakebackend.answer import Fault
from fakebackend.answer import Forward
from fakebackend.answer import Offer
from fakebackend.answer import Product
from fakebackend.cors import CorsPolicy
from fakebackend.cors import cors_fields
from fakebackend.destination import has_no_destination
from fakebackend.eager_start import start
from fakebackend.entry import Entry
from fakebackend.entry_table import EntryTable
from fakebackend.entry_table import Skipped
from fakebackend.flow_view import FlowView
from fakebackend.forwarding import Forwarding
from fakebackend.http_response import make_response
from fakebackend.http_response import plain_answer
from fakebackend.memory import Memory
from fakebackend.near_miss import near_misses
from fakebackend.options_answer import options_answer
from fakebackend.printable import header_value
from fakebackend.printable import printable
from fakebackend.refusal import Refusal
from fakebackend.request_view import MISSING
from fakebackend.static_answer import Fields
from fakebackend.static_answer import StaticAnswer
from fakebackend.unmatched_policy import UnmatchedPolicy
from fakebackend.unmatched_policy import parse_unmatched
from fakebackend.waiting_room import WaitingRoom

logger = logging.getLogger(__name__)

COMMENT = "fakebackend"
"""In `flow.metadata`, what we wrote into `flow.comment`; a comment of the user's differs and is kept."""

PREFERENCE_APPLIED = b"Preference-Applied"

_NO_DESTINATION = (
    "this request has no destination: it was sent to the proxy itself. "
    "To forward such requests, start mitmproxy with --mode reverse:URL"
)

Offers = Iterator[tuple[Entry, Offer | Refusal]]


@dataclass(slots=True)
class FlowAnswerer:
    """Answers flows from a table; `delay` is what every canned answer takes longer, in seconds."""

    unmatched: UnmatchedPolicy = field(default_factory=lambda: parse_unmatched("404"))
    delay: float = 0.0
    memory: Memory = field(default_factory=Memory)
    waiting: WaitingRoom = field(default_factory=WaitingRoom)
    forwarding: Forwarding = field(default_factory=Forwarding)
    cors: CorsPolicy = field(default_factory=CorsPolicy)

    def answer(self, flow: http.HTTPFlow, table: EntryTable) -> Awaitable[None] | None:
        """Answer a live flow, or do what is to be done with unmatched requests."""
        view = self.view(flow)
        offers = table.offers(view)
        skipped: list[Skipped] = []
        for entry, offer in offers:
            if type(offer) is StaticAnswer and not self.delay:
                self._respond(view, entry, offer, skipped)
                return None
            if isinstance(offer, Refusal):
                skipped.append(Skipped(entry, offer.difference))
            else:
                return start(self._perform(view, table, chain([(entry, offer)], offers), skipped))
        self._answer_unmatched(view, table, skipped)
        return None

    async def answer_saved(self, flow: http.HTTPFlow, table: EntryTable) -> bool:
        """Give a saved flow its answer; without one it keeps what it has. Tell which."""
        view = self.view(flow)
        skipped: list[Skipped] = []
        for entry, offer in table.offers(view):
            if isinstance(offer, Refusal):
                skipped.append(Skipped(entry, offer.difference))
                continue
            product, _ = await self._produced(view, offer)
            if isinstance(product, StaticAnswer):
                flow.error = None
                self._respond(view, entry, product, skipped)
                return True
            if product is not None:
                return False  # a fault or the real server's answer, which the flow has
        return False

    def view(self, flow: http.HTTPFlow) -> FlowView:
        """Return the view of a flow's request, with what is remembered."""
        view = FlowView(flow)
        view.memory = self.memory
        return view

    async def _perform(self, view: FlowView, table: EntryTable, offers: Offers, skipped: list[Skipped]) -> None:
        """Do what the first offer says, or the next one if that turns out to be none."""
        entry = None
        try:
            for entry, offer in offers:
                if isinstance(offer, Refusal):
                    skipped.append(Skipped(entry, offer.difference))
                    continue
                product, delay = await self._produced(view, offer)
                if product is not None:
                    await self._finish(view, entry, product, delay, skipped)
                    return
                skipped.append(Skipped(entry, "there is no such file, or the handler returned nothing"))
            self._answer_unmatched(view, table, skipped)
        except Exception as e:
            self.fail(view.flow, e, entry)

    async def _produced(self, view: FlowView, offer: Offer) -> tuple[Product | None, float]:
        """Return what an offer comes to, and how many seconds that takes; if nothing, the state is as before."""
        if isinstance(offer, StaticAnswer):
            return offer, 0.0
        before = _set_state(offer, view)
        product: Product | None = None
        try:
            made = offer.source.produce(view)
            if inspect.isawaitable(made):
                made = await made
            product, delay = await self._produced(view, made) if isinstance(made, Answer) else (made, 0.0)
        finally:
            if product is None:
                _restore_state(before, self.memory)
        if product is None:
            return None, 0.0
        for sequence in offer.sequences:
            self.memory.advance(sequence)
        return product, delay + (offer.delay.seconds(self.memory.random) if offer.delay else 0.0)

    async def _finish(
        self, view: FlowView, entry: Entry, product: Product, delay: float, skipped: Sequence[Skipped]
    ) -> None:
        flow = view.flow
        delay += 0.0 if isinstance(product, Forward) else self.delay
        if delay and not await self.waiting.wait(flow.client_conn.id, delay):
            _kill(flow)
        elif flow.error:
            return  # killed while it waited
        elif isinstance(product, StaticAnswer):
            self._respond(view, entry, product, skipped)
        elif isinstance(product, Forward):
            _comment(flow, f"{entry} forwarded")
            if not self.forwarding.send(flow, product):
                self._refuse(flow)
        else:
            _comment(flow, f"{entry} $fault: {product.value}")
            if product is Fault.HANG and not flow.is_replay:
                await self.waiting.wait(flow.client_conn.id, None)
            _kill(flow)

    def finish_forwarded(self, flow: http.HTTPFlow) -> None:
        """Change a real answer as the entry that asked for it says; pages may read why that failed."""
        if (failure := self.forwarding.finish(flow)) is not None:
            self._set_response(flow, failure)

    def _respond(self, view: FlowView, entry: Entry, answer: StaticAnswer, skipped: Sequence[Skipped]) -> None:
        """Give the flow the answer of an entry, and say in its comment whose it is."""
        more: Fields = ()
        if view.preference_applied:
            more = ((PREFERENCE_APPLIED, header_value(str(view.preference))),)
        self._set_response(view.flow, answer, more)
        comment = str(entry)
        if skipped:
            comment += f"; skipped {'; '.join(map(str, skipped))}"
        _comment(view.flow, comment)

    def _answer_unmatched(self, view: FlowView, table: EntryTable, skipped: Sequence[Skipped]) -> None:
        flow = view.flow
        if view.method == "OPTIONS":
            answer = options_answer(table, view, cors=self.cors.allows(_origin_header(flow) or ""))
            if answer is not None:
                self._set_response(flow, answer)
                _comment(flow, "automatic answer to a CORS preflight" if view.preflight_method else "automatic answer")
                return
            view.method = view.preflight_method or view.method  # whose absence is to be explained
        near = near_misses(table, view, skipped)
        note = f"no entry; nearest {near[0].entry.label}" if near else "no entry"
        explained = f"{_request_line(flow)}: no entry{'; nearest ' + '; '.join(map(str, near)) if near else ''}"
        if self.unmatched.forward and has_no_destination(flow):
            logger.warning(f"{explained}; {_NO_DESTINATION}")
            self._refuse(flow)
        elif self.unmatched.forward:
            logger.info(f"{explained}; forwarded")
        else:
            logger.warning(explained)
            if self.unmatched.status is not None:
                self._respond_plain(flow, self.unmatched.status, "Path not found", note)
            else:
                _comment(flow, note)
                _kill(flow)

    def fail(self, flow: http.HTTPFlow, error: Exception, entry: Entry | None = None) -> None:
        """Answer 500 with the reason: an exception that left the hook would let the request out."""
        reason = str(error).partition("\n")[0] or type(error).__name__
        if entry is not None:
            reason = f"{entry.label}: {reason}"
        logger.error(f"{_request_line(flow)}: {printable(reason)}")
        logger.debug("The failure in full", exc_info=error)
        if flow.live:
            self._respond_plain(flow, 500, f"fakebackend could not answer: {reason}", reason)

    def _refuse(self, flow: http.HTTPFlow) -> None:
        self._respond_plain(flow, 502, _NO_DESTINATION[0].upper() + _NO_DESTINATION[1:], _NO_DESTINATION)

    def _respond_plain(self, flow: http.HTTPFlow, status: int, text: str, note: str) -> None:
        self._set_response(flow, plain_answer(status, text, note))
        _comment(flow, note)

    def _set_response(self, flow: http.HTTPFlow, answer: StaticAnswer, more: Fields = ()) -> None:
        """Set the response, with what CORS needs if a page of another origin asks."""
        origin = _origin_header(flow)
        if origin is not None and self.cors.allows(origin):
            more += cors_fields(origin, answer.headers, answer.fields + more)
        flow.response = make_response(answer, method=flow.request.method, more=more)


def _set_state(answer: Answer, view: FlowView) -> dict[str, Any]:
    """Set the state variables that an answer sets; return those values that were there before."""
    if not answer.sets:
        return {}
    state, memory = answer.new_state(view), view.memory
    before = {name: memory.state.get(name, MISSING) for name in answer.sets}
    memory.state.update({name: state[name] for name in answer.sets})
    view.state = memory.state
    return before


def _restore_state(before: dict[str, Any], memory: Memory) -> None:
    for name, value in before.items():
        if value is MISSING:
            memory.state.pop(name, None)
        else:
            memory.state[name] = value


def _origin_header(flow: http.HTTPFlow) -> str | None:
    for name, value in flow.request.headers.fields:
        if name.lower() == b"origin":
            return value.decode("latin-1")
    return None


def _kill(flow: http.HTTPFlow) -> None:
    if flow.killable:
        flow.kill()


def _comment(flow: http.HTTPFlow, text: str) -> None:
    if flow.comment == flow.metadata.get(COMMENT, ""):
        flow.comment = flow.metadata[COMMENT] = printable(text)


def _request_line(flow: http.HTTPFlow) -> str:
    return printable(f"{flow.request.method} {flow.request.path}")
