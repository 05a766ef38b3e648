"""The addon: options, hooks and commands, and nothing that could live without mitmproxy."""

import logging
import os
from collections.abc import Awaitable
from collections.abc import Callable
from collections.abc import Sequence
from typing import Any

from mitmproxy import command
from mitmproxy import ctx
from mitmproxy import exceptions
from mitmproxy import flow
from mitmproxy import hooks
from mitmproxy import http
from mitmproxy.addonmanager import Loader
from mitmproxy.log import ALERT
from mitmproxy.proxy import server_hooks

from fakebackend import unmatched_policy
from fakebackend.closed_proxy import ClosedProxy
from fakebackend.entry_table import EntryTable
from fakebackend.explanation import explain
from fakebackend.flow_answer import answer
from fakebackend.flow_answer import answer_saved
from fakebackend.flow_answer import fail
from fakebackend.flow_view import FlowView
from fakebackend.late_answer import DEFERRED
from fakebackend.late_answer import LateAnswer
from fakebackend.printable import escaped
from fakebackend.problems import ResponsesFileError
from fakebackend.responses_file import ResponsesFile

logger = logging.getLogger(__name__)

_DEFAULTS: dict[str, Any] = {
    "responsesfile": "responses.json",
    "responses_unmatched": unmatched_policy.DEFAULT,
    "responses_saved_flows": False,
    "intercept_active": False,
}


def _option(name: str) -> Any:
    # `script.run` never calls `load`, and only the console and mitmweb know interception.
    return getattr(ctx.options, name) if name in ctx.options else _DEFAULTS[name]


class DummyBackend:
    """Answers requests from the responses file, and keeps them from the real server."""

    def __init__(self) -> None:
        self._file = ResponsesFile(os.path.abspath(_DEFAULTS["responsesfile"]))
        self._unmatched = unmatched_policy.parse_unmatched(unmatched_policy.DEFAULT)
        self._closed_proxy = ClosedProxy()
        self._late_answer: LateAnswer | None = None
        self._loaded = False
        self._running = False
        self._saved_flows = False
        self._intercepting = False

    # Hooks, in the order of an addon's life

    def load(self, loader: Loader) -> None:
        """Add the options."""
        self._loaded = True
        loader.add_option(
            "responsesfile",
            str,
            _DEFAULTS["responsesfile"],
            "The file with the responses, JSON or YAML. Read again whenever it has changed.",
        )
        loader.add_option(
            "responses_unmatched",
            str,
            _DEFAULTS["responses_unmatched"],
            "What happens to a request without a response in the file: a status code from 200 to 599, "
            "forward (to the real server) or kill.",
        )
        loader.add_option(
            "responses_saved_flows",
            bool,
            _DEFAULTS["responses_saved_flows"],
            "Also give flows that are read from a file the responses of the responses file.",
        )

    def configure(self, updated: set[str]) -> None:
        """Take over changed options; one that is wrong is refused and changes nothing."""
        try:
            unmatched = unmatched_policy.parse_unmatched(_option("responses_unmatched"))
            file = self._opened(_option("responsesfile")) if "responsesfile" in updated else self._file
        except ValueError as e:
            if self._running:
                raise exceptions.OptionsError(str(e)) from e
            # Raising at start would print a traceback; an error in the log ends mitmdump as well.
            logger.error(str(e))
            return
        if file is not self._file:
            file.log_warnings()
        self._file = file
        self._unmatched = unmatched
        self._saved_flows = _option("responses_saved_flows")
        self._intercepting = _option("intercept_active")
        if self._loaded:
            self._closed_proxy.set(closed=not unmatched.forward)

    def running(self) -> None:
        """Say what is served, and take a place behind the console's interception."""
        if not self._loaded:
            return
        self._running = True
        self._late_answer = LateAnswer(self._answer_late)
        ctx.master.addons.add(self._late_answer)
        if self._file.table is not None:
            logger.log(ALERT, self._summary())
        if getattr(ctx.options, "stream_large_bodies", None) and not self._unmatched.forward:
            logger.warning(
                "stream_large_bodies is set: a request with a larger body is refused with 502, not answered."
            )

    def request(self, flow: http.HTTPFlow) -> Awaitable[None] | None:
        """Answer the request; only where the file must be read first is there something to await."""
        if not self._loaded:
            self._run_once(flow)
        elif not flow.live:
            return self._when_current(flow, self._answer_saved) if self._saved_flows else None
        elif flow.response or flow.error:
            return None
        elif self._intercepting and self._late_answer:
            flow.metadata[DEFERRED] = True
        else:
            return self._when_current(flow, self._answer)
        return None

    def server_connect(self, data: server_hooks.ServerConnectionHookData) -> None:
        """Let no connection out while nothing is to be forwarded."""
        self._closed_proxy.check_connection(data)

    def done(self) -> None:
        """Leave mitmproxy as it was found."""
        if self._late_answer:
            ctx.master.addons.remove(self._late_answer)
            self._late_answer = None

    # Commands

    @command.command("responses.list")
    def list_entries(self) -> Sequence[str]:
        """List the entries of the responses file, with the line of each."""
        return [escaped(str(entry)) for entry in (self._file.table.in_winning_order() if self._file.table else ())]

    @command.command("responses.explain")
    def explain(self, flow: flow.Flow) -> Sequence[str]:
        """Explain which entry answers the request of a flow, and why not the others."""
        if not isinstance(flow, http.HTTPFlow):
            raise exceptions.CommandError("responses.explain takes an HTTP flow")
        self._file.refresh_now()
        try:
            return list(explain(self._table(), FlowView(flow)).lines())
        except ValueError as e:
            raise exceptions.CommandError(str(e)) from e

    @command.command("responses.reload")
    def reload(self) -> None:
        """Read the responses file now, changed or not."""
        try:
            self._file.read()
        except ResponsesFileError as e:
            raise exceptions.CommandError(str(e)) from e
        self._file.log_warnings()
        logger.log(ALERT, self._summary())

    @command.command("responses.apply")
    def apply(self, flows: Sequence[flow.Flow]) -> None:
        """Give saved flows the responses of the responses file; flows without an entry keep theirs."""
        self._file.refresh_now()
        try:
            table = self._table()
        except ValueError as e:
            raise exceptions.CommandError(str(e)) from e
        answered = [f for f in flows if isinstance(f, http.HTTPFlow) and not f.live and answer_saved(f, table)]
        ctx.master.addons.trigger(hooks.UpdateHook(answered))
        logger.log(ALERT, f"{len(answered)} of {len(flows)} flows answered from {self._file.summary()}.")

    # Answering

    def _opened(self, option: str) -> ResponsesFile:
        if not option.strip():
            raise ValueError("responsesfile must name a file, got nothing")
        path = os.path.abspath(os.path.expanduser(option))
        if path == self._file.path and self._file.is_read():
            # Set to what it is, or rolled back to it: reading it now could hide the error of the other file.
            return self._file
        file = ResponsesFile(path)
        try:
            file.read()
        except ResponsesFileError:
            if not self._running:
                self._file = file  # so that the next save is tried
            raise
        return file

    def _when_current(self, flow: http.HTTPFlow, answer: Callable[[http.HTTPFlow], object]) -> Awaitable[None] | None:
        try:
            if not self._file.is_current():
                return self._after_reading(flow, answer)
            answer(flow)
        except Exception as e:
            fail(flow, e)
        return None

    async def _after_reading(self, flow: http.HTTPFlow, answer: Callable[[http.HTTPFlow], object]) -> None:
        try:
            await self._file.refresh()
            answer(flow)
        except Exception as e:
            fail(flow, e)

    def _answer_late(self, flow: http.HTTPFlow) -> Awaitable[None] | None:
        return self._when_current(flow, self._answer)

    def _answer(self, flow: http.HTTPFlow) -> None:
        answer(flow, self._table(), self._unmatched)

    def _answer_saved(self, flow: http.HTTPFlow) -> bool:
        return answer_saved(flow, self._table())

    def _run_once(self, flow: http.HTTPFlow) -> None:
        # The console's `|` runs this file as a new script on one flow, without `load` and without awaiting.
        try:
            self._file.refresh_now()
            self._answer_saved(flow)
            ctx.master.addons.trigger(hooks.UpdateHook([flow]))  # the console shows it anew
        except Exception as e:
            fail(flow, e)

    def _table(self) -> EntryTable:
        if self._file.table is None:
            # A new one each time: raising the one that is kept would add to its traceback for ever.
            raise ValueError(str(self._file.error or f"{self._file.name} has not been read yet"))
        return self._file.table

    def _summary(self) -> str:
        return f"Answering from {self._file.summary()}; other requests are {self._unmatched}."
